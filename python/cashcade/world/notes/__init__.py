"""Plausibility notes: what a world may well mean, but more often is a slip; a function for each."""

import numpy as np

from cashcade.world.notes import figures, finance, luck, terms
from cashcade.world.notes.noted import Note, told
from cashcade.world.notes.start import Start

NOTES = (
    finance.short_runway,
    finance.broken_covenants,
    finance.capex_without_finance,
    finance.no_value,
    figures.other_scale,
    figures.row_of_totals,
    figures.steep_growth,
    figures.cost_above_revenue,
    figures.yearly_revenue,
    figures.yearly_capex,
    figures.yearly_commitment,
    terms.commitments_above_revenue,
    luck.shared_luck,
)
"""All notes, in the order in which they are told; docs/worlds.md lists them by the name of their function."""


def notes_on(start: Start) -> list[Note]:
    """Return everything that is noted of a world at its start, of many notes of a name the first."""
    with np.errstate(over="ignore"):  # ratios to next to nothing
        return [note for check in NOTES for note in told(check.__name__, check(start))]


__all__ = ["NOTES", "Note", "Start", "notes_on"]
