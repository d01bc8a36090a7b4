"""The exit scenarios: who leaves, by which door, how often and when, as documented."""

import cashcade
import numpy as np
import pytest
from cashcade.rules import ExitScenario
from cashcade.world import World
from numpy.typing import NDArray

from cashcade_ai.exits import EXIT_SCENARIOS, monthly

BY_NAME = {scenario.name: scenario for scenario in EXIT_SCENARIOS}
ISSUE = "no-exit cold-window normal-window hot-window acqui-hire-wave bargain-buyers"
BOUGHT, LICENSED, LISTED, SUSTAINING, WOUND_UP = 1, 2, 3, 4, 5
PATHS = 8192
YEAR = 12

TEXT = """
[world]
name = "exits"
date = 2025-08-31

[market]
regime = "normal"
listing = true
normal_to_open = 0.0
normal_to_shut = 0.0

[[company]]
id = "start"
tags = ["private", "lab"]
cash = 1e12
fixed_cost = 1.5e8
valuation_multiple = 10
last_valuation = 1e10

[[company]]
id = "short"
tags = ["private"]
cash = 1.6e9
fixed_cost = 3e8
valuation_multiple = 10
last_valuation = 1e10

[[company]]
id = "earner"
tags = ["app"]
cash = 1e9
fixed_cost = 1e7
valuation_multiple = 10

[[company]]
id = "giant"
tags = ["giant"]
cash = 1e14

[[segment]]
seller = "start"
revenue = 1e8

[[segment]]
seller = "short"
revenue = 1e8

[[segment]]
seller = "earner"
revenue = 1e8
"""


@pytest.fixture(scope="module")
def world() -> World:
    return World.from_text(TEXT)


def left(world: World, name: str, company: str) -> NDArray[np.float64]:
    """How a company has left by the end of each month, by path."""
    result = cashcade.run(
        world,
        months=18,
        paths=PATHS,
        seed=1,
        scenarios=[BY_NAME[name]],
        record=["company.exit"],
        keep_paths=True,
    )
    return result.dataset["company_exit"].sel(company=company).to_numpy()


def share(codes: NDArray[np.float64], *which: int) -> float:
    return float(np.isin(codes, which).mean())


def near(found: float, wanted: float) -> bool:
    """Whether a share lies within five standard errors."""
    return abs(found - wanted) < 5 * (wanted * (1 - wanted) / PATHS) ** 0.5


def test_all_of_the_issue_are_there() -> None:
    assert set(BY_NAME) == set(ISSUE.split())
    assert all(isinstance(scenario, ExitScenario) for scenario in EXIT_SCENARIOS)


@pytest.mark.parametrize("name", BY_NAME)
def test_it_says_where_its_numbers_come_from(name: str) -> None:
    assert len(BY_NAME[name].doc) > 80
    assert "https://" in BY_NAME[name].source or name == "no-exit"


def test_monthly_hazards_add_up_to_a_year() -> None:
    assert 1 - (1 - monthly(0.2)) ** YEAR == pytest.approx(0.2)
    assert monthly(0.0) == 0.0


def test_no_exit_is_no_change(world: World) -> None:
    options = {"months": 12, "paths": 64, "seed": 3, "record": ["company.cash", "company.valuation"]}
    plain = cashcade.run(world, **options).dataset
    none = cashcade.run(world, **options, scenarios=[BY_NAME["no-exit"]]).dataset
    for variable in plain.data_vars:
        if plain[variable].dtype.kind in "fiu":
            assert np.array_equal(plain[variable], none[variable], equal_nan=True), variable


def test_windows_let_out_what_they_say(world: World) -> None:
    """A year of cold lets out about 2 in a hundred, an ordinary one 5, a hot one 17."""
    gone = {
        name: share(left(world, f"{name}-window", "start")[:, YEAR - 1], 1, 2, 3)
        for name in ("cold", "normal", "hot")
    }
    assert 0.012 < gone["cold"] < 0.03, gone
    assert 0.035 < gone["normal"] < 0.07, gone
    assert 0.13 < gone["hot"] < 0.21, gone


LISTED_FIRMS = """
[[company]]
id = "listed"
tags = ["public"]
public = true
equity_runway = 60
cash = 1e9
fixed_cost = 2.5e8
valuation_multiple = 10

[[segment]]
seller = "listed"
revenue = 1e8
volatility = 0.3
"""


@pytest.mark.parametrize("name", BY_NAME)
def test_share_sales_of_listed_companies_know_nothing_of_it(name: str) -> None:
    """The scenario says how many private companies list, and does not close the window to those listed."""
    world = World.from_text(TEXT + LISTED_FIRMS)
    options = {"months": 18, "paths": 256, "seed": 2, "record": ["company.raised"], "keep_paths": True}
    plain = cashcade.run(world, **options).dataset["company_raised"].sel(company="listed")
    found = cashcade.run(world, **options, scenarios=[BY_NAME[name]]).dataset["company_raised"]
    assert float(plain.sum()) > 0
    assert np.array_equal(found.sel(company="listed"), plain)


CLOSINGS = (
    """
[world]
name = "closings"
date = 2025-08-31

[market]
regime = "normal"
normal_to_open = 0.0
normal_to_shut = 0.0
"""
    + "".join(
        f"""
[[company]]
id = "{name}"
tags = ["private"]
cash = {cash}
fixed_cost = {cost}
valuation_multiple = 10

[[segment]]
seller = "{name}"
revenue = {revenue}
"""
        for name, cash, cost, revenue in (
            ("shop", "2.4e7", "5e6", "1e6"),
            ("worth-260-bn", "5.3e10", "1.3e10", "2.2e9"),
            ("site", "2.4e7", "1e6", "1e6"),
        )
    )
    + """
[[fleet]]
id = "halls"
owner = "site"
capex = 4e6
committed = 1.0
"""
)


def test_only_what_is_small_and_builds_nothing_is_wound_up() -> None:
    """All three have less than half a year of cash from the first month on."""
    result = cashcade.run(
        World.from_text(CLOSINGS),
        months=4,
        paths=PATHS,
        seed=1,
        scenarios=[BY_NAME["normal-window"]],
        record=["company.exit", "company.runway"],
        keep_paths=True,
    )
    assert (result.dataset["company_runway"].isel(month=0).median("kept_path") < 6).all()
    closed = result.dataset["company_exit"].isel(month=-1) == WOUND_UP
    assert near(float(closed.sel(company="shop").mean()), 1 - (1 - monthly(0.1)) ** 3)
    assert not closed.sel(company=["worth-260-bn", "site"]).any()


def test_sales_and_licences_of_a_hot_window_come_at_their_rates(world: World) -> None:
    codes = left(world, "hot-window", "start")[:, YEAR - 1]
    assert near(share(codes, BOUGHT), 0.04 * 0.92)
    assert near(share(codes, LICENSED), 0.015 * 0.92)


def test_a_wave_takes_labs(world: World) -> None:
    codes = left(world, "acqui-hire-wave", "start")
    assert near(share(codes[:, YEAR - 1], LICENSED), 0.15)
    assert share(codes, BOUGHT, LISTED) == 0
    assert share(left(world, "acqui-hire-wave", "short"), LICENSED) == 0, "it is no lab"


def test_bargains_are_of_those_whose_cash_runs_out(world: World) -> None:
    """Cash of eight months: below six from the third on; a tenth a month is bought from then on."""
    codes = left(world, "bargain-buyers", "short")
    assert share(codes[:, 1], BOUGHT) == 0
    first = int(np.argmax((codes == BOUGHT).any(axis=0)))
    assert 2 <= first <= 4
    assert near(share(codes[:, first], BOUGHT), 0.1)
    assert near(share(codes[:, first + 1], BOUGHT), 0.19)
    assert share(left(world, "bargain-buyers", "start"), BOUGHT) == 0, "it has cash"


def test_it_runs_on_the_real_world() -> None:
    for name in BY_NAME:
        result = cashcade.run("ai-2025-08", months=12, paths=64, seed=3, scenarios=[name])
        assert float(result.dataset.attrs["imbalance"]) < 1e-9


def test_the_world_has_the_doors_of_an_ordinary_market() -> None:
    case = cashcade.Case("ai-2025-08")
    assert case.exits == ("normal-window",)
    assert case.scenarios == ()
    exits = case.run(months=2, paths=32, seed=3).exits()
    private = {one.id for one in case.world.companies if "private" in one.tags}
    assert private - set(exits["company"]) == {"abilene-jv"}, "a vehicle of one lease has none"
    assert set(exits["company"]) < private
    assert set(exits["effect"]) == {"acquire", "licence", "list", "wind_down", "self_sustain"}


def test_nobody_pays_more_than_was_ever_paid(world: World) -> None:
    """Worth 1,200 billion, beyond the end of the range of what buyers pay: it lists, and is not sold."""
    raw = world.to_raw()
    for company in raw["company"]:
        if company["id"] == "start":
            company["valuation_multiple"] = 1000
            company["last_valuation"] = 1e12
    codes = left(World.model_validate(raw), "hot-window", "start")
    assert share(codes, BOUGHT, LICENSED) == 0
    assert share(codes, LISTED) >= share(left(world, "hot-window", "start"), LISTED) > 0.1
