"""Shocks of funding, capex, customers and tokens: size, sign and timing on small worlds."""

import cashcade
import numpy as np
import pytest
from cashcade.rules import Use
from cashcade.world import Builder, World
from numpy.typing import NDArray

from cashcade_ai.events import EVENTS

MONTHS = 30
BY_NAME = {shock.name: shock for shock in EVENTS}


def started() -> Builder:
    builder = World.builder("events", "2025-08-31")
    builder.market(regime="open", listing=False)
    builder.company(id="lab", tags=["lab"], cash=1e12)
    builder.company(id="app", tags=["app"], cash=1e12, variable_cost=0.1)
    builder.company(id="cloud", tags=["giant"], cash=1e12)
    builder.segment(seller="lab", revenue=1e9, elasticity=0.6, adjust_months=1)
    builder.segment(seller="app", revenue=1e8)
    builder.segment(seller="cloud", revenue=1e9)
    builder.contract(id="app-lab", customer="app", supplier="lab", usage=5e7)
    builder.contract(id="openai-azure-inference", customer="lab", supplier="cloud", usage=5e8)
    for idle in ("anthropic-aws-inference", "anthropic-google-inference"):
        builder.contract(id=idle, customer="lab", supplier="cloud")
    builder.fleet(owner="cloud", capex=1e8)
    return builder


@pytest.fixture(scope="module")
def small() -> World:
    return started().build()


def series(world: World, name: str, variable: str, **arguments: object) -> NDArray[np.float64]:
    """A variable of the market or of each company, by month; the world is without luck."""
    quiet = {"open_to_normal": 0.0, "open_to_shut": 0.0, "window_opens_open": 0.0, "window_opens_shut": 0.0}
    quiet |= {
        "shut_to_open": 0.0,
        "shut_to_normal": 0.0,
        "window_closes_open": 0.0,
        "window_closes_shut": 0.0,
    }
    still = world.model_copy(update={"market": world.market.model_copy(update=quiet)})
    given = [Use(name, arguments)] if name else []
    result = cashcade.run(still, months=MONTHS, paths=1, seed=1, scenarios=given, record=[variable])
    return result.dataset[variable.replace(".", "_") + "_mean"].to_numpy()


def test_funding_is_shut_as_long_as_it_says(small: World) -> None:
    found = series(small, "funding-shut", "market.regime", start=4.0, months=3.0)
    assert (found[:3] == 0).all()
    assert (found[3:6] == 2).all()
    assert (found[6:] == 2).all(), "the chain goes on from there, and here it has no way back"


def test_nobody_lists_while_funding_is_shut(small: World) -> None:
    ready = small.model_copy(update={"market": small.market.model_copy(update={"listing": True})})
    found = series(ready, "funding-shut", "market.listing", start=4.0, months=3.0)
    assert found[:3].all()
    assert not found[3:].any()


def test_window_is_open_as_long_as_it_says(small: World) -> None:
    found = series(small, "listing-window", "market.listing", start=4.0, months=3.0)
    assert not found[:3].any()
    assert found[3:6].all()


def test_capex_is_cut_by_what_it_says(small: World) -> None:
    found = series(small, "capex-cut", "market.capex", cut=0.3, start=5.0)
    assert np.allclose(found[:4], 1e8)
    assert np.allclose(found[4:], 0.7e8)


@pytest.mark.parametrize(("leases", "left"), [(1.0, 8e6), (0.5, 9e6), (0.0, 1e7)])
def test_leases_go_first_but_what_is_committed_is_owed(leases: float, left: float) -> None:
    builder = started()
    builder.company(id="landlord", cash=1e12)
    owed = [{"amount": 9e6, "last_month": 12}]
    builder.contract(
        customer="cloud", supplier="landlord", follows="nothing", usage=1e7, cut_first=0.2, commitments=owed
    )
    found = series(builder.build(), "capex-cut", "company.trade_revenue", cut=0.3, start=5.0, leases=leases)[
        :, -1
    ]
    assert np.allclose(found[:4], 1e7)
    assert np.allclose(found[4:12], max(left, 9e6))
    assert np.allclose(found[12:], left)


@pytest.mark.parametrize("use", [1.0, 0.5, 0.0])
def test_who_cuts_runs_less_of_its_own_as_machines_are_replaced(use: float) -> None:
    builder = started()
    builder.company(id="runner", tags=["giant"], cash=1e12, own_compute=4e6)
    builder.fleet(owner="runner", cost=1e9, capacity_revenue=0.1)
    found = series(builder.build(), "capex-cut", "company.demand", cut=0.3, start=5.0, use=use)[:, -1]
    replaced = np.clip(np.arange(1, MONTHS + 1) - 10, 0, 48) / 48
    assert np.allclose(found, 4e6 * (1 - use * 0.3 * replaced))


def test_a_lost_customer_pays_the_lab_less_and_others_instead(small: World) -> None:
    chosen = {"customer": "app", "seller": "lab", "share": 0.6, "instead": 0.4, "start": 5.0}
    bills = series(small, "customer-lost", "company.bills", **chosen)[:, 1]
    costs = series(small, "customer-lost", "company.costs", **chosen)[:, 1]
    assert np.allclose(bills[:4], 5e7)
    assert np.allclose(bills[4:], 0.4 * 5e7)
    assert np.allclose(costs[:4], 0.1e8)
    assert np.allclose(costs[4:], (0.1 + 0.6 * 0.4) * 1e8)


def test_tokens_cost_a_tenth_after_a_year_and_then_stay(small: World) -> None:
    chosen = {"fall": 0.9, "saved": 1.0, "months": 12.0, "start": 1.0}
    price = series(small, "cheaper-tokens", "company.price", **chosen)[:, 0]
    assert np.allclose(price[:12], 0.1 ** (np.arange(1, 13) / 12))
    assert np.allclose(price[12:], 0.1)
    revenue = series(small, "cheaper-tokens", "segment.revenue", **chosen)[:, 0]
    assert np.allclose(revenue[14:], 1e9 * 10**0.6 * 0.1), (
        "four times the tokens for four tenths of the money"
    )


def test_compute_of_a_token_falls_as_its_price_does(small: World) -> None:
    """Compute follows activity: the segment's grows, the app uses as much as before."""
    bills = series(small, "cheaper-tokens", "company.bills", fall=0.9, saved=1.0, months=12.0, start=1.0)[
        :, 0
    ]
    activity = (1e9 * 10**0.6 + 5e7) / (1e9 + 5e7)
    assert np.allclose(bills[16:], 5e8 * 0.1 * activity)


@pytest.mark.parametrize("shock", EVENTS, ids=lambda shock: shock.name)
def test_of_neutral_size_it_changes_nothing(small: World, shock) -> None:
    neutral = {each.name: each.neutral for each in shock.parameters if each.neutral is not None}
    assert neutral
    chosen = neutral | ({"customer": "app", "seller": "lab"} if shock.name == "customer-lost" else {})
    for variable in ("company.cash", "market.regime", "market.listing"):
        assert np.array_equal(series(small, shock.name, variable, **chosen), series(small, "", variable))


def test_a_recession_takes_what_each_segment_owes_to_gdp_and_gives_it_back(world: World) -> None:
    """The depth after twelve months, to the power of its loading; the path again after sixty."""
    options = {"months": 64, "paths": 8, "seed": 1, "replicates": 1, "record": ["segment.revenue"]}
    loadings = {"chatgpt": 2.0, "meta-core": 1.0, "cursor-users": 0.0}
    quiet = {f"segment.{name}.gdp_loading": value for name, value in loadings.items()}
    still = world.with_({**quiet, "segment.*.wealth_loading": 0})
    usual, fallen = (
        cashcade.run(still, scenarios=given, keep_paths=True, **options).dataset["segment_revenue"]
        for given in ([], [Use("recession", {"depth": 0.05, "months": 60.0})])
    )
    part = (fallen / usual).sel(segment="meta-core", kept_path=0).to_numpy()
    assert part[:3] == pytest.approx(1.0)
    assert part[14] < part[8] < part[3] < 1
    assert part[14] == pytest.approx(0.95, abs=0.01), "month 15 is the twelfth"
    assert part[63] == pytest.approx(1.0, abs=0.01)
    spared = (fallen / usual).sel(segment="cursor-users", kept_path=0).to_numpy()
    assert spared[3] == pytest.approx(1.0, abs=1e-4)
