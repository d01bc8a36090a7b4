"""Totals of the world at its likeliest values are those of the sources."""

import pytest
from cashcade.world import World
from cashcade.world.quantity import likeliest

LUCENT_REVENUE = 28.904e9
NORTEL_REVENUE = 27.948e9
LUCENT_COMMITMENTS, LUCENT_DRAWN = 8.1e9, 2.03e9
NORTEL_COMMITMENTS, NORTEL_DRAWN = 5.168e9, 1.081e9
CAPEX = 92e9
"""North American wireline capex of 2000 (RHK)."""


def number(value: object) -> float:
    found = likeliest(value)
    assert isinstance(found, int | float)
    return float(found)


def orders(world: World, vendor: str) -> float:
    """What fleets of the world order from a vendor in a month at the start."""
    return sum(
        number(fleet.capex) * number(order.share)
        for fleet in world.fleets
        for order in fleet.orders
        if order.vendor == vendor
    )


@pytest.mark.parametrize(("vendor", "yearly"), [("lucent", LUCENT_REVENUE), ("nortel", NORTEL_REVENUE)])
def test_revenue_of_vendors(world: World, vendor: str, yearly: float) -> None:
    outside = sum(number(one.revenue) for one in world.segments if one.seller == vendor)
    assert 12 * (outside + orders(world, vendor)) == pytest.approx(yearly, rel=1e-6)


@pytest.mark.parametrize(
    ("vendor", "commitments", "drawn"),
    [
        ("lucent", LUCENT_COMMITMENTS, LUCENT_DRAWN),
        ("nortel", NORTEL_COMMITMENTS, NORTEL_DRAWN),
    ],
)
def test_vendor_loans(world: World, vendor: str, commitments: float, drawn: float) -> None:
    loans = [loan for loan in world.loans if loan.lender == vendor]
    assert len(loans) > 10
    assert sum(number(loan.balance) for loan in loans) == pytest.approx(drawn, rel=1e-6)
    total = sum(number(loan.balance) + number(loan.undrawn) for loan in loans)
    assert total == pytest.approx(commitments, rel=1e-6)


def test_winstar_has_two_billion_of_lucent_and_half_a_billion_of_cisco(world: World) -> None:
    lines = {
        loan.lender: number(loan.balance) + number(loan.undrawn)
        for loan in world.loans
        if loan.borrower == "winstar" and loan.what and "vendor" in loan.what
    }
    assert lines == {"lucent": pytest.approx(2e9), "cisco": pytest.approx(5e8)}


def test_capex_of_north_america(world: World) -> None:
    builders = {one.id for one in world.companies if {"carrier", "incumbent"} & set(one.tags)}
    capex = sum(number(fleet.capex) for fleet in world.fleets if fleet.owner in builders)
    assert 12 * capex == pytest.approx(CAPEX, rel=1e-3)


def test_the_world_has_the_companies_of_the_time(world: World) -> None:
    tags = [set(one.tags) for one in world.companies]
    assert sum("carrier" in each for each in tags) == 40
    assert sum("vendor" in each for each in tags) == 3
    assert sum("incumbent" in each for each in tags) == 3
    named = {"winstar", "teligent", "icg", "northpoint", "rhythms", "covad", "mcleodusa", "xo"}
    named |= {"global-crossing", "williams", "psinet", "flag", "worldcom", "lucent", "nortel", "cisco"}
    assert named <= {one.id for one in world.companies}


def test_every_start_up_begins_alike(cohort: World) -> None:
    cash = {(number(one.cash), one.cash.low, one.cash.high) for one in cohort.companies}
    assert len(cohort.companies) == 36
    assert len(cash) == 1
    assert number(cohort.companies[0].cash) == pytest.approx(104.7e9 / 8138, rel=0.02)
