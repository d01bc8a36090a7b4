"""Numbers as people read them."""

import math

from cashcade.words.scales import scale

LONGEST = 120
"""Months from which a runway is not told exactly."""

SMALLEST = 0.0005
"""Chance below which only a bound is shown."""


def money(amount: float) -> str:
    """Write an amount in USD to three digits: `17.5 bn`; `?` where it is not known."""
    if not math.isfinite(amount):
        return "?"
    size, word = scale(amount)
    return f"{digits(amount / size)} {word}".rstrip()


def amount(mean: float, error: float) -> str:
    """Write an expected amount in USD with its standard error: `135 ± 5.8 m`."""
    if not math.isfinite(mean):
        return "?"
    size, word = scale(mean)
    decimals = decimals_of(mean / size, 3)
    spread = f"{error / size:.{decimals}f}" if math.isfinite(error) else "?"
    return f"{digits(mean / size)} ± {spread} {word}".rstrip()


def digits(number: float, significant: int = 3) -> str:
    """Write a number to so many digits (0: a whole number), without an exponent; zero as `0`."""
    if not math.isfinite(number):
        return "?"
    if number == 0:
        return "0"
    return f"{number:.{decimals_of(number, significant)}f}"


def decimals_of(number: float, significant: int) -> int:
    """Count the decimals that show so many digits of a number above one."""
    return sum(abs(number) < 0.9995 * 10.0**power for power in range(1, significant)) if number else 0


def percent(share: float, unknown: str = "?") -> str:
    """Write a fraction in per cent, with a decimal below ten; `unknown` where it is not known."""
    return f"{digits(100 * share, 2)} %" if math.isfinite(share) else unknown


def chance(share: float, error: float, samples: int) -> str:
    """Write a chance in per cent with its standard error, or a bound where the error says nothing.

    Parameters
    ----------
    share, error
        Fractions.
    samples
        Independent samples behind them. Where none or all hit, the chance is, with a confidence of 95 %, less
        than `3 / samples` away (the rule of three).

    Returns
    -------
    text
        `12.3 ±0.4`, or `12 ±2` where the error is a per cent or more; `< 0.2` for a bound. Errors and bounds
        are rounded away from certainty.
    """
    rare = min(3 / samples, 1.0)
    if share == 1:
        decimals = 0 if rare >= 0.01 else 1
        return f"> {100 - float(_rounded_up(100 * rare, decimals)):.{decimals}f}"
    if share < SMALLEST:
        bound = 100 * max(rare, share + 2 * error)
        return f"< {_rounded_up(bound, 0 if bound >= 10 else 1)}"
    if not math.isfinite(error):
        return f"{100 * share:.1f} ±?"
    decimals = 1 if error < 0.0095 else 0
    return f"{100 * share:.{decimals}f} ±{_rounded_up(100 * error, decimals)}"


def _rounded_up(number: float, decimals: int) -> str:
    """Write a number with so many decimals, not less than it is."""
    size = 10**decimals
    return f"{math.ceil(number * size - 1e-9) / size:.{decimals}f}"


def runway(months: float) -> str:
    """Write a runway in months: `120+` from 120 months on, `never` where cash is never used up."""
    if math.isnan(months):
        return "?"
    return "never" if math.isinf(months) else "120+" if months >= LONGEST else digits(months, 2)
