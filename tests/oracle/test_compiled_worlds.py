"""The compiled loop equals the oracle on worlds that went through the compiler, a real one among them."""

import numpy as np
from cashcade import _core
from cashcade.compile import compile_world
from cashcade.load import load_world
from cashcade.testing.strategies import worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spec import simulate
from tests.effort import tries
from tests.oracle.compare import differences
from tests.oracle.compiled import run

DRAWS = 3
REPLICATES = 2
AMOUNTS = [row for row in _core.table().parameters if row.unit.startswith("USD")]


def off_the_edge(inputs: dict[str, np.ndarray], seed: int) -> dict[str, np.ndarray]:
    """Amounts moved by up to 0.1 %: round numbers bring exact ties, which a rounding decides."""
    rng = np.random.default_rng(seed)
    moved = dict(inputs)
    for row in AMOUNTS:
        factors = rng.uniform(0.999, 1.001, inputs[row.full_name].shape)
        moved[row.full_name] = np.clip(inputs[row.full_name] * factors, row.low, row.high)
    return moved


def assert_equal(inputs, *, months: int, seed: int) -> None:
    compiled = run(inputs, months=months, seed=seed, paths=DRAWS * REPLICATES, replicates=REPLICATES)
    assert compiled.imbalance <= 1e-9
    for path in range(0, DRAWS * REPLICATES, REPLICATES + 1):
        outcome = simulate(inputs, months=months, seed=seed, path=path, replicates=REPLICATES)
        found = differences(compiled, path, outcome)
        assert not found, f"path {path}:\n" + "\n".join(found)


@settings(max_examples=tries(16), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(world=worlds(), seed=st.integers(0, 2**32))
def test_worlds_of_the_strategy(world, seed):
    inputs = compile_world(world, draws=DRAWS, seed=seed).arrays
    assert_equal(off_the_edge(inputs, seed), months=18, seed=seed)


def test_the_ai_economy_of_august_2025():
    inputs = compile_world(load_world("ai-2025-08"), draws=DRAWS, seed=3).arrays
    assert inputs["company.cash"].shape[1] > 20
    assert_equal(inputs, months=36, seed=3)
