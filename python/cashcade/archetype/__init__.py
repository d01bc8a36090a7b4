"""Archetypes: sorts of companies, from a few inputs to a full company with all that belongs to it."""

from cashcade.archetype.figure import ASSUMPTION, Figure, assumed, sourced
from cashcade.archetype.page import page
from cashcade.archetype.record import Archetype, Citation, Given, Input, Part, Party

__all__ = [
    "ASSUMPTION",
    "Archetype",
    "Citation",
    "Figure",
    "Given",
    "Input",
    "Part",
    "Party",
    "assumed",
    "page",
    "sourced",
]
