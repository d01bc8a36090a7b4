"""Rules in plain words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cashcade.rules.conversions import Conversion
from cashcade.rules.endings import Ending
from cashcade.rules.expressions import Expression
from cashcade.rules.nodes import (
    Binary,
    Call,
    Chance,
    Constant,
    Fold,
    Luck,
    Month,
    Past,
    Range,
    Read,
    SoFar,
    Unary,
)
from cashcade.rules.payments import Payment
from cashcade.rules.selection import Selection
from cashcade.rules.transfers import Transfer
from cashcade.rules.units import PURE

if TYPE_CHECKING:
    from cashcade.rules.actions import Action
    from cashcade.rules.rule import Act, Rule

COMPARISONS = {
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
    "==": "is",
    "!=": "is not",
}
ARITHMETIC = {"%": "modulo", "+": "plus", "-": "minus", "*": "times", "/": "over", "**": "to the power of"}
FOLDS = {"sum": "the sum of", "min": "the least", "max": "the greatest", "mean": "the mean of"}
SO_FAR = {
    "sum": "the sum of",
    "min": "the least of",
    "max": "the greatest of",
    "count": "the number of months in which",
}
QUANTIFIERS = {"any": "for at least one of", "all": "for every one of", "count": "the number of"}
FUNCTIONS = {
    "minimum": "the least of",
    "maximum": "the greatest of",
    "exp": "e to the power of",
    "log": "the logarithm of",
    "abs": "the size of",
}
SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
LONGEST = 10_000
"""Parts of an expression that is told in words."""

PLAIN_UNITS = {None, "1", "fraction", "flag", "code"}


def explanation(rule: "Rule") -> str:
    """Tell in plain words when a rule is active and what it does."""
    when = rule.when.node
    always = isinstance(when, Constant) and when.value is True
    teller = _Teller(rule.group)
    start = "always" if always else f"when {teller.said(rule.when)}"
    each = f"for each of {rule.group.phrase}: " if rule.group else ""
    actions = "; ".join(_action(action, teller) for action in rule.do)
    return f"{rule.name}: {each}{start}{_span(rule)}, {actions}."


def said(expression: Expression) -> str:
    """Tell an expression in plain words."""
    return _Teller(None).said(expression)


def _span(rule: "Rule") -> str:
    months = rule.hold.months
    delay = f", {_months(rule.delay)} later" if rule.delay else ""
    if months is None:
        return delay
    lasts = {1: "in that month only", 1200: "from then on"}.get(months, f"for {_months(months)} from then on")
    again = ", each time anew" if rule.again else ""
    return f"{delay}, {lasts}{again}"


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"


def _action(action: "Act", teller: "_Teller") -> str:
    if isinstance(action, Payment):
        return _payment(action, teller)
    if isinstance(action, Ending):
        what = teller.party(action.contracts.selection, ())
        return f"{what} {'ends' if action.group in {None, teller.each} else 'end'}"
    if isinstance(action, Conversion):
        what = teller.party(action.loans.selection, ())
        become = "becomes" if action.group in {None, teller.each} else "become"
        return f"{what} {become} shares of the borrower at a value of {teller.said(action.amount)}"
    if isinstance(action, Transfer):
        return _transfer(action, teller)
    return _moved(action, teller)


def _moved(action: "Action", teller: "_Teller") -> str:
    lever = teller.named(action.target)
    amount = _Teller(action.amount.group).said(action.amount)
    match action.how:
        case "scale":
            return f"{lever} is multiplied by {amount}"
        case "add":
            unit = "" if action.amount.unit or action.row.unit in PLAIN_UNITS else f" {action.row.unit}"
            return f"{amount}{unit} is added to {lever}"
        case _:
            return f"{lever} is set to {amount}"


def _transfer(transfer: Transfer, teller: "_Teller") -> str:
    what, to = (teller.party(each.selection, ()) for each in (transfer.fleets, transfer.to))
    passes = "passes" if transfer.group in {None, teller.each} else "pass"
    unit = "" if transfer.asked.unit else " USD"
    price = f" for {teller.said(transfer.asked)}{unit}" if transfer.price else ""
    return f"a share of {teller.said(transfer.amount)} of {what} {passes} to {to}{price}"


def _payment(payment: Payment, teller: "_Teller") -> str:
    payer, payee = (
        end if isinstance(end, str) else teller.party(end.selection, end.along)
        for end in (payment.payer, payment.payee)
    )
    unit = "" if payment.amount.unit else " USD"
    return f"{payer} pays {payee} {teller.said(payment.amount)}{unit}, with rank {payment.rank}"


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells expressions; `each` is the group whose member is spoken of as "it"."""

    each: Selection | None

    def said(self, expression: Expression) -> str:  # noqa: PLR0911 - one for each sort of node
        if expression.size > LONGEST:
            return "a long expression"
        node = expression.node
        match node:
            case Constant() | Range() | Month():
                return _simple(node)
            case Read():
                return self.read(node)
            case Binary():
                return self.binary(node)
            case Unary() | Call():
                return self.applied(node)
            case Chance():
                name = f" ({node.name})" if node.name else ""
                return f"by a chance of {self.said(node.probability)} a month{name}"
            case Luck():
                return self.luck(node)
            case Past():
                return self.past(node)
            case SoFar():
                return f"{SO_FAR[node.how]} {self.inner(node.operand)} so far"
            case _:
                return _folded(node)

    def read(self, node: Read) -> str:
        return self.flag(node) if node.row.unit == "flag" else self.named(node)

    def named(self, node: Read) -> str:
        name = node.name.removesuffix("_").replace("_", " ")
        stated = "stated " if node.stated else ""
        if node.selection == self.each and not node.along:
            return f"its {stated}{name}"
        return f"{stated}{name} of {self.whose(node)}"

    def whose(self, node: Read) -> str:
        return self.party(node.selection, node.along)

    def party(self, selection: Selection, along: tuple[str, ...]) -> str:
        """Name entities, by the links that lead to them."""
        its = selection == self.each
        if not along:
            return "it" if its else selection.phrase
        *nearer, last = along[::-1]
        first = f"its {last}" if its else f"the {last} of {selection.phrase}"
        return " of ".join([*(f"the {link}" for link in nearer), first])

    def flag(self, node: Read) -> str:
        who = self.whose(node)
        if node.row.name == "alive":
            return f"{who} {'has failed' if node.negated else 'is alive'}"
        return f"{node.name.replace('_', ' ')} of {who} holds"

    def binary(self, node: Binary) -> str:
        left, right = node.left, node.right
        if node.sign in COMPARISONS:
            return f"{self.said(left)} {COMPARISONS[node.sign]} {self.said(right)}{_unit(left, right)}"
        if node.sign in {"&", "|"}:
            word = "and" if node.sign == "&" else "or"
            return f"{self.clause(left, node.sign)} {word} {self.clause(right, node.sign)}"
        return f"{self.inner(left)} {ARITHMETIC[node.sign]} {self.inner(right)}"

    def clause(self, side: Expression, sign: str) -> str:
        mixed = isinstance(side.node, Binary) and side.node.sign in {"&", "|"} - {sign}
        return f"({self.said(side)})" if mixed else self.said(side)

    def applied(self, node: Unary | Call) -> str:
        if isinstance(node, Unary):
            word = "minus" if node.sign == "-" else "it is not so that"
            return f"{word} {self.inner(node.operand)}"
        if node.function == "where":
            test, yes, no = map(self.said, node.arguments)
            return f"({yes} where {test}, else {no})"
        return f"{FUNCTIONS[node.function]} {' and '.join(map(self.inner, node.arguments))}"

    def luck(self, node: Luck) -> str:
        name = f" ({node.name})" if node.name else ""
        first, second = self.inner(node.first), self.inner(node.second)
        if node.how == "uniform":
            return f"a random number of the month{name} between {first} and {second}"
        return f"a normal random number of the month{name} with mean {first} and standard deviation {second}"

    def past(self, node: Past) -> str:
        if node.how == "lag":
            return f"{self.inner(node.operand)} {_months(node.months)} before"
        return f"the change of {self.inner(node.operand)} over {_months(node.months)}"

    def inner(self, expression: Expression) -> str:
        """Tell a part, in brackets where it is made of parts itself."""
        return f"({self.said(expression)})" if isinstance(expression.node, Binary) else self.said(expression)


def _folded(node: Fold) -> str:
    group = node.operand.group
    if node.how in FOLDS or group is None:
        return f"{FOLDS[node.how]} {_Teller(None).inner(node.operand)}"
    relation = " of which" if node.how == "count" else ""
    return f"{QUANTIFIERS[node.how]} {group.phrase}{relation} {_Teller(group).said(node.operand)}"


def _simple(node: Constant | Range | Month) -> str:
    match node:
        case Month():
            return "the month"
        case Range():
            name = f"{node.name}, " if node.name else ""
            return f"a number drawn from {name}{node.given}"
        case Constant(value=bool()):
            return "true" if node.value else "false"
        case Constant(value=str()):
            return str(node.value)
    text = _amount(float(node.value))
    return text if node.unit in PLAIN_UNITS else f"{text} {node.unit}"


def _amount(value: float) -> str:
    for factor, name in SCALES:
        if abs(value) >= factor:
            return f"{value / factor:.6g} {name}"
    return f"{value:.6g}"


def _unit(left: Expression, right: Expression) -> str:
    """Name the unit of a plain number that is compared with one that has a unit."""
    plain = isinstance(right.node, Constant) and right.unit is None
    named = left.unit not in {None, PURE} and not isinstance(left.node, Month)
    return f" {left.unit}" if plain and named else ""
