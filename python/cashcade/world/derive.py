"""Companies given by the inputs of an archetype, made into full entries before the world is read.

A company that names an archetype and gives one of its inputs (a key that is no field of a company) is
derived; without inputs the name of an archetype is only a label.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from cashcade.archetype import Archetype, Figure, Input, Part
from cashcade.archetype.record import COMPANY
from cashcade.errors import PluginError
from cashcade.world.company import Company
from cashcade.world.plain import plain
from cashcade.world.problems import Finding, Place, did_you_mean, shown
from cashcade.world.record import Named, attributes_of

FIELDS = frozenset(attributes_of(Company))
"""Fields of a company, as files call them."""

PARTS = frozenset(("value", "low", "high"))
ABOUT = frozenset(Named.model_fields) | {"unit"}


def derived(
    raw: Mapping[str, Any], archetypes: Mapping[str, Archetype]
) -> tuple[Mapping[str, Any], list[Finding]]:
    """Return the sections with every derived company in full, and what is wrong with the inputs.

    Parameters
    ----------
    raw
        Sections by name, as a file has them; entries stay where they are, derived ones follow them.
    archetypes
        Archetypes by name; looked at only if a company gives inputs.
    """
    companies = raw.get("company")
    if not isinstance(companies, list | tuple) or not any(map(_gives_inputs, companies)):
        return raw, []
    work = _Derivation(archetypes)
    found = [work.company(item, ("company", n)) for n, item in enumerate(companies)]
    extra = {section: list(entries) for section, entries in work.entries.items()}
    sections = dict(raw) | {
        section: [*_listed(raw.get(section)), *entries] for section, entries in extra.items()
    }
    sections["company"] = [*found, *extra.get("company", ())]
    own = raw.get("sources")
    if work.sources and isinstance(own, Mapping | None):
        sections["sources"] = work.sources | dict(own or {})
    return sections, work.findings


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _gives_inputs(entry: object) -> bool:
    return (
        isinstance(entry, Mapping)
        and isinstance(entry.get("archetype"), str)
        and isinstance(entry.get("id"), str)
        and not entry.keys() <= FIELDS
    )


@dataclass
class _Derivation:
    """Collects what archetypes make, and what is wrong."""

    archetypes: Mapping[str, Archetype]
    entries: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def company(self, entry: Any, place: Place) -> Any:  # noqa: ANN401 - whatever a file holds
        """Return the company in full; a problem leaves at least its fields."""
        if not _gives_inputs(entry):
            return entry
        own = {key: value for key, value in entry.items() if key in FIELDS}
        archetype = self.archetypes.get(entry["archetype"])
        if archetype is None:
            return self._unknown(entry, place)
        before = len(self.findings)
        numbers = self._numbers(archetype, entry, place)
        parties = self._parties(archetype, entry, place)
        if len(self.findings) > before:
            return {"cash": 0.0} | own
        given = archetype.given(entry["id"], numbers, parties)
        try:
            parts = archetype.parts(given)
        except PluginError:
            raise
        except Exception as error:
            what = f"failed with {type(error).__name__}: {error}"
            raise PluginError(f'archetype "{archetype.name}", company "{given.id}": {what}') from error
        self._check_keys(archetype, entry, parts, place)
        for part in parts:
            self._add(archetype, part, entry)
        (fields,) = (part.fields for part in parts if part.name == COMPANY)
        return self._written(archetype, fields) | own

    def _unknown(self, entry: Mapping[str, Any], place: Place) -> dict[str, Any]:
        """Tell that there is no such archetype, and leave out what only it could read."""
        given = f'unknown archetype "{entry["archetype"]}"'
        keys = ", ".join(sorted(str(key) for key in entry.keys() - FIELDS))
        wanted = f"the archetype that reads {keys}, or fields of a company only"
        hint = did_you_mean(entry["archetype"], self.archetypes) or _way_out(entry, self.archetypes)
        self.findings.append(Finding((*place, "archetype"), given, wanted, hint))
        return {"cash": 0.0} | {key: value for key, value in entry.items() if key in FIELDS}

    def _numbers(self, archetype: Archetype, entry: Mapping[str, Any], place: Place) -> dict[str, Figure]:
        numbers: dict[str, Figure] = {}
        for one in archetype.inputs:
            if one.name in entry:
                figure = self._figure(one, entry[one.name], (*place, one.name))
                numbers |= {one.name: figure} if figure else {}
            elif one.default is None:
                wanted = f'"{one.name}", a number [{one.unit}]'
                hint = f"Archetype {archetype.name} needs it: {one.meaning}"
                self.findings.append(Finding((*place, one.name), "nothing", wanted, hint))
        return numbers

    def _figure(self, one: Input, value: object, place: Place) -> Figure | None:
        """Return an input as a figure, None if it is none."""
        wanted = f"a number from {one.low:g} to {one.high:g} [{one.unit}], or {{value, low, high}}"
        table = value.model_dump(exclude_none=True) if isinstance(value, BaseModel) else value
        table = dict(table) if isinstance(table, Mapping) else {"value": table}
        numbers = [_number(table.get(part, table.get("value"))) for part in ("value", "low", "high")]
        sound = table.keys() <= PARTS | ABOUT and table.get("unit", one.unit) == one.unit
        if not sound or not all(one.low <= number <= one.high for number in numbers):
            self.findings.append(Finding(place, shown(value), wanted))
            return None
        middle, low, high = numbers
        if not low <= middle <= high:
            self.findings.append(Finding(place, shown(value), "low <= value <= high"))
            return None
        return Figure(middle, low, high, one.name, (str(table["source"]),) if "source" in table else ())

    def _parties(self, archetype: Archetype, entry: Mapping[str, Any], place: Place) -> dict[str, str]:
        parties = {}
        for party in archetype.parties:
            value = entry.get(party.name, party.default)
            if isinstance(value, str):
                parties[party.name] = value
            else:
                self.findings.append(Finding((*place, party.name), shown(value), "the id of a company"))
        return parties

    def _check_keys(
        self, archetype: Archetype, entry: Mapping[str, Any], parts: tuple[Part, ...], place: Place
    ) -> None:
        inputs = [one.name for one in archetype.inputs] + [party.name for party in archetype.parties]
        names = [part.name for part in parts if part.name != COMPANY]
        for key, value in entry.items():
            if key in names and not isinstance(value, Mapping):
                wanted = f"a table of fields of {key}"
                self.findings.append(Finding((*place, key), shown(value), wanted, f"Write [company.{key}]."))
            elif key not in FIELDS and key not in inputs and key not in names:
                known = ", ".join([*inputs, *names])
                near = did_you_mean(str(key), [*FIELDS, *inputs, *names])
                wanted = f"an input or part of archetype {archetype.name}, or a field of a company"
                hint = near or f"Inputs and parts: {known}."
                self.findings.append(Finding((*place, str(key)), f"unknown key {shown(key)}", wanted, hint))

    def _add(self, archetype: Archetype, part: Part, entry: Mapping[str, Any]) -> None:
        """Add a part other than the company, with what overrides its fields."""
        if part.name == COMPANY:
            return
        over = entry.get(part.name)
        fields = {"id": f"{entry['id']}-{part.name}"} | self._written(archetype, part.fields)
        own = dict(over) if isinstance(over, Mapping) else {}
        self.entries.setdefault(part.section, []).append(fields | own)

    def _written(self, archetype: Archetype, fields: Mapping[str, object]) -> dict[str, Any]:
        return {name: self._value(archetype, value) for name, value in fields.items()}

    def _value(self, archetype: Archetype, value: object) -> Any:  # noqa: ANN401 - any value of a file
        if isinstance(value, list | tuple):
            return [self._value(archetype, item) for item in value]
        if isinstance(value, Mapping):
            return self._written(archetype, value)
        if not isinstance(value, Figure):
            return value
        raw = value.raw()
        for citation in archetype.citations:
            if raw.get("source") == citation.key:
                raw["source"] = f"{archetype.name}-{citation.key}"
                entry = {"title": citation.title, "url": citation.url, "date": citation.date}
                self.sources[raw["source"]] = entry
        return raw


def _way_out(entry: Mapping[str, Any], archetypes: Mapping[str, Archetype]) -> str:
    if archetypes:
        return "Known archetypes: " + ", ".join(archetypes) + "."
    near = did_you_mean(next(str(key) for key in entry if key not in FIELDS), FIELDS)
    load = "Load the file with cashcade.load_world, or give archetypes=cashcade.archetypes()."
    return f"{near} {load}" if near else load


def _number(value: object) -> float:
    """Return a number, not-a-number for anything else."""
    value = plain(value)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
