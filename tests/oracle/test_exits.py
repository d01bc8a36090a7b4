"""Exits of the compiled loop equal those of the oracle, path by path, in hostile worlds with many doors."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spec import simulate
from spec.doors import EFFECTS, SALES, Door
from spec.estate import payoff, waterfall
from spec.world import OUTSIDE
from tests.effort import tries
from tests.oracle.compare import differences
from tests.oracle.compiled import run
from tests.oracle.generate import MOST, arrays, hostile_worlds, possible, sizes_of
from tests.oracle.programs import door_arrays

MONTHS, PATHS, PLACES = 24, 40, (0, 17, 39)


def doors_of(rng: np.random.Generator, inputs: dict[str, np.ndarray]) -> list[Door]:
    """Doors at random: all effects, conditions on the state, buyers inside and outside."""
    doors, companies = [], inputs["company.cash"].shape[1]
    for _ in range(rng.integers(1, 9)):
        company, effect = int(rng.integers(companies)), str(rng.choice(EFFECTS))
        value = ("variable", "company.valuation", company)
        opens = [1.0, ("lt", ("variable", "company.runway", company), 30.0), ("gt", ("month",), 4.0)]
        if effect == "self_sustain":
            opens = [("gt", ("variable", "company.positive_months", company), 1.5)]
        doors.append(
            Door(
                company,
                effect,
                opens=opens[rng.integers(len(opens))],
                hazard=float(rng.uniform(0.02, 0.6)),
                price=None if rng.random() < 0.3 else ("mul", float(rng.uniform(0.01, 0.5)), value),
                share=None if rng.random() < 0.5 else float(rng.uniform(0.05, 0.5)),
                buyers=buyers_of(rng, companies, value) if effect in SALES else (),
            )
        )
    return doors


def buyers_of(rng: np.random.Generator, companies: int, value: tuple) -> tuple:
    """Some companies, and now and then somebody outside."""
    who = [OUTSIDE, *range(companies)]
    chosen = rng.choice(who, size=rng.integers(1, len(who) + 1), replace=False)
    return tuple((int(buyer), ("mul", float(rng.uniform(0.1, 2.0)), value)) for buyer in chosen)


def assert_equal(inputs, doors, *, seed):
    compiled = run(inputs, months=MONTHS, seed=seed, paths=PATHS, rules=door_arrays(doors))
    assert compiled.imbalance <= 1e-9
    for place in PLACES:
        outcome = simulate(inputs, months=MONTHS, seed=seed, path=place, doors=doors)
        found = differences(compiled, place, outcome)
        assert not found, f"path {place}:\n" + "\n".join(found)
        companies = range(len(outcome.failed_month))
        assert compiled.exit_month[place].tolist() == [outcome.exits.month.get(i, 0) for i in companies]
        assert compiled.exit_door[place].tolist() == [outcome.exits.door.get(i, -1) for i in companies]
        buyers = [outcome.exits.buyer.get(i, -1) for i in companies]
        assert compiled.exit_buyer[place].tolist() == [-2 if who == "capital" else who for who in buyers]
        prices = [outcome.exits.price.get(i, 0.0) for i in companies]
        assert compiled.exit_price[place] == pytest.approx(prices, rel=1e-9)
    return compiled


@settings(max_examples=tries(40), deadline=None, derandomize=True)
@given(inputs=hostile_worlds(), seed=st.integers(0, 2**32 - 1))
def test_generated_doors(inputs, seed):
    doors = doors_of(np.random.default_rng(seed), inputs)
    assert_equal(inputs, doors, seed=seed)


def test_doors_that_nobody_takes_change_nothing():
    """More companies than go through a month together, with fleets: to the bit."""
    counts = dict.fromkeys(MOST, 0) | {"company": 70, "fleet": 90, "segment": 70, "market": 1}
    inputs = arrays(np.random.default_rng(7), possible(counts))
    doors = [Door(company, "acquire", opens=1.0, hazard=0.0) for company in range(0, 70, 3)]
    without = run(inputs, months=MONTHS, paths=PATHS)
    found = run(inputs, months=MONTHS, paths=PATHS, rules=door_arrays(doors))
    kept = [name for name in without.series if name[1] not in ("buyers", "positive_months")]
    assert all((found.series[name] == without.series[name]).all() for name in kept)
    assert (without["company.capex"] > 0).any()


def test_the_generated_doors_are_taken():
    """What the comparison is worth: every effect often, groups that need support, shells that close."""
    effects, causes, supported = Counter(), Counter(), 0
    for number in range(120):
        rng = np.random.default_rng(number)
        inputs = arrays(rng, sizes_of(rng))
        doors = doors_of(rng, inputs)
        outcome = simulate(inputs, months=MONTHS, seed=number, path=0, doors=doors)
        effects.update(doors[k].effect for k in outcome.exits.door.values())
        causes.update(outcome.cause[i] for i in outcome.exits.month)
        supported += outcome.exits.supported
    assert all(effects[effect] >= 3 for effect in EFFECTS), effects
    assert causes["none"] >= 20, causes
    assert causes.total() - causes["none"] >= 10, causes
    assert causes["wind_down"] >= 1, causes
    assert supported >= 10, supported


@example(proceeds=3.5e-160, classes=[(0.25, 3.5e-160)])  # the product of the two has few digits left
@given(
    proceeds=st.floats(0, 1e3),
    classes=st.lists(st.tuples(st.floats(0.001, 0.3), st.floats(0, 300)), max_size=3),
)
def test_no_class_of_shares_regrets_its_choice(proceeds, classes):
    """The waterfall is an equilibrium: no class would have more had it alone chosen otherwise."""
    paid = waterfall(proceeds, classes)
    assert sum(paid) <= proceeds * (1 + 1e-12) + 1e-300
    common = 1.0 - sum(fraction for fraction, _ in classes)
    preferences = sum(preference for _, preference in classes)
    if proceeds <= preferences:
        return
    converted = [k for k, (_, preference) in enumerate(classes) if paid[k] != preference]
    for k, (_, preference) in enumerate(classes):
        if k in converted:
            assert paid[k] >= preference * (1 - 1e-9)
        else:
            alone = payoff(proceeds, classes, (*converted, k), common)[k]
            assert alone <= preference * (1 + 1e-9)
