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
    taken = {entry.id for entry in entries if entry.id}
    numbers: dict[str, Iterator[int]] = {}
    result = []
    for entry in entries:
        name = entry.id or _free_id(entry, taken, numbers)
        taken.add(name)
        result.append(entry if entry.id else entry.model_copy(update={"id": name}))
    return tuple(result)


def _free_id(entry: Named, taken: set[str], numbers: dict[str, Iterator[int]]) -> str:
    """Give an id that is not taken; `numbers` are those that each natural id has not tried."""
    natural = entry.natural_id()
    what = getattr(entry, "what", None)
    counted = numbers.setdefault(natural, itertools.count(2))
    wishes = itertools.chain(
        [natural], [f"{natural}: {what}"] if what else [], (f"{natural} #{n}" for n in counted)
    )
    return next(wish for wish in wishes if wish not in taken)
