"""Paths of parameters: `company.openai.cash`, `fleet.*.economic_life`, `loan[borrower=coreweave].rate`."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from cashcade.errors import ArgumentError
from cashcade.world.kinds import HELD, MODELS, of_kind
from cashcade.world.problems import did_you_mean
from cashcade.world.record import Record, attributes_of, links_of

if TYPE_CHECKING:
    from cashcade.world.world import World

_FILTERED = re.compile(r"(?P<kind>[a-z]+)\[(?P<key>[a-z]+)=(?P<value>[^\]]+)\]\.(?P<field>[a-z_][a-z0-9_]*)")
_NAMED = re.compile(r"(?P<kind>[a-z]+)\.(?:(?P<value>.+)\.)?(?P<field>[a-z_][a-z0-9_]*)")

GROUPS = ("tag", "archetype")
"""Attributes by which companies may be chosen besides their ids."""

PLURALS = {"company": "companies"}
"""Plurals that take more than an s."""

SHOWN = 5
"""Ids that a message names."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A path pattern, taken apart.

    Parameters
    ----------
    kind, field
        Which parameter of which entities.
    key
        "id", "tag", "archetype" or the name of a link.
    value
        What that must be; of an id, `*` stands for anything.
    """

    kind: str
    field: str
    key: str
    value: str


def plural(kind: str) -> str:
    """Give the plural of a kind of entity."""
    return PLURALS.get(kind, f"{kind}s")


def fields_of(kind: str) -> Iterable[str]:
    """Give the fields of a kind of entity, by their names in files."""
    return attributes_of(MODELS[kind])


def pattern_of(path: str, fields: Callable[[str], Iterable[str]] = fields_of) -> Pattern:
    """Take a path apart.

    Parameters
    ----------
    path
        Such as `market.base_rate`, `company.openai.cash`, `fleet.*.economic_life` or
        `company[tag=app].pass_through`.
    fields
        Gives the fields that a kind of entity may have here.

    Raises
    ------
    ArgumentError
        It is no path, or there is no such kind, field or filter; with the nearest.
    """
    match = _FILTERED.fullmatch(path) or _NAMED.fullmatch(path)
    if match is None:
        wanted = '"market.odds_open", "segment.*.elasticity" or "company[tag=app].pass_through"'
        raise ArgumentError(f"wanted a path such as {wanted}.")
    parts = match.groupdict()
    kind, field = parts["kind"], parts["field"]
    if kind not in MODELS and not did_you_mean(kind, MODELS):
        example = f"company.{kind}.{field}"
        raise ArgumentError(f'"{kind}" is no kind of entity; a path begins with one, such as {example}.')
    _known("kind of entity", kind, MODELS)
    _known(f"field of a {kind}", field, fields(kind))
    key = parts.get("key") or "id"
    if key != "id":
        _known("filter", key, [*(GROUPS if kind == "company" else ()), *_links(kind)])
    if kind == "market":
        return Pattern(kind, field, key, kind)
    if parts["value"] is None:
        raise ArgumentError(f'which {kind}? Write "{kind}.*.{field}" for all.')
    return Pattern(kind, field, key, parts["value"])


def _known(what: str, word: str, known: Iterable[str]) -> None:
    names = list(known)
    if word not in names:
        hint = did_you_mean(word, names) or f"Known: {', '.join(names) or 'none'}."
        raise ArgumentError(f'unknown {what} "{word}". {hint}')


def _links(kind: str) -> list[str]:
    held = HELD.get(kind)
    return [*([held.holder] if held else []), *links_of(MODELS[kind])]


def met(world: "World", pattern: Pattern) -> list[str]:
    """Give the names of the entities of a world that a pattern meets.

    Raises
    ------
    ArgumentError
        There is none; with the nearest.
    """
    found = [name for name, record in _of_kind(world, pattern.kind) if _fits(pattern, name, record)]
    if not found:
        raise ArgumentError(_nothing(world, pattern))
    return found


def _of_kind(world: "World", kind: str) -> Iterator[tuple[str, Record]]:
    return of_kind(world.sections(), world.market, kind)


def _fits(pattern: Pattern, name: str, record: Record) -> bool:
    match pattern.key:
        case "id":
            return name == pattern.value or fnmatchcase(name, pattern.value)
        case "tag":
            return pattern.value in getattr(record, "tags", ())
        case "archetype":
            return bool(getattr(record, "archetype", None) == pattern.value)
    known = attributes_of(type(record))
    held = HELD.get(pattern.kind)
    end = (
        name.rpartition("/")[0] if held and pattern.key not in known else getattr(record, known[pattern.key])
    )
    return bool(end == pattern.value)


def _nothing(world: "World", pattern: Pattern) -> str:
    """Say that a pattern meets nothing, and what there is."""
    names = [name for name, _ in _of_kind(world, pattern.kind)]
    said = f"the world has no such {plural(pattern.kind)}."
    if not names:
        return f"{said} It has no {plural(pattern.kind)} at all."
    near = did_you_mean(pattern.value, names) if pattern.key == "id" else ""
    if near or pattern.key != "id":
        return f"{said} {near}".rstrip()
    more = f", ... ({len(names)} in all)" if len(names) > SHOWN else ""
    return f"{said} There are: {', '.join(names[:SHOWN])}{more}."


def path_of(kind: str, name: str, field: str) -> str:
    """Give the path of a parameter: `company.openai.cash`, `market.base_rate`."""
    return f"market.{field}" if kind == "market" else f"{kind}.{name}.{field}"


def entry_of(raw: dict[str, Any], world: "World", kind: str, name: str) -> dict[str, Any]:
    """Give the mapping of an entity among sections of `World.as_given`, to be written to."""
    if kind == "market":
        return _opened(raw, "market")
    if kind in HELD:
        held = HELD[kind]
        holder, _, number = name.rpartition("/")
        inner: dict[str, Any] = entry_of(raw, world, held.holder, holder)[held.field][int(number) - 1]
        return inner
    place = [entry.id for entry in world.sections()[kind]].index(name)
    return _opened(raw[kind], place)


def _opened(holder: Any, key: str | int) -> dict[str, Any]:  # noqa: ANN401 - a mapping or a list
    """Give what stands at a key as a mapping, which takes the place of a record."""
    if isinstance(holder[key], Record):
        holder[key] = holder[key].to_raw()
    found: dict[str, Any] = holder[key]
    return found
