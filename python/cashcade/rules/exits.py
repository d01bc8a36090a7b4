"""Doors: ways out of a company's life other than failure, and exit scenarios, which bundle them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from cashcade.errors import RuleError
from cashcade.rules.changes import Change, Changes, checked_changes
from cashcade.rules.entities import Entities
from cashcade.rules.expressions import Condition, Expression, Value, as_condition, as_value
from cashcade.rules.functions import share
from cashcade.rules.rule import Rule
from cashcade.rules.selection import Selection, quoted
from cashcade.rules.units import UNITS
from cashcade.rules.vocabulary import EFFECTS
from cashcade.words.brief import Brief
from cashcade.world.problems import did_you_mean
from cashcade.world.record import CAPITAL

SALES = ("acquire", "licence")
"""Effects that take a buyer."""

PRICED = (*SALES, "list")
"""Effects that have a price."""


@dataclass(frozen=True, slots=True, eq=False)
class Buyer:
    """A possible buyer at a door.

    Parameters
    ----------
    who
        Companies, or "capital" for buyers outside the network.
    pays
        The highest price each is willing to pay [USD]; `buyer` is the company that would buy, and `target`
        the one for sale.
    """

    who: Entities | str
    pays: Value | float

    def __post_init__(self) -> None:
        """Check that they can buy and pay dollars."""
        if self.who != CAPITAL:
            _companies(self.who, f"Buyer({self.who!r})")
        object.__setattr__(self, "pays", _dollars(self.pays, f"Buyer({self.who!r}, {self.pays!r})"))


@dataclass(frozen=True, slots=True, eq=False)
class Door:
    """A way out for each of some companies; `target` in its expressions is the company.

    Parameters
    ----------
    name
        Unique among the doors of a run.
    of
        Whose door it is: a company, or companies.
    effect
        "acquire", "licence", "list", "self_sustain" or "wind_down".
    opens
        Condition under which it is open.
    hazard
        Chance that the company goes through it in a month in which it is open, 0 to 1; to be given, for
        through a door without one nobody goes.
    price
        Price asked of buyers, or at which it lists [USD]; by default the company's fair value.
    share
        Part of the company sold by a listing; by default a fifth.
    buyers
        Who may buy, for "acquire" and "licence".
    bargain
        Part that the seller of a sale gets of what the best bid is above the next, or above the price where
        there is none, 0 to 1: 0 for a second-price auction, 1 where the best bidder pays its bid, 0.5 by the
        bargaining solution of Nash. A bid is what a buyer would pay, as far as it can. By default the price
        asked is paid.
    doc
        Why: the observation or source behind it.

    Raises
    ------
    RuleError
        If anything does not fit.
    """

    name: str
    of: Entities
    effect: str
    opens: Condition | bool = True
    hazard: Value | float | None = None
    price: Value | float | None = None
    share: Value | float | None = None
    buyers: tuple[Buyer, ...] = ()
    doc: str = ""
    bargain: Value | float | None = None

    if TYPE_CHECKING:  # what it takes is wider than what it holds

        def __init__(  # noqa: PLR0913, PLR0917 - as above
            self,
            name: str,
            of: Entities,
            effect: str,
            opens: Condition | bool = ...,
            hazard: Value | float | None = ...,
            price: Value | float | None = ...,
            share: Value | float | None = ...,
            buyers: Buyer | Iterable[Buyer] = ...,
            doc: str = ...,
            bargain: Value | float | None = ...,
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check every part, and make expressions of numbers."""
        whose = f"door {quoted(self.name)}"
        _companies(self.of, f"{whose}: of")
        if self.effect not in EFFECTS:
            what = f"{whose}: effect is {self.effect!r}, wanted one of {', '.join(EFFECTS)}"
            raise RuleError(f"{what}. {did_you_mean(str(self.effect), EFFECTS)}".rstrip())
        parts: dict[str, Expression | None] = {
            "opens": _single(as_condition(self.opens, f"{whose}: opens"), f"{whose}: opens"),
            "hazard": None if self.hazard is None else _single(share(self.hazard, f"{whose}: hazard"), whose),
            "price": None if self.price is None else _dollars(self.price, f"{whose}: price"),
            "share": None if self.share is None else _single(share(self.share, f"{whose}: share"), whose),
            "bargain": (
                None if self.bargain is None else _single(share(self.bargain, f"{whose}: bargain"), whose)
            ),
        }
        for name, value in parts.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "buyers", checked_all(self.buyers, Buyer, whose))
        self._check_buyers(whose)

    def named(self, name: str) -> "Door":
        """Give the same door under another name."""
        return replace(self, name=name)

    def _check_buyers(self, whose: str) -> None:
        if bool(self.buyers) != (self.effect in SALES):
            what = "nobody may buy" if self.effect in SALES else f"{self.effect!r} takes no buyers"
            raise RuleError(f"{whose}: {what}; effects with buyers are {' and '.join(SALES)}.")
        if self.share is not None and self.effect != "list":
            raise RuleError(f"{whose}: share is of listings, and its effect is {self.effect!r}.")
        if self.bargain is not None and self.effect not in SALES:
            raise RuleError(f"{whose}: bargain is of sales, and its effect is {self.effect!r}.")
        if self.price is not None and self.effect not in PRICED:
            what = f"price is of sales and listings, and its effect is {self.effect!r}"
            raise RuleError(f"{whose}: {what}; leave it out.")
        if self.hazard is None:
            what = "hazard is not given, so nobody would ever go through it"
            raise RuleError(f"{whose}: {what}; say the chance of a month, such as hazard=0.05.")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ExitScenario(Brief):
    """How companies leave: doors, and what else belongs to them.

    Parameters
    ----------
    name, title
        What it is called, and one line for lists.
    doors
        The doors; none closes all.
    rules
        Rules that hold beside them.
    changes
        Changes of the world, such as the chances that the listing window opens.
    doc, source
        What it stands for, and where its numbers come from.
    """

    name: str
    title: str
    doors: tuple[Door, ...] = ()
    rules: tuple[Rule, ...] = ()
    changes: tuple[Change, ...] = ()
    doc: str = ""
    source: str = ""

    if TYPE_CHECKING:  # what it takes is wider than what it holds

        def __init__(  # noqa: PLR0913, PLR0917 - as above
            self,
            name: str,
            title: str,
            doors: Door | Iterable[Door] = ...,
            rules: Rule | Iterable[Rule] = ...,
            changes: Changes = ...,
            doc: str = ...,
            source: str = ...,
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check what it holds."""
        whose = f"exit scenario {quoted(self.name)}"
        object.__setattr__(self, "doors", checked_all(self.doors, Door, whose))
        object.__setattr__(self, "rules", checked_all(self.rules, Rule, whose))
        object.__setattr__(self, "changes", checked_changes(self.changes, whose))


def checked_all(given: Any, kind: type, whose: str) -> tuple[Any, ...]:  # noqa: ANN401 - any record
    """Give records as a tuple.

    Raises
    ------
    RuleError
        One is of another kind.
    """
    records = tuple(given) if isinstance(given, Iterable) else (given,)
    wrong = [record for record in records if not isinstance(record, kind)]
    if wrong:
        raise RuleError(f"{whose}: {wrong[0]!r} is no {kind.__name__}.")
    return records


def _companies(given: object, where: str) -> Selection:
    if isinstance(given, Entities) and given.kind == "company" and not (given.selection.role or given.along):
        return given.selection
    raise RuleError(f'{where}: wanted companies, such as companies(tag="app"), and {given!r} is none.')


def _dollars(given: object, where: str) -> Value:
    value = as_value(given, where)
    if value.unit not in {None, UNITS["USD"]}:
        raise RuleError(f"{where}: {value} is in {value.unit}, wanted USD.")
    return _single(value, where)


E = TypeVar("E", bound=Expression)


def _single(expression: E, where: str) -> E:
    if expression.group is not None:
        what = f"{expression} has a value for each of {expression.group}"
        raise RuleError(f"{where}: {what}; write target.cash and so on for the company whose door it is.")
    return expression
