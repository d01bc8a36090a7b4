"""Windows for money: hazards at given states, how often they shut, what they drive, and what holds them shut."""

import math

import numpy as np
import pytest
from cashcade.world.feedbacks import FEEDBACKS

from spec import simulate
from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.oracle.rule_book import Book
from tests.theory.statistics import assert_chance

PATHS = 20_000
NAMES = ("venture", "credit", "shares", "listings")
SERIES = ("market.regime", "market.credit_window", "market.shares_window", "market.listing")
EVENTS = ("shuts", "opens")
# No window moves, whatever happens, but where a test says so.
STILL = {f"{name}_{event}": -20.0 for name in NAMES for event in EVENTS}
STILL |= {
    f"{name}_{event}_{state}": 0.0 for name in NAMES for event in EVENTS for state in ("drawdown", "losses")
}
FIXED = STILL | {"windows": 1.0, "regime": 0.0, "value_open": 1.0, "value_shut": 1.0}


def odds(chance: float) -> float:
    """Log odds of a chance."""
    return math.log(chance / (1.0 - chance))


def logistic(x: float) -> float:
    """Chance of log odds."""
    return 1.0 / (1.0 + math.exp(-x))


def is_open(found, name: str) -> np.ndarray:
    """Whether a window is open, by path and month."""
    series = found[SERIES[NAMES.index(name)]][:, :, 0]
    return series != 2.0 if name == "venture" else series > 0.0


@pytest.mark.parametrize("name", NAMES)
def test_a_window_shuts_and_opens_as_often_as_its_chain(name):
    """From open on: open after t months with p_t = p_(t-1) (1 - s) + (1 - p_(t-1)) o; others stay."""
    shuts, opens, months = 0.05, 0.15, 24
    market = FIXED | {f"{name}_shuts": odds(shuts), f"{name}_opens": odds(opens)}
    found = run(world(company=rows("cash", (1e9,)), market=[market]), months=months, paths=PATHS, only=SERIES)
    chance = 1.0
    for month in range(months):
        chance = chance * (1.0 - shuts) + (1.0 - chance) * opens
        if month in (0, 5, months - 1):
            hits = int(is_open(found, name)[:, month].sum())
            assert_chance(hits, PATHS, chance, f"open {name} in month {month + 1}")
    now, later = is_open(found, name)[:, :-1], is_open(found, name)[:, 1:]
    assert_chance(int((now & ~later).sum()), int(now.sum()), shuts, f"{name} shutting")
    assert_chance(int((~now & later).sum()), int((~now).sum()), opens, f"{name} opening")
    assert all(is_open(found, other).all() for other in NAMES if other != name)


def test_a_drawdown_shuts_windows():
    """A listed company whose sales fall at a steady rate; an unlisted one, whose sales do not, is not in the index."""
    rate, base, per_tenth, months = -0.5, -4.0, 0.6, 30
    market = FIXED | {"credit_shuts": base, "credit_shuts_drawdown": per_tenth}
    inputs = world(
        company=rows("cash public", (1e9, 1.0), (1e9, 0.0)),
        segment=rows("seller revenue growth growth_long", (0, 5e6, rate, rate), (1, 9e6, 0.0, 0.0)),
        market=[market],
    )
    found = run(inputs, months=months, paths=PATHS, only=SERIES)
    open_ = np.column_stack([np.ones(PATHS, bool), is_open(found, "credit")])
    for month in (1, 2, 13, 25, 30):
        # The highest of 24 months is 23 months back at most.
        back = min(month - 1, 23)
        hazard = logistic(base + per_tenth * 10.0 * (1.0 - math.exp(rate * back / 12.0)))
        at_risk = open_[:, month - 1]
        shut = int((at_risk & ~open_[:, month]).sum())
        assert_chance(shut, int(at_risk.sum()), hazard, f"credit shutting in month {month}")
    assert is_open(found, "shares").all()


def test_losses_of_a_year_over_the_usual_shut_windows():
    """A debtor of 24m fails in month 3; 8m fail in a usual year. A year later a third of it still counts."""
    base, per_unit, usual = -3.0, 0.9, 8e6
    market = FIXED | {"venture_shuts": base, "venture_shuts_losses": per_unit, "usual_losses": usual}
    inputs = world(
        company=rows("cash fixed_cost", (2.5e6, 1e6)),
        loan=rows("borrower lender balance maturity", (0, -1, 24e6, 99.0)),
        market=[market],
    )
    found = run(inputs, months=16, paths=PATHS)
    assert (found.failed_month == 3).all()
    failed = found.debt_at_failure[0, 0]
    assert failed == pytest.approx(24e6, rel=1e-9)
    open_ = np.column_stack([np.ones(PATHS, bool), is_open(found, "venture")])
    losses = usual
    for month in range(1, 17):
        if month > 1:
            losses = losses * 11.0 / 12.0 + (failed if month == 4 else 0.0)
        if month in (1, 3, 4, 16):
            hazard = logistic(base + per_unit * (losses / usual - 1.0))
            at_risk = open_[:, month - 1]
            shut = int((at_risk & ~open_[:, month]).sum())
            assert_chance(shut, int(at_risk.sum()), hazard, f"venture shutting in month {month}")


def test_refusals_shut_windows():
    """A borrower whose balance can be refinanced with no chance worth the name: a refusal in month 2, and its death."""
    base, per_unit = -3.0, 4.0
    market = FIXED | {"shares_shuts": base, "shares_shuts_refused": per_unit, "refinance_open": 1.0}
    inputs = world(
        company=rows("cash", (1e6,)),
        loan=rows("borrower lender balance maturity refinance_chance", (0, -1, 24e6, 2.0, 1e-12)),
        market=[market],
    )
    found = run(inputs, months=6, paths=PATHS)
    np.testing.assert_array_equal(found["market.tries"][:, :, 0], [[0, 1, 0, 0, 0, 0]] * PATHS)
    np.testing.assert_array_equal(found["market.refusals"], found["market.tries"])
    open_ = np.column_stack([np.ones(PATHS, bool), is_open(found, "shares")])
    for month in (2, 3, 6):
        refused = (5.0 / 6.0) ** (month - 3) if month > 2 else 0.0
        hazard = logistic(base + per_unit * refused / (1.0 + refused))
        at_risk = open_[:, month - 1]
        shut = int((at_risk & ~open_[:, month]).sum())
        assert_chance(shut, int(at_risk.sum()), hazard, f"shares shutting in month {month}")


def test_capex_beyond_revenue_is_strain():
    """Capex that grows at a steady rate beside flat revenue: the log of their ratio grows by the rate."""
    base, per_unit, rate = -4.0, 1.5, 1.0
    market = FIXED | {"credit_shuts": base, "credit_shuts_strain": per_unit}
    inputs = world(
        company=rows("cash", (1e12,)),
        segment=rows("seller revenue ai_share", (0, 5e6, 1.0)),
        fleet=rows("owner capex capex_growth ai_share", (0, 4e6, rate, 1.0)),
        market=[market],
    )
    found = run(inputs, months=24, paths=PATHS)
    ratio = found["market.ai_capex"][0, :, 0] / found["market.ai_revenue"][0, :, 0] / 0.8
    assert ratio[-1] > 3.0
    open_ = np.column_stack([np.ones(PATHS, bool), is_open(found, "credit")])
    for month in (1, 12, 24):
        strain = math.log(ratio[month - 2]) if month > 1 else 0.0
        at_risk = open_[:, month - 1]
        shut = int((at_risk & ~open_[:, month]).sum())
        assert_chance(
            shut, int(at_risk.sum()), logistic(base + per_unit * strain), f"shutting in month {month}"
        )


def test_common_luck_shuts_all_at_once_and_no_more_often():
    """All in common, equal hazards shut all four together; with a share c of it, two shut at once with c^2 h + (1 - c^2) h^2."""
    shuts = 0.2
    bases = {f"{name}_shuts": odds(shuts) for name in NAMES}
    company = rows("cash", (1e9,))
    together = run(
        world(company=company, market=[FIXED | bases | {"windows_common": 1.0}]),
        months=12,
        paths=2000,
        only=SERIES,
    )
    for name in NAMES[1:]:
        np.testing.assert_array_equal(is_open(together, name), is_open(together, "venture"))
    assert 0.0 < is_open(together, "venture").mean() < 1.0
    share = 0.6
    some = run(
        world(company=company, market=[FIXED | bases | {"windows_common": share}]),
        months=1,
        paths=PATHS,
        only=SERIES,
    )
    for name in NAMES:
        assert_chance(int((~is_open(some, name)).sum()), PATHS, shuts, f"{name} shutting")
    both = share**2 * shuts + (1.0 - share**2) * shuts**2
    assert_chance(int((~is_open(some, "credit") & ~is_open(some, "shares")).sum()), PATHS, both, "both shut")


def test_the_credit_window_sets_spreads_and_refinancing_and_nothing_else():
    terms = {
        "spread_open": 0.01,
        "spread_shut": 0.07,
        "refinance_open": 1.0,
        "refinance_shut": 0.25,
        "odds_open": 20.0,
    }
    company = rows(
        "cash fixed_cost variable_cost round_runway round_months round_share",
        (3e6, 1e6, 1.0, 6.0, 6.0, 1.0),
        (30e6,) + (None,) * 5,
    )
    inputs = world(
        company=company,
        segment=rows("seller revenue", (0, 5e6)),
        loan=rows("borrower lender balance maturity refinance_chance", (1, -1, 1e6, 3.0, 0.8)),
        market=[FIXED | terms | {"odds_growth": 0.0, "odds_burn": 0.0, "odds_price": 0.0}],
    )
    for open_, spread, chance in ((1.0, 0.01, 0.8), (0.0, 0.07, 0.2)):
        inputs["market.credit_window"][:] = open_
        found = run(inputs, months=3, paths=4000)
        assert (found["market.spread"] == spread).all()
        assert (found["market.regime"] == 0.0).all()
        assert (found["company.raised"][:, 1, 0] > 0).all()
        assert_chance(int((found["loan.maturity"][:, 2, 0] > 3).sum()), 4000, chance, "refinanced")


def test_the_shares_window_sets_sales_of_shares():
    terms = {"equity_open": 0.9, "equity_shut": 0.3, "equity_closed": 0.0, "listing": 0.0}
    inputs = world(
        company=rows("cash fixed_cost variable_cost public equity_runway", (30e6, 1e6, 1.0, 1.0, 120.0)),
        segment=rows("seller revenue", (0, 5e6)),
        market=[FIXED | terms],
    )
    for open_, chance in ((1.0, 0.9), (0.0, 0.3)):
        inputs["market.shares_window"][:] = open_
        found = run(inputs, months=2, paths=4000)
        assert (found["market.spread"] == 0.0).all()
        assert_chance(int((found["company.raised"][:, 1, 0] > 0).sum()), 4000, chance, "shares sold")


def test_a_rule_holds_a_window_shut_for_some_months():
    """A given month of shutting: the base of opening is at -20 while the rule holds, and at 20 after."""
    market = FIXED | {"venture_opens": 20.0, "odds_shut": 0.0, "odds_open": 20.0}
    inputs = world(company=rows("cash", (1e9,)), market=[market])
    moves = (("set", "market.venture_opens", 0, -20.0), ("set", "market.regime", 0, 2.0))
    book = Book().rule(("ge", "month", 5), *moves, months=6)
    found = run(inputs, months=14, paths=16, rules=book.arrays())
    # Phase 1 of month 11 still sees the base that month 10 left.
    expected = [0.0] * 4 + [2.0] * 7 + [0.0] * 3
    np.testing.assert_array_equal(found["market.regime"][:, :, 0], [expected] * 16)


def test_without_the_feedback_states_have_no_say():
    """Switched off, hazards are their bases: the same shuttings whatever falls."""
    market = FIXED | {"credit_shuts": -3.0, "credit_shuts_drawdown": 5.0}
    inputs = world(
        company=rows("cash public", (1e9, 1.0)),
        segment=rows("seller revenue growth", (0, 5e6, -1.0)),
        market=[market],
    )
    for change in FEEDBACKS["windows"].changes:
        inputs[f"{change.entity}.{change.field}"][:] = change.value
    found = run(inputs, months=12, paths=PATHS, only=SERIES)
    chance = (1.0 - logistic(-3.0)) ** 12
    assert_chance(int(is_open(found, "credit")[:, -1].sum()), PATHS, chance, "still open")


def test_a_fall_shuts_more_windows_on_the_same_luck():
    """Monotone: paths on which a window is shut with a shallow fall have it shut with a deep one, while nothing opens."""
    shut = []
    for rate in (0.0, -0.4, -1.2):
        inputs = world(
            company=rows("cash public", (1e9, 1.0)),
            segment=rows("seller revenue growth", (0, 5e6, rate)),
            market=[FIXED | {"listings_shuts": -4.0, "listings_shuts_drawdown": 0.5}],
        )
        shut.append(~is_open(run(inputs, months=18, paths=4000, only=SERIES), "listings"))
    assert (shut[0] <= shut[1]).all()
    assert (shut[1] <= shut[2]).all()
    assert shut[0].mean() < shut[1].mean() < shut[2].mean()


def test_the_specification_sees_the_same_states():
    """A fall, losses, strain and refusals together, month by month, path by path."""
    moving = {f"{name}_{event}": -1.0 for name in NAMES for event in EVENTS}
    felt = {
        f"{name}_shuts_{state}": 0.3
        for name in NAMES
        for state in ("drawdown", "losses", "strain", "refused")
    }
    inputs = world(
        company=rows("cash public fixed_cost round_runway", (1e9, 1.0, None, None), (9e6, 0.0, 1e6, 6.0)),
        segment=rows(
            "seller revenue growth volatility ai_share", (0, 5e6, -0.6, 0.4, 1.0), (1, 1e4, None, None, None)
        ),
        fleet=rows("owner capex capex_growth ai_share", (0, 4e6, 1.0, 1.0)),
        loan=rows("borrower lender balance maturity", (1, -1, 5e6, 40.0)),
        market=[FIXED | moving | felt | {"usual_losses": 1e6, "windows_common": 0.4}],
    )
    found = run(inputs, months=36, paths=8)
    for path in range(8):
        outcome = simulate(inputs, months=36, seed=1, path=path)
        for series in (*SERIES, "market.tries", "market.refusals"):
            np.testing.assert_array_equal(found[series][path], outcome[series], err_msg=series)
    assert all(0 < is_open(found, name).mean() < 1 for name in NAMES)
    assert found["market.refusals"].sum() > 0
