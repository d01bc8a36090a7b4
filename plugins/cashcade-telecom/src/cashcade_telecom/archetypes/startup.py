"""A young internet company that lives on rounds."""

from collections.abc import Iterator
from dataclasses import replace

from cashcade.archetype import Archetype, Given, Part
from cashcade_ai.archetypes.ai_app import AI_APP

from cashcade_telecom import structure

DOC = """
A young company of the dot-com years: what the archetype ai-app makes of a few figures, and beside it all that
the world ai-2025-08 says of applications that is not of one firm or of tokens. So it manages as they do: it
cuts staff, hibernates, raises its price when it loses money on what it sells, is offered rounds and fails
suddenly by the same ranges, and its growth is the same process.
"""


def derive(given: Given) -> Iterator[Part]:
    """Return the company and its demand."""
    more = {
        "company": structure.alike("company", structure.YOUNG, *structure.MANAGES, *structure.RAISES),
        "segment": structure.process(structure.YOUNG_DEMAND, *structure.FADES, *structure.BREAKS),
    }
    for part in AI_APP.derive(given):
        yield replace(part, fields={**part.fields, **more.get(part.section, {})})


STARTUP = Archetype(
    name="start-up",
    title="Young internet company",
    doc=DOC,
    inputs=AI_APP.inputs,
    derive=derive,
    parties=AI_APP.parties,
    example=AI_APP.example,
    citations=AI_APP.citations,
)
