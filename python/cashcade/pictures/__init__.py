"""Pictures of results and answers, with matplotlib: one function each, drawn from the tables alone.

The extra `plot` installs what this needs. Each function returns the axes (or the figure) that it drew on, and
gives them an alt text; docs/pictures.md shows them all.
"""

from cashcade.pictures.canvas import alt_text, save
from cashcade.pictures.cascades import cascade
from cashcade.pictures.holders import losses
from cashcade.pictures.levers import breakeven, frontier, phases, tornado
from cashcade.pictures.months import against, cash, economy, fan, gauges
from cashcade.pictures.networks import network
from cashcade.pictures.standings import exits, survival
from cashcade.pictures.tables import rank, swap, walls

__all__ = [
    "against",
    "alt_text",
    "breakeven",
    "cascade",
    "cash",
    "economy",
    "exits",
    "fan",
    "frontier",
    "gauges",
    "losses",
    "network",
    "phases",
    "rank",
    "save",
    "survival",
    "swap",
    "tornado",
    "walls",
]
