"""Rules: when, what and for how long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cashcade.errors import RuleError
from cashcade.rules.actions import Action, Deed
from cashcade.rules.conversions import Conversion
from cashcade.rules.endings import Ending
from cashcade.rules.expressions import Condition, as_condition
from cashcade.rules.payments import Payment
from cashcade.rules.selection import Selection, quoted
from cashcade.rules.transfers import Transfer
from cashcade.rules.words import explanation
from cashcade.words.names import one_line
from cashcade.words.numerals import whole_number

Act = Action | Payment | Ending | Conversion | Transfer
"""What a rule does."""

_ACTIONS = "scale(...), add(...), set_to(...), pay(...), end(...), convert(...) or transfer(...)"

LONGEST = 1200
"""Months of a hold that lasts for good, and of the longest delay."""


@dataclass(frozen=True, slots=True)
class Hold:
    """How long a rule is active.

    Parameters
    ----------
    months
        From the first month in which its condition is true; None: while it is true.
    """

    months: int | None

    def __repr__(self) -> str:
        names = {None: "while_true()", 1: "once()", LONGEST: "for_good()"}
        return names.get(self.months, f"for_months({self.months})")


def while_true() -> Hold:
    """Be active in every month in which the condition is true."""
    return Hold(None)


def once() -> Hold:
    """Be active in the first month in which the condition is true, and no more."""
    return Hold(1)


def for_good() -> Hold:
    """Be active from the first month in which the condition is true."""
    return Hold(LONGEST)


def for_months(months: int) -> Hold:
    """Be active for so many months from the first in which the condition is true.

    Raises
    ------
    RuleError
        It is no whole number from 1 to 1200.
    """
    return Hold(_whole("for_months", months, 1))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rule:
    """A condition and its actions: while it holds, some levers move.

    Parameters
    ----------
    name
        Unique among the rules of a run; addresses of its luck come from it.
    when
        A condition, evaluated once a month after the funding regimes, on the state of the month before. One
        that has a value for each member of a group makes a rule of each: `companies(tag="app").runway < 6`.
    do
        Actions, at least one. In a rule for each member they move levers of that member.
    hold
        `while_true()`, `once()`, `for_months(n)` or `for_good()`.
    delay
        Months by which all this comes later.
    again
        Whether a rule that ended may begin anew; it means something for `once` and `for_months`.
    doc
        Why: the observation or source behind it.

    Raises
    ------
    RuleError
        If anything does not fit; in the words of the expressions.
    """

    name: str
    when: Condition
    do: tuple[Act, ...]
    hold: Hold = field(default=Hold(None))
    delay: int = 0
    again: bool = False
    doc: str = ""

    def __init__(  # noqa: PLR0913 - the parts of a rule
        self,
        name: str,
        when: Condition | bool,
        do: Deed | Iterable[Deed],
        *,
        hold: Hold = Hold(None),
        delay: int = 0,
        again: bool = False,
        doc: str = "",
    ) -> None:
        if not isinstance(name, str) or not name.strip() or one_line(name) != name:
            raise RuleError(f"Rule({name!r}): wanted a name, on one line.")
        whose = f"rule {quoted(name)}"
        if not isinstance(hold, Hold):
            raise RuleError(
                f"{whose}: hold is {hold!r}, wanted while_true(), once(), for_months(n) or for_good()."
            )
        parts: dict[str, Any] = {
            "name": name,
            "when": as_condition(when, whose),
            "do": _actions(do, whose),
            "hold": hold,
            "delay": _whole(f"{whose}: delay", delay, 0),
            "again": bool(again),
            "doc": doc,
        }
        for part, value in parts.items():
            object.__setattr__(self, part, value)
        self._check_group(whose)

    def __repr__(self) -> str:
        more = [f"hold={self.hold}"] if self.hold.months is not None else []
        more += [f"delay={self.delay}"] if self.delay else []
        more += ["again=True"] if self.again else []
        do = repr(self.do[0]) if len(self.do) == 1 else f"[{', '.join(map(repr, self.do))}]"
        return f"Rule({', '.join([quoted(self.name), repr(self.when), do, *more])})"

    @property
    def group(self) -> Selection | None:
        """Of whose members each has a rule of its own; None for a single rule."""
        return self.when.group

    def named(self, name: str) -> "Rule":
        """Give the same rule under another name."""
        return Rule(
            name, self.when, self.do, hold=self.hold, delay=self.delay, again=self.again, doc=self.doc
        )

    def explain(self) -> str:
        """Tell in plain words when the rule is active and what it does."""
        return explanation(self)

    def _check_group(self, whose: str) -> None:
        if self.group is None:
            return
        for action in self.do:
            if action.group != self.group:
                pays = isinstance(action, Payment)
                what = "is no payment of theirs" if pays else "moves a lever that is not theirs"
                raise RuleError(
                    f"{whose}: {self.when} is a condition on each of {self.group}, and {action} {what}; "
                    f"make one condition of it with any(), all() or count()."
                )


def _actions(given: object, whose: str) -> tuple[Act, ...]:
    actions: Sequence[object] = tuple(given) if isinstance(given, Iterable) else (given,)
    wrong = [each for each in actions if not isinstance(each, Act)]
    if wrong or not actions:
        what = f"{wrong[0]!r} is no action" if wrong else "it does nothing"
        raise RuleError(f"{whose}: {what}; wanted {_ACTIONS}.")
    return tuple(each for each in actions if isinstance(each, Act))


def _whole(what: str, given: object, low: int) -> int:
    months = whole_number(given)
    if months is None or not low <= months <= LONGEST:
        raise RuleError(f"{what}: {given!r} is no whole number of months from {low} to {LONGEST}.")
    return months
