"""Every loop alone, in a small world: what it does, when, and by how much; and nothing where its switch is off.

A case is a world, what is looked at with the loop, and the same without it, both worked out by hand.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import cashcade as cc
import pytest
from cashcade.world import World
from cashcade.world.feedbacks import FEEDBACKS

HEAD = '[world]\nname = "small"\ndate = 2025-08-31\n'
# Nothing of the market moves by itself.
STILL = """
[market]
normal_to_open = 0
normal_to_shut = 0
shut_to_open = 0
shut_to_normal = 0
"""


@dataclass(frozen=True)
class Case:
    """A world in which the loop acts alone; `seen` is a variable, whose, and in which month."""

    world: str
    seen: tuple[str, str, int]
    on: float
    off: float
    needs: tuple[str, ...] = ()

    def value(self, without: tuple[str, ...] = ()) -> float:
        """Run the one path of the world and look."""
        variable, entity, month = self.seen
        world = World.from_text(HEAD + self.world)
        run = cc.run(world, months=month, paths=1, seed=1, record=[variable], quantiles=(), without=without)
        series = run.dataset[variable.replace(".", "_") + "_mean"].sel(month=month)
        kind = variable.split(".")[0]
        return float(series.sel({kind: entity}) if kind in series.dims else series)


CASES: dict[str, Case] = {}


def case(name: str) -> Callable[[Callable[[], Case]], Callable[[], Case]]:
    """Register what a function makes as the case of a loop."""

    def register(make: Callable[[], Case]) -> Callable[[], Case]:
        CASES[name] = make()
        return make

    return register


def company(name: str, cash: float, **fields: object) -> str:
    """Section of a company."""
    return section("company", id=name, cash=cash, **fields)


def section(kind: str, **fields: object) -> str:
    """Section of a world file."""
    rows = (f"{name} = {json.dumps(value)}" for name, value in fields.items())
    return f"\n[[{kind}]]\n" + "\n".join(rows) + "\n"


def test_every_loop_has_its_case():
    assert set(CASES) == set(FEEDBACKS)


@pytest.mark.parametrize("name", sorted(FEEDBACKS))
def test_a_loop_does_what_it_says_and_nothing_where_it_is_off(name):
    given = CASES[name]
    assert given.on != pytest.approx(given.off, rel=1e-6), "the loop does not act in this world"
    assert given.value() == pytest.approx(given.on, rel=1e-9, abs=1e-9)
    # A depth of all the money there is leaves a mark of 1e-8.
    assert given.value(without=(name,)) == pytest.approx(given.off, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("name", sorted(FEEDBACKS))
def test_other_loops_have_no_part_in_it(name):
    """The loop alone, or with those it works through, does the same as all together."""
    others = tuple(other for other in FEEDBACKS if other not in (name, *CASES[name].needs))
    assert CASES[name].value(without=others) == pytest.approx(CASES[name].on, rel=1e-9, abs=1e-9)


@case("price-churn")
def churn() -> Case:
    """Half dearer, elasticity 1, at once: two thirds of the volume stay."""
    world = company("app", 1e9, price_step=0.5)
    world += section("segment", seller="app", revenue=1e7, elasticity=1.0, adjust_months=1)
    return Case(world, ("segment.volume", "app", 1), 1.0 / 1.5, 1.0)


@case("growth-round")
def growth_round() -> Case:
    """Revenue falls by the factor exp(-10/12) a month, which counts as growth of -2: log odds 20 - 40 - 2."""
    revenue, cost = 1e7, 2e7
    world = STILL + "odds_normal = 20\nodds_growth = 20\n"
    world += company("app", 1e8, fixed_cost=cost, round_runway=120, round_share=1.0, valuation_multiple=1000)
    world += section("segment", seller="app", revenue=revenue, growth=-10, growth_long=-5)
    raised = 18 * (cost - revenue * math.exp(-10 / 12))
    return Case(world, ("company.raised", "app", 2), 0.0, raised)


@case("run-rate-valuation")
def run_rate_valuation() -> Case:
    """A price 20 % up in month 2 counts as growth of 12 ln(1 + 0.2 / 6), and lifts the multiple by half of that."""
    world = STILL + company("app", 1e9, price_step=0.2, price_step_month=2)
    world += section("segment", seller="app", revenue=1e7)
    plain = 12 * 1.2e7 * 10
    return Case(world, ("company.valuation", "app", 2), plain * (1 + 0.5 * 12 * math.log1p(0.2 / 6)), plain)


@case("hurdle")
def hurdle() -> Case:
    """The last round valued the company a million times higher: log odds 10 - 2 ln(10^6)."""
    fair = 12 * 1e7 * 10
    world = STILL + "odds_normal = 10\nodds_burn = 0\nodds_price = 2\n"
    world += company("app", 1e9, fixed_cost=2e7, round_runway=120, last_valuation=fair * 1e6)
    world += section("segment", seller="app", revenue=1e7)
    return Case(world, ("company.raised", "app", 2), 0.0, 18 * 1e7)


def burner(cash: float, **fields: object) -> str:
    """A company worth 1.2 bn that burns 10 m a month."""
    return company("app", cash, fixed_cost=2e7, **fields) + section("segment", seller="app", revenue=1e7)


@case("dry-powder")
def dry_powder() -> Case:
    """18 months of a burn of 10 m are asked of investors who have 1 m."""
    world = STILL + "odds_normal = 10\nodds_burn = 0\ndry_powder = 1e6\n" + burner(1e9, round_runway=120)
    return Case(world, ("company.raised", "app", 2), 1e6, 18 * 1e7)


@case("public-equity")
def public_equity() -> Case:
    """A tenth of a value of 1.2 bn, at a discount of a tenth."""
    world = STILL + "equity_normal = 1\n" + burner(1e9, public=True, equity_runway=120)
    return Case(world, ("company.raised", "app", 2), 0.1 * 1.2e9 * 0.9, 0.0)


@case("standby-loans")
def standby_loans() -> Case:
    """Cash of 90 m after a month is three months short of twelve."""
    loan = section(
        "loan", borrower="app", lender="capital", balance=0, undrawn=1e9, maturity=99, draw_runway=12
    )
    return Case(STILL + burner(1e8) + loan, ("company.borrowed", "app", 2), 3e7, 0.0)


@case("leverage-spread")
def leverage_spread() -> Case:
    """Debt of 180 m on a value of 120 m: one unit above what is free costs five points."""
    world = STILL + "spread_leverage = 0.05\nleverage_free = 0.5\n" + company("app", 1e9)
    world += section("segment", seller="app", revenue=1e6)
    world += section("loan", borrower="app", lender="capital", balance=1.8e8, floating=True, maturity=99)
    plain = 1.8e8 * (0.043 + 0.01) / 12
    return Case(world, ("company.interest", "app", 1), plain + 1.8e8 * 0.05 / 12, plain)


@case("workouts")
def workouts() -> Case:
    """A balance that cannot be paid is extended instead of lost."""
    world = STILL + "workout_normal = 1\n" + company("app", 1e6)
    world += section("loan", borrower="app", lender="capital", balance=3e7, maturity=1, refinance_chance=0)
    return Case(world, ("company.debt", "app", 1), 3e7, 0.0)


@case("backstop")
def backstop() -> Case:
    """Households pay the 29 m that are missing."""
    world = STILL + "backstop = 1\nbackstop_size = 1e7\n" + company("app", 1e6)
    world += section("loan", borrower="app", lender="capital", balance=3e7, maturity=1, refinance_chance=0)
    return Case(world, ("market.backstopped", "market", 1), 2.9e7, 0.0)


@case("lender-tightening")
def lender_tightening() -> Case:
    """The bank loses a quarter of what makes it stop; tightening of 2 halves what it lends for capex."""
    world = STILL + "tightening = 2\n" + company("bank", 1e9, lending_capacity=8e7)
    world += company("rich", 1e9) + company("bad", 0, fixed_cost=1e6)
    world += section("loan", borrower="bad", lender="bank", balance=2e7, maturity=99)
    world += section(
        "loan", borrower="rich", lender="bank", balance=0, undrawn=4e7, draw_share=1, maturity=99
    )
    world += section("fleet", owner="rich", capex=4e6, committed=1)
    return Case(world, ("company.drawn", "rich", 2), 2e6, 4e6)


@case("vendor-finance")
def vendor_finance() -> Case:
    """The vendor pays 12 m over a year to a customer that buys for 5 m a month."""
    world = company("app", 1e9) + company("vendor", 1e9)
    world += section("contract", customer="app", supplier="vendor", usage=5e6)
    world += section("pledge", investor="vendor", company="app", amount=12e6, months=12)
    return Case(world, ("company.cash", "app", 1), 1e9 - 5e6 + 1e6, 1e9 - 5e6)


@case("capex-valuation")
def capex_valuation() -> Case:
    """Revenue and value double in month 1, capex of month 2 follows with elasticity 1.5."""
    world = STILL + company("cloud", 1e10, price_step=1.0)
    world += section("segment", seller="cloud", revenue=1e7)
    world += section("fleet", owner="cloud", capex=1e6, capex_valuation=1.5)
    return Case(world, ("company.capex", "cloud", 2), 1e6 * 2**1.5, 1e6)


@case("accelerator")
def accelerator() -> Case:
    """Demand of month 1 is e^(1/12) of what capacity was made for: capex goes with its square, at once."""
    world = (
        STILL
        + company("cloud", 1e10)
        + section("segment", seller="cloud", revenue=1e6, growth=1, growth_long=1)
    )
    fleet = {"cost": 1e9, "age_span": 1, "economic_life": 100, "capacity_revenue": 0.6, "capex": 1e6}
    world += section("fleet", owner="cloud", capex_pressure=2, capex_lag=1, **fleet)
    return Case(world, ("company.capex", "cloud", 1), 1e6 * math.exp(2 / 12), 1e6)


@case("investor-confidence")
def investor_confidence() -> Case:
    """The giant is worth half in month 1, the market three quarters: capex of month 2 falls by their ratio to the 1.5."""
    trust = {"confidence_value": 1.5, "confidence_lag": 1}
    listed = {"public": True, "growth_premium": 0}
    world = (
        STILL + company("giant", 1e10, price_step=-0.5, **trust, **listed) + company("peer", 1e10, **listed)
    )
    world += section("segment", seller="giant", revenue=1e7) + section("segment", seller="peer", revenue=1e7)
    world += section("fleet", owner="giant", capex=1e6)
    return Case(world, ("company.capex", "giant", 2), 1e6 * (0.5 / 0.75) ** 1.5, 1e6)


@case("retrenchment")
def retrenchment() -> Case:
    """A million a month is lacking to the plans of the owner: what is left beyond the minimum after month 1 is five of twelve months."""
    world = STILL + company("cloud", 1.6e7, minimum_cash=1e7, target_runway=12)
    world += section("segment", seller="cloud", revenue=3e6) + section("fleet", owner="cloud", capex=4e6)
    return Case(world, ("company.capex", "cloud", 2), 4e6 * 5 / 12, 4e6)


def burning(more: str = "", **fields: object) -> str:
    """A company that burns 10 million a month and asks for 18 months of it from month 2 on."""
    given = {"fixed_cost": 2e7, "round_runway": 120, "round_share": 1.0, "valuation_multiple": 1000} | fields
    world = STILL + "odds_normal = 20\n" + more + company("app", 1e8, **given)
    return world + section("segment", seller="app", revenue=1e7, growth=0, growth_long=0)


@case("commitments-round")
def commitments_round() -> Case:
    """It owes 5 billion within two years and has a third of a billion for it: log odds 20 - 10 * 5 - 2."""
    world = burning("odds_commitments = 5\n") + company("seller", 1e9)
    world += section("contract", id="promise", customer="app", supplier="seller")
    world += section("contract.commitments", amount=1e9, first_month=20, last_month=24)
    return Case(world, ("company.raised", "app", 2), 0.0, 1.8e8)


@case("refusals")
def refusals() -> Case:
    """Funding is open, shut and open in months 1 to 3: refused in month 2, it may not ask again in month 3."""
    chain = 'regime = "shut"\nopen_to_normal = 0\nopen_to_shut = 1\nodds_open = 20\nodds_shut = -20\nretry_months = 6\n'
    world = burning(chain).replace("shut_to_open = 0", "shut_to_open = 1")
    return Case(world, ("company.raised", "app", 3), 0.0, 1.8e8)


@case("down-rounds")
def down_rounds() -> Case:
    """Investors give half of what it is worth, 120 million, or of half of that."""
    world = burning("needed_discount = 0.5\n", round_share=0.5, valuation_multiple=1)
    return Case(world, ("company.raised", "app", 2), 3e7, 6e7)


@case("windows")
def windows() -> Case:
    """The index halves in month 1: log odds that the venture window shuts in month 2 are -20 + 5 * 20."""
    world = STILL + "windows = true\nventure_shuts = -20\nventure_shuts_drawdown = 20\n"
    world += company("listed", 1e10, public=True, price_step=-0.5, growth_premium=0)
    world += section("segment", seller="listed", revenue=1e7)
    return Case(world, ("market.regime", "", 2), 2.0, 0.0)


@case("orphaned-fleets")
def orphaned_fleets() -> Case:
    """Two fleets that serve 10 million a month each, one of which loses its owner in month 1."""
    fleet = {"cost": 1.2e9, "age_span": 1, "economic_life": 100, "capacity_revenue": 0.1}
    world = STILL + "spot_market = true\n" + company("fails", 0, fixed_cost=1e6) + company("stands", 1e9)
    world += section("fleet", owner="fails", **fleet) + section("fleet", owner="stands", **fleet)
    return Case(world, ("market.installed", "", 1), 2e7, 1e7)


@case("thin-markets")
def thin_markets() -> Case:
    """A fleet worth 98 % of its cost is sold in month 1, while funding is shut: half the depth, twice the mark."""
    fleet = {"cost": 1e9, "age_span": 1, "economic_life": 100, "indexed": False}
    world = STILL + 'regime = "shut"\ndepth_gpu = 2e9\ndepth_shut = 0.5\n'
    world += company("fails", 0, fixed_cost=1e6) + section("fleet", owner="fails", **fleet)
    return Case(world, ("market.fire_sale_gpu", "", 1), 0.98, 0.49, needs=("fire-sale",))


@case("capex-gdp")
def capex_gdp() -> Case:
    """Capex is 5 m above its start in month 1, half of it at home: GDP is 3 % up, and demand of month 2 by its square."""
    world = STILL + "gdp_start = 1e9\ngdp_growth = 0\ngdp_lag = 1\n" + company("cloud", 1e10, price_step=1.0)
    world += section("fleet", owner="cloud", capex_of_revenue=0.5)
    world += section("segment", seller="cloud", revenue=1e7)
    world += company("shop", 1e9) + section("segment", seller="shop", revenue=1e6, gdp_loading=2)
    return Case(world, ("segment.volume", "shop", 2), (1 + 0.5 * 12 * 5e6 / 1e9) ** 2, 1.0)


@case("wealth")
def wealth() -> Case:
    """The value of all companies doubles in month 1; demand of month 2 is up by two to the elasticity."""
    world = STILL + "wealth_lag = 1\n" + company("cloud", 1e10, price_step=1.0, growth_premium=0)
    world += section("segment", seller="cloud", revenue=1e7)
    world += company("shop", 1e9, valuation_multiple=0)
    world += section("segment", seller="shop", revenue=1e6, wealth_loading=0.1)
    return Case(world, ("segment.volume", "shop", 2), 2**0.1, 1.0)


@case("patience")
def patience() -> Case:
    """Eight dollars of capex on one of AI revenue, where investors bear two: a quarter of the plan goes."""
    world = company("cloud", 1e10) + section("segment", seller="cloud", revenue=1e6)
    fleet = {"patience_hazard": 100, "tolerance": 2, "patience_cut": 0.25}
    world += section("fleet", owner="cloud", capex=8e6, **fleet)
    return Case(world, ("company.capex", "cloud", 1), 6e6, 8e6)


@case("backlog")
def backlog() -> Case:
    """Half a dollar of capex for each dollar of a month of commitments."""
    world = company("cloud", 1e10) + company("lab", 1e10)
    world += section("contract", customer="lab", supplier="cloud", usage=3e6, commitments=3e6)
    world += section("fleet", owner="cloud", capex_of_backlog=0.5)
    return Case(world, ("company.capex", "cloud", 1), 1.5e6, 0.0)


@case("fire-sale")
def fire_sale() -> Case:
    """A fleet worth 99 % of its cost is sold in month 1; its mark on another has faded a sixth of a half-life later."""
    fleet = {"cost": 1e9, "age_span": 1, "economic_life": 100, "indexed": False}
    world = STILL + "depth_gpu = 2e9\nimpact_half_life = 6\n"
    world += company("fails", 0, fixed_cost=1e6) + company("stands", 1e9)
    world += section("fleet", owner="fails", **fleet) + section("fleet", owner="stands", **fleet)
    value = [1e9 * (1 - (1 + month) / 100) for month in (1, 2)]
    mark = value[0] / 2e9 * 2 ** (-1 / 6)
    return Case(world, ("fleet.value", "stands", 2), value[1] * math.exp(-mark), value[1])


@case("spread")
def spread() -> Case:
    """A floating loan pays the spread of shut funding; without the loop that of normal times."""
    world = STILL + 'regime = "shut"\nbase_rate = 0.04\nspread_normal = 0.01\nspread_shut = 0.05\n'
    world += company("cloud", 1e10)
    loan = {"balance": 1.2e9, "rate": 0.02, "floating": True, "maturity": 60}
    world += section("loan", borrower="cloud", lender="capital", **loan)
    return Case(world, ("company.interest", "cloud", 1), 1e8 * 0.11, 1e8 * 0.07)


@case("lender-losses")
def lender_losses() -> Case:
    """The tenant fails, and with it the lender who could lose a tenth of what it lent."""
    world = company("tenant", 0, fixed_cost=1e6) + company("bank", 1e9, loss_capacity=1e7)
    world += section("loan", borrower="tenant", lender="bank", balance=1e8, maturity=60)
    return Case(world, ("company.alive", "bank", 1), 0.0, 1.0)


@case("sentiment")
def sentiment() -> Case:
    """A company with 20 bn of debt fails in month 1; funding is shut (2) in month 2, else normal (1)."""
    world = STILL + "sentiment = 1\nlarge_company = 1e10\n" + company("large", 0, fixed_cost=1e6)
    world += section("loan", borrower="large", lender="capital", balance=2e10, maturity=60)
    return Case(world, ("market.regime", "", 2), 2.0, 1.0)


@case("cheaper-tokens")
def cheaper_tokens() -> Case:
    """A token's price falls by the factor e in a year, tokens per task grow by as much: the bill stands still."""
    world = company("app", 1e10) + company("lab", 1e10, price_trend=-1)
    world += section("contract", customer="app", supplier="lab", usage=1e6, intensity_trend=1)
    return Case(world, ("company.bills", "app", 12), 1e6, 1e6 / math.e)


@case("routing")
def routing() -> Case:
    """The price doubles, and use falls with elasticity 1.5."""
    world = company("app", 1e10) + company("lab", 1e10, price_step=1)
    world += section("contract", customer="app", supplier="lab", usage=1e6, routing=1.5)
    return Case(world, ("company.bills", "app", 1), 2e6 * 2**-1.5, 2e6)


@case("lab-competes")
def lab_competes() -> Case:
    """From month 2 on the lab pulls users of the app away, at the rate of 0.6 a year and equal prices: it gains half of them."""
    world = company("app", 1e10) + company("lab", 1e10)
    world += section("segment", seller="app", revenue=1e6) + section("segment", seller="lab", revenue=4e6)
    world += section("recapture", **{"from": "app", "to": "lab", "share": 0.5, "pull": 0.6, "pull_month": 2})
    lost = 1 - math.exp(-0.6 * 2 / 12)
    return Case(world, ("segment.volume", "lab", 3), 1 + 0.5 * lost / 4, 1.0, ("recapture",))


@case("use-caps")
def use_caps() -> Case:
    """The lab's price doubles, nothing is passed on, and half of the extra cost is saved: use falls to 3/4."""
    world = company("app", 1e10, pass_through=0, use_cap=0.5) + company("lab", 1e10, price_step=1)
    world += section("segment", seller="app", revenue=1e6)
    world += section("contract", customer="app", supplier="lab", usage=4e5)
    return Case(world, ("company.bills", "app", 1), 2 * 4e5 * 0.75, 2 * 4e5)


@case("adverse-selection")
def adverse_selection() -> Case:
    """Half as dear again: a third of the users leaves, and those who stay use half as much again as all did."""
    world = company("app", 1e10, price_step=0.5) + company("lab", 1e10)
    world += section("segment", seller="app", revenue=1e6, elasticity=1, adjust_months=1, use_spread=1)
    world += section("contract", customer="app", supplier="lab", usage=4e5)
    return Case(world, ("company.bills", "app", 1), 4e5, 4e5 / 1.5, needs=("price-churn",))


@case("plan-caps")
def plan_caps() -> Case:
    """The lab's price doubles, and the cap falls from twice the mean use of the start to that use."""
    normal = NormalDist().cdf
    world = company("app", 1e10, pass_through=0) + company("lab", 1e10, price_step=1)
    world += section("segment", seller="app", revenue=1e6, use_spread=1, plan_cap=2, cap_response=1)
    world += section("contract", customer="app", supplier="lab", usage=4e5)
    served = 2 * normal(-0.5) / (normal(math.log(2) - 0.5) + 2 * normal(-math.log(2) - 0.5))
    return Case(world, ("company.bills", "app", 1), 8e5 * served, 8e5, needs=("adverse-selection",))


@case("full-market")
def full_market() -> Case:
    """Demand at half of its potential grows by a factor f in a month without limit: by f / (1 + (f - 1)/2) with it."""
    grown = math.exp(5 / 12)
    world = company("lab", 1e10)
    world += section("segment", seller="lab", revenue=1e6, growth=5, growth_long=5, potential=2e6)
    return Case(world, ("segment.volume", "lab", 1), grown / (1 + (grown - 1) / 2), grown)


@case("recapture")
def recapture() -> Case:
    """The app is dead after month 1; the lab, four times as large, gains 60 % of its users."""
    world = company("app", 0, fixed_cost=1e7) + company("lab", 1e10)
    world += section("segment", seller="app", revenue=1e6) + section("segment", seller="lab", revenue=4e6)
    world += section("recapture", **{"from": "app", "to": "lab", "share": 0.6})
    return Case(world, ("segment.volume", "lab", 2), 1 + 0.6 / 4, 1.0)


@case("reletting")
def reletting() -> Case:
    """Nobody wants the fleet of the cloud; from month 2 on half of it is let, at 0.6 dollars a year per dollar of cost."""
    fleet = {"cost": 1e9, "age_span": 1, "economic_life": 100, "indexed": False}
    world = company("cloud", 1e10)
    world += section("fleet", owner="cloud", capacity_revenue=0.6, relet=0.5, **fleet)
    return Case(world, ("company.revenue", "cloud", 2), 0.5 * 0.6e9 / 12, 0.0)


@case("scarcity-rent")
def scarcity_rent() -> Case:
    """Demand of month 1 is e^(1/12) of what capacity was made for; the index of month 2 goes a tenth of the way to twice that."""
    fleet = {"cost": 1e9, "age_span": 1, "economic_life": 100, "capacity_revenue": 0.6}
    world = STILL + "gpu_clearing = 2\ngpu_reversion = 0.1\n" + company("cloud", 1e10)
    world += section("fleet", owner="cloud", **fleet)
    world += section("segment", seller="cloud", revenue=1e6, growth=1, growth_long=1)
    return Case(world, ("market.gpu_index", "", 2), math.exp(0.1 * 2 / 12), 1.0)


@case("replacement")
def replacement() -> Case:
    """Half of an input worth a tenth of sales is lost with the lab in month 1; in month 3 half of that is back."""
    world = company("app", 1e10) + company("lab", 0, fixed_cost=1e7)
    world += section("segment", seller="app", revenue=1e7)
    world += section(
        "contract", customer="app", supplier="lab", usage=1e6, substitutable=0.5, replace_months=2
    )
    return Case(world, ("segment.volume", "app", 3), 1 - 0.025, 1 - 0.05)


@case("burn-cuts")
def burn_cuts() -> Case:
    """Cash for five months where ten are wanted: half of research stays."""
    world = company("lab", 6e6, discretionary_cost=1e6, burn_cut_runway=10)
    return Case(world, ("company.discretionary", "lab", 2), 5e5, 1e6)


@case("renegotiation")
def renegotiation() -> Case:
    """Two months of runway are left after month 1: suppliers waive two fifths of what is committed."""
    world = company("app", 3e6) + company("lab", 1e10)
    world += section("contract", customer="app", supplier="lab", usage=0, commitments=1e6, renegotiable=0.4)
    return Case(world, ("company.bills", "app", 2), 6e5, 1e6)
