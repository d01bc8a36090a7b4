"""Checks of terms: months in order, repayments that fit their loan."""

import math
from collections.abc import Iterator

from cashcade.world.checks.draft import Draft
from cashcade.world.contract import Contract
from cashcade.world.loan import Loan
from cashcade.world.parameter import parameters_of
from cashcade.world.problems import Finding, Place
from cashcade.world.quantity import likeliest
from cashcade.world.record import Record


def _extent(record: Record, name: str) -> tuple[float, float]:
    return parameters_of(type(record))[name].extent(getattr(record, name))


def commitment_months(draft: Draft) -> Iterator[Finding]:
    """Yield commitments that can end before they begin."""
    for place, contract in draft.all("contract", Contract):
        for number, commitment in enumerate(contract.commitments):
            first, last = _extent(commitment, "first_month")[1], _extent(commitment, "last_month")[0]
            if last < first:
                where = (*place, "commitments", number, "last_month")
                wanted = f"a month not before first_month ({first:g})"
                yield Finding(where, f"month {last:g}", wanted, "Exchange them or mend one.")


def loan_months(draft: Draft) -> Iterator[Finding]:
    """Yield loans whose months without repayment outlast them."""
    for place, loan in draft.all("loan", Loan):
        free, maturity = _extent(loan, "interest_only")[1], _extent(loan, "maturity")[0]
        if free > maturity:
            wanted = f"at most the months to maturity ({maturity:g})"
            yield Finding(
                (*place, "interest_only"), f"{free:g} months", wanted, "Shorten it or move the maturity."
            )


def repayments(draft: Draft) -> Iterator[Finding]:
    """Yield repayments that are missing, ignored, late, or more than what is owed."""
    for place, loan in draft.all("loan", Loan):
        where = (*place, "repayments")
        scheduled = likeliest(loan.amortisation) == "schedule"
        if scheduled and not loan.repayments:
            hint = 'List repayments = [ {month = ..., amount = ...} ] or choose "bullet".'
            yield Finding((*place, "amortisation"), '"schedule" without repayments', "repayments", hint)
        if loan.repayments and not scheduled:
            hint = 'Set amortisation = "schedule".'
            yield Finding(
                where, f'repayments of a "{likeliest(loan.amortisation)}" loan', "a scheduled loan", hint
            )
        yield from _misfits(where, loan)


def contracts_behind(draft: Draft) -> Iterator[Finding]:
    """Yield loans that belong to a contract of somebody else, or are repaid by none that commits anything."""
    known = {contract.id: contract for _, contract in draft.all("contract", Contract)}
    for place, loan in draft.all("loan", Loan):
        behind = known.get(loan.contract or "")
        if behind is not None and behind.supplier != loan.borrower:
            given = f'"{behind.id}", which "{behind.supplier}" supplies'
            wanted = f'a contract that the borrower "{loan.borrower}" supplies'
            yield Finding((*place, "contract"), given, wanted, "Name one of its contracts, or leave it out.")
        if likeliest(loan.amortisation) == "contract" and (behind is None or not behind.commitments):
            given = '"contract" without commitments of a contract'
            hint = 'Name the contract, contract = "...", and list its commitments, or choose "linear".'
            yield Finding((*place, "amortisation"), given, "a contract with commitments", hint)


def _misfits(where: Place, loan: Loan) -> Iterator[Finding]:
    maturity = _extent(loan, "maturity")[0]
    for number, repayment in enumerate(loan.repayments):
        month = _extent(repayment, "month")[1]
        if month > maturity:
            wanted = f"a month not after maturity ({maturity:g})"
            yield Finding((*where, number, "month"), f"month {month:g}", wanted, "Move it or the maturity.")
    owed = sum(float(str(likeliest(part))) for part in (loan.balance, loan.undrawn))
    due = math.fsum(float(str(likeliest(repayment.amount))) for repayment in loan.repayments)
    if due > owed * (1 + 1e-9):
        wanted = f"at most balance and undrawn ({owed:.15g} USD)"
        yield Finding(
            where, f"repayments of {due:.15g} USD in all", wanted, "Lower them or raise the balance."
        )
