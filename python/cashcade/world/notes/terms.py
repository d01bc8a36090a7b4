"""Notes on terms that a party can hardly meet."""

from collections.abc import Iterator

from cashcade.world.notes.start import Note, Start, number, place, usd


def commitments_above_revenue(start: Start) -> Iterator[Note]:
    """Yield customers whose commitments of month 1 are above their revenue, while cash lasts them no year."""
    for company in start.companies:
        owed, revenue = start.committed[company.id], start.revenue[company.id] + start.equipment[company.id]
        if owed > revenue and number(company.cash) < 12 * (owed - revenue):
            given = f"commitments of {usd(owed)} a month, above its revenue of {usd(revenue)}"
            look = "Are they those of a month, and do they begin in month 1?"
            yield Note("commitments_above_revenue", place("company", company, "cash"), given, look)
