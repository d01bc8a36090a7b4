"""Notes on how long cash lasts and what finances a company."""

from collections.abc import Iterator

from cashcade.world.company import Company
from cashcade.world.loan import Loan
from cashcade.world.notes.start import Note, Start, number, place, usd
from cashcade.world.quantity import likeliest

ROUNDING = 1e-9
"""Share of a limit by which a value may miss it."""


def short_runway(start: Start) -> Iterator[Note]:
    """Yield companies whose cash does not last a month at the figures of the start."""
    for company in start.companies:
        cash, flow = number(company.cash), _flow(start, company)
        if flow < 0 and cash < -flow * (1 - ROUNDING) and not _draws(start, company):
            given = f"cash of {usd(cash)} lasts {cash / -flow:.2g} months at a burn of {usd(-flow)} a month"
            look = "It fails at once: are cost, use and capex those of a month, not of a year?"
            yield Note("short_runway", place("company", company, "cash"), given, look)


def _flow(start: Start, company: Company) -> float:
    """Return the cash flow of month 1 with all that is planned, before rounds and draws."""
    name = company.id
    spent = number(company.discretionary_cost) + start.capex[name] + start.service[name]
    return start.operating(company) + start.receivable[name] + start.pledged[name] - spent


def _draws(start: Start, company: Company) -> bool:
    """Return whether the company has a credit line to draw on."""
    return any(number(loan.undrawn) > 0 for loan in start.loans.get(company.id, ()))


def broken_covenants(start: Start) -> Iterator[Note]:
    """Yield loans of which a covenant is broken on the first day."""
    look = "Such a loan is called after its cure_months: are the covenant and the balance of the same date?"
    cash = {company.id: company for company in start.companies}
    for loan in start.all("loan", Loan):
        for field, given in _breaches(start, loan, cash[loan.borrower]):
            yield Note("broken_covenants", place("loan", loan, field), given, look)


def _breaches(start: Start, loan: Loan, borrower: Company) -> Iterator[tuple[str, str]]:
    cash, balance = number(borrower.cash), number(loan.balance)
    least, most, cover = number(loan.min_cash), number(loan.max_ltv), number(loan.min_dscr)
    if cash < least * (1 - ROUNDING):
        yield "min_cash", f'covenant {usd(least)}, but "{borrower.id}" has {usd(cash)} on the first day'
    value = number(loan.collateral) + number(loan.fleet_collateral) * start.fleet_value[borrower.id]
    if most and balance > most * value * (1 + ROUNDING):
        share = f"{balance / value:.3g}" if value else "nothing is pledged"
        yield "max_ltv", f"covenant {most:.3g}, but loan to value is {share} on the first day"
    flow, due = start.operating(borrower) - number(borrower.discretionary_cost), start.service[borrower.id]
    if cover and flow < cover * due * (1 - ROUNDING):
        yield (
            "min_dscr",
            f"covenant {cover:.3g}, but debt service is covered {flow / due:.3g} times in month 1",
        )


def capex_without_finance(start: Start) -> Iterator[Note]:
    """Yield companies with capex above revenue, while cash lasts no year and nothing finances it."""
    for company in start.companies:
        capex, name = start.capex[company.id], company.id
        revenue = start.revenue[name] + start.equipment[name]
        finance = _draws(start, company) or name in start.invested or _raises(company)
        if capex > revenue and number(company.cash) < 12 * (capex - revenue) and not finance:
            given = (
                f"capex of {usd(capex)} a month, revenue {usd(revenue)}, and no credit line, pledge or round"
            )
            look = "Is capex that of a month? Else give it undrawn loans, pledges, or round_runway."
            yield Note("capex_without_finance", place("company", company, "cash"), given, look)


def _raises(company: Company) -> bool:
    public = bool(likeliest(company.public)) and number(company.equity_runway) > 0
    return public or number(company.round_runway) > 0


def no_value(start: Start) -> Iterator[Note]:
    """Yield companies without value of which rounds are to be sold."""
    for company in start.companies:
        sales = start.revenue[company.id] + start.equipment[company.id]
        if sales * number(company.valuation_multiple) == 0 and _raises(company):
            given = "fair value 0, as it sells nothing or its multiple is 0, so its rounds bring nothing"
            look = "Is a segment or a contract missing? Before revenue a company lives on pledges and loans."
            yield Note("no_value", place("company", company, "round_runway"), given, look)
