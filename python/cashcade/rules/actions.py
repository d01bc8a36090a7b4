"""Actions of rules: multiply, add to or set a lever."""

from dataclasses import dataclass
from typing import Literal

from cashcade.errors import RuleError
from cashcade.rules.expressions import (
    Condition,
    Expression,
    Value,
    Word,
    as_condition,
    as_value,
    check_group,
    check_scale,
)
from cashcade.rules.nodes import Read
from cashcade.rules.selection import Selection
from cashcade.rules.units import PURE, UNITS
from cashcade.rules.vocabulary import kind_along, levers
from cashcade.words.rows import Row
from cashcade.world.problems import did_you_mean

How = Literal["scale", "add", "set_to"]

_GROWTH = "A year's growth of g more is scale(segment(...).trend, exp(g / 12)) in each month."

INSTEAD = {("segment", "growth"): _GROWTH}
"""What moves in place of what is no lever, by kind and name."""


class Deed:
    """Something that a rule does: an action on a lever, or a payment."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Action(Deed):
    """One action on a lever, or on that of each member of a group.

    Parameters
    ----------
    how
        "scale", "add" or "set_to".
    target
        The lever as the user named it.
    row
        The row of the table that is moved.
    amount
        By how much, or to what.
    """

    how: How
    target: Read
    row: Row
    amount: Expression

    def __repr__(self) -> str:
        return f"{self.how}({self.target}, {self.amount})"

    @property
    def moves(self) -> str:
        """Full name of what is moved."""
        return self.row.full_name

    @property
    def group(self) -> Selection | None:
        """Of whose members each is moved; None where it is one."""
        return self.target.selection.group

    @property
    def selections(self) -> tuple[Selection, ...]:
        """All that it names."""
        return (self.target.selection,)


def scale(lever: Expression, factor: object) -> Action:
    """Multiply a lever while the rule is active.

    Parameters
    ----------
    lever
        Such as `company("openai").list_level`; docs/rules.md lists them. What the world states is multiplied
        for the month only; what the month computes is multiplied once in each active month, and stays.
    factor
        A pure number; those of all active rules multiply.

    Raises
    ------
    RuleError
        It is no lever, or the factor is no pure number.
    """
    where = _text("scale", lever, factor)
    read, row = _lever(lever, where)
    _check_number(row, where)
    amount = as_value(factor, where)
    if amount.unit not in {None, PURE}:
        raise RuleError(f"{where}: {amount} is in {amount.unit}, wanted a pure number to multiply by.")
    return _action("scale", read, row, amount)


def add(lever: Expression, amount: object) -> Action:
    """Add to a lever while the rule is active, after all scales; amounts of all active rules add up.

    Parameters
    ----------
    lever
        As in `scale`. Cash that is added comes from the sector `capital`.
    amount
        In the unit of the lever.

    Raises
    ------
    RuleError
        It is no lever, or the amount has another unit.
    """
    where = _text("add", lever, amount)
    read, row = _lever(lever, where)
    _check_number(row, where)
    return _action("add", read, row, _fitting(row, amount, where))


def set_to(lever: Expression, value: object) -> Action:
    """Set a lever while the rule is active, whatever other rules multiply and add.

    Parameters
    ----------
    lever
        As in `scale`, or one of words such as `market.funding`, or one that is true or false.
    value
        In the unit of the lever. Two active rules that set one lever to different values stop the run.

    Raises
    ------
    RuleError
        It is no lever, or the value is not of its kind.
    """
    where = _text("set_to", lever, value)
    read, row = _lever(lever, where)
    if row.unit == "flag":
        return _action("set_to", read, row, as_condition(value, where))
    if row.unit == "code":
        return _action("set_to", read, row, Word(read).checked(value, where))
    return _action("set_to", read, row, _fitting(row, value, where))


def _text(how: How, lever: object, amount: object) -> str:
    return f"{how}({lever!r}, {amount!r})"


def _lever(lever: object, where: str) -> tuple[Read, Row]:
    if not isinstance(lever, Expression) or not isinstance(lever.node, Read):
        raise RuleError(f'{where}: {lever!r} is no lever, wanted one such as company("a").list_level.')
    read = lever.node
    if read.selection.role:
        raise RuleError(f"{where}: {read.selection} is known in doors only; a rule names its companies.")
    kind, name = kind_along(read.selection.kind, read.along), read.name.removesuffix("_")
    known = {name: row for name, row in levers(kind).items() if not read.stated or row.source == "parameter"}
    if name not in known:
        near = did_you_mean(name, known) or f"Levers of a {kind}: {', '.join(known) or 'none'}."
        hint = INSTEAD.get((kind, name), near)
        raise RuleError(f"{where}: rules cannot move {read}. {hint}")
    return read, known[name]


def _check_number(row: Row, where: str) -> None:
    if row.unit in {"flag", "code"}:
        raise RuleError(f"{where}: {row.full_name} is no number; use set_to.")


def _fitting(row: Row, amount: object, where: str) -> Value:
    value = as_value(amount, where)
    check_scale(value, UNITS[row.unit], where)
    if value.unit is not None and value.unit != UNITS[row.unit]:
        raise RuleError(f"{where}: {value} is in {value.unit}, and {row.full_name} in {UNITS[row.unit]}.")
    return value


def _action(how: How, read: Read, row: Row, amount: Value | Condition | Word) -> Action:
    check_group(_text(how, read, amount), amount, read.selection.group)
    return Action(how, read, row, amount)
