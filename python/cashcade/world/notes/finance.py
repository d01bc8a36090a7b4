"""Notes on how long cash lasts and what finances a company."""

from collections.abc import Iterator

from cashcade.world.block import Floats
from cashcade.world.notes.noted import Noted, usd
from cashcade.world.notes.start import Flags, Start

ROUNDING = 1e-9
"""Share of a limit by which a value may miss it."""


def short_runway(start: Start) -> Iterator[Noted]:
    """Yield companies whose cash does not last a month at the figures of the start."""
    cash, burn = start.number("company", "cash"), _burn(start)
    short = (burn > 0) & (cash < burn * (1 - ROUNDING)) & ~start.draws

    def said(place: int, _field: str) -> tuple[str, str]:
        has, spends = cash[place], burn[place]
        given = f"cash of {usd(has)} lasts {has / spends:.2g} months at a burn of {usd(spends)} a month"
        return given, "It fails at once: are cost, use and capex those of a month, not of a year?"

    yield start.noted("company", {"cash": short}, said)


def _burn(start: Start) -> Floats:
    """Return what month 1 takes of the cash of companies, with all that is planned, before rounds."""
    spent = start.number("company", "discretionary_cost") + start.capex + start.service
    return -(start.operating + start.receivable + start.pledged - spent)


def broken_covenants(start: Start) -> Iterator[Noted]:
    """Yield loans of which a covenant is broken on the first day."""
    look = "Such a loan is called after its cure_months: are the covenant and the balance of the same date?"
    borrower, balance = start.link("loan", "borrower"), start.number("loan", "balance")
    least, most, cover = (start.number("loan", name) for name in ("min_cash", "max_ltv", "min_dscr"))
    cash = start.number("company", "cash")[borrower]
    fleets = start.number("loan", "fleet_collateral") * start.fleet_value[borrower]
    value = start.number("loan", "collateral") + fleets
    flow = (start.operating - start.number("company", "discretionary_cost"))[borrower]
    due = start.service[borrower]

    def said(place: int, field: str) -> tuple[str, str]:
        match field:
            case "min_cash":
                who = start.kinds["company"].name(int(borrower[place]))
                given = f'covenant {usd(least[place])}, but "{who}" has {usd(cash[place])} on the first day'
            case "max_ltv":
                share = f"{balance[place] / value[place]:.3g}" if value[place] else "nothing is pledged"
                given = f"covenant {most[place]:.3g}, but loan to value is {share} on the first day"
            case _:
                times = f"{flow[place] / due[place]:.3g} times in month 1"
                given = f"covenant {cover[place]:.3g}, but debt service is covered {times}"
        return given, look

    drawn = balance != 0
    broken = {
        "min_cash": drawn & (cash < least * (1 - ROUNDING)),
        "max_ltv": drawn & (most != 0) & (balance > most * value * (1 + ROUNDING)),
        "min_dscr": drawn & (cover != 0) & (due > 0) & (flow < cover * due * (1 - ROUNDING)),
    }
    yield start.noted("loan", broken, said)


def capex_without_finance(start: Start) -> Iterator[Noted]:
    """Yield companies with capex above revenue, while cash lasts no year and nothing finances it."""
    capex, revenue, cash = start.capex, start.sales, start.number("company", "cash")
    financed = start.draws | start.invested | _raises(start)
    short = (capex > revenue) & (cash < 12 * (capex - revenue)) & ~financed

    def said(place: int, _field: str) -> tuple[str, str]:
        flows = f"capex of {usd(capex[place])} a month, revenue {usd(revenue[place])}"
        look = "Is capex that of a month? Else give it undrawn loans, pledges, or round_runway."
        return f"{flows}, and no credit line, pledge or round", look

    yield start.noted("company", {"cash": short}, said)


def _raises(start: Start) -> Flags:
    """Return whether companies sell shares or rounds."""
    public = (start.number("company", "public") > 0) & (start.number("company", "equity_runway") > 0)
    return public | (start.number("company", "round_runway") > 0)


def no_value(start: Start) -> Iterator[Noted]:
    """Yield companies without value of which rounds are to be sold."""
    nothing = start.sales * start.number("company", "valuation_multiple") == 0

    def said(_place: int, _field: str) -> tuple[str, str]:
        given = "fair value 0, as it sells nothing or its multiple is 0, so its rounds bring nothing"
        look = "Is a segment or a contract missing? Before revenue a company lives on pledges and loans."
        return given, look

    yield start.noted("company", {"round_runway": nothing & _raises(start)}, said)
