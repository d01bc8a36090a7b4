"""From raw data (tables of a file, lists of a builder) to a world, or to all that is wrong with it."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar, cast

from pydantic import ValidationError

from cashcade.archetype import Archetype
from cashcade.errors import WorldError
from cashcade.world.about import About
from cashcade.world.checks import Draft, findings_in
from cashcade.world.derive import derived
from cashcade.world.ids import named
from cashcade.world.kinds import HELD, SECTIONS
from cashcade.world.market import Market
from cashcade.world.months import Calendar
from cashcade.world.origin import Origin
from cashcade.world.problems import Finding, Place, did_you_mean, shown
from cashcade.world.record import Named, Record, Source
from cashcade.world.translate import translate

KNOWN = ("world", "sources", "market", *SECTIONS)

M = TypeVar("M", bound=Record)


def parts_from(
    raw: object,
    origin: Origin,
    archetypes: Mapping[str, Archetype],
    elsewhere: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Any]:
    """Return the sound parts of a world by section, each checked alone and all together.

    Parameters
    ----------
    raw
        Sections by name, as a TOML file has them.
    origin
        Where the data came from, for messages.
    archetypes
        Those that companies may be given by, by name.
    elsewhere
        Ids of the entries of sections that are not among them, which are sound.

    Raises
    ------
    WorldError
        With every problem found.
    """
    sections, findings = derived(raw, archetypes) if isinstance(raw, Mapping) else ({}, [])
    reader = Reader(sections, elsewhere or {})
    parts = reader.parts()
    findings += reader.findings
    if findings:
        raise WorldError(origin.problems(findings, sections), origin.name)
    return parts


class Reader:
    """Reads the sections one by one and keeps what is wrong with each."""

    def __init__(self, raw: Mapping[str, Any], elsewhere: Mapping[str, Collection[str]]) -> None:
        self.raw = raw
        self.elsewhere = elsewhere
        self.findings: list[Finding] = []
        self.ids: dict[str, Collection[str]] = {}
        self.mended: dict[str, list[tuple[int, Named]]] = {}

    def parts(self) -> dict[str, Any]:
        """Return the sound parts of the world, checked against each other."""
        if not self.raw:
            hint = 'A world begins with [world] name = "...", date = ... and has a [[company]] or more.'
            self.findings.append(Finding((), "nothing: it is empty", "a world", hint))
            return {}
        self._unknown_sections()
        about = self._about()
        market = self._one("market", Market)
        sources = self._sources()
        calendar = Calendar(about.date if about else self._date())
        entries = {section: self._entries(section, kind, calendar) for section, kind in SECTIONS.items()}
        known = frozenset(map(str, self._mapping("sources") or {}))
        self.findings += findings_in(Draft(entries, self.ids, known, market, self.mended))
        lists = {section: tuple(entry for _, entry in found) for section, found in entries.items()}
        return {"world": about, "market": market, "sources": sources, **lists}

    def _unknown_sections(self) -> None:
        for key in self.raw:
            if key not in KNOWN:
                hint = did_you_mean(str(key), KNOWN) or "Known sections: " + ", ".join(KNOWN) + "."
                self.findings.append(
                    Finding((str(key),), f"unknown section {shown(key)}", "a known section", hint)
                )

    def _about(self) -> About | None:
        if "world" in self.raw:
            return self._one("world", About)
        hint = 'Add [world] with name = "..." and date = ....'
        self.findings.append(Finding(("world",), "nothing", "a table [world]", hint))
        return None

    def _date(self) -> dt.date | None:
        """Return the date of an unsound [world], where at least that is sound."""
        about = self.raw.get("world")
        date = about.get("date") if isinstance(about, Mapping) else None
        return date if type(date) is dt.date else None

    def _mapping(self, section: str) -> Mapping[str, Any] | None:
        value = self.raw.get(section, {})
        return value if isinstance(value, Mapping) else None

    def _one(self, section: str, model: type[M]) -> M | None:
        value = self.raw.get(section, {})
        if isinstance(value, model):
            return value
        if not isinstance(value, Mapping):
            hint = f"Write [{section}] with single brackets, once."
            self.findings.append(Finding((section,), shown(value), f"one table [{section}]", hint))
            return None
        return self._record(value, model, (section,))

    def _sources(self) -> dict[str, Source]:
        value = self._mapping("sources")
        if value is None:
            hint = 'Write [sources.some-key] with title = "...".'
            given = shown(self.raw["sources"])
            self.findings.append(Finding(("sources",), given, "tables [sources.<key>]", hint))
            return {}
        found = {str(key): self._record(item, Source, ("sources", str(key))) for key, item in value.items()}
        return {key: source for key, source in found.items() if source}

    def _record(self, raw: object, model: type[M], place: Place) -> M | None:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            self.findings += translate(error, model, place)
            return None

    def _entries(self, section: str, model: type[Named], calendar: Calendar) -> list[tuple[int, Named]]:
        if section in self.elsewhere:
            self.ids[section] = self.elsewhere[section]
            return []
        raw = self.raw.get(section, [])
        if not isinstance(raw, list | tuple):
            hint = f"Write [[{section}]] with two brackets for each entry."
            self.findings.append(Finding((section,), f"a {type(raw).__name__}", "a list of entries", hint))
            raw = []
        elif section == "company" and not raw:
            hint = "Without companies there is nothing to run."
            self.findings.append(Finding((section,), "no company", "at least one [[company]]", hint))
        self.mended[section] = []
        found = [(n, self._entry(item, model, (section, n), calendar)) for n, item in enumerate(raw)]
        sound = [(number, entry) for number, entry in found if entry is not None]
        complete = named([entry for _, entry in sound])
        self.ids[section] = frozenset(_ids(raw)) | {entry.id for entry in complete}
        return [(number, entry) for (number, _), entry in zip(sound, complete, strict=True)]

    def _entry(
        self, raw: object, model: type[Named], place: tuple[str, int], calendar: Calendar
    ) -> Named | None:
        if isinstance(raw, dict):
            raw = self._with_months(raw, model, place, calendar)
        entry = self._record(raw, model, place)
        mended = _mended(raw, model) if entry is None else None
        if mended is not None:
            section, number = place
            self.mended[section].append((number, mended))
        return entry

    def _with_months(
        self, raw: dict[str, Any], model: type[Named], place: Place, calendar: Calendar
    ) -> dict[str, Any]:
        before = len(calendar.findings)
        result = calendar.months(raw, model, place)
        for held in HELD.values():
            items = raw.get(held.field) if held.holder == place[0] else None
            if isinstance(items, list | tuple):
                result[held.field] = [
                    calendar.months(item, held.model, (*place, held.field, number))
                    if isinstance(item, dict)
                    else item
                    for number, item in enumerate(items)
                ]
        self.findings += calendar.findings[before:]
        return result


def _mended(raw: object, model: type[M]) -> M | None:
    """Return an unsound entry without what is wrong; where it needs that, only its words, and gaps."""
    if not isinstance(raw, Mapping):
        return None
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        wrong = _keys(error)
    given = {key: value for key, value in raw.items() if key not in wrong}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        gaps = dict.fromkeys(_keys(error))
    words: dict[str, Any] = {key: value for key, value in given.items() if isinstance(value, str)}
    return cast("M", model.model_construct(**gaps, **words))


def _keys(error: ValidationError) -> set[str]:
    """Return the keys of an entry that are wrong or missing."""
    return {str(detail["loc"][0]) for detail in error.errors(include_url=False) if detail["loc"]}


def _ids(raw: object) -> Iterator[str]:
    """Yield the ids that raw entries have or would be given, sound or not."""
    for entry in raw if isinstance(raw, list | tuple) else ():
        if isinstance(entry, Mapping):
            yield from (str(entry[key]) for key in ("id", "seller") if isinstance(entry.get(key), str))
