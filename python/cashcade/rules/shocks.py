"""Shocks: named rules that take parameters."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Any

from cashcade.errors import RuleError
from cashcade.rules.constants import constant_of, extremes
from cashcade.rules.expressions import Value
from cashcade.rules.functions import number
from cashcade.rules.nodes import Constant, plain
from cashcade.rules.rule import Rule
from cashcade.rules.selection import quoted
from cashcade.rules.units import UNITS
from cashcade.words.brief import Brief
from cashcade.words.names import one_line
from cashcade.world.problems import did_you_mean

MOST_RULES = 10_000
"""Rules that a shock may give; one that gives more does not end."""

TEXT = "text"
"""Unit of parameters that are words, such as the id of a company or a tag."""

PRICES = {
    "company": ("list_level", "passed", "pass_through", "price_lag", "service_cut"),
    "segment": ("elasticity", "adjust_months", "response"),
    "contract": ("level", "revenue_share", "routing", "renegotiable"),
    "commitment": ("amount",),
    "loan": ("rate", "refinance_chance"),
    "market": (
        *("base_rate", "spread_open", "spread_normal", "spread_shut", "substitution_premium"),
        *("gpu_log", "gpu_reversion", "gpu_drift", "gpu_volatility"),
        *("gpu_jump_chance", "gpu_jump_size", "gpu_jump_up"),
    ),
}
"""Levers of prices, of how they pass on and are answered, of what is billed, and of capital, its price and
rationing."""

_PRICES = ", ".join(f"{kind}.{name}" for kind, names in PRICES.items() for name in names)


@dataclass(frozen=True, slots=True)
class ShockParameter:
    """An argument of a shock that a user may set.

    Parameters
    ----------
    name
        A name of Python.
    default
        A number, a range, or text where the unit is "text".
    unit
        By a name of the table, or "text".
    low, high
        Least and greatest value; questions such as break-even search between them.
    meaning
        One sentence.
    neutral
        The value at which the shock does nothing, all its parameters that have one being at theirs; None
        where there is none. `cashcade check` holds the shock to it.

    Raises
    ------
    RuleError
        The default or the neutral value does not fit.
    """

    name: str
    default: object
    unit: str = "1"
    low: float | None = None
    high: float | None = None
    meaning: str = ""
    neutral: float | None = None

    def __post_init__(self) -> None:
        """Check the default as any other value."""
        if not self.name.isidentifier():
            raise RuleError(f"ShockParameter({self.name!r}): wanted a name of Python.")
        if self.unit != TEXT and self.unit not in UNITS:
            known = ", ".join([*UNITS, TEXT])
            raise RuleError(f'parameter "{self.name}": unknown unit "{self.unit}". Known: {known}.')
        self.checked(self.default, f'parameter "{self.name}"')
        if self.neutral is not None:
            self.checked(self.neutral, f'parameter "{self.name}": neutral')

    @property
    def said(self) -> str:
        """Name, default and unit, for lists."""
        value = plain(float(self.default)) if isinstance(self.default, int | float) else str(self.default)
        return f"{self.name}={value}{'' if self.unit in {'1', TEXT} else f' {self.unit}'}"

    def checked(self, given: object, where: str) -> object:
        """Give a value if it fits.

        Raises
        ------
        RuleError
            It is of another kind, or outside the limits.
        """
        if self.unit == TEXT:
            if not isinstance(given, str):
                raise RuleError(f"{where} is {given!r}, wanted text.")
            return given
        node = constant_of(given, where)
        for value in extremes(node):
            below = self.low is not None and value < self.low
            if below or (self.high is not None and value > self.high):
                limits = f"from {_limit(self.low)} to {_limit(self.high)} [{self.unit}]"
                raise RuleError(
                    f"{where} is {plain(value)}, wanted a number {limits}.{self._in_percent(value)}"
                )
        return node.value if isinstance(node, Constant) else given

    def _in_percent(self, value: float) -> str:
        """Give the way out where a fraction was given in per cent."""
        meant = value / 100
        fits = self.unit == "fraction" and value > 1 and (self.low or 0.0) <= meant <= (self.high or 1.0)
        return f" For {value:g} % write {meant:g}." if fits else ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shock(Brief):
    """Named rules that take parameters.

    Parameters
    ----------
    name
        What users call it, such as "api-price-rise".
    title
        One line for lists.
    build
        Gives rules, from one keyword for each parameter. A value is a number of Python, or an expression
        where the user gave a range; so it is used with operators and not with `if`.
    parameters
        What users may set.
    doc
        What it stands for.
    source
        Where its numbers come from.
    """

    name: str
    title: str
    build: Callable[..., Rule | Iterable[Rule]]
    parameters: tuple[ShockParameter, ...] = ()
    doc: str = ""
    source: str = ""

    def __call__(self, label: str = "", /, **arguments: object) -> "Use":
        """Give the shock with arguments, each by its name; a label tells apart two uses in one run.

        Raises
        ------
        RuleError
            A number without a name is no label.
        """
        return Use(self, arguments, label)

    def rules(
        self, label: str = "", arguments: Mapping[str, object] = MappingProxyType({})
    ) -> tuple[Rule, ...]:
        """Give its rules, named after the shock or the label.

        Parameters
        ----------
        label
            What stands before the names of the rules; by default the name of the shock. A range among the
            arguments is one number, whichever rules use it; its name is that of label and parameter.
        arguments
            Values of parameters that differ from their defaults.

        Raises
        ------
        RuleError
            There is no such parameter, a value or a rule does not fit, or two rules have one name.
        """
        return self.built(self.values(label, arguments), label)

    def values(self, label: str, arguments: Mapping[str, object]) -> dict[str, object]:
        """Give the values of all parameters, as `build` takes them.

        Raises
        ------
        RuleError
            There is no such parameter, or a value does not fit.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in arguments:
            if name not in known:
                hint = did_you_mean(name, known) or f"Known: {', '.join(known) or 'none'}."
                raise RuleError(f"shock {quoted(self.name)} has no parameter {quoted(name)}. {hint}")
        return {
            name: _value(parameter, arguments.get(name, parameter.default), label or self.name)
            for name, parameter in known.items()
        }

    def built(self, values: Mapping[str, object], label: str = "") -> tuple[Rule, ...]:
        """Give the rules that `build` makes of values.

        Raises
        ------
        RuleError
            A rule does not fit, there is none, or there is no end of them.
        """
        made: object = self.build(**values)
        if made is None:
            what = "returned None, wanted a rule or rules; its build lacks a return or a yield"
            raise RuleError(f"shock {quoted(self.name)} {what}.")
        if not isinstance(made, Rule | Iterable):
            raise RuleError(f"shock {quoted(self.name)} gave {made!r}, wanted a rule or rules.")
        listed = (made,) if isinstance(made, Rule) else islice(made, MOST_RULES + 1)
        rules = tuple(_named(rule, label or self.name, self.name) for rule in listed)
        if len(rules) > MOST_RULES:
            raise RuleError(f"shock {quoted(self.name)} gives more than {MOST_RULES:,} rules.")
        self._check(rules)
        return rules

    def _check(self, rules: tuple[Rule, ...]) -> None:
        if not rules:
            raise RuleError(f"shock {quoted(self.name)} has no rules.")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PricingShock(Shock):
    """A shock that moves prices only: list prices, what is billed and passed on, rates and the GPU index."""

    def _check(self, rules: tuple[Rule, ...]) -> None:
        Shock._check(self, rules)  # noqa: SLF001 - super() does not find its way in a class with slots
        for rule in rules:
            for action in rule.do:
                kind, _, name = action.moves.partition(".")
                if name not in PRICES.get(kind, ()):
                    what = f"pricing shock {quoted(self.name)}: {action} moves no price"
                    raise RuleError(f"{what}; make it a Shock, or move one of {_PRICES}.")


@dataclass(frozen=True, slots=True)
class Use:
    """A shock with arguments.

    Parameters
    ----------
    shock
        The shock, or its name.
    arguments
        Values of parameters that differ from their defaults.
    label
        What its rules are named after; by default the name of the shock.

    Raises
    ------
    RuleError
        The label is no text, or the arguments have no names.
    """

    shock: Shock | str
    arguments: Mapping[str, object] = field(default_factory=dict)
    label: str = ""

    def __post_init__(self) -> None:
        """Refuse arguments without names: they would be taken for something else."""
        name = self.shock if isinstance(self.shock, str) else self.shock.name
        known = () if isinstance(self.shock, str) else [parameter.name for parameter in self.shock.parameters]
        example = next(iter(known), "rise")
        label: object = self.label
        arguments: object = self.arguments
        if isinstance(label, str) and one_line(label) != label:
            raise RuleError(f"{name}: the label {label!r} is not on one line.")
        if not isinstance(label, str):
            way_out = f"write the argument with its name, such as {example}={label!r}"
            raise RuleError(f"{name}: {label!r} is no label, wanted text; {way_out}.")
        if not isinstance(arguments, Mapping):
            wanted = f'arguments by name, such as {{"{example}": {arguments!r}}}'
            raise RuleError(f"{name}: {arguments!r} given, wanted {wanted}.")


def _limit(value: float | None) -> str:
    return "any" if value is None else plain(float(value))


def _value(parameter: ShockParameter, given: object, label: str) -> Any:  # noqa: ANN401 - number, text or expression
    where = f"{label}: {parameter.name}"
    if isinstance(given, Value):
        return given
    checked = parameter.checked(given, where)
    if isinstance(checked, float | str):
        return checked
    unit = parameter.unit if parameter.unit not in {"1", "fraction"} else None
    return number(checked, unit, name=f"{label}.{parameter.name}")


def _named(rule: object, label: str, shock: str) -> Rule:
    if not isinstance(rule, Rule):
        raise RuleError(f"shock {quoted(shock)} gave {rule!r}, wanted rules.")
    name = label if rule.name in {shock, label} else f"{label}/{rule.name}"
    return rule.named(name)
