"""Checks of ids: unknown, twice, reserved, pointing to themselves, and sources that are not listed."""

from collections.abc import Iterator

from cashcade.world.checks.draft import Draft
from cashcade.world.problems import Finding, did_you_mean
from cashcade.world.record import (
    ASSUMPTION,
    CAPITAL,
    OUTSIDE,
    Link,
    Named,
    Record,
    Sourced,
    attributes_of,
    links_of,
)

ENDS = {
    "contract": ("customer", "supplier"),
    "loan": ("borrower", "lender"),
    "stake": ("issuer", "holder"),
    "pledge": ("company", "investor"),
    "recapture": ("from", "to"),
}
"""Sections whose entries link two ends, which must differ."""


def unknown_ids(draft: Draft) -> Iterator[Finding]:
    """Yield every link to an id that no entry has."""
    for place, record in draft.records:
        for name, link in links_of(type(record)).items():
            given = _end(record, name)
            if (
                given is not None
                and given not in draft.ids.get(link.target, ())
                and not (link.may_be_capital and given == CAPITAL)
            ):
                yield _unknown((*place, name), given, link, draft)


def _unknown(place: tuple[str | int, ...], given: str, link: Link, draft: Draft) -> Finding:
    known = draft.ids.get(link.target, ())
    wanted = f"the id of a {link.target}" + (f' or "{CAPITAL}"' if link.may_be_capital else "")
    hint = did_you_mean(given, [*known, CAPITAL] if link.may_be_capital else known)
    if given in OUTSIDE:
        hint = f'The sector "{given}" cannot stand here; only companies can.'
    named = _named(given, link, draft)
    if named is not None:
        hint = f'That is the name of "{named}": write its id.'
    return Finding(place, f'unknown id "{given}"', wanted, hint or f"Add a {link.target} with this id.")


def _named(given: str, link: Link, draft: Draft) -> str | None:
    """Return the id of an entry whose name was given in its place, None if there is none."""
    for _, entry in draft.entries.get(link.target, ()):
        if str(getattr(entry, "name", "")).casefold() == given.casefold():
            return str(getattr(entry, "id", given))
    return None


def _end(record: Record, name: str) -> str | None:
    """Return the id that a record links to, None where an unsound one has none."""
    given = getattr(record, attributes_of(type(record))[name])
    return None if given is None else str(given)


def repeated_ids(draft: Draft) -> Iterator[Finding]:
    """Yield every id that an earlier entry of the section has already."""
    for section in draft.entries:
        seen: dict[str, int] = {}
        for place, entry in draft.all(section, Named):
            if not entry.id:
                continue  # Unsound, and never given one.
            first = seen.setdefault(entry.id, int(place[1]))
            if first != place[1]:
                given = f'"{entry.id}", which {section}[{first + 1}] has already'
                yield Finding(
                    (*place, "id"), given, f"a different id for each {section}", "Rename one of them."
                )


def reserved_ids(draft: Draft) -> Iterator[Finding]:
    """Yield companies with the name of an outside sector."""
    for place, entry in draft.all("company", Named):
        if entry.id in OUTSIDE:
            given = f'the reserved id "{entry.id}"'
            yield Finding((*place, "id"), given, "an id that no outside sector has", "Choose another id.")


def self_links(draft: Draft) -> Iterator[Finding]:
    """Yield entries whose two ends are the same."""
    for section, (left, right) in ENDS.items():
        for place, entry in draft.all(section, Named):
            if _end(entry, left) == _end(entry, right) is not None:
                given = f'"{_end(entry, left)}" as {left} and as {right}'
                hint = f"A {section} with oneself moves nothing; remove it or mend one end."
                yield Finding((*place, right), given, "two different ends", hint)


def unknown_sources(draft: Draft) -> Iterator[Finding]:
    """Yield figures whose source is not listed."""
    known = draft.sources | {ASSUMPTION}
    for place, record in draft.records:
        if isinstance(record, Sourced) and record.source is not None and record.source not in known:
            hint = did_you_mean(record.source, known) or f"Add [sources.{record.source}]."
            given = f'unknown source "{record.source}"'
            yield Finding((*place, "source"), given, f'a key of [sources] or "{ASSUMPTION}"', hint)
