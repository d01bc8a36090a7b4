"""Levers of questions: one number of a world or of a shock that is moved from run to run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from pathlib import Path

from cashcade.case import Case
from cashcade.errors import ArgumentError
from cashcade.plugin import find_plugins
from cashcade.plugin.offers import catalogue_of, parse_use
from cashcade.questions.sides import Named, Set, Side
from cashcade.rules import Change, Shock, ShockParameter, Use
from cashcade.rules.shocks import TEXT
from cashcade.rules.vocabulary import stated
from cashcade.words.names import choose
from cashcade.world import World
from cashcade.world.paths import pattern_of
from cashcade.world.problems import shown
from cashcade.world.settings import is_path

EXAMPLES = '"company.openai.cash", "scale segment.*.revenue" or "gpu-slump:fall"'
"""Levers, for messages."""

HOW = ("scale", "add")
"""Words before a path that is not set: it is multiplied, or added to."""

Limits = tuple[float, float]
"""Where a lever begins and where it ends; it may fall."""


@dataclass(frozen=True, slots=True)
class Lever:
    """A lever.

    Parameters
    ----------
    name
        As the user named it.
    side
        What is otherwise at a value.
    whole
        Whether it takes whole numbers only.
    limits
        From where nothing is otherwise, or as little as may be, to the other end, where that is known.
    """

    name: str
    side: Callable[[float], Side]
    whole: bool = False
    limits: Limits | None = None

    def between(self, given: object) -> Limits:
        """Give the limits: those given, else its own.

        Raises
        ------
        ArgumentError
            They are no two different numbers, or there are none.
        """
        pair: object = self.limits if given is None else given
        if pair is None:
            raise ArgumentError(f"{self.name} has no limits of its own; give limits=(from, to).")
        numbers = list(map(_number, pair)) if isinstance(pair, Sequence) and len(pair) == 2 else []
        wrong = [each for each in numbers if each is None or (self.whole and each % 1)]
        if not numbers or wrong or numbers[0] == numbers[1]:
            kind = "whole numbers" if self.whole else "numbers"
            raise ArgumentError(f"limits is {shown(given)}, wanted two different {kind}: (from, to).")
        first, last = (each for each in numbers if each is not None)
        return first, last


def _number(given: object) -> float | None:
    """Give a finite number; None for anything else."""
    if isinstance(given, bool) or not isinstance(given, Real) or not isfinite(given):
        return None
    return float(given)


Given = str | Callable[[float], Side] | Lever
"""A lever as users give it, or one that is made already."""


def lever_of(given: Given, *, plugins: Sequence[object] = (), block: Sequence[str] = ()) -> Lever:
    """Give a lever.

    Parameters
    ----------
    given
        A path, on which the value is put; "scale PATH" or "add PATH", by which it is multiplied or which is
        added; "SHOCK:ARGUMENT", with further arguments as "SHOCK:ARGUMENT,KEY=VALUE"; or a function from the
        value to what is otherwise.
    plugins, block
        As in `cashcade.run`.

    Raises
    ------
    ArgumentError
        It is none of these, or there is no such parameter or argument; with the nearest.
    RuleError
        An argument of the shock does not fit.
    """
    if isinstance(given, Lever):
        return given
    if callable(given):
        return Lever(getattr(given, "__name__", "lever"), given)
    if not isinstance(given, str):
        raise ArgumentError(f"the lever is {shown(given)}, wanted one such as {EXAMPLES}.")
    how, _, path = given.partition(" ")
    if how in HOW and is_path(path):
        return _moved(given, how, path.strip())
    if is_path(given):
        return _set(given.strip())
    if ":" in given:
        return _argument(given, plugins, block)
    raise ArgumentError(f"the lever is {shown(given)}, wanted one such as {EXAMPLES}.")


def _unit(path: str) -> str:
    """Give the unit of what a path names."""
    try:
        pattern = pattern_of(path, stated)
    except ArgumentError as error:
        raise ArgumentError(f"{path}: {error}") from None
    unit = stated(pattern.kind)[pattern.field].unit
    if unit in {"flag", "code"}:
        raise ArgumentError(f"{path} is no number, and no lever; wanted one such as {EXAMPLES}.")
    return unit


def _set(path: str) -> Lever:
    whole = _unit(path) == "month"
    return Lever(path, lambda value: {path: int(value) if whole else value}, whole)


def _moved(name: str, how: str, path: str) -> Lever:
    whole = _unit(path) == "month" and how == "add"
    if how == "scale":
        return Lever(name, lambda value: Change(path, scale=value), limits=(1.0, 0.0))
    return Lever(name, lambda value: Change(path, add=value), whole)


def _argument(given: str, plugins: Sequence[object], block: Sequence[str]) -> Lever:
    name, _, rest = given.partition(":")
    key, _, others = rest.partition(",")
    argument = key.strip()
    shock = catalogue_of(find_plugins(extra=plugins, block=block)).find(name.strip(), shock=True).record
    use = parse_use(f"{shock.name}:{others}")
    known = {parameter.name: parameter for parameter in shock.parameters} if isinstance(shock, Shock) else {}
    choose(argument, known, f"argument of {shock.name}")
    parameter = known[argument]
    if parameter.unit == TEXT or argument in use.arguments:
        what = "is a word" if parameter.unit == TEXT else "is given a value"
        raise ArgumentError(f"{given}: {argument} {what}, and no lever.")

    def side(value: float) -> Use:
        return Use(shock.name, {**use.arguments, argument: value})

    return Lever(given, side, parameter.unit == "month", _limits(parameter))


def _limits(parameter: ShockParameter) -> Limits | None:
    """Give where a parameter begins to do something, and its other end."""
    start = parameter.low if parameter.neutral is None else parameter.neutral
    return (
        None
        if start is None or parameter.high is None or start == parameter.high
        else (start, parameter.high)
    )


def together(one: Side, other: Side) -> Side:
    """Give what is otherwise on two sides at once; two arguments of one shock are one shock.

    Raises
    ------
    ArgumentError
        One is a whole world or case, and no change of one.
    """
    if isinstance(one, Use) and isinstance(other, Use) and one.shock == other.shock and not one.label:
        return Use(one.shock, {**one.arguments, **other.arguments}, other.label)
    both: list[Named | Set] = []
    for side in (one, other):
        if isinstance(side, World | Case | Path):
            raise ArgumentError(f"{side!r} is no change of a world, and cannot be joined with another.")
        both += side if isinstance(side, Sequence) and not isinstance(side, str) else [side]
    return both
