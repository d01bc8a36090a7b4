"""Loans: a borrower owes a lender."""

from cashcade.world.fields import LoanFields, RepaymentFields
from cashcade.world.record import CompanyId, CompanyOrCapital, ContractOrNone, Line, Named, Sourced


class Repayment(RepaymentFields, Sourced):
    """A scheduled repayment of a loan."""


class _Parties(Named):
    """Borrower, lender, guarantor, and the contract behind it."""

    borrower: CompanyId
    """The company that owes."""
    lender: CompanyOrCapital
    """The company that lent, or "capital" for lenders outside the network."""
    what: Line | None = None
    """Name of the tranche."""
    guarantor: CompanyOrCapital = "capital"
    """The company that answers for a share of it, or "capital"."""
    contract: ContractOrNone = None
    """The contract of the borrower that it pays for and that repays it, if it belongs to one."""


class Loan(LoanFields, _Parties):
    """A borrower owes a lender; without collateral and covenants unless they are given."""

    linked = ("borrower", "lender")

    repayments: tuple[Repayment, ...] = ()
    """Repayment dates and amounts of a loan whose amortisation is "schedule"."""
