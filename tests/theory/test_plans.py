"""Plans at one price for heavy and light users: closed forms of the lognormal, who leaves first, and what it costs."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, stats

from spec.plans import Mix
from tests.oracle.build import rows, world
from tests.oracle.compiled import Paths, run

MONTHS = 24
SPREAD, CAP, ELASTICITY = 1.1, 1.5, 1.2
KEPT = [
    *("segment.selection", "segment.mean_use", "segment.served_use", "segment.withheld", "segment.response"),
    *("segment.volume", "company.bills", "company.price", "company.input_cost"),
]


def plan(
    lab: dict | None = None, app: dict | None = None, contract: dict | None = None, **said: float
) -> Paths:
    """An app sells a plan at one price, and buys from a lab what its users use; prices move from month 3 on."""
    segment = {
        "seller": 1,
        "revenue": 10e6,
        "elasticity": ELASTICITY,
        "adjust_months": 1.0,
        "use_spread": SPREAD,
    }
    inputs = world(
        company=[{"cash": 1e15, "price_step_month": 3.0} | (lab or {}), {"cash": 1e15} | (app or {})],
        segment=[segment | said],
        contract=[{"customer": 1, "supplier": 0, "usage": 6e6} | (contract or {})],
    )
    return run(inputs, months=MONTHS, only=KEPT)


def expected(mix: Mix, function) -> float:
    """A mean over users by quadrature."""
    density = stats.norm(mix.log, mix.spread).pdf
    edges = [mix.log - 12.0 * mix.spread, math.log(CAP), mix.log + 12.0 * mix.spread]
    parts = pairwise(edges)
    return sum(
        integrate.quad(lambda x: density(x) * function(math.exp(x)), *ends, epsabs=1e-13)[0] for ends in parts
    )


@pytest.mark.parametrize("selection", [-0.7, 0.0, 1.3])
@pytest.mark.parametrize("spread", [0.4, SPREAD])
def test_the_closed_forms_are_means_over_a_lognormal(spread, selection):
    mix = Mix(spread, selection)
    assert mix.mean() == pytest.approx(expected(mix, lambda u: u), rel=1e-9)
    assert mix.served(CAP) == pytest.approx(expected(mix, lambda u: min(u, CAP)), rel=1e-9)
    assert mix.withheld(CAP) == pytest.approx(expected(mix, lambda u: max(0.0, 1.0 - CAP / u)), rel=1e-8)
    assert mix.slope(CAP) == pytest.approx(expected(mix, lambda u: CAP / u if u > CAP else 0.0), rel=1e-8)


def test_the_slope_is_that_of_a_regression_on_the_log_of_use():
    """Stein's lemma: the covariance of what is withheld with the log of use, over the variance of that."""
    mix = Mix(SPREAD, 0.4)
    held = lambda u: max(0.0, 1.0 - CAP / u)  # noqa: E731 - a formula
    covariance = expected(mix, lambda u: held(u) * (math.log(u) - mix.log))
    assert mix.slope(CAP) == pytest.approx(covariance / SPREAD**2, rel=1e-8)


def test_who_stay_in_proportion_to_a_power_of_use_are_lognormal_again():
    start, power = Mix(SPREAD, 0.0), 0.6
    users = expected(start, lambda u: u**power)
    assert Mix(SPREAD, power).mean() == pytest.approx(
        expected(start, lambda u: u ** (1.0 + power)) / users, rel=1e-8
    )


def test_a_dearer_plan_keeps_heavy_users_and_costs_more_per_user():
    """Adverse selection, in closed form: the list price rises by a half, light users leave first."""
    found = plan(app={"price_step": 0.5, "price_step_month": 3.0})
    selection = ELASTICITY * math.log(1.5)
    assert (found["segment.selection"][0, :2, 0] == 0.0).all()
    np.testing.assert_allclose(found["segment.selection"][0, 2:, 0], selection, rtol=1e-12)
    np.testing.assert_allclose(
        found["segment.mean_use"][0, 2:, 0], math.exp(SPREAD**2 * selection), rtol=1e-12
    )
    users = found["segment.volume"][0, 2:, 0]
    np.testing.assert_allclose(users, 1.5**-ELASTICITY, rtol=1e-12)
    np.testing.assert_allclose(
        found["company.bills"][0, 2:, 1], 6e6 * users * math.exp(SPREAD**2 * selection), rtol=1e-12
    )


def test_a_cheaper_plan_brings_light_users():
    found = plan(app={"price_step": -0.3, "price_step_month": 3.0})
    assert found["segment.mean_use"][0, -1, 0] == pytest.approx(0.7 ** (ELASTICITY * SPREAD**2), rel=1e-12)


def test_a_tighter_cap_drives_heavy_users_away_first():
    """Dearer input of 60 % with a cap that answers: mean use that is wanted falls, so does what is served, users leave."""
    found = plan(
        lab={"price_step": 0.6}, app={"pass_through": 0.0}, plan_cap=3.0, cap_response=1.0, adjust_months=1e2
    )
    assert found["company.input_cost"][0, 2, 1] == pytest.approx(1.6)
    start, cap = Mix(SPREAD, 0.0), 3.0 / 1.6
    withheld = start.withheld(cap) - start.withheld(3.0)
    assert found["segment.withheld"][0, 2, 0] == pytest.approx(withheld, rel=1e-12)
    assert found["segment.response"][0, 2, 0] == pytest.approx(
        1.0 + (math.exp(-ELASTICITY * withheld) - 1.0) / 100.0, rel=1e-12
    )
    selection = -ELASTICITY * (start.slope(cap) - start.slope(3.0)) / 100.0
    assert selection < 0
    assert found["segment.selection"][0, 2, 0] == pytest.approx(selection, rel=1e-12)
    served = Mix(SPREAD, selection).served(cap) / start.served(3.0)
    assert found["segment.served_use"][0, 2, 0] == pytest.approx(served, rel=1e-12)
    assert (np.diff(found["segment.mean_use"][0, 1:, 0]) < 0).all()


def test_price_and_cap_pull_the_mix_apart_for_the_same_dearer_input():
    """The founding case: who raises the price is left with the heavy users, who caps use is left with the light ones."""
    dearer = {"price_step": 1.0}
    raised = plan(lab=dearer, plan_cap=3.0)
    capped = plan(lab=dearer, app={"pass_through": 0.0}, plan_cap=3.0, cap_response=1.5)
    borne = plan(lab=dearer, app={"pass_through": 0.0}, plan_cap=3.0)
    uses = [found["segment.mean_use"][0, -1, 0] for found in (raised, borne, capped)]
    assert uses[0] > 1.05
    assert uses[1] == 1.0
    assert uses[2] < 0.95
    per_user = [
        found["company.bills"][0, -1, 1] / found["segment.volume"][0, -1, 0]
        for found in (raised, borne, capped)
    ]
    assert per_user[0] > per_user[1] > per_user[2]


@pytest.mark.parametrize("cap", [0.0, 1.5])
def test_where_nothing_upstream_moves_nothing_changes(cap):
    """A rise of 0: bills, volumes and the mix are those of a world without plans."""
    found = plan(plan_cap=cap, cap_response=2.0)
    without = plan(use_spread=0.0)
    for name in ("segment.selection", "segment.withheld"):
        assert (found[name] == 0.0).all()
    for name in ("segment.mean_use", "segment.served_use"):
        np.testing.assert_allclose(found[name], 1.0, rtol=1e-15)
    for name in ("segment.volume", "company.bills", "company.price"):
        np.testing.assert_allclose(found[name], without[name], rtol=1e-14)


def test_nobody_leaves_where_demand_does_not_answer_but_a_cap_saves_use():
    found = plan(lab={"price_step": 1.0}, elasticity=0.0, plan_cap=2.0, cap_response=1.0)
    assert (found["segment.selection"] == 0.0).all()
    served = Mix(SPREAD, 0.0).served(1.0) / Mix(SPREAD, 0.0).served(2.0)
    np.testing.assert_allclose(found["segment.served_use"][0, 2:, 0], served, rtol=1e-12)


@pytest.mark.parametrize("follows", [1.0, 2.0])
def test_only_use_that_follows_activity_is_that_of_users(follows):
    found = plan(app={"price_step": 0.5, "price_step_month": 3.0}, contract={"follows": follows})
    np.testing.assert_allclose(found["company.bills"][0, :, 1], 6e6, rtol=1e-12)


def test_a_segment_without_plans_dilutes_the_use_of_one_with():
    """Two segments of the same size, one of them with heavier users: their mean counts."""
    inputs = world(
        company=rows("cash price_step", (1e15, None), (1e15, 0.5)),
        segment=rows(
            "seller revenue elasticity adjust_months use_spread",
            (1, 5e6, 1.0, 1.0, 0.8),
            (1, 5e6, 1.0, 1.0, None),
        ),
        contract=rows("customer supplier usage", (1, 0, 6e6)),
    )
    bill = run(inputs, months=1, only=KEPT)["company.bills"][0, 0, 1]
    assert bill == pytest.approx(6e6 / 1.5 * (1.5 ** (0.8**2) + 1.0) / 2.0, rel=1e-12)
