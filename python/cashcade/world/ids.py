"""Ids of entries that were given none."""

import itertools
from collections.abc import Iterator, Sequence
from typing import TypeVar

from cashcade.world.record import Named

E = TypeVar("E", bound=Named)


def named(entries: Sequence[E]) -> tuple[E, ...]:
    """Return the entries with an id each.

    The first entry between two companies takes the natural id, such as "cursor->anthropic"; a later one adds
    what it is about ("cursor->anthropic: API"), else its number ("cursor->anthropic #2"). Entries at the end
    of a file thus never change the ids, and with them the luck, of those before.
    """
    if all(entry.id for entry in entries):
        return tuple(entries)
    ids = ids_of(
        [entry.id for entry in entries],
        [entry.natural_id() for entry in entries],
        [getattr(entry, "what", None) for entry in entries],
    )
    return tuple(
        entry if entry.id else entry.model_copy(update={"id": name})
        for entry, name in zip(entries, ids, strict=True)
    )


def ids_of(given: Sequence[str], natural: Sequence[str], what: Sequence[str | None]) -> list[str]:
    """Return the id of each entry, by those given (empty for none), natural ids, and what entries are about.

    Entries get their ids as `named` says.
    """
    taken = set(filter(None, given))
    numbers: dict[str, Iterator[int]] = {}
    result = []
    for own, wish, about in zip(given, natural, what, strict=True):
        name = own or (_free_id(wish, about, taken, numbers) if wish in taken else wish)
        taken.add(name)
        result.append(name)
    return result


def _free_id(natural: str, what: str | None, taken: set[str], numbers: dict[str, Iterator[int]]) -> str:
    """Give an id that is not taken; `numbers` are those that each natural id has not tried."""
    counted = numbers.setdefault(natural, itertools.count(2))
    wishes = itertools.chain(
        [natural], [f"{natural}: {what}"] if what else [], (f"{natural} #{n}" for n in counted)
    )
    return next(wish for wish in wishes if wish not in taken)
