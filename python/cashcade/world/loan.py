"""Loans: a borrower owes a lender."""

from typing import Annotated, Literal

from cashcade.world.parameter import Amount, Flag, Fraction, Month, Parameter, Rate
from cashcade.world.quantity import Number, Stated
from cashcade.world.record import CompanyId, CompanyOrCapital, Line, Named, Sourced

AmortisationWord = Literal["bullet", "linear", "annuity", "schedule"]
Amortisation = Annotated[
    AmortisationWord | Stated[AmortisationWord],
    Parameter("code", 0.0, 3.0, (("bullet", 0), ("linear", 1), ("annuity", 2), ("schedule", 3))),
]
RankWord = Literal["secured", "unsecured", "subordinated"]
Rank = Annotated[
    RankWord | Stated[RankWord],
    Parameter("code", 2.0, 5.0, (("secured", 2), ("unsecured", 4), ("subordinated", 5))),
]


class Repayment(Sourced):
    """A scheduled repayment of a loan."""

    amount: Amount
    """Principal due [USD]."""
    month: Month
    """Month in which it is due [month]."""


class Loan(Named):
    """A borrower owes a lender; without collateral and covenants unless they are given."""

    borrower: CompanyId
    """The company that owes."""
    lender: CompanyOrCapital
    """The company that lent, or "capital" for lenders outside the network."""
    what: Line | None = None
    """Name of the tranche."""
    balance: Amount
    """Principal outstanding at the start [USD]."""
    undrawn: Amount = 0.0
    """Principal that may still be drawn [USD]."""
    draw_share: Fraction = 0.0
    """Share of the borrower's capex financed by draws [fraction]."""
    draw_purchases: Fraction = 0.0
    """Share of what the borrower paid the lender last month financed by draws [fraction]."""
    draw_runway: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Runway below which the borrower draws what restores it; 0: never [months]."""
    draw_unless_shut: Flag = False
    """Whether nothing can be drawn while funding is shut."""
    max_leverage: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.0
    """Debt over fair value of the borrower from which on nothing can be drawn; 0: no limit [1]."""
    converts: Flag = False
    """Whether the balance becomes equity at the next round."""
    guarantor: CompanyOrCapital = "capital"
    """The company that answers for a share of it, or "capital"."""
    guaranteed: Fraction = 0.0
    """Share of what the lender writes off that the guarantor pays [fraction]."""
    rate: Rate = 0.0
    """Interest rate, or margin over base rate and spread if floating (a twelfth of it a month) [1/year]."""
    floating: Flag = False
    """Whether base rate and credit spread are added to the rate."""
    amortisation: Amortisation = "bullet"
    """How it is repaid: bullet, linear, annuity, or schedule by its repayments."""
    interest_only: Annotated[Number, Parameter("months", 0.0, 1200.0)] = 0.0
    """Months without repayment [months]."""
    maturity: Month
    """Month in which the balance falls due [month]."""
    rank: Rank = "unsecured"
    """Rank: secured, unsecured or subordinated."""
    collateral: Amount = 0.0
    """Value of collateral outside the fleets [USD]."""
    fleet_collateral: Fraction = 0.0
    """Share of the borrower's fleets pledged [fraction]."""
    min_cash: Amount = 0.0
    """Covenant: least cash; 0: none [USD]."""
    max_ltv: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.0
    """Covenant: largest loan to value of collateral; 0: none [1]."""
    min_dscr: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.0
    """Covenant: least debt service cover; 0: none [1]."""
    cure_months: Annotated[Number, Parameter("months", 0.0, 120.0)] = 2.0
    """Months a breach may last [months]."""
    cross_default: Flag = False
    """Whether acceleration of another loan accelerates this one."""
    refinance_chance: Fraction = 0.9
    """Chance to refinance at maturity in the normal regime [fraction]."""
    refinance_months: Annotated[Number, Parameter("months", 1.0, 600.0)] = 36.0
    """Months that a refinancing adds [months]."""
    repayments: tuple[Repayment, ...] = ()
    """Repayment dates and amounts of a loan whose amortisation is "schedule"."""

    def natural_id(self) -> str:
        """Return the id of an entry that was given none."""
        return f"{self.borrower}->{self.lender}"
