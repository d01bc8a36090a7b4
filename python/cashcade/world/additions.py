"""Entries that join a world: companies, loans, contracts and the like that a scenario brings."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cashcade.errors import ArgumentError
from cashcade.world.kinds import SECTIONS
from cashcade.world.origin import Origin
from cashcade.world.problems import shown
from cashcade.world.record import Named

if TYPE_CHECKING:
    from cashcade.world.world import World

SECTION_OF = {model: section for section, model in SECTIONS.items()}
"""Section of each kind of entry, as files name it."""


def checked_entries(given: object, whose: str) -> tuple[Named, ...]:
    """Give entries as a tuple.

    Raises
    ------
    ArgumentError
        One is no entry of a world.
    """
    entries = tuple(given) if isinstance(given, Iterable) and not isinstance(given, Named | str) else (given,)
    wrong = [
        each for each in entries if type(each) not in SECTION_OF
    ]  # a world, a market or a repayment is none
    if wrong:
        raise ArgumentError(
            f"{whose}: {shown(wrong[0])} is no entry of a world; "
            'write Company(id="entrant", cash=1e9) and the like, of cashcade.world.'
        )
    return entries


def joined(world: "World", entries: Iterable[Named], whose: str) -> tuple[dict[str, Any], Origin]:
    """Give the sections of a world that entries join, and their origin."""
    raw = world.as_given()
    for entry in entries:
        raw[SECTION_OF[type(entry)]].append(entry.to_raw())
    name = f"{world.name} with the entries of {whose}"
    return raw, Origin(name, lambda _place: (name, None), by_column=True)
