"""Flows of the first month at the likeliest values, by hand: no growth, no luck, no cuts."""

from collections.abc import Iterable
from functools import cached_property

from cashcade.world import Fleet, Loan, World
from cashcade.world.contract import Contract
from cashcade.world.quantity import is_range, likeliest


def number(quantity: object) -> float:
    value = likeliest(quantity)
    assert isinstance(value, int | float)
    return float(value)


class Opening:
    """What each company earns, pays and builds in the month before the start."""

    def __init__(self, world: World) -> None:
        self.world = world

    @cached_property
    def base(self) -> float:
        return number(self.world.market.base_rate) + number(self.world.market.spread_open)

    def bill(self, contract: Contract) -> float:
        committed = sum(number(row.amount) for row in contract.commitments if number(row.first_month) <= 1)
        share = number(contract.revenue_share) * self.segments(contract.customer)
        return max(number(contract.usage), committed) + share

    def segments(self, company: str) -> float:
        return sum(number(segment.revenue) for segment in self.world.segments if segment.seller == company)

    def trade(self, company: str) -> float:
        return sum(self.bill(contract) for contract in self.world.contracts if contract.supplier == company)

    def bills(self, company: str) -> float:
        return sum(self.bill(contract) for contract in self.world.contracts if contract.customer == company)

    def equipment(self, vendor: str) -> float:
        return sum(
            number(order.share) * number(fleet.capex)
            for fleet in self.world.fleets
            for order in fleet.orders
            if order.vendor == vendor
        )

    def revenue(self, company: str) -> float:
        return self.segments(company) + self.trade(company) + self.equipment(company)

    def capex(self, company: str) -> float:
        return sum(number(fleet.capex) for fleet in self.fleets(company))

    def least_capex(self, company: str) -> float:
        """What it builds at the lower end of the range."""
        return sum(
            float(fleet.capex.low) if is_range(fleet.capex) else number(fleet.capex)
            for fleet in self.fleets(company)
        )

    def fleets(self, company: str) -> Iterable[Fleet]:
        return (fleet for fleet in self.world.fleets if fleet.owner == company)

    def interest(self, company: str) -> float:
        return sum(self.interest_of(loan) for loan in self.world.loans if loan.borrower == company)

    def interest_of(self, loan: Loan) -> float:
        margin = self.base if likeliest(loan.floating) else 0.0
        return number(loan.balance) * (number(loan.rate) + margin) / 12

    def operating_cash_flow(self, company: str) -> float:
        """Revenue less costs, bills, research and interest; before capex and repayments."""
        record = next(one for one in self.world.companies if one.id == company)
        revenue = self.revenue(company)
        costs = (
            number(record.fixed_cost)
            + number(record.variable_cost) * revenue
            + number(record.discretionary_cost)
        )
        return revenue - costs - self.bills(company) - self.interest(company)

    def burn(self, company: str) -> float:
        return self.capex(company) - self.operating_cash_flow(company)
