"""Notes on terms that a party can hardly meet."""

from collections.abc import Iterator

from cashcade.world.notes.noted import Noted, usd
from cashcade.world.notes.start import Start


def commitments_above_revenue(start: Start) -> Iterator[Noted]:
    """Yield customers whose commitments of month 1 are above their revenue, while cash lasts them no year."""
    owed, revenue = start.committed, start.sales
    short = (owed > revenue) & (start.number("company", "cash") < 12 * (owed - revenue))

    def said(place: int, _field: str) -> tuple[str, str]:
        given = f"commitments of {usd(owed[place])} a month, above its revenue of {usd(revenue[place])}"
        return given, "Are they those of a month, and do they begin in month 1?"

    yield start.noted("company", {"cash": short}, said)
