"""Scenarios: named bundles of shocks, exits, rules and changes of the world."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cashcade.errors import ArgumentError, RuleError
from cashcade.rules.changes import Change, Changes, checked_changes
from cashcade.rules.exits import ExitScenario, checked_all
from cashcade.rules.rule import Rule
from cashcade.rules.selection import quoted
from cashcade.rules.shocks import Shock, Use
from cashcade.words.brief import Brief
from cashcade.world.additions import checked_entries
from cashcade.world.record import Named


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Scenario(Brief):
    """A named bundle.

    Parameters
    ----------
    name, title
        What it is called, and one line for lists.
    shocks
        Shocks, by record or name; with arguments as `shock(rise=0.3)` or
        `Use("api-price-rise", {"rise": 0.3})`.
    exits
        Exit scenarios, by record or name.
    rules
        Further rules.
    changes
        Changes of the world; a mapping puts values in the places of its paths. They meet what `adds` brings.
    adds
        Companies, contracts, loans and other entries that join the world from the start: records of
        `cashcade.world`. What is to come later has its months (`Loan.first_month`, `Contract.commitment`).
    doc, source
        What it stands for, and where its numbers come from.

    Raises
    ------
    RuleError
        A part is of another kind.
    """

    name: str
    title: str
    shocks: tuple[Use, ...] = ()
    exits: tuple[ExitScenario | str, ...] = ()
    rules: tuple[Rule, ...] = ()
    changes: tuple[Change, ...] = ()
    doc: str = ""
    source: str = ""
    adds: tuple[Named, ...] = ()

    if TYPE_CHECKING:  # what it takes is wider than what it holds

        def __init__(  # noqa: PLR0913, PLR0917 - as above
            self,
            name: str,
            title: str,
            shocks: Shock | Use | str | Iterable[Shock | Use | str] = ...,
            exits: ExitScenario | str | Iterable[ExitScenario | str] = ...,
            rules: Rule | Iterable[Rule] = ...,
            changes: Changes = ...,
            doc: str = ...,
            source: str = ...,
            adds: Named | Iterable[Named] = ...,
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check what it holds, and make uses of shocks."""
        whose = f"scenario {quoted(self.name)}"
        object.__setattr__(self, "shocks", tuple(as_use(each, whose) for each in _listed(self.shocks)))
        exits = tuple(_listed(self.exits))
        checked_all([each for each in exits if not isinstance(each, str)], ExitScenario, whose)
        object.__setattr__(self, "exits", exits)
        object.__setattr__(self, "rules", checked_all(self.rules, Rule, whose))
        object.__setattr__(self, "changes", checked_changes(self.changes, whose))
        object.__setattr__(self, "adds", _entries(self.adds, whose))


def as_use(given: object, whose: str) -> Use:
    """Give a shock, a name of one or a use of one as a use.

    Raises
    ------
    RuleError
        It is none of these.
    """
    if isinstance(given, Use):
        return given
    if isinstance(given, Shock | str):
        return Use(given)
    raise RuleError(f"{whose}: {given!r} is no shock, nor the name or use of one.")


def _entries(given: object, whose: str) -> tuple[Named, ...]:
    try:
        return checked_entries(given, whose)
    except ArgumentError as error:
        raise RuleError(str(error)) from None


def _listed(given: object) -> Iterable[object]:
    return given if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
