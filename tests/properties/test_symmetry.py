"""What must not matter: names and places of companies, the unit of money, rows of neutral size, strangers."""

import numpy as np
import pytest
from cashcade import _core
from cashcade.world.feedbacks import FEEDBACKS
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import tries
from tests.oracle.compiled import Paths, run
from tests.oracle.generate import arrays, hostile_worlds, possible, sizes_of

MONTHS = 18
PATHS = 4
seeds = st.integers(0, 2**64 - 1)
LAW = settings(max_examples=tries(16), deadline=None, derandomize=True)
PARAMETERS = {(row.entity, row.name): row.unit for row in _core.table().parameters}
VARIABLES = {(row.entity, row.name): row.unit for row in _core.table().variables}


def relabelled(inputs: dict, order: np.ndarray) -> dict:
    """The same world with company `order[k]` at place k; addresses go with the companies."""
    place = np.empty(len(order) + 1, dtype=np.int32)
    place[order], place[-1] = np.arange(len(order)), -1
    moved = {
        name: values[..., order] if name.startswith("company.") else values for name, values in inputs.items()
    }
    for link in _core.table().links:
        if link.target == "company":
            moved[link.full_name] = place[inputs[link.full_name]]
    return {name: np.ascontiguousarray(values) for name, values in moved.items()}


@LAW
@given(inputs=hostile_worlds(), seed=seeds, data=st.data())
def test_relabelling_companies_permutes_results(inputs, seed, data):
    count = inputs["company.cash"].shape[1]
    order = np.array(data.draw(st.permutations(range(count)), label="order"))
    one = run(inputs, months=MONTHS, paths=PATHS, seed=seed)
    other = run(relabelled(inputs, order), months=MONTHS, paths=PATHS, seed=seed)
    np.testing.assert_array_equal(other.failed_month, one.failed_month[:, order])
    np.testing.assert_array_equal(other.cause, one.cause[:, order])
    for (entity, name), series in one.series.items():
        wanted = series[:, :, order] if entity == "company" else series
        size = np.abs(wanted).max(initial=0.0) if VARIABLES[entity, name].startswith("USD") else 1.0
        np.testing.assert_allclose(
            other.series[entity, name], wanted, rtol=1e-9, atol=1e-9 * size, err_msg=f"{entity}.{name}"
        )


TABLES = (
    *("segment", "recapture", "contract", "commitment", "loan", "repayment", "stake", "pledge", "fleet"),
    "order",
)


def shuffled(inputs: dict, entity: str, order: np.ndarray) -> dict:
    """The same world with row `order[k]` of a table at place k; addresses and what points to it go along."""
    place = np.empty(len(order) + 1, dtype=np.int32)
    place[order], place[-1] = np.arange(len(order)), -1
    moved = {
        name: values[..., order] if name.startswith(f"{entity}.") else values
        for name, values in inputs.items()
    }
    for link in _core.table().links:
        if link.target == entity:
            moved[link.full_name] = place[moved[link.full_name]]
    return {name: np.ascontiguousarray(values) for name, values in moved.items()}


def is_amount(key: tuple[str, str]) -> bool:
    """Whether a variable is in dollars."""
    return VARIABLES[key].startswith("USD")


@pytest.mark.parametrize("entity", TABLES)
@settings(max_examples=12, deadline=None, derandomize=True)
@given(inputs=hostile_worlds(), seed=seeds, number=st.integers(0, 2**32 - 1))
def test_the_order_of_a_table_does_not_matter(entity, inputs, seed, number):
    """Who stands first in a table is not served first."""
    count = next(values.shape[-1] for name, values in inputs.items() if name.startswith(f"{entity}."))
    order = np.random.default_rng(number).permutation(count)
    assert_order_does_not_matter(inputs, entity, order, seed)


def crowded(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Two payers that are asked for more than they have, by several loans and pledges, and fleets pledged to several loans."""
    counts = possible(
        sizes_of(rng) | {"company": 4, "loan": 6, "pledge": 5, "fleet": 4, "segment": 4, "contract": 5}
    )
    inputs = arrays(rng, counts)
    inputs["loan.lender"], inputs["pledge.investor"] = (
        rng.integers(0, 2, counts[kind]).astype(np.int32) for kind in ("loan", "pledge")
    )
    inputs["loan.borrower"], inputs["pledge.company"] = (
        rng.integers(2, 4, counts[kind]).astype(np.int32) for kind in ("loan", "pledge")
    )
    full = {
        "company.cash": 3e7,
        "company.minimum_cash": 0.0,
        "loan.undrawn": 1e8,
        "loan.draw_share": 0.5,
        "loan.max_leverage": 0.0,
        "loan.draw_unless_shut": 0.0,
        "loan.fleet_collateral": 1.0,
        "pledge.first_month": 1.0,
        "pledge.months": 12.0,
        "pledge.amount": 6e8,
        "pledge.unless_shut": 0.0,
    }
    for name, value in full.items():
        inputs[name] = value * rng.uniform(0.5, 1.0, inputs[name].shape)
    inputs["pledge.first_month"][:] = inputs["loan.fleet_collateral"][:] = 1.0
    return inputs


@pytest.mark.parametrize("entity", ["loan", "pledge", "contract", "fleet"])
@settings(max_examples=tries(10), deadline=None, derandomize=True)
@given(number=st.integers(0, 2**32 - 1), seed=seeds)
def test_who_is_asked_for_more_than_it_has_pays_all_alike(entity, number, seed):
    rng = np.random.default_rng(number)
    inputs = crowded(rng)
    count = next(values.shape[-1] for name, values in inputs.items() if name.startswith(f"{entity}."))
    assert_order_does_not_matter(inputs, entity, rng.permutation(count), seed)


def assert_order_does_not_matter(inputs: dict, entity: str, order: np.ndarray, seed: int) -> None:
    """Rows of a table in another order give the same numbers."""
    one = run(inputs, months=MONTHS, paths=PATHS, seed=seed)
    other = run(shuffled(inputs, entity, order), months=MONTHS, paths=PATHS, seed=seed)
    np.testing.assert_array_equal(other.failed_month, one.failed_month)
    np.testing.assert_array_equal(other.cause, one.cause)
    # What is left of cash is the rounding of all that moved.
    amounts = [np.abs(series).max(initial=0.0) for key, series in one.series.items() if is_amount(key)]
    for (kind, name), series in one.series.items():
        wanted = series[:, :, order] if kind == entity else series
        size = max(amounts) if is_amount((kind, name)) else 1.0
        np.testing.assert_allclose(
            other.series[kind, name], wanted, rtol=1e-9, atol=1e-9 * size, err_msg=f"{kind}.{name}"
        )


def test_the_tables_cover_every_kind_of_row():
    assert {*TABLES, "company", "market"} == {row.entity for row in _core.table().parameters}


@LAW
@given(inputs=hostile_worlds(), seed=seeds, power=st.integers(-20, -1))
def test_the_unit_of_money_does_not_matter(inputs, seed, power):
    """A power of two scales every amount without rounding, so results agree to the bit."""
    factor = 2.0**power
    # What stands for no limit is a word, not an amount.
    inputs = inputs | {"market.dry_powder": np.minimum(inputs["market.dry_powder"], 1e12)}
    scaled = dict(inputs)
    for (entity, name), unit in PARAMETERS.items():
        if unit.startswith("USD"):
            scaled[f"{entity}.{name}"] = inputs[f"{entity}.{name}"] * factor
    one = run(inputs, months=MONTHS, paths=PATHS, seed=seed)
    other = run(scaled, months=MONTHS, paths=PATHS, seed=seed)
    np.testing.assert_array_equal(other.failed_month, one.failed_month)
    np.testing.assert_array_equal(other.cause, one.cause)
    np.testing.assert_array_equal(other.trigger, one.trigger)
    for key, series in one.series.items():
        wanted = series * (factor if VARIABLES[key].startswith("USD") else 1.0)
        np.testing.assert_array_equal(other.series[key], wanted, err_msg=".".join(key))


# One row of each kind that does nothing.
NEUTRAL = {
    "recapture": {"share": 0.0, "pull": 0.0},
    "contract": {"usage": 0.0, "revenue_share": 0.0},
    "commitment": {"amount": 0.0},
    "loan": {
        "balance": 0.0,
        "collateral": 0.0,
        "fleet_collateral": 0.0,
        "undrawn": 0.0,
        "min_cash": 0.0,
        "max_ltv": 0.0,
        "min_dscr": 0.0,
        "cross_default": 0.0,
    },
    "repayment": {"amount": 0.0},
    "stake": {"fraction": 0.0, "carrying_value": 0.0, "preference": 0.0},
    "pledge": {"amount": 0.0, "of_purchases": 0.0},
    "segment": {"revenue": 0.0},
    "fleet": {
        "cost": 0.0,
        "capex": 0.0,
        "capex_of_revenue": 0.0,
        "capex_of_backlog": 0.0,
        "capacity_revenue": 0.0,
    },
    "order": {"share": 0.0},
}


def with_row(inputs: dict, entity: str, neutral: dict) -> dict:
    """Another row at the end: a copy of the last one, made neutral, with an address of its own."""
    longer = dict(inputs)
    for name in [name for name in inputs if name.startswith(f"{entity}.")]:
        last = inputs[name][..., -1:]
        field = name.partition(".")[2]
        if field in neutral:
            last = np.full_like(last, neutral[field])
        if field == "address":
            last = inputs[name].max(keepdims=True) + np.uint32(1)
        longer[name] = np.ascontiguousarray(np.concatenate([inputs[name], last], axis=-1))
    return longer


@pytest.mark.parametrize("entity", NEUTRAL)
@settings(max_examples=8, deadline=None, derandomize=True)
@given(number=st.integers(0, 2**32 - 1), seed=seeds)
def test_a_row_of_neutral_size_is_no_row(entity, number, seed):
    rng = np.random.default_rng(number)
    counts = possible(
        {kind: 1 + count for kind, count in sizes_of(rng).items()} | {"company": 4, "market": 1}
    )
    inputs = arrays(rng, counts)
    one = run(inputs, months=MONTHS, paths=PATHS, seed=seed)
    other = run(with_row(inputs, entity, NEUTRAL[entity]), months=MONTHS, paths=PATHS, seed=seed)
    assert_same_but_for(entity, one, other)


def test_the_neutral_rows_cover_every_kind_of_row():
    assert set(NEUTRAL) == {row.entity for row in _core.table().parameters} - {"company", "market"}


def assert_same_but_for(entity: str, one: Paths, other: Paths) -> None:
    """Bits agree, but for the last entity of the kind that was added."""
    np.testing.assert_array_equal(other.failed_month, one.failed_month)
    np.testing.assert_array_equal(other.cause, one.cause)
    for key, series in one.series.items():
        theirs = other.series[key][:, :, :-1] if key[0] == entity else other.series[key]
        np.testing.assert_array_equal(theirs, series, err_msg=".".join(key))


@settings(max_examples=tries(10), deadline=None, derandomize=True)
@given(inputs=hostile_worlds(), seed=seeds)
def test_a_stranger_changes_nobodys_luck(inputs, seed):
    """A company without links: all others have the same bits, because numbers are addressed by name."""
    longer = dict(inputs)
    for name in [name for name in inputs if name.startswith("company.")]:
        first = inputs[name][..., :1]
        extra = first + np.uint32(500) if name == "company.address" else first
        longer[name] = np.ascontiguousarray(np.concatenate([inputs[name], extra], axis=-1))
    inputs, longer = (each | {name: each[name] * 0.0 for name in COMMON} for each in (inputs, longer))
    inputs["market.dry_powder"] = longer["market.dry_powder"] = np.full_like(
        inputs["market.dry_powder"], 1e17
    )
    one = run(inputs, months=MONTHS, paths=PATHS, seed=seed)
    other = run(longer, months=MONTHS, paths=PATHS, seed=seed)
    np.testing.assert_array_equal(other.failed_month[:, :-1], one.failed_month)
    for key, series in one.series.items():
        if key[0] != "market":
            theirs = other.series[key][:, :, : series.shape[2]]
            np.testing.assert_array_equal(theirs, series, err_msg=".".join(key))


# Where strangers meet.
COMMON = (
    *("market.sentiment", "fleet.patience_hazard", "market.gpu_clearing"),
    *("segment.gdp_loading", "segment.wealth_loading", "segment.potential"),
    *(f"{change.entity}.{change.field}" for change in FEEDBACKS["windows"].changes),
    *("market.spot_market", "company.confidence_value", "fleet.capex_common", "market.depth_cash"),
)
LINKLESS = ("recapture", "contract", "commitment", "stake", "pledge", "order")


@settings(max_examples=tries(10), deadline=None, derandomize=True)
@given(number=st.integers(0, 2**32 - 1), seed=seeds)
def test_without_links_companies_are_alone(number, seed):
    """No links, nothing common to react to, and fleets of one class for each owner, so that sales mark nobody down."""
    rng = np.random.default_rng(number)
    counts = possible(sizes_of(rng) | dict.fromkeys(LINKLESS, 0) | {"company": 4})
    inputs = arrays(rng, counts)
    inputs["loan.lender"][:] = inputs["loan.guarantor"][:] = -1
    inputs["market.dry_powder"][:] = 1e17
    for name in COMMON:
        inputs[name] *= 0.0
    inputs["fleet.owner"] %= 3
    inputs["fleet.class"][0] = inputs["fleet.owner"]
    together = run(inputs, months=MONTHS, paths=PATHS, seed=seed)
    for company in range(4):
        alone = run(only_company(inputs, company), months=MONTHS, paths=PATHS, seed=seed)
        np.testing.assert_array_equal(alone.failed_month[:, 0], together.failed_month[:, company])
        for (entity, name), series in alone.series.items():
            if entity == "company":
                wanted = together.series[entity, name][:, :, company]
                np.testing.assert_array_equal(series[:, :, 0], wanted, err_msg=name)


OWNERS = {"segment": "seller", "loan": "borrower", "fleet": "owner"}


def only_company(inputs: dict, company: int) -> dict:
    """The world of one company and what belongs to it."""
    chosen = {"company": np.array([company])}
    for entity, owner in OWNERS.items():
        chosen[entity] = np.flatnonzero(inputs[f"{entity}.{owner}"] == company)
    rows = np.flatnonzero(np.isin(inputs["repayment.loan"], chosen["loan"]))
    chosen["repayment"] = rows
    alone = {
        name: np.ascontiguousarray(values[..., chosen[name.partition(".")[0]]])
        if name.partition(".")[0] in chosen
        else values
        for name, values in inputs.items()
    }
    for entity, owner in OWNERS.items():
        alone[f"{entity}.{owner}"] = np.zeros_like(alone[f"{entity}.{owner}"])
    alone["repayment.loan"] = np.searchsorted(chosen["loan"], alone["repayment.loan"]).astype(np.int32)
    return alone
