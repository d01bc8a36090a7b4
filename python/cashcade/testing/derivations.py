"""Laws of archetypes: pure, sound over their limits, and blind to the unit of money."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from cashcade.archetype import Archetype, Figure, Input, Part
from cashcade.errors import CashcadeError
from cashcade.rules.selection import quoted
from cashcade.rules.units import UNITS as KNOWN
from cashcade.testing.laws import CURRENCY, LIMITS, SAME, UNITS
from cashcade.testing.report import Breach
from cashcade.testing.strategies import steps
from cashcade.world import World
from cashcade.world.kinds import HELD, SECTIONS
from cashcade.world.origin import Origin
from cashcade.world.parameter import parameters_of

FACTOR = 2.0**-10
"""By which the unit of money changes: a power of two, so that nothing is rounded."""

CLOSE = 1e-9


SUM = re.compile(r" [+-] ")
"""Between the terms of a sum, in the formula of a figure."""

SUMS = re.compile(r"[\w-]+( [+-] [\w-]+)*")
"""The formula of an input, or of a sum of inputs."""

OTHER = "bob"
"""Id of the company that may be a party."""


@st.composite
def inputs_of(draw: st.DrawFn, archetype: Archetype) -> dict[str, Any]:
    """Return inputs and parties of an archetype.

    Sizes are a tenth to ten times those of its example, or of the default where the example leaves one out;
    shares lie within limits; a party is another company, or is left out.
    """
    usual = {one.name: one.default.value for one in archetype.inputs if one.default} | dict(archetype.example)
    given: dict[str, Any] = {
        one.name: draw(_values(one, usual[one.name]), label=one.name)
        for one in archetype.inputs
        if one.name in usual and (one.default is None or draw(st.booleans(), label=f"says {one.name}"))
    }
    named = [party.name for party in archetype.parties if draw(st.booleans(), label=f"has {party.name}")]
    return given | dict.fromkeys(named, OTHER)


def judged(archetype: Archetype, inputs: Mapping[str, Any]) -> Breach | None:
    """Give the law that an archetype breaks at some inputs and parties."""
    record = f"archetype {quoted(archetype.name)}"
    said = (", ".join(f"{name}={value}" for name, value in inputs.items()),)
    try:
        one, other = _parts(archetype, inputs, 1.0), _parts(archetype, inputs, 1.0)
        scaled = _parts(archetype, inputs, FACTOR)
        world_of(archetype, inputs)
    except (CashcadeError, ValueError, ArithmeticError) as error:
        return Breach(LIMITS, record, f"{type(error).__name__}: {error}", setting=said)
    if repr(one) != repr(other):
        what = "derived twice from one input it gives two companies"
        return Breach(SAME, record, what, setting=said)
    if slip := _wrong_unit(archetype, one):
        return Breach(UNITS, record, slip, setting=said)
    for name, before, after in _amounts(one, scaled):
        if not math.isclose(before * FACTOR, after, rel_tol=CLOSE, abs_tol=0.0):
            what = f"{name} is {before:g}, and {after / FACTOR:g} where all dollars are counted in thousands"
            return Breach(CURRENCY, record, what.replace("thousands", "1024s"), setting=said)
    return None


def world_of(archetype: Archetype, inputs: Mapping[str, Any]) -> World:
    """Return a world of one company of an archetype, beside another.

    Raises
    ------
    WorldError
        It is not sound.
    """
    raw = {
        "world": {"name": "derived", "date": "2025-08-31"},
        "company": [{"id": "ada", "archetype": archetype.name, **inputs}, {"id": OTHER, "cash": 1e9}],
    }
    return World.from_raw(raw, Origin("a derived world"), {archetype.name: archetype})


def _values(one: Input, usual: float) -> st.SearchStrategy[float]:
    low, high = max(one.low, min(usual / 10, usual)), min(one.high, usual * 10)
    return st.one_of(st.sampled_from([usual, low, high]), steps(low, high)) if low < high else st.just(usual)


def _parts(archetype: Archetype, inputs: Mapping[str, Any], factor: float) -> tuple[Part, ...]:
    """Derive a company with all dollars multiplied."""
    units = {one.name: one.unit for one in archetype.inputs}
    numbers = {name: Figure(value, value, value, name) for name, value in inputs.items() if name in units}
    parties = {name: value for name, value in inputs.items() if name not in units}
    given = archetype.given("ada", numbers, parties)
    figures = {name: _times(figure, units[name], factor) for name, figure in given.figures.items()}
    return archetype.parts(archetype.given("ada", figures, parties))


def _times(figure: Figure, unit: str, factor: float) -> Figure:
    if not unit.startswith("USD"):
        return figure
    return Figure(
        figure.value * factor, figure.low * factor, figure.high * factor, figure.how, figure.sources
    )


def _amounts(one: tuple[Part, ...], other: tuple[Part, ...]) -> Iterator[tuple[str, float, float]]:
    """Yield names and both values of all amounts of money; of what is no money, both by the factor."""
    after = {part.name: part for part in other}
    for part in one:
        yield from _fields(part.name, part.section, part.fields, after[part.name].fields)


def _wrong_unit(archetype: Archetype, parts: tuple[Part, ...]) -> str:
    """Tell which field takes inputs as they are, or sums of them, in another unit than its own."""
    units = {one.name: one.unit for one in archetype.inputs}
    for part in parts:
        parameters = parameters_of(
            SECTIONS[part.section] if part.section in SECTIONS else HELD[part.section].model
        )
        for name, value in part.fields.items():
            how = value.how if isinstance(value, Figure) and name in parameters else ""
            for term in SUM.split(how) if SUMS.fullmatch(how) else ():
                if term in units and not _fits(units[term], parameters[name].unit):
                    taken = f"{part.name}.{name} [{parameters[name].unit}]"
                    return f"{taken} is {how!r}, and {term} is in {units[term]}"
    return ""


def _fits(given: str, wanted: str) -> bool:
    """Whether two names of units say the same; what no rule knows is taken as it is."""
    return given not in KNOWN or wanted not in KNOWN or KNOWN[given] == KNOWN[wanted]


def _fields(
    label: str, section: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, float, float]]:
    model = SECTIONS[section] if section in SECTIONS else HELD[section].model
    parameters = parameters_of(model)
    held = {each.field: each for each in HELD.values() if each.holder == section}
    for name, value in before.items():
        if name in held and isinstance(value, list | tuple):
            for place, (inner, outer) in enumerate(zip(value, after[name], strict=True), 1):
                yield from _fields(f"{label}.{name}[{place}]", held[name].kind, inner, outer)
        elif name in parameters:
            one, other = _number(value), _number(after[name])
            if one is not None and other is not None:
                money = parameters[name].unit.startswith("USD")
                yield f"{label}.{name}", one, other if money else other * FACTOR


def _number(value: object) -> float | None:
    if isinstance(value, Figure):
        return value.value
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
