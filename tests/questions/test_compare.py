"""Comparisons: what is known in closed form is found, a case differs from itself by nothing, and errors are paired."""

import json

import cashcade as cc
import numpy as np
import pytest
from cashcade.commands import execute
from cashcade.errors import ArgumentError
from cashcade.rules import Change, Scenario
from cashcade.world import World
from hypothesis import given, settings
from hypothesis import strategies as st

TEXT = """
[world]
name = "noisy"
date = 2025-08-31

[market]
common_volatility = 0.3

[[company]]
id = "burner"
cash = { value = 10.0, low = 5.0, high = 15.0 }
fixed_cost = { value = 2.0, low = 1.0, high = 3.0 }

[[company]]
id = "lender"
cash = 2.0

[[segment]]
id = "sales"
seller = "burner"
revenue = 1.0
common_loading = 1.0
volatility = 0.2

[[loan]]
borrower = "burner"
lender = "lender"
balance = 1.0
rate = 0.0
maturity = 100
"""
OPTIONS = {"months": 12, "paths": 512, "seed": 3}


def richer(by):
    """The burner has so much more cash."""
    return Scenario(f"richer-{by:g}", "More cash", changes=(Change("company.burner.cash", scale=by),))


@pytest.fixture(scope="module")
def world():
    return World.from_text(TEXT)


def test_a_case_differs_from_itself_by_nothing(world):
    found = cc.compare(
        world, {"one": (), "same": ()}, record=["company.cash", "market.failed_debt"], **OPTIONS
    )
    numbers = found.outcomes()[["difference", "se", "only_base", "only_side"]].to_numpy()
    assert numbers.shape == (4, 4)
    assert not numbers.any()
    assert not found.failed_by(6)["difference"].any()
    assert not found.series("company.cash", "burner")[["difference", "se"]].to_numpy().any()
    assert not found.series("market.failed_debt")["difference"].any()


def test_no_scenario_of_the_ai_economy_differs_from_itself():
    found = cc.compare(
        "ai-2025-08", {"one": "money-trap", "same": "money-trap"}, events=True, paths=64, months=36, seed=3
    )
    assert not found.outcomes()[["difference", "se", "only_base", "only_side"]].to_numpy().any()
    assert found.events().empty


LOANS = """
[world]
name = "loans"
date = 2025-08-31

[market]
equity_normal = 1.0

[[company]]
id = "lab"
cash = 10.0
fixed_cost = 2.0

[[company]]
id = "listed"
cash = 30.0
fixed_cost = 10.0
variable_cost = 0.0
public = true
market_value = 1e4
equity_runway = 2.0
round_months = 2.0

[[segment]]
seller = "listed"
revenue = 1.0

[[company]]
id = "bank"
cash = 1e3

[[loan]]
id = "bridge"
borrower = "bank"
lender = "capital"
balance = 20.0
rate = 0.0
maturity = 3
refinance_chance = 1.0
min_cash = 500.0
cure_months = 100
"""


def test_events_by_hand():
    """Alone, the bank breaks no covenant, the lab fails in month 6, the bridge is extended in month 3."""
    sides = {
        "baseline": (),
        "poorer": {
            "company.lab.cash": 4.0,
            "company.bank.cash": 400.0,
            "loan.bridge.refinance_chance": 0.0,
            "company.listed.equity_runway": 0.0,
        },
    }
    found = cc.compare(World.from_text(LOANS), sides, events=True, paths=8, months=8)
    table = found.events().droplevel("side")
    counts = ["base", "here", "only_base", "only_side", "moved"]
    assert table.loc[("fails", "lab"), [*counts, "later"]].to_list() == [8, 8, 0, 0, 8, -3]
    assert table.loc[("breaks a covenant", "bridge"), counts].to_list() == [0, 8, 0, 8, 0]
    assert table.loc[("is extended", "bridge"), counts].to_list() == [8, 0, 8, 0, 0]
    assert table.loc[("cannot refinance", "bank"), counts].to_list() == [0, 8, 0, 8, 0]
    assert table.loc[("raises", "listed"), counts].to_list() == [8, 0, 8, 0, 0]
    assert ("fails", "bank") not in table.index


def test_events_need_what_was_kept(world):
    found = cc.compare(world, ["baseline", richer(2.0)], months=3, paths=16)
    with pytest.raises(ArgumentError, match="compare with events=True"):
        found.events()


def test_the_command_shows_events(file, capsys):
    given = [
        "compare",
        file,
        "baseline",
        "company.burner.cash=20",
        "--paths",
        "64",
        "--months",
        "12",
        "--events",
    ]
    assert execute(given) == 0
    assert "fails" in capsys.readouterr().out
    assert execute([*given, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["events"][0]["of"] == "burner"
    assert printed["events"][0]["only_side"] == 0


def test_the_difference_is_that_of_the_two_runs(world):
    found = cc.compare(world, ["baseline", richer(2.0)], record=["company.cash"], **OPTIONS)
    alone = [cc.run(world, scenarios=given, quantiles=(), **OPTIONS) for given in ([], [richer(2.0)])]
    chance = [(each.dataset["failed_month"].sel(company="burner") > 0).mean().item() for each in alone]
    row = found.outcomes("burner").loc[("burner", "richer-2")]
    assert [row["base"], row["mean"]] == chance
    assert row["difference"] == pytest.approx(chance[1] - chance[0])
    assert row["only_side"] == 0, "more cash never hurts"
    assert row["only_base"] == pytest.approx(chance[0] - chance[1])
    cash = [each.series("company.cash", company="burner")["mean"].to_numpy() for each in alone]
    series = found.series("company.cash", "burner")
    assert np.allclose(series["difference"], cash[1] - cash[0])
    assert np.allclose(series["mean"], cash[1])


def test_errors_are_those_of_pairs(world):
    """A tenth more cash moves every path alike: paired errors are a fraction of unpaired ones."""
    found = cc.compare(world, ["baseline", richer(1.1)], record=["company.cash"], **OPTIONS)
    paired = found.series("company.cash", "burner").loc[(1, "richer-1.1"), "se"]
    two = [
        each.dataset["company_cash_std"].sel(company="burner", month=1).item()
        for each in found.results.values()
    ]
    assert 0 < paired < 0.2 * np.hypot(*two) / np.sqrt(OPTIONS["paths"])


def test_any_number_of_a_path(world):
    found = cc.compare(world, ["baseline", richer(2.0)], record=["company.cash"], **OPTIONS)
    difference, error = found.difference(
        "richer-2", lambda result: found.values(result, "company.cash", "burner")[:, 0]
    )
    row = found.series("company.cash", "burner").loc[(1, "richer-2")]
    assert (difference, error) == (row["difference"], row["se"])


@given(paths=st.integers(1, 40).map(lambda some: 8 * some), seed=st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_the_sides_have_the_same_luck(world, paths, seed):
    """A world without ranges is compared draw by draw with one that has them."""
    fixed = Scenario(
        "known",
        "All known",
        changes=(Change("company.burner.cash", set_to=10.0), Change("company.burner.fixed_cost", set_to=2.0)),
    )
    found = cc.compare(world, ["baseline", fixed], months=3, paths=paths, seed=seed)
    draws = [each.dataset["path_draw"].to_numpy() for each in found.results.values()]
    assert np.array_equal(*draws)


def test_worlds_and_cases_are_sides(world):
    other = World.from_text(TEXT.replace("cash = 2.0", "cash = 3.0").replace('"noisy"', '"other"'))
    found = cc.compare(world, [world, other, cc.Case(world, scenarios=[richer(2.0)])], **OPTIONS)
    assert found.sides == ("other", "noisy, richer-2")
    assert found.outcomes("burner").loc[("burner", "other"), "difference"] == 0
    assert found.outcomes("burner").loc[("burner", "noisy, richer-2"), "difference"] < 0


def test_what_a_world_says_otherwise_is_a_side(world):
    doubled = {"company.burner.cash": {"low": 10.0, "value": 20.0, "high": 30.0}}
    found = cc.compare(world, ["baseline", doubled, [doubled, "funding-shut"], richer(2.0)], **OPTIONS)
    set_side, both, scenario = found.sides
    assert set_side == "company.burner.cash={low = 10.0, value = 20.0, high = 30.0}"
    assert both == f"{set_side}, funding-shut"
    rows = found.outcomes("burner")
    assert rows.loc[("burner", set_side)].equals(rows.loc[("burner", scenario)])
    assert rows.loc[("burner", set_side), "difference"] < 0
    case = cc.compare(cc.Case(world), ["baseline", doubled], **OPTIONS)
    assert case.outcomes("burner").loc[("burner", set_side)].equals(rows.loc[("burner", set_side)])


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        (["baseline", {"company.burnr.cash": 1}], 'Did you mean "burner"'),
        (["baseline"], "there are 1 sides, wanted at least two"),
        ("funding-shut", "wanted at least two: \\['baseline', 'funding-shut'\\]"),
        (["baseline", "baseline"], "two sides are called 'baseline'"),
        (["baseline", "funding-shot"], "funding-shot"),
    ],
)
def test_what_cannot_be_compared_is_refused(world, sides, said):
    with pytest.raises(ArgumentError, match=said):
        cc.compare(world, sides, **OPTIONS)


def test_what_was_not_asked_for_is_refused(world):
    found = cc.compare(world, ["baseline", richer(2.0)], record=["company.cash"], **OPTIONS)
    with pytest.raises(ArgumentError, match="compare with record="):
        found.series("company.revenue", "burner")
    with pytest.raises(ArgumentError, match="say of which: of='burner'"):
        found.series("company.cash")
    with pytest.raises(ArgumentError, match="Unknown company 'burnr'"):
        found.series("company.cash", "burnr")
    with pytest.raises(ArgumentError, match="Unknown side 'poorer'"):
        found.difference("poorer", lambda result: result.dataset["failed_share"].to_numpy())
    with pytest.raises(ArgumentError, match="month is 13"):
        found.failed_by(13)


def test_only_the_same_luck_is_compared(world):
    runs = {str(seed): cc.run(world, months=3, paths=16, seed=seed) for seed in (1, 2)}
    with pytest.raises(ArgumentError, match="only runs with the same luck"):
        cc.Comparison(runs)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "noisy.toml"
    path.write_text(TEXT)
    return str(path)


def test_the_command_prints_what_differs(file, capsys):
    """In this world a shut window moves nothing."""
    given = ["compare", file, "baseline", "funding-shut:start=2,months=3", "--paths", "64", "--months", "12"]
    assert execute(given) == 0
    said = capsys.readouterr().out
    assert "No path differs: systemic, failed-debt, burner, lender." in said
    assert execute([*given, "--json", "--of", "burner"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["base"] == "baseline"
    assert [row["outcome"] for row in printed["comparison"]] == ["burner"]
    assert printed["comparison"][0]["difference"] == 0
    assert 0 < printed["comparison"][0]["base"] < 1


def test_the_command_refuses_one_side(file, capsys):
    assert execute(["compare", file, "baseline"]) == 2
    assert "wanted at least two" in capsys.readouterr().err


def test_the_command_takes_settings_as_sides_and_of_the_world(file, capsys):
    given = [
        "compare",
        file,
        "baseline",
        "company.burner.cash=20",
        "--paths",
        "64",
        "--months",
        "12",
        "--json",
    ]
    assert execute([*given, "--of", "burner"]) == 0
    free = json.loads(capsys.readouterr().out)
    assert free["comparison"][0]["side"] == "company.burner.cash=20"
    assert free["comparison"][0]["difference"] < 0
    assert execute([*given, "--of", "burner", "--set", "company.burner.cash=20 "]) == 0
    same = json.loads(capsys.readouterr().out)
    assert same["comparison"][0]["difference"] == 0
    assert same["comparison"][0]["base"] == free["comparison"][0]["mean"]
    assert (free["set"], same["set"]) == ([], ["company.burner.cash=20 "])
    assert execute([*given[:3], "company.burnr.cash=20"]) == 2
    assert 'Did you mean "burner"' in capsys.readouterr().err
