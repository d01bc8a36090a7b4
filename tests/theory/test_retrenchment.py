"""Firms that manage: an owner at its minimum stops building, staff shrinks to what is earned, young firms hibernate."""

from itertools import pairwise

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.oracle.generate import arrays, sizes_of

PLAN, EARNED, MINIMUM, TARGET = 4e6, 3e6, 10e6, 12.0


def owner(committed=0.0, cash=MINIMUM, **company):
    """An owner of a fleet that plans to build more than it earns."""
    values = {"cash": cash, "minimum_cash": MINIMUM, "target_runway": TARGET}
    return world(
        company=[values | company],
        segment=rows("seller revenue", (0, EARNED)),
        fleet=[{"owner": 0, "capex": PLAN, "committed": committed, "economic_life": 600.0}],
    )


def test_an_owner_whose_cash_is_at_its_minimum_stops_building_and_builds_again_as_cash_comes_back():
    """Without the target it builds all that it earns, for ever; with it, free cash settles at three quarters of the target."""
    always = run(owner(target_runway=0.0), months=6)
    np.testing.assert_allclose(always["fleet.capex"][0, :, 0], EARNED)
    np.testing.assert_allclose(always["company.cash"][0, :, 0], MINIMUM)
    found, free = run(owner(), months=120), 0.0
    capex, cash = found["fleet.capex"][0, :, 0], found["company.cash"][0, :, 0]
    assert capex[0] == pytest.approx(EARNED)
    assert capex[1] == 0.0
    for t in range(1, 120):
        wanted = PLAN * min(1.0, free / (PLAN - EARNED) / TARGET)
        free += EARNED - wanted
        assert found["fleet.wanted"][0, t, 0] == pytest.approx(wanted)
        assert capex[t] == pytest.approx(wanted)
        assert cash[t] == pytest.approx(MINIMUM + free)
    assert free == pytest.approx(TARGET * EARNED * (PLAN - EARNED) / PLAN)


def test_an_owner_that_earns_its_plans_is_not_touched():
    capex = run(owner(cash=0.0, minimum_cash=0.0) | {"segment.revenue": np.array([[PLAN]])}, months=12)
    np.testing.assert_allclose(capex["fleet.capex"][0, :, 0], PLAN)


def test_what_is_committed_stays_owed():
    """A quarter is committed: that is 1 million a month whatever cash is left."""
    capex = run(owner(committed=0.25), months=3)["fleet.capex"][0, :, 0]
    np.testing.assert_allclose(capex[:2], [EARNED, 0.25 * PLAN])
    all_owed = owner(committed=1.0, cash=60e6)
    without = run(all_owed | {"company.target_runway": np.zeros((1, 1))}, months=60)
    one, other = without["fleet.capex"], run(all_owed, months=60)["fleet.capex"]
    np.testing.assert_array_equal(one, other)


def test_orders_run_off_where_cash_is_short():
    """All of a plan is ordered ahead: as cash runs short fewer orders follow, and it does not die of a plan that it cannot pay."""
    months, lag = 90, 3.0
    inputs = owner(committed=1.0, cash=MINIMUM + 30e6)
    assert run(inputs, months=months).failed_month[0, 0] > 0
    inputs["fleet.order_months"] = np.array([[lag]])
    found = run(inputs, months=months)
    free, ordered, planned, base = 30e6, 1.0, 0.0, 0.0
    for t in range(months):
        need = planned - base
        eased = min(1.0, free / need / TARGET) if t and need > 1.0 else 1.0
        ordered += (eased - ordered) / lag
        owed, planned = PLAN * ordered, PLAN * (1.0 - ordered)
        more = min(eased * planned, max(0.0, free + EARNED - owed))
        assert found["fleet.capex"][0, t, 0] == pytest.approx(owed + more)
        free += EARNED - owed - more
        base = EARNED - owed if t == 0 else base + (EARNED - owed - base) / 3.0
    assert found.failed_month[0, 0] == 0
    assert found["fleet.capex"][0, -1, 0] == pytest.approx(EARNED, rel=0.05)


def shaken(target, cash, builds=True):
    """An owner that could stop building, with costs that nobody foresaw, on 2,000 paths."""
    inputs = owner(cash=cash, minimum_cash=2e6, target_runway=target, cost_volatility=3e6)
    inputs["fleet.capex"][:] = PLAN if builds else 0.0
    return run(inputs, months=36, paths=2000, only=["company.cash"]).failed_month[:, 0] > 0


def test_who_can_stop_building_lives_and_more_cash_helps():
    """The same luck in all: retrenchment saves most of those that would live had they not built, and nobody fails with more cash."""
    never, always = shaken(0.0, 10e6, builds=False), shaken(0.0, 10e6)
    managed = shaken(TARGET, 10e6)
    assert always.sum() > 10 * never.sum()
    assert managed.sum() < always.sum() / 2
    failures = [shaken(TARGET, cash) for cash in (4e6, 10e6, 20e6, 40e6)]
    for poorer, richer in pairwise(failures):
        assert richer.sum() < poorer.sum()
        assert not (richer & ~poorer).any()


FIXED, SOLD, CASH = 3e6, 2e6, 10e6


def office(**company):
    """A company that spends more on staff than it sells."""
    values = {"cash": CASH, "fixed_cost": FIXED, "target_runway": 24.0, "staff_cut": 0.5, "severance": 2.0}
    return world(company=[values | company], segment=rows("seller revenue", (0, SOLD)))


@pytest.mark.parametrize(("lag", "most", "severance"), [(1.0, 0.5, 2.0), (3.0, 0.5, 0.0), (2.0, 0.1, 6.0)])
def test_staff_shrinks_towards_what_is_earned_and_severance_is_paid_once(lag, most, severance):
    found = run(office(staff_lag=lag, staff_cut=most, severance=severance), months=18)
    staff, cash, paid = 1.0, CASH, []
    for t in range(18):
        eased = 1.0 if t == 0 else min(1.0, cash / (FIXED - SOLD) / 24.0)
        before, staff = staff, staff + (1.0 - (1.0 - eased) * min(most, (FIXED - SOLD) / FIXED) - staff) / lag
        paid.append(severance * FIXED * max(0.0, before - staff))
        cash += SOLD - FIXED * staff - paid[-1]
        if cash < 0.0:
            break
        assert found["company.staff"][0, t, 0] == pytest.approx(staff)
        assert found["company.severance_paid"][0, t, 0] == pytest.approx(paid[-1])
        assert found["company.costs"][0, t, 0] == pytest.approx(FIXED * staff + paid[-1])
        assert found["company.cash"][0, t, 0] == pytest.approx(cash)
    last = found.failed_month[0, 0] or 18
    assert last > 10
    fallen = 1.0 - found["company.staff"][0, :last, 0].min()
    assert sum(paid[:last]) == pytest.approx(severance * FIXED * fallen)
    assert found["market.suppliers"][0, last - 2, 0] == pytest.approx(
        found["company.costs"][0, : last - 1, 0].sum()
    )
    assert found.imbalance < 1e-12


def test_no_more_is_cut_than_is_lacking_and_staff_comes_back():
    """Sales grow past cost: staff is back at work, without severance on the way up."""
    inputs = office(staff_lag=2.0, severance=0.5)
    inputs["segment.growth"][:] = inputs["segment.growth_long"][:] = 0.8
    found = run(inputs, months=60)
    staff = found["company.staff"][0, :, 0]
    assert staff.min() > SOLD / FIXED
    assert staff[-1] == pytest.approx(1.0, abs=1e-6)
    rises = np.flatnonzero(np.diff(staff) > 0) + 1
    assert (found["company.severance_paid"][0, rises, 0] == 0.0).all()


def young(sold=1e6, **company):
    """A young firm: 1.2 million a month are lacking to its plans, of which a quarter is research."""
    values = {
        "cash": 5e6,
        "fixed_cost": 1.5e6,
        "discretionary_cost": 0.5e6,
        "variable_cost": 0.2,
        "severance": 0.0,
    }
    values |= {"hibernation_floor": 0.2, "hibernation_runway": 3.0, "staff_lag": 1.0}
    return world(company=[values | company], segment=rows("seller revenue", (0, sold)))


def test_a_young_firm_hibernates_with_two_months_left_and_wakes_with_six():
    found = run(young(), months=24)
    sleeps, cash = found["company.hibernates"][0, :, 0], found["company.cash"][0, :, 0]
    np.testing.assert_allclose(cash[:2], [3.8e6, 2.6e6])
    # 0.8 million come in and 0.4 go out until there are 7.2, twice three months of what is lacking.
    asleep = 12
    np.testing.assert_array_equal(sleeps[:15], [0.0] * 2 + [1.0] * asleep + [0.0])
    np.testing.assert_allclose(cash[2 : 2 + asleep], 2.6e6 + 0.4e6 * np.arange(1, asleep + 1))
    np.testing.assert_allclose(found["company.costs"][0, 2, 0], 0.2 * 1.5e6 + 0.2e6)
    np.testing.assert_allclose(found["company.discretionary"][0, 2, 0], 0.2 * 0.5e6)
    assert cash[2 + asleep] == pytest.approx(cash[1 + asleep] - 1.2e6)
    assert found.failed_month[0, 0] == 0
    assert 0 < run(young(hibernation_floor=1.0), months=24).failed_month[0, 0] < 6


def test_sleep_does_not_help_where_what_is_sold_does_not_cover_its_cost():
    found = run(young(variable_cost=1.1), months=24)
    assert (found["company.hibernates"] == 0.0).all()
    assert found.failed_month[0, 0] > 0


def test_severance_for_sleep_is_paid():
    found = run(young(severance=1.0), months=4)
    assert found["company.severance_paid"][0, 2, 0] == pytest.approx(1.5e6 * 0.8)
    assert found["company.cash"][0, 2, 0] == pytest.approx(2.6e6 + 0.4e6 - 1.2e6)


@pytest.mark.parametrize("number", range(12))
def test_off_means_absent_to_the_bit(number):
    """Where nobody has a target and nobody hibernates, what says how has no say."""
    rng = np.random.default_rng(number)
    inputs = arrays(rng, sizes_of(rng))
    shape = inputs["company.cash"].shape
    off = {"company.target_runway": np.zeros(shape), "company.hibernation_floor": np.ones(shape)}
    other = {
        "company.staff_cut": rng.random(shape),
        "company.severance": rng.uniform(0.0, 12.0, shape),
        "company.staff_lag": rng.uniform(1.0, 12.0, shape),
        "company.hibernation_runway": rng.uniform(0.0, 12.0, shape),
    }
    one, changed = (run(inputs | off | more, months=18, paths=8) for more in ({}, other))
    np.testing.assert_array_equal(one.failed_month, changed.failed_month)
    for key, series in one.series.items():
        np.testing.assert_array_equal(changed.series[key], series, err_msg=".".join(key))
    assert (one["company.staff"] == 1.0).all()


def app(repricing=0.1, cash=500e6, minimum=500e6, elasticity=0.0):
    """Who pays more for what it sells than it asks: 10 million of sales, 7 of bills and a half of sales beside."""
    return world(
        company=[
            {
                "cash": cash,
                "minimum_cash": minimum,
                "target_runway": TARGET,
                "variable_cost": 0.5,
                "repricing": repricing,
                "margin_wanted": 0.3,
            },
            {"cash": 0.0},
        ],
        segment=rows("seller revenue elasticity", (0, 10e6, elasticity)),
        contract=rows("customer supplier usage follows", (0, 1, 7e6, 2.0)),
    )


def test_who_loses_on_what_it_sells_and_is_short_of_cash_asks_more():
    """Month 1 knows no flow, so month 3 is the first that is dearer; then by what lacks, until it earns its cost."""
    price = run(app(), months=60)["company.list_price"][0, :, 0]
    np.testing.assert_array_equal(price[:2], 1.0)
    even = 0.7 / 0.5  # half of it is what selling costs
    losing = [(before, now) for before, now in pairwise(price[1:]) if before < even]
    assert len(losing) > 3
    for before, now in losing:
        assert now == pytest.approx(before * np.exp(0.1 * (0.3 - (0.5 - 0.7 / before))))
    assert even < price[-1] < 3.5
    np.testing.assert_array_equal(price[-24:], price[-1])


@pytest.mark.parametrize("said", [{"repricing": 0.0}, {"minimum": 0.0, "cash": 1e10}])
def test_who_has_money_or_no_wish_leaves_its_price(said):
    np.testing.assert_array_equal(run(app(**said), months=12)["company.list_price"][0, :, 0], 1.0)
