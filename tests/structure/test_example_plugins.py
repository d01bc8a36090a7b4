"""Each example plugin satisfies the law or closed form that its docstring says."""

from pathlib import Path

import cashcade as cc
import numpy as np
import pytest
from cashcade.rules import Buyer, Door, ExitScenario, company, month, number
from cashcade.testing import check_plugin
from cashcade.world import World

FOLDER = Path(__file__).parents[2] / "examples" / "plugins"
FILES = sorted(FOLDER.glob("*.py"))
LONGEST = 60


def test_there_are_thirteen_and_all_are_short():
    assert len(FILES) == 13
    assert {
        path.name: lines for path in FILES if (lines := len(path.read_text().splitlines())) >= LONGEST
    } == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_keeps_the_laws_of_plugins(path):
    """On a world that has everything, and on one that is drawn; orders of a vendor are in a real one."""
    worlds = ["ai-2025-08"] if path.stem == "export_ban" else []
    report = check_plugin(str(path), examples=1, worlds=worlds)
    assert report.ok, report
    assert report.checked


def file(name):
    """The file of a plugin."""
    return str(FOLDER / f"{name}.py")


def run(world, name=None, shock=None, *, record, months=12, paths=1, **arguments):
    """A run, with a shock of a plugin or without."""
    scenarios = [cc.shocks(plugins=[file(name)])[shock](**arguments)] if name else []
    return cc.run(
        world,
        scenarios=scenarios,
        months=months,
        paths=paths,
        seed=3,
        record=record,
        quantiles=(),
        keep_paths=True,
    )


def mean(result, name, **which):
    """Means of a variable, month by month."""
    return result.series(name, **which)["mean"].to_numpy()


def builder():
    """A world without luck."""
    return World.builder("plain", "2025-08-31")


def labs(**more):
    """Three labs with prices of the start, one of them poor."""
    world = builder()
    for name, cash in (("a", 1e9), ("b", 2e9), ("c", 3e8)):
        world.company(id=name, cash=cash, tags=["lab"], fixed_cost=3e7, discretionary_cost=1e7, **more)
        world.segment(seller=name, revenue=1e7)
    return world.build()


def test_price_war():
    """Prices are (1 - cut)^n of the cheapest, until the weakest has less than its stamina."""
    record = ["company.list_price", "company.runway"]
    result = run(labs(), "price_war", "price-war", record=record, months=12, cut=0.1, stamina=4)
    runway = np.min([mean(result, "company.runway", company=name) for name in "abc"], axis=0)
    lasts = np.array([at >= 3 and runway[at - 2] > 4 for at in range(1, 13)])
    assert 3 <= lasts.sum() <= 9
    for name in "abc":
        found = mean(result, "company.list_price", company=name)
        np.testing.assert_allclose(found, 0.9 ** np.cumsum(lasts), rtol=1e-12)


def test_regulatory_freeze():
    """A lab saves its training for six months: cash is higher by stopped * cost * months frozen."""
    plain = run(labs(), record=["company.cash"], months=14)
    frozen = run(
        labs(),
        "regulatory_freeze",
        "regulatory-freeze",
        record=["company.cash", "market.listing"],
        months=14,
        stopped=0.5,
        start=4,
    )
    saved = mean(frozen, "company.cash", company="a") - mean(plain, "company.cash", company="a")
    months = np.clip(np.arange(1, 15) - 3, 0, 6)
    np.testing.assert_allclose(saved, 0.5 * 1e7 * months, atol=1e-3)
    assert mean(frozen, "market.listing")[3:9].tolist() == [0] * 6


def owners():
    """Two owners of fleets that buy of one vendor."""
    world = builder()
    world.company(id="vendor", cash=1e9)
    for name, tags in (("banned", ["neocloud"]), ("free", [])):
        world.company(id=name, cash=1e10, tags=tags)
        world.fleet(owner=name, cost=1e9, capex=5e7, orders=[{"vendor": "vendor", "share": 0.6}])
    return world.build()


def test_export_ban():
    """The vendor loses that share of what the banned owner paid it; all else stays to the bit."""
    record = ["company.equipment_revenue", "company.cash"]
    plain, banned = (
        run(owners(), record=record),
        run(owners(), "export_ban", "export-ban", record=record, start=5, share=0.75, vendor="vendor"),
    )
    sold = [mean(each, "company.equipment_revenue", company="vendor") for each in (plain, banned)]
    np.testing.assert_allclose(sold[0], [6e7] * 12, rtol=1e-12)
    np.testing.assert_allclose(sold[1], [6e7] * 4 + [6e7 - 0.75 * 3e7] * 8, rtol=1e-12)
    for name in ("banned", "free"):
        cash = [mean(each, "company.cash", company=name) for each in (plain, banned)]
        assert (cash[0] == cash[1]).all()


def test_rival_releases():
    """A lab sells at (1 - fall)^n, n the releases of its rivals: with a release each month of each, 2 a month."""
    record = ["company.list_price"]
    result = run(labs(), "releases", "rival-releases", record=record, months=8, hazard=1.0, fall=0.1, start=3)
    rivals = 2 * np.clip(np.arange(1, 9) - 2, 0, None)
    np.testing.assert_allclose(mean(result, "company.list_price", company="b"), 0.9**rivals, rtol=1e-12)
    some = run(labs(), "releases", "rival-releases", record=record, months=24, paths=64, hazard=0.2, fall=0.1)
    last = some.dataset["company_list_price"].to_numpy()[:, -1]
    of_rivals = np.rint(np.log(last) / np.log(0.9))
    np.testing.assert_allclose(last, 0.9**of_rivals, rtol=1e-9)
    own = of_rivals.sum(axis=1, keepdims=True) / 2 - of_rivals
    assert own.min() >= 0
    assert own.mean() == pytest.approx(0.2 * 23, rel=0.1)


def tenants(second):
    """A cloud with a loan and two customers, whose use does not move."""
    world = builder()
    world.company(id="cloud", cash=1e9)
    for name, usage in (("big", 6e6), ("small", second)):
        world.company(id=name, cash=1e10)
        world.contract(customer=name, supplier="cloud", usage=usage, follows="nothing")
    world.loan(
        borrower="cloud", lender="capital", balance=1.2e8, rate=0.1, maturity=400, amortisation="bullet"
    )
    return world.build()


@pytest.mark.parametrize(("second", "rate"), [(5.9e6, 0.13), (6.1e6, 0.1)])
def test_concentration_covenant(second, rate):
    """Interest is that of the higher rate from the month after the big one pays more than the limit."""
    result = run(
        tenants(second),
        "concentration_covenant",
        "concentration-covenant",
        record=["loan.interest", "contract.bill"],
        step_up=0.03,
        limit=0.5,
        borrower="cloud",
        customer="big",
    )
    bills = mean(result, "contract.bill", contract="big->cloud")
    assert bills.tolist() == [6e6] * 12
    paid = mean(result, "loan.interest", loan="cloud->capital")
    assert paid[0] == pytest.approx(1.2e8 * 0.1 / 12)
    np.testing.assert_allclose(paid[1:], 1.2e8 * rate / 12, rtol=1e-12)


def chained(cash):
    """One has borrowed of another, and that of a bank, against fleets that lose value."""
    world = builder()
    world.company(id="first", cash=cash, tags=["margined"])
    world.company(id="second", cash=1e9, tags=["margined"])
    world.company(id="bank", cash=1e9)
    for name in ("first", "second"):
        world.fleet(owner=name, cost=1e9)
    for borrower, lender in (("first", "second"), ("second", "bank")):
        world.loan(
            borrower=borrower, lender=lender, balance=6e8, rate=0.0, maturity=400, amortisation="bullet"
        )
    return world.build()


def test_margin_calls():
    """After a call the balance is what is advanced on the fleets of the month before; lenders have the rest in cash."""
    record = ["loan.balance", "company.fleet_value", "company.cash"]
    result = run(chained(1e9), "margin_calls", "margin-calls", record=record, advance=0.7)
    assert not result.dataset["failed_month"].to_numpy().any()
    for borrower, lender in (("first", "second"), ("second", "bank")):
        value = mean(result, "company.fleet_value", company=borrower)
        balance = mean(result, "loan.balance", loan=f"{borrower}->{lender}")
        np.testing.assert_allclose(balance[1:], np.minimum(6e8, 0.7 * value[:-1]), rtol=1e-12)
        assert balance[-1] < 6e8
    topped_up = 6e8 - mean(result, "loan.balance", loan="second->bank")
    np.testing.assert_allclose(mean(result, "company.cash", company="bank") - 1e9, topped_up, atol=1e-3)


def test_margin_calls_bring_down_who_cannot_top_up():
    result = run(chained(1e6), "margin_calls", "margin-calls", record=["company.cash"], advance=0.7)
    failed = result.dataset["failed_month"].to_series()
    assert failed.xs("first", level="company").item() == 1
    events = result.events(0)
    assert {"payment", "unpaid: other"} <= set(events["why"])


def two_labs():
    """A rich lab, and one that runs out of cash."""
    world = builder()
    world.company(id="rich", cash=1e9, fixed_cost=1e7, valuation_multiple=5)
    world.company(id="poor", cash=1e8, fixed_cost=3e7, valuation_multiple=2)
    for name in ("rich", "poor"):
        world.segment(seller=name, revenue=1e7)
    return world.build()


def test_merger():
    """Both together have what both alone would have, less the price, and the poor one outlives its cash."""
    record = ["company.cash", "company.valuation"]
    alone = cc.run(two_labs(), months=12, paths=1, record=record)
    assert alone.dataset["failed_month"].sel(company="poor").item() == 6
    merger = cc.exit_scenarios(plugins=[f"{file('merger')}:first=rich,second=poor,at=3,price=0.5"])["merger"]
    merged = cc.run(two_labs(), scenarios=[merger], months=12, paths=1, record=record)
    assert not merged.dataset["failed_month"].to_numpy().any()
    price = 0.5 * mean(alone, "company.valuation", company="poor")[1]
    assert price == pytest.approx(0.5 * 12 * 1e7 * 2)
    together = sum(mean(merged, "company.cash", company=name) for name in ("rich", "poor"))
    np.testing.assert_allclose(
        together, 1.1e9 - 2e7 * np.arange(1, 13) - price * (np.arange(1, 13) >= 3), rtol=1e-12
    )


def partners():
    """A customer that may earn a stake in its supplier, which a fund will buy."""
    world = builder()
    world.company(id="customer", cash=1e10)
    world.company(id="supplier", cash=1e9)
    world.contract(customer="customer", supplier="supplier", usage=5e7, follows="nothing")
    world.stake(holder="customer", issuer="supplier", fraction=0.0)
    return world.build()


@pytest.mark.parametrize(("target", "fraction"), [(1e9, 0.04), (2e8, 0.1)])
def test_warrants(target, fraction):
    """Eight months of use at 50 million USD vest 0.4 of 0.1, and no more than all; a sale pays that part of its price."""
    sale = Door(
        "sale",
        of=company("supplier"),
        effect="acquire",
        opens=month == 9,
        hazard=1.0,
        price=number(2e9, "USD"),
        buyers=Buyer("capital", number(2e9, "USD")),
    )
    shock = cc.shocks(plugins=[file("warrants")])["warrants"](
        most=0.1, target=target, customer="customer", supplier="supplier"
    )
    exits = ExitScenario("sold", "The supplier is sold", doors=sale)
    record = ["company.deal_flow", "contract.used"]
    result = cc.run(partners(), scenarios=[shock, exits], months=10, paths=1, record=record)
    got = mean(result, "company.deal_flow", company="customer")
    np.testing.assert_allclose(got, [0] * 8 + [fraction * 2e9] + [0], rtol=1e-12)


def debtor():
    """A company that runs out of cash with a loan that it repays in equal instalments."""
    world = builder()
    world.company(id="debtor", cash=1.5e8, fixed_cost=1e7)
    world.loan(
        borrower="debtor",
        lender="capital",
        balance=6e7,
        rate=0.12,
        maturity=24,
        amortisation="linear",
        refinance_chance=0.0,
    )
    return world.build()


def test_debt_exchange():
    """Instalments and interest are those of the new loan from the month of the exchange on."""
    record = ["loan.balance", "loan.interest", "loan.principal", "loan.maturity", "company.runway"]
    result = run(
        debtor(),
        "debt_exchange",
        "debt-exchange",
        record=record,
        haircut=0.3,
        months=24,
        coupon=0.06,
        runway=8,
        borrower="debtor",
    )
    runway = mean(result, "company.runway", company="debtor")
    at = int(np.argmax(runway < 8)) + 2
    assert 3 <= at <= 8
    left = 6e7 * (25 - at) / 24
    loan = {name: mean(result, f"loan.{name}", loan="debtor->capital") for name in ("interest", "principal")}
    np.testing.assert_allclose(loan["principal"][: at - 1], 6e7 / 24, rtol=1e-12)
    end = result.dataset["failed_month"].sel(company="debtor").item()
    assert end > at + 3
    np.testing.assert_allclose(loan["principal"][at - 1 : end - 1], 0.7 * left / (25 - at + 24), rtol=1e-12)
    assert loan["interest"][at - 1] == pytest.approx(0.7 * left * 0.18 / 12)
    assert mean(result, "loan.maturity", loan="debtor->capital")[at - 1] == 48


def test_sale_and_lease_back():
    """The rents are worth the price at the rate of the buyer; cash of both differs by just that."""
    world = builder()
    world.company(id="cloud", cash=1e9)
    world.company(id="lessor", cash=1e9)
    world.fleet(owner="cloud", cost=1e9)
    record = ["company.cash", "company.fleet_value"]
    given = world.build()
    plain = run(given, record=record, months=45)
    leased = run(
        given,
        "sale_and_lease_back",
        "sale-and-lease-back",
        record=record,
        months=45,
        part=0.4,
        rate=0.12,
        at=5,
        seller="cloud",
        buyer="lessor",
    )
    paid = mean(leased, "company.cash", company="cloud") - mean(plain, "company.cash", company="cloud")
    flows = np.diff(paid, prepend=0.0)
    price = 0.4 * mean(plain, "company.fleet_value", company="cloud")[3]
    assert flows[4] == pytest.approx(price)
    assert (np.abs(flows[5:41]) > 0).all()
    np.testing.assert_allclose(flows[41:], 0, atol=1e-3)
    assert np.sum(flows[4:] / 1.01 ** np.arange(len(flows[4:]))) == pytest.approx(0, abs=1e-6 * price)
    other = mean(leased, "company.cash", company="lessor") - mean(plain, "company.cash", company="lessor")
    np.testing.assert_allclose(other, -paid, atol=1e-3)


def test_loan_insurance():
    """The lender has cover * loss - premiums more than without, and the insurer as much less."""
    world = builder()
    world.company(id="bank", cash=1e9)
    world.company(id="insurer", cash=1e9)
    world.company(id="weak", cash=5e7, fixed_cost=1e7, default_cost=0.5)
    world.loan(borrower="weak", lender="bank", balance=1e8, rate=0.0, maturity=400, amortisation="bullet")
    given, record = world.build(), ["company.cash", "loan.loss", "loan.balance"]
    plain = run(given, record=record)
    insured = run(
        given,
        "loan_insurance",
        "loan-insurance",
        record=record,
        premium=0.12,
        cover=0.8,
        insurer="insurer",
        lender="bank",
    )
    lost = mean(plain, "loan.loss", loan="weak->bank")[-1]
    assert lost == 1e8
    failed = int(plain.dataset["failed_month"].sel(company="weak").item())
    for name, sign in (("bank", 1), ("insurer", -1)):
        cash = [mean(each, "company.cash", company=name)[-1] for each in (insured, plain)]
        assert cash[0] - cash[1] == pytest.approx(sign * (0.8 * lost - failed * 1e6))


@pytest.mark.parametrize(("growth", "misses"), [(0.0, 3), (0.15, 3), (0.3, 0)])
def test_quarterly_guidance(growth, misses):
    """Plans are (1 - cut)^n after n quarters below guidance: 0.05 a quarter is about 0.2 a year."""
    world = builder()
    world.company(id="giant", cash=1e11, tags=["giant"])
    world.segment(seller="giant", revenue=1e9, growth=growth, growth_long=growth)
    world.fleet(owner="giant", cost=1e9, capex=5e7)
    record = ["fleet.plan", "company.revenue"]
    result = run(
        world.build(), "quarterly_guidance", "quarterly-guidance", record=record, guided=0.05, cut=0.1
    )
    plan = mean(result, "fleet.plan", fleet="giant")
    n = np.array([0] * 5 + [1] * 3 + [2] * 3 + [3]) * (misses > 0)
    np.testing.assert_allclose(plan, 0.9**n, rtol=1e-12)


def test_listing_rerates():
    """From the month after a listing on, others are worth (1 + rise) times what they were; the listed one is not."""
    listing = Door("listing", of=company("a"), effect="list", opens=month == 4, hazard=1.0, share=0.1)
    exits = ExitScenario("listed", "One lists", doors=listing)
    shock = cc.shocks(plugins=[file("listing_rerates")])["listing-rerates"](rise=0.25)
    record = ["company.valuation", "company.exit"]
    plain = cc.run(labs(), scenarios=[exits], months=8, paths=1, record=record)
    rated = cc.run(labs(), scenarios=[exits, shock], months=8, paths=1, record=record)
    assert mean(rated, "company.exit", company="a")[3] == 3
    for name, factor in (("a", 1.0), ("b", 1.25), ("c", 1.25)):
        ratio = mean(rated, "company.valuation", company=name) / mean(
            plain, "company.valuation", company=name
        )
        np.testing.assert_allclose(ratio, [1.0] * 4 + [factor] * 4, rtol=1e-12)


NEUTRAL = {
    "export_ban": {"share": 0, "vendor": "vendor"},
    "releases": {"fall": 0},
    "concentration_covenant": {"step_up": 0, "borrower": "cloud", "customer": "big"},
    "loan_insurance": {"premium": 0, "cover": 0, "lender": "second"},
    "quarterly_guidance": {"cut": 0, "tag": "neocloud"},
    "listing_rerates": {"rise": 0},
    "sale_and_lease_back": {"part": 0, "seller": "first"},
}
WORLDS = {
    "export_ban": owners,
    "quarterly_guidance": owners,
    "releases": labs,
    "listing_rerates": labs,
    "concentration_covenant": lambda: tenants(1e6),
    "loan_insurance": lambda: chained(1e9),
    "sale_and_lease_back": lambda: chained(1e9),
}


@pytest.mark.parametrize("name", NEUTRAL)
def test_what_is_neutral_changes_no_cash(name):
    """At the values that a plugin calls neutral, cash is that of a run without it, to the last bit but rounding."""
    known, found = cc.shocks(), cc.shocks(plugins=[file(name)])
    (shock,) = (found[each] for each in found.keys() - known.keys())
    record = ["company.cash"]
    given = WORLDS[name]()
    plain = cc.run(given, months=9, paths=4, seed=2, record=record)
    with_it = cc.run(given, scenarios=[shock(**NEUTRAL[name])], months=9, paths=4, seed=2, record=record)
    one, other = (each.dataset["company_cash_mean"].to_numpy() for each in (plain, with_it))
    np.testing.assert_allclose(one, other, rtol=1e-14)
