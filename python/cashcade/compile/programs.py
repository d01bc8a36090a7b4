"""Rules and doors as arrays, with the names that results give back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cashcade.compile.arrays import Array, Inputs
from cashcade.compile.gauges import Gauge
from cashcade.compile.members import OUTSIDE, Members
from cashcade.compile.ranges import Draws
from cashcade.compile.writer import Numbers, Scope, Writer
from cashcade.errors import RuleError
from cashcade.plugin.given import Given
from cashcade.rules.actions import Action, Deed
from cashcade.rules.conversions import Conversion
from cashcade.rules.endings import Ending
from cashcade.rules.exits import SALES, Buyer, Door
from cashcade.rules.expressions import Expression, Value, Word
from cashcade.rules.nodes import Binary, Constant, Unary
from cashcade.rules.payments import Party, Payment
from cashcade.rules.rule import LONGEST, Rule
from cashcade.rules.selection import Selection, quoted
from cashcade.rules.transfers import Transfer
from cashcade.rules.vocabulary import EFFECTS, stated
from cashcade.world.world import World

HOW = ("scale", "add", "set_to", "pay", "convert", "transfer")
"""What actions do, in the order of their codes."""

PARTIES = {"capital": -2, "suppliers": -3, "households": -4}
"""Codes of sectors that pay or are paid."""

SOURCES = ("parameter", "variable")
"""Kinds of levers, in the order of their codes."""

ENDED = (("contract", "level"), ("contract", "revenue_share"), ("commitment", "amount"))
"""What a contract that is at an end has no more."""

COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
"""Signs between a value and what it is held against."""

NONE = -1
"""In place of a node that is not there."""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action of a compiled rule.

    Parameters
    ----------
    rule
        Place of its rule among the compiled ones.
    action
        The action as it was written.
    lever, entity, unit
        Full name of what it moves, whose that is, and the unit of the amount.
    """

    rule: int
    action: str
    lever: str
    entity: str
    unit: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """A comparison in the condition of a compiled rule.

    Parameters
    ----------
    rule
        Place of the rule among the compiled ones.
    comparison
        As it was written.
    unit
        Unit of both sides.
    """

    rule: int
    comparison: str
    unit: str


@dataclass(frozen=True, slots=True, eq=False)
class Programs:
    """Compiled rules and doors.

    Parameters
    ----------
    arrays
        As `_core.run` takes them; docs/binding.md says what each is.
    given
        Names of rules and doors as they were given.
    rules, doors
        Names as compiled; those for a member of a group end in its id, "squeeze[cursor]".
    origins
        Origins of each rule, for messages.
    action_rows
        The actions.
    triggers
        Comparisons whose sides are kept when their rule is first active.
    assumptions
        Where the values of each range are among the constants, by name.
    numbers
        The constants, to be drawn anew.
    """

    arrays: dict[str, Array]
    given: tuple[str, ...]
    rules: tuple[str, ...]
    origins: tuple[Given, ...]
    action_rows: tuple[ActionRow, ...]
    doors: tuple[str, ...]
    triggers: tuple[Trigger, ...]
    assumptions: dict[str, int]
    numbers: Numbers

    def at(self, inputs: Inputs) -> "Programs":
        """Give the same for the draws of a compiled world."""
        if not self.has_ranges:
            return self
        return replace(self, arrays={**self.arrays, "constants": self.numbers.at(_draws(inputs))})

    @property
    def has_ranges(self) -> bool:
        """Whether any number is a range, so that draws differ."""
        return bool(self.assumptions)

    def drawn(self) -> dict[str, NDArray[np.float64]]:
        """Give the values of each range, `[draws]`."""
        values = self.arrays["constants"].astype(np.float64, copy=False)
        return {name: values[:, place] for name, place in self.assumptions.items()}


@dataclass(slots=True)
class _Rows:
    """Rows under construction."""

    rule: list[tuple[int, ...]] = field(default_factory=list)
    action: list[tuple[int, ...]] = field(default_factory=list)
    door: list[tuple[int, ...]] = field(default_factory=list)
    buyer: list[tuple[int, ...]] = field(default_factory=list)
    watch: list[tuple[int, ...]] = field(default_factory=list)
    gauge: list[tuple[int, ...]] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    origins: list[Given] = field(default_factory=list)
    action_rows: list[ActionRow] = field(default_factory=list)
    doors: list[str] = field(default_factory=list)


class _Compiler:
    """Turns records into rows."""

    def __init__(self, world: World, inputs: Inputs) -> None:
        self.members = Members(world, inputs)
        self.writer = Writer(self.members)
        self.rows = _Rows()
        self.adds: dict[type[Deed], Callable[[Any, Scope, int], None]] = {
            Action: self.add_action,
            Payment: self.add_payment,
            Ending: self.add_ending,
            Conversion: self.add_conversion,
            Transfer: self.add_transfer,
        }

    def add(self, given: Given) -> None:
        if isinstance(given.record, Rule):
            self.add_rule(given, given.record)
        else:
            self.add_door(given, given.record)

    def add_gauge(self, gauge: Gauge) -> None:
        scope = Scope(f"gauge.{gauge.name}", gauge.label)
        self.rows.gauge.append((self.writer.node(gauge.expression, scope), gauge.kind))

    def add_rule(self, given: Given, rule: Rule) -> None:
        if rule.group is None:
            self.add_one(given, rule, _scope(given), rule.name)
            return
        for place in self.members.of(rule.group, given.label):
            name = f"{rule.name}[{self.members.name(rule.group.kind, place)}]"
            self.add_one(given, rule, _scope(given).at(rule.group, place), name)

    def add_one(self, given: Given, rule: Rule, scope: Scope, name: str) -> None:
        months = rule.hold.months
        self.rows.rule.append(
            (
                self.writer.node(rule.when, scope),
                0 if months is None else 1,
                LONGEST if months is None else months,
                rule.delay,
                int(rule.again),
            )
        )
        self.rows.rules.append(name)
        self.rows.origins.append(given)
        for comparison in _comparisons(rule.when):
            self.add_trigger(comparison, scope, rule.delay)
        for action in rule.do:
            self.adds[type(action)](action, scope, len(self.rows.rules) - 1)

    def add_trigger(self, comparison: Binary, scope: Scope, delay: int) -> None:
        rule = len(self.rows.rules) - 1
        self.rows.watch += [(rule, node) for node in self.writer.sides(comparison, scope, delay)]
        unit = getattr(comparison.left, "unit", None) or getattr(comparison.right, "unit", None)
        self.rows.triggers.append(Trigger(rule, str(comparison), unit or "1"))

    def add_action(self, action: Action, scope: Scope, rule: int) -> None:
        selection, row = action.target.selection, action.row
        for place in self.places(selection, scope):
            amount = self.writer.node(_amount(action), scope.at(selection, place))
            (end,) = self.members.along(action.target, (place,), scope.label)
            self.rows.action.append(
                (rule, HOW.index(action.how), SOURCES.index(row.source), row.place, end, amount)
            )
            unit = "1" if action.how == "scale" else row.unit
            entity = self.members.name(row.entity, end)
            self.rows.action_rows.append(ActionRow(rule, repr(action), row.full_name, entity, unit))

    def add_payment(self, payment: Payment, scope: Scope, rule: int) -> None:
        for within in self.within(payment.group, scope):
            payer, payee = (self.party(end, within) for end in (payment.payer, payment.payee))
            if payer == payee:
                who = self.members.name("company", payer)
                raise RuleError(f"{scope.label}: {payment}: {quoted(who)} would pay itself; leave it out.")
            amount = self.writer.node(payment.amount, within)
            self.rows.action.append((rule, HOW.index("pay"), payment.rank, payer, payee, amount))
            sides = "->".join(self.name_of(code) for code in (payer, payee))
            self.rows.action_rows.append(ActionRow(rule, repr(payment), payment.moves, sides, "USD/month"))

    def within(self, group: Selection | None, scope: Scope) -> list[Scope]:
        """Give the scope of each member of a group, or the same where there is none."""
        if group is None:
            return [scope]
        return [scope.at(group, place) for place in self.places(group, scope)]

    def places(self, selection: Selection, scope: Scope) -> tuple[int, ...]:
        """Give the places of a selection: of one member where the scope says which stands for it."""
        alone = dict(scope.members).get(selection)
        return self.members.of(selection, scope.label) if alone is None else (alone,)

    def add_ending(self, ending: Ending, scope: Scope, rule: int) -> None:
        selection = ending.contracts.selection
        places = self.places(selection, scope)
        nothing = self.writer.node(ending.amount, scope)
        for kind, name in ENDED:
            row = stated(kind)[name]
            for place in places if kind == "contract" else self.members.pointing(kind, "contract", places):
                self.rows.action.append(
                    (rule, HOW.index("set_to"), SOURCES.index(row.source), row.place, place, nothing)
                )
                entity = self.members.name(kind, place)
                self.rows.action_rows.append(ActionRow(rule, repr(ending), row.full_name, entity, row.unit))

    def add_conversion(self, conversion: Conversion, scope: Scope, rule: int) -> None:
        selection = conversion.loans.selection
        for place in self.places(selection, scope):
            value = self.writer.node(conversion.amount, scope.at(selection, place))
            self.rows.action.append((rule, HOW.index("convert"), 0, place, 0, value))
            entity = self.members.name("loan", place)
            self.rows.action_rows.append(ActionRow(rule, repr(conversion), conversion.moves, entity, "USD"))

    def add_transfer(self, transfer: Transfer, scope: Scope, rule: int) -> None:
        selection = transfer.fleets.selection
        (to,) = self.places(transfer.to.selection, scope)
        for place in self.places(selection, scope):
            sides = "->".join(self.members.name("fleet", each) for each in (place, to))
            self.check_transfer(place, to, f"{scope.label}: {transfer}")
            share = self.writer.node(transfer.amount, scope.at(selection, place))
            self.rows.action.append((rule, HOW.index("transfer"), 0, place, to, share))
            self.rows.action_rows.append(ActionRow(rule, repr(transfer), transfer.moves, sides, "fraction"))
        if transfer.price:
            self.add_payment(transfer.price, scope, rule)

    def check_transfer(self, place: int, to: int, where: str) -> None:
        """Check that a fleet passes to another of its class."""
        one, other = (quoted(self.members.name("fleet", each)) for each in (place, to))
        if place == to:
            raise RuleError(f"{where}: {one} would pass to itself; leave it out.")
        first, second = (self.members.word("fleet", "class", each) for each in (place, to))
        if first != second:
            raise RuleError(
                f"{where}: {one} is of class {first} and {other} of class {second}; wanted two of one."
            )

    def party(self, end: Party, scope: Scope) -> int:
        """Give the code of a party: the place of a company, or that of a sector."""
        if isinstance(end, str):
            return PARTIES[end]
        (found,) = self.members.along(end, self.places(end.selection, scope), scope.label, out=True)
        return PARTIES["capital"] if found == OUTSIDE else found

    def name_of(self, code: int) -> str:
        """Give the name of a party by its code."""
        sectors = {each: name for name, each in PARTIES.items()}
        return sectors[code] if code in sectors else self.members.name("company", code)

    def add_door(self, given: Given, door: Door) -> None:
        for place in self.members.of(door.of.selection, given.label):
            scope = _scope(given).playing(target=place)
            parts = [
                door.opens,
                door.hazard,
                door.price,
                door.bargain if door.effect in SALES else door.share,
            ]
            nodes = [
                self.writer.node(part, scope) if isinstance(part, Expression) else NONE for part in parts
            ]
            self.rows.door.append((place, EFFECTS.index(door.effect), *nodes))
            self.rows.doors.append(f"{door.name}[{self.members.name('company', place)}]")
            for buyer in door.buyers:
                self.add_buyer(buyer, given, place)

    def add_buyer(self, buyer: Buyer, given: Given, target: int) -> None:
        door = len(self.rows.doors) - 1
        if isinstance(buyer.who, str):
            pays = self.writer.node(_value(buyer.pays), _scope(given).playing(target=target))
            self.rows.buyer.append((door, OUTSIDE, pays))
            return
        for place in self.members.of(buyer.who.selection, given.label):
            if place != target:
                scope = _scope(given).playing(target=target, buyer=place)
                self.rows.buyer.append((door, place, self.writer.node(_value(buyer.pays), scope)))


def compile_programs(
    given: Sequence[Given], world: World, inputs: Inputs, gauges: Sequence[Gauge] = ()
) -> Programs:
    """Give rules and doors as arrays.

    The order in which they are given does not matter: they are compiled by name.

    Parameters
    ----------
    given
        Rules and doors, in any order.
    world, inputs
        A world, and the same compiled.
    gauges
        What is only measured, in the order in which it is recorded.

    Raises
    ------
    RuleError
        Two have one name, or an expression names what the world has not.
    """
    ordered = sorted(given, key=lambda each: (each.kind, each.record.name))
    for one, other in pairwise(ordered):
        if (one.kind, one.record.name) == (other.kind, other.record.name):
            both = " and ".join(sorted({one.label, other.label}))
            raise RuleError(f"{both}: two of one name; rename one, or give the shock a label.")
    compiler = _Compiler(world, inputs)
    for each in ordered:
        try:
            compiler.add(each)
        except RuleError as error:
            raise each.error(error) from error
    for gauge in gauges:
        compiler.add_gauge(gauge)
    rows, writer = compiler.rows, compiler.writer
    numbers = writer.numbers()
    arrays = writer.arrays() | {"constants": numbers.at(_draws(inputs))}
    for name, width in {"rule": 5, "action": 6, "door": 6, "buyer": 3, "watch": 2, "gauge": 2}.items():
        arrays[name] = np.array(getattr(rows, name), dtype=np.int32).reshape(-1, width)
    names = tuple(each.record.name for each in ordered)
    return Programs(
        arrays,
        names,
        (*rows.rules,),
        (*rows.origins,),
        (*rows.action_rows,),
        (*rows.doors,),
        (*rows.triggers,),
        writer.assumptions,
        numbers,
    )


def _draws(inputs: Inputs) -> Draws:
    return Draws(inputs.seed, inputs.first_draw, inputs.draws)


def conflict(programs: Programs, path: int, month: int, actions: Sequence[int]) -> RuleError:
    """Give the error of two actions that set one lever to different values.

    Parameters
    ----------
    programs
        Compiled rules.
    path, month
        Where it happened first.
    actions
        Their places.
    """
    found = [programs.action_rows[place] for place in actions]
    rows = sorted(found, key=lambda row: programs.rules[row.rule])
    origins = [programs.origins[row.rule] for row in rows]
    both = " and ".join(f"{origin.label}: {row.action}" for origin, row in zip(origins, rows, strict=True))
    where = f"{rows[0].lever} of {rows[0].entity}"
    error = RuleError(
        f"{both} set {where} to different values in month {month} of path {path}. "
        "Let their conditions exclude each other, or let one scale or add."
    )
    return next((origin for origin in origins if origin.plugin), origins[0]).error(error)


def _scope(given: Given) -> Scope:
    """Give where the expressions of a rule or door stand."""
    return Scope(f"{given.kind}.{given.record.name}", given.label)


def _comparisons(condition: Expression) -> Iterator[Binary]:
    """Yield the comparisons that a condition is made of by and, or and not, each once."""
    waiting, met = [condition], set[int]()
    while waiting:
        node = waiting.pop().node
        if id(node) in met:
            continue
        met.add(id(node))
        if isinstance(node, Unary):
            waiting.append(node.operand)
        elif isinstance(node, Binary) and node.sign in {"&", "|"}:
            waiting += [node.right, node.left]
        elif isinstance(node, Binary) and node.sign in COMPARISONS:
            yield node


def _amount(action: Action) -> Expression:
    """Give the amount of an action, words by their code."""
    node = action.amount.node
    if isinstance(action.amount, Word) and isinstance(node, Constant):
        return Value(Constant(float(dict(action.row.words)[str(node.value)])))
    return action.amount


def _value(given: Value | float) -> Value:
    return given if isinstance(given, Value) else Value(Constant(given))
