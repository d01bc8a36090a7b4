"""Arguments of shocks, within the limits of their parameters."""

import math

from hypothesis import strategies as st

from cashcade.errors import RuleError
from cashcade.rules.functions import number
from cashcade.rules.shocks import TEXT, Shock, ShockParameter
from cashcade.testing.laws import LIMITS, UNITS
from cashcade.testing.report import Breach
from cashcade.testing.strategies import steps


@st.composite
def arguments_of(draw: st.DrawFn, shock: Shock | None) -> dict[str, object]:
    """Return arguments of a shock; none where there is no shock."""
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
    if parameter.unit in {"month", "months"} and float(usual).is_integer():
        return st.one_of(st.just(usual), st.integers(math.ceil(low), math.floor(high)))
    return st.one_of(st.just(usual), st.sampled_from([low, high]), steps(low, high))


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
                return Breach(LIMITS, record, what, f"{parameter.name}={value:g}")
    return None


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
