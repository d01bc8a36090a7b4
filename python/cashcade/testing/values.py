"""Arguments of shocks, within the limits of their parameters."""

import math
from collections.abc import Iterator, Mapping, Sequence

from hypothesis import strategies as st

from cashcade.errors import RuleError
from cashcade.rules.functions import number
from cashcade.rules.shocks import TEXT, Shock, ShockParameter
from cashcade.testing.folding import moves
from cashcade.testing.laws import LIMITS, NEUTRAL, UNITS
from cashcade.testing.report import Breach
from cashcade.testing.strategies import steps

LATEST = 12
"""Month of a run after which little is left of it to see what begins."""


@st.composite
def arguments_of(draw: st.DrawFn, shock: Shock | None) -> dict[str, object]:
    """Return arguments of a shock, months within the run as far as its limits let."""
    parameters = shock.parameters if shock else ()
    numbers = [one for one in parameters if isinstance(one.default, int | float) and one.unit != TEXT]
    return {one.name: draw(_values(one), label=one.name) for one in numbers}


def _values(parameter: ShockParameter) -> st.SearchStrategy[float]:
    """Return the default, the limits and what lies between; where there is no limit, the default is one."""
    usual = parameter.default
    if not isinstance(usual, int | float):
        raise TypeError(usual)
    low = usual if parameter.low is None else parameter.low
    high = usual if parameter.high is None else parameter.high
    if parameter.unit in {"month", "months"}:
        low, high = math.ceil(low), max(math.ceil(low), min(math.floor(high), LATEST))
        inside = st.integers(low, high)
        return st.one_of(st.just(usual), inside) if usual <= high else inside
    return st.one_of(st.just(usual), st.sampled_from([low, high]), steps(low, high))


def early(shock: Shock | None) -> dict[str, object]:
    """Return arguments of a shock by which it begins within the run; none where it does anyway."""
    later = (
        one
        for one in (shock.parameters if shock else ())
        if one.unit == "month" and isinstance(one.default, int | float) and one.default > LATEST
    )
    return {one.name: max(LATEST, math.ceil(one.low or 1)) for one in later}


def beyond_limits(shock: Shock, record: str) -> Breach | None:
    """Tell whether a shock cannot be built at a limit of a parameter, the others being at their defaults."""
    for parameter in shock.parameters:
        for limit in (parameter.low, parameter.high):
            if limit is None or parameter.unit == TEXT:
                continue
            whole = parameter.unit in {"month", "months"} and float(limit).is_integer()
            value = int(limit) if whole else limit
            try:
                shock.rules(arguments={parameter.name: value})
            except Exception as error:  # noqa: BLE001 - whatever a build raises
                what = f"{type(error).__name__}: {error}"
                return Breach(LIMITS, record, what, setting=(f"{parameter.name}={value:g}",))
    return None


def moved_at_neutral(shock: Shock, record: str) -> Breach | None:
    """Tell which action of a shock does not come to nothing at its neutral values, whatever the others are.

    The others are at their defaults, at each limit, and all at once any number within their limits; texts are
    at their defaults, empty, and of an unknown name.
    """
    neutral = {one.name: one.neutral for one in shock.parameters if one.neutral is not None}
    if not neutral:
        return None
    free = [one for one in shock.parameters if one.neutral is None]
    for others in _others(free):
        arguments = {**others, **neutral}
        try:
            rules = shock.rules(arguments=arguments)
        except Exception:  # noqa: BLE001, S112 - what cannot be built is told by another law
            continue
        for rule in rules:
            if moved := moves(rule):
                said = ", ".join(f"{name}={value}" for name, value in arguments.items())
                return Breach(NEUTRAL, record, moved, setting=(said,))
    return None


def _others(free: Sequence[ShockParameter]) -> Iterator[Mapping[str, object]]:
    """Yield values of parameters without a neutral one."""
    yield {}
    for one in free:
        ends = ("", "nobody") if one.unit == TEXT else (one.low, one.high)
        yield from ({one.name: end} for end in ends if end is not None)
    numbers = [one for one in free if one.unit != TEXT and one.low is not None and one.high is not None]
    ranges = {one.name: {"choices": [one.low, one.high], "weights": [1, 1]} for one in numbers}
    if ranges:
        yield ranges


def without_units(shock: Shock, record: str) -> Breach | None:
    """Tell whether a parameter is used in another unit than it says.

    As a plain number it takes the unit of what it meets; with the unit that it says it must fit as well.
    """
    for parameter in shock.parameters:
        if not isinstance(parameter.default, int | float) or parameter.unit == TEXT:
            continue
        plain = _refused(shock, parameter, None)
        with_unit = _refused(shock, parameter, parameter.unit)
        if with_unit and not plain:
            what = f"parameter {parameter.name} says {parameter.unit}: {with_unit}"
            return Breach(UNITS, record, what)
    return None


def _refused(shock: Shock, parameter: ShockParameter, unit: str | None) -> str:
    """Say why a shock cannot be built with an expression in the place of a number; empty where it can."""
    try:
        shock.rules(arguments={parameter.name: number(parameter.default, unit)})
    except RuleError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever a build raises for what is no number of Python
        return f"{type(error).__name__}: {error}"
    return ""
