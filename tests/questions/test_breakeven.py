"""Break-even and stress: known thresholds are met, scans are agreed with, and none is found where there is none."""

import json

import cashcade as cc
import numpy as np
import pytest
from cashcade.commands import execute
from cashcade.hookspecs import hookimpl
from cashcade.questions import frontier
from cashcade.questions.conditions import condition_of
from cashcade.questions.levers import lever_of
from cashcade.questions.search import Axis, Search, point
from cashcade.rules import Change, Rule, Scenario, Shock, ShockParameter, companies, company, month, scale
from cashcade.world import World
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.questions.worlds import NOISY

PLAIN = World.from_text("""
[world]
name = "plain"
date = 2025-08-31
[[company]]
id = "a"
cash = 100.0
fixed_cost = 10.0
[[company]]
id = "debtor"
cash = 10.0
[[loan]]
borrower = "debtor"
lender = "capital"
balance = 100.0
rate = 0.0
maturity = 24
refinance_chance = 0.0
""")
"""Nothing is random: `a` lives as long as its cash lasts, `debtor` until its loan is due."""

LUCK = {"paths": 256, "seed": 3}


@pytest.fixture(scope="module")
def noisy():
    return World.from_text(NOISY)


@pytest.mark.parametrize("months", [1, 6, 12])
@pytest.mark.parametrize("limits", [(5.0, 205.0), (205.0, 5.0), (1.0, 300.0)])
def test_cash_that_lasts_exactly_so_many_months(months, limits):
    """With a cost of 10 a month, cash below ten a month fails by then, and no more does not."""
    found = cc.breakeven(PLAIN, "company.a.cash", f"a@{months} >= 0.5", limits, paths=16)
    low, high = found.interval
    assert low < 10 * months <= high
    assert found.value == low
    assert (high - low) / low < 0.01 if limits[0] == 1 else high - low <= 0.2
    (crossing,) = found.crossings
    assert crossing.begins == (limits[0] > limits[1])
    assert found.shape == "falls"


def test_months_are_whole():
    found = cc.breakeven(PLAIN, "loan.*.maturity", "debtor@12 >= 0.5", (1, 36), paths=16)
    assert (found.value, found.interval) == (12, (12, 13))
    assert all(value == int(value) for value in found.curve.index)


def test_a_mean_is_as_good_as_a_chance():
    """Of 100, 12 months of a cost of c leave 100 - 12 c."""
    for lever, limits, wanted in (
        ("company.a.fixed_cost", (1.0, 8.0), 5.0),
        ("scale company.a.fixed_cost", (0.0, 1.0), 0.5),
    ):
        found = cc.breakeven(PLAIN, lever, "company.a.cash@12 <= 40", limits, paths=16)
        assert found.interval[0] < wanted <= found.interval[1]
        assert found.crossings[0].begins
    found = cc.breakeven(PLAIN, "add company.a.cash", "company.a.cash@6 >= 80", (0, 100), paths=16)
    assert found.interval[0] < 40 <= found.interval[1]


@pytest.mark.parametrize(
    ("lever", "condition", "limits"),
    [
        ("company.burner.cash", "burner@12 >= 0.5", (1.0, 40.0)),
        ("scale company.burner.cash", "burner@12 >= 50 %", (0.2, 3.0)),
        ("company.burner.fixed_cost", "failed-debt@12 >= 0.3", (0.5, 4.0)),
        ("add company.burner.fixed_cost", "company.burner.cash@6 <= 4", (-1.0, 2.0)),
        ("segment.*.revenue", "burner@12 <= 0.8", (0.1, 3.0)),
    ],
)
def test_a_scan_agrees(noisy, lever, condition, limits):
    """A scan of 60 values on the same luck finds one change, within the interval and beside the value."""
    found = cc.breakeven(noisy, lever, condition, limits, **LUCK)
    asked, moved = condition_of(condition, noisy), lever_of(lever)
    values = np.linspace(*limits, 60)
    holds = []
    for value in values:
        side = moved.side(float(value))
        case = cc.Case(noisy).with_([side] if isinstance(side, Change) else side)
        result = case.run(
            months=asked.month, replicates=4, record=[*asked.record, "company.cash"], keep_paths=True, **LUCK
        )
        holds.append(asked.margin(asked.values(result).mean()) >= 0)
    (change,) = np.flatnonzero(np.diff(holds))
    low, high = found.interval
    step = values[1] - values[0]
    assert low <= values[change + 1]
    assert values[change] <= high
    assert values[change] - step * 0.1 <= found.value <= values[change + 1] + step * 0.1
    assert low <= found.value <= high
    assert found.crossings[0].begins == holds[-1]
    assert found.shape in {"rises", "falls"}


def test_the_interval_holds_the_answer_of_much_more_luck(noisy):
    lever, condition, limits = "company.burner.cash", "burner@12 >= 0.4", (2.0, 40.0)
    truth = cc.breakeven(noisy, lever, condition, limits, paths=8_192, seed=99).value
    hits = 0
    for seed in range(12):
        low, high = cc.breakeven(noisy, lever, condition, limits, paths=256, seed=seed, points=4).interval
        hits += low <= truth <= high
    assert hits >= 10, "of 95 %, twelve times"


def test_the_curve_is_that_of_runs(noisy):
    found = cc.breakeven(noisy, "company.burner.cash", "burner@12 >= 0.5", (5.0, 40.0), points=3, **LUCK)
    for value in (5.0, 22.5, 40.0):
        result = (
            cc.Case(noisy)
            .with_({"company.burner.cash": value})
            .run(months=12, replicates=4, quantiles=(), **LUCK)
        )
        row = result.summary().loc["burner"]
        assert tuple(found.curve.loc[value, ["outcome", "se"]]) == (row["failed_12"], row["failed_12_se"])


@pytest.mark.parametrize(
    ("condition", "limits", "said"),
    [
        ("a@12 >= 0.5", (130.0, 200.0), "never"),
        ("a@12 >= 0.5", (10.0, 110.0), "always"),
        ("a@12 <= 0.5", (130.0, 200.0), "always"),
    ],
)
def test_where_nothing_changes_there_is_none(condition, limits, said):
    found = cc.breakeven(PLAIN, "company.a.cash", condition, limits, paths=16)
    assert (found.value, found.interval, found.crossings) == (None, (None, None), ())
    assert found.holds_at_first == (said == "always")
    assert f"{said} within the limits" in str(found)
    assert found.curve["holds"].nunique() == 1
    assert found.shape == "is flat"


def test_curves_that_turn_are_told():
    def valley(value):
        return {"company.a.cash": 100 + 400 * (value - 0.5) ** 2}

    found = cc.breakeven(PLAIN, valley, "a@12 >= 0.5", (0, 1), paths=16)
    width = np.sqrt(20 / 400)
    places = [crossing.value for crossing in found.crossings]
    assert places == pytest.approx([0.5 - width, 0.5 + width], abs=2e-3)
    assert [crossing.begins for crossing in found.crossings] == [True, False]
    assert found.shape == "rises and falls"
    assert str(found).endswith("The curve rises and falls.")
    assert found.lever == "valley"


def test_a_peak_between_two_points_is_found():
    def hill(value):
        return {"company.a.cash": 100 - (value - 0.37) ** 2}

    found = cc.breakeven(PLAIN, hill, "company.a.cash@1 >= 89.9999", (0, 1), points=5, paths=16)
    places = [crossing.value for crossing in found.crossings]
    assert places == pytest.approx([0.36, 0.38], abs=2e-3)


def test_ends_beyond_the_limits_are_none(noisy):
    found = cc.breakeven(noisy, "company.burner.cash", "burner@12 >= 0.9", (5.5, 14.0), paths=32)
    assert found.value is not None
    assert None in found.interval
    assert "the limits" in str(found)


def dear(rise, start, who):
    yield Rule("dear", month >= start, scale(company(who).fixed_cost, 1 + rise))


SHOCK = Shock(
    "dear",
    "Costs rise",
    dear,
    (
        ShockParameter("rise", 0.0, "fraction", 0.0, 4.0, "By how much."),
        ShockParameter("start", 1, "month", 1, 60, "From when."),
        ShockParameter("who", "a", "text", meaning="Whose."),
    ),
)


class Plugin:
    """A plugin that brings one shock."""

    @hookimpl
    def cashcade_shocks(self):
        """Give it."""
        yield SHOCK


OWN = {"plugins": [Plugin()], "block": ["cashcade-ai", "cashcade-telecom"], "paths": 16}


def test_an_argument_of_a_shock_has_limits_of_its_own():
    """Costs of 10 (1 + r) from month 7 on use up 40 in two months where r is above 1."""
    found = cc.breakeven(PLAIN, "dear:rise,start=7", "a@8 >= 0.5", **OWN)
    assert found.limits == (0, 4)
    assert found.interval[0] <= 1 < found.interval[1]
    assert cc.breakeven(PLAIN, "dear:rise", "a@8 >= 0.5", **OWN).value == pytest.approx(0.25, abs=0.01)
    when = cc.breakeven(PLAIN, "dear:start,rise=4", "a@8 >= 0.5", (1, 12), **OWN)
    assert (when.value, when.interval) == (8, (8, 9)), "100 - 10 * 7 - 50 is below nought"
    same = cc.breakeven(PLAIN, lambda rise: SHOCK(rise=rise, start=7), "a@8 >= 0.5", (0, 4), paths=16)
    assert same.interval == found.interval


def test_scenarios_and_rules_are_there_at_every_value():
    dearer = Scenario("dearer", "Costs double", changes=(Change("company.a.fixed_cost", scale=2.0),))
    rule = Rule("dearer", month >= 1, scale(companies().fixed_cost, 2.0))
    ask = {"lever": "company.a.cash", "condition": "a@6 >= 0.5", "limits": (50.0, 200.0), "paths": 16}
    by_scenario = cc.breakeven(PLAIN, scenarios=[dearer], **ask)
    assert by_scenario.value == pytest.approx(120, abs=0.2)
    assert cc.breakeven(PLAIN, rules=[rule], **ask).interval == by_scenario.interval
    assert cc.breakeven(cc.Case(PLAIN, scenarios=[dearer]), **ask).interval == by_scenario.interval
    scaled = ask | {"lever": "scale company.a.cash", "limits": (0.5, 2.0)}
    assert cc.breakeven(cc.Case(PLAIN, rules=[rule]), **scaled).value == pytest.approx(1.2, abs=0.002)
    shocked = cc.breakeven(PLAIN, "dear:rise", "a@6 >= 0.5", scenarios=[dearer], **OWN)
    assert shocked.holds_at_first, "with double costs 100 does not last six months"
    with pytest.raises(cc.ArgumentError, match="scenarios is given besides"):
        cc.breakeven(cc.Case(PLAIN), lambda rise: SHOCK(rise=rise), "a@6 >= 0.5", (0, 4), paths=16)


def test_stress_is_the_first_value_that_breaks():
    """A cost of 10 is borne for 8 months of 100; from 12.5 on it is not."""
    found = cc.stress(PLAIN, "scale company.a.fixed_cost", "a", (1, 3), months=8, paths=16)
    assert found.interval[0] <= 1.25 < found.interval[1]
    assert found.crossings[0].begins
    assert found.condition == "a@8 >= 0.5"
    cut = cc.stress(PLAIN, "scale company.a.cash", "a", months=8, paths=16)
    assert cut.limits == (1, 0)
    assert cut.interval[0] < 0.8 <= cut.interval[1]
    assert cut.value < 0.8
    assert cc.stress(PLAIN, "scale company.a.cash", "a", (1.0, 0.9), months=8, paths=16).value is None
    broken = cc.stress(PLAIN, "scale company.a.cash", "a", months=12, paths=16)
    assert (broken.value, broken.holds_at_first) == (None, True)


def test_the_system_breaks_by_the_debt_that_fails():
    """All debt is due in month 24; more cash than debt pays it."""
    found = cc.stress(PLAIN, "company.debtor.cash", limits=(200.0, 0.0), months=30, paths=16)
    assert found.condition == "failed-debt@30 >= 0.1"
    assert found.interval[0] < 100 <= found.interval[1]
    level = cc.stress(PLAIN, "company.debtor.cash", "system", (200.0, 0.0), level=0.5, months=30, paths=16)
    assert level.condition == "failed-debt@30 >= 0.5"


def test_noisy_stress_is_the_scan_of_break_even(noisy):
    found = cc.stress(noisy, "scale segment.*.revenue", "burner", months=12, level=0.4, **LUCK)
    same = cc.breakeven(noisy, "scale segment.*.revenue", "burner@12 >= 0.4", (1, 0), **LUCK)
    assert (found.value, found.interval) == (same.value, same.interval)
    assert found.curve.equals(same.curve)


@pytest.mark.parametrize(
    ("lever", "condition", "limits", "more", "said"),
    [
        ("company.a.cahs", "a@6 >= 0.5", (1, 2), {}, 'field of a company "cahs". Did you mean "cash"'),
        ("company.aa.cash", "a@6 >= 0.5", (1, 2), {}, "the world has no such companies"),
        ("scale company.aa.cash", "a@6 >= 0.5", (1, 2), {}, "the world has no such companies"),
        ("loan.*.rank", "a@6 >= 0.5", (1, 2), {}, "loan.*.rank is no number, and no lever"),
        ("cash", "a@6 >= 0.5", (1, 2), {}, 'wanted one such as "company.openai.cash"'),
        (3, "a@6 >= 0.5", (1, 2), {}, "the lever is 3, wanted one such as"),
        ("deer:rise", "a@6 >= 0.5", (1, 2), OWN, 'unknown shock "deer". Did you mean "dear"'),
        ("dear:rize", "a@6 >= 0.5", (1, 2), OWN, "Unknown argument of dear 'rize'. Did you mean 'rise'"),
        ("dear:who", "a@6 >= 0.5", (1, 2), OWN, "who is a word, and no lever"),
        ("dear:rise,rise=2", "a@6 >= 0.5", (1, 2), OWN, "rise is given a value, and no lever"),
        ("dear:rise", "a@6 >= 0.5", (1, 5), OWN, "dear: rise is 5, wanted a number from 0 to 4"),
        (
            "company.a.cash",
            "a@6 >= 0.5",
            None,
            {},
            "company.a.cash has no limits of its own; give limits=(from, to)",
        ),
        ("company.a.cash", "a@6 >= 0.5", (1, 1), {}, "limits is (1, 1), wanted two different numbers"),
        ("company.a.cash", "a@6 >= 0.5", (1, 2, 3), {}, "limits is (1, 2, 3), wanted"),
        ("company.a.cash", "a@6 >= 0.5", 7, {}, "limits is 7, wanted"),
        (
            "loan.*.maturity",
            "a@6 >= 0.5",
            (1, 2.5),
            {},
            "limits is (1, 2.5), wanted two different whole numbers",
        ),
        ("company.a.cash", "a@6 >= 0.5", (-1, 2), {}, "given -1, wanted a number from 0 to"),
        ("company.a.cash", "a@6 > 0.5", (1, 2), {}, "the condition is 'a@6 > 0.5', wanted one such as"),
        ("company.a.cash", "a@6 >= half", (1, 2), {}, "the condition is 'a@6 >= half', wanted one such as"),
        ("company.a.cash", "a@6 >= inf", (1, 2), {}, "the condition is 'a@6 >= inf', wanted one such as"),
        ("company.a.cash", 6, (1, 2), {}, "the condition is 6, wanted one such as"),
        ("company.a.cash", "a@6 >= 5", (1, 2), {}, "a@6 >= 5: the level is 5, wanted one from 0 to 1"),
        ("company.a.cash", "a@0 >= 0.5", (1, 2), {}, "the month of the condition is 0, wanted"),
        ("company.a.cash", "dettor >= 0.5", (1, 2), {}, "Unknown outcome 'dettor'. Did you mean 'debtor'"),
        (
            "company.a.cash",
            "company.a.csh >= 5",
            (1, 2),
            {},
            "Unknown variable 'company.csh'. Did you mean 'company.cash'",
        ),
        (
            "company.a.cash",
            "company.dettor.cash >= 5",
            (1, 2),
            {},
            "Unknown company 'dettor'. Did you mean 'debtor'",
        ),
        ("company.a.cash", "company.cash >= 5", (1, 2), {}, "of which company? Write company.ID.cash"),
        ("company.a.cash", "a@6 >= 0.5", (1, 2), {"points": 1}, "points is 1, wanted a whole number from 2"),
        ("company.a.cash", "a@6 >= 0.5", (1, 2), {"tolerance": 0}, "tolerance is 0, wanted"),
    ],
)
def test_what_cannot_be_asked_is_told_with_the_way_out(lever, condition, limits, more, said):
    with pytest.raises((cc.ArgumentError, cc.RuleError, cc.WorldError)) as caught:
        cc.breakeven(PLAIN, lever, condition, limits, **{"paths": 16, **more})
    assert said in str(caught.value)


def test_a_company_to_be_broken_must_be_there():
    with pytest.raises(cc.ArgumentError, match="Unknown outcome 'b'"):
        cc.stress(PLAIN, "scale company.a.cash", "b")
    with pytest.raises(cc.ArgumentError, match="months is 0, wanted a whole number from 1"):
        cc.stress(PLAIN, "scale company.a.cash", "a", months=0)


@example(first=2.0, last=5e-324, whole=False, points=2, at=0.5)
@given(
    first=st.floats(-1e6, 1e6),
    last=st.floats(-1e6, 1e6),
    whole=st.booleans(),
    points=st.integers(2, 20),
    at=st.floats(0.01, 0.99),
)
def test_a_step_is_found_wherever_it_is(first, last, whole, points, at):
    """Halving ends at neighbours around the step, whatever the axis."""
    if whole:
        first, last = float(round(first)), float(round(last))
    assume(abs(first - last) > 1e-3)
    axis = Axis(first, last, whole, 1e-4)
    step = first + at * (last - first)
    beyond = (lambda value: value >= step) if last > first else (lambda value: value <= step)
    asked = condition_of("a >= 0.5", PLAIN)
    draws = np.arange(16)
    search = Search(axis, lambda value: point(asked, np.full(16, float(beyond(value))), draws))
    search.scan(points)
    (crossing,) = search.crossings()
    low, high = sorted((first, last))
    assert low <= crossing.low <= crossing.value <= crossing.high <= high
    assert crossing.low <= step <= crossing.high
    assert crossing.begins
    if whole:
        assert crossing.high - crossing.low == 1
    else:
        assert axis.apart(crossing.low, crossing.high) <= 1e-4
    assert len(search.known) <= points + 40
    assert all(low <= value <= high for value in search.known)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "plain.toml"
    path.write_text(PLAIN.to_toml())
    return str(path)


def test_the_command_says_the_answer_and_shows_the_curve(file, capsys):
    given = ["breakeven", file, "company.a.cash", "a@12 >= 0.5", "--limits", "50", "200", "--paths", "16"]
    found = cc.breakeven(PLAIN, "company.a.cash", "a@12 >= 0.5", (50, 200), paths=16)
    assert execute(given) == 0
    printed = capsys.readouterr().out
    assert " ".join(printed.split()).startswith(" ".join(str(found).split()))
    table = printed.partition("\n")[2].splitlines()
    assert len([line for line in table if "yes" in line or "no" in line]) == len(found.curve)
    assert execute([*given, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["value"], tuple(printed["interval"])) == (found.value, found.interval)
    assert [row["value"] for row in printed["curve"]] == found.curve.index.tolist()
    assert printed["crossings"] == [
        {"value": found.value, "low": found.interval[0], "high": found.interval[1], "begins": False}
    ]
    assert (printed["condition"], printed["shape"], printed["limits"]) == ("a@12 >= 0.5", "falls", [50, 200])


def test_the_commands_take_settings_and_say_never(file, capsys):
    given = ["stress", file, "scale company.a.cash", "a", "--months", "8", "--paths", "16", "--json"]
    assert execute([*given, "--set", "company.a.cash=160"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["interval"][0] < 0.5 <= printed["interval"][1]
    assert (printed["limits"], printed["set"]) == ([1, 0], ["company.a.cash=160"])
    assert execute([*given, "--set", "company.a.cash=1600", "--limits", "1", "0.5"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["value"], printed["interval"], printed["crossings"]) == (None, [None, None], [])
    assert not printed["holds_at_first"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["breakeven", "company.a.cash", "a@12 >= 0.5"], "company.a.cash has no limits of its own"),
        (["breakeven", "company.a.cash", "a@12", "--limits", "1", "2"], "the condition is 'a@12', wanted"),
        (["stress", "scale company.b.cash"], "the world has no such companies"),
        (["stress", "scale company.a.cash", "b"], "Unknown outcome 'b'"),
    ],
)
def test_the_commands_refuse_what_cannot_be_asked(file, capsys, words, said):
    assert execute([words[0], file, *words[1:]]) == 2
    assert said in capsys.readouterr().err


def test_the_frontier_of_two_levers_is_known():
    """100 (1 - cut) of cash against 10 + a of cost for eight months: broken where the cash is below 80 + 8 a."""
    levers, limits = ("add company.a.fixed_cost", "scale company.a.cash"), ((0.0, 2.0), (1.0, 0.0))
    found = frontier(PLAIN, levers, "a", limits, steps=3, months=8, paths=16)
    assert found.index.tolist() == [0.0, 1.0, 2.0]
    for added, row in found.iterrows():
        assert row["low"] < 0.8 + 0.08 * added <= row["high"]
    harder = frontier(PLAIN, levers, "a", ((0.0, 5.0), None), steps=2, months=8, paths=16)
    assert harder["holds_at_first"].tolist() == [False, True]
    assert np.isnan(harder["value"].iloc[1])
    alone = cc.stress(PLAIN, "scale company.a.cash", "a", months=8, paths=16)
    assert (found["low"].iloc[0], found["high"].iloc[0]) == alone.interval


def test_a_frontier_of_months_and_a_shock_is_known():
    """A cost of 10 (1 + r) from month m on: 100 last ten months where r is nought."""
    found = frontier(PLAIN, ("dear:start", "dear:rise"), "a", ((1, 9), (0, 4)), steps=2, months=9, **OWN)
    assert found["value"].iloc[0] == pytest.approx(100 / 90 - 1, abs=0.01)
    assert found["value"].iloc[1] == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    ("levers", "limits", "said"),
    [
        (("scale company.a.cash",), (None, None), "wanted two of each"),
        ("scale company.a.cash", (None, None), "wanted two of each"),
        (("company.a.cash", "scale company.a.cash"), (None, None), "give limits=(from, to)"),
        ((lambda _value: PLAIN, "scale company.a.cash"), ((0, 1), None), "cannot be joined with another"),
    ],
)
def test_what_makes_no_frontier_is_told(levers, limits, said):
    with pytest.raises(cc.ArgumentError) as caught:
        frontier(PLAIN, levers, "a", limits, paths=16)
    assert said in str(caught.value)


def test_the_command_shows_the_frontier(file, capsys):
    given = ["stress", file, "scale company.a.cash", "a", "--along", "add company.a.fixed_cost"]
    given += ["--along-limits", "0", "5", "--steps", "2", "--months", "8", "--paths", "16"]
    assert execute([*given, "--json"]) == 0
    first, last = json.loads(capsys.readouterr().out)["frontier"]
    assert first["low"] < 0.8 <= first["high"]
    assert (last["at"], last["value"], last["low"], last["holds_at_first"]) == (5.0, None, None, True)
    assert execute(given) == 0
    *_, shown, broken = capsys.readouterr().out.splitlines()
    assert f"{first['value']:.5g}" in shown
    assert broken.split() == ["5", "broken", "already"]
