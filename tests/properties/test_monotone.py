"""Of clearing and cascade, with behaviour switched off: more cash and smaller default costs never add a
failure.

Over several months this is no law: a failure can help others (its estate pays early, its customers are rid
of their commitments, its rivals gain its users). Within one month it is one, as long as nothing reacts to
prices of forced sales.
"""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import tries
from tests.oracle.compiled import run
from tests.oracle.generate import arrays, hostile_worlds, sizes_of

LAW = settings(max_examples=tries(30), deadline=None, derandomize=True)
PATHS = 16
seeds = st.integers(0, 2**64 - 1)
factors = st.floats(0.0, 3.0)
BEHAVIOUR = (
    *("company.round_runway", "company.burn_cut_runway", "company.payout", "company.discretionary_cost"),
    *("contract.renegotiable", "loan.undrawn", "loan.max_ltv", "pledge.amount", "pledge.of_purchases"),
    *("company.equity_runway", "market.workout_open", "market.workout_normal", "market.workout_shut"),
    *("market.backstop", "fleet.order_months", "company.round_offers"),
    *(
        "company.target_runway",
        "segment.wealth_loading",
        "fleet.capex_valuation",
    ),
)


def without_behaviour(inputs: dict) -> dict:
    """Nothing is cut, raised, drawn or sold in answer to cash; no sale costs more than it brings."""
    still = inputs | {name: np.zeros_like(inputs[name]) for name in BEHAVIOUR}
    still["fleet.committed"] = np.ones_like(inputs["fleet.committed"])
    still["company.hibernation_floor"] = np.ones_like(inputs["company.hibernation_floor"])
    still["company.variable_cost"] = np.minimum(inputs["company.variable_cost"], 1.0)
    return still


def failed(inputs: dict, months: int, seed: int) -> np.ndarray:
    found = run(inputs, months=months, paths=PATHS, seed=seed, only=[])
    return np.where(found.failed_month == 0, months + 1, found.failed_month)


def poorer(inputs: dict) -> dict:
    """Cash for less than a month or two, so that the first month is already dangerous."""
    return inputs | {"company.cash": inputs["company.cash"] / 8.0}


@LAW
@given(inputs=hostile_worlds(), seed=seeds, factor=factors, data=st.data())
def test_more_cash_adds_no_failure(inputs, seed, factor, data):
    inputs = poorer(without_behaviour(inputs))
    lucky = data.draw(st.integers(0, inputs["company.cash"].shape[1] - 1), label="who gets more")
    richer = inputs["company.cash"].copy()
    richer[0, lucky] = richer[0, lucky] * (1.0 + factor) + factor
    before, after = failed(inputs, 1, seed), failed(inputs | {"company.cash": richer}, 1, seed)
    assert (after >= before).all()


@LAW
@given(inputs=hostile_worlds(), seed=seeds, factor=st.floats(0.0, 1.0))
def test_smaller_default_costs_add_no_failure(inputs, seed, factor):
    inputs = poorer(without_behaviour(inputs))
    milder = inputs | {"company.default_cost": inputs["company.default_cost"] * factor}
    assert (failed(milder, 1, seed) >= failed(inputs, 1, seed)).all()


@LAW
@given(inputs=hostile_worlds(), seed=seeds, factor=st.floats(0.0, 3.0))
def test_larger_loss_capacities_add_no_failure(inputs, seed, factor):
    inputs = poorer(without_behaviour(inputs))
    stronger = np.minimum(1e17, inputs["company.loss_capacity"] * (1.0 + factor))
    after = failed(inputs | {"company.loss_capacity": stronger}, 1, seed)
    assert (after >= failed(inputs, 1, seed)).all()


@LAW
@given(inputs=hostile_worlds(), seed=seeds, factor=factors)
def test_alone_more_cash_never_brings_failure_forward(inputs, seed, factor):
    """Companies that owe nobody and are owed by nobody: over two years, richer ones fail later or never."""
    inputs = without_behaviour(inputs)
    for name in ("contract", "order", "pledge", "recapture", "stake", "commitment", "loan", "repayment"):
        inputs = without_rows(inputs, name)
    richer = inputs["company.cash"] * (1.0 + factor)
    assert (failed(inputs | {"company.cash": richer}, 24, seed) >= failed(inputs, 24, seed)).all()


def without_rows(inputs: dict, entity: str) -> dict:
    """The same world without any row of a kind."""
    of_kind = [name for name in inputs if name.startswith(f"{entity}.")]
    return inputs | {name: np.ascontiguousarray(inputs[name][..., :0]) for name in of_kind}


def test_the_law_is_not_about_nothing():
    """In the worlds of this page the first month does bring failures, and cascades among them."""
    count, contagious = 0, 0
    for number in range(60):
        from_number = np.random.default_rng(number)
        inputs = poorer(without_behaviour(arrays(from_number, sizes_of(from_number))))
        found = run(inputs, months=1, paths=PATHS, seed=number, only=[])
        count += (found.failed_month > 0).sum()
        contagious += np.isin(found.cause, ("contagion", "losses")).sum()
    assert count > 500
    assert contagious > 50
