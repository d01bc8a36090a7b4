"""Numbers as people read them."""

import math

SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"), (1.0, ""))
"""Words for powers of ten."""


def money(amount: float) -> str:
    """Write an amount in USD to three digits: `17.5 bn`; `?` where it is not known."""
    if not math.isfinite(amount):
        return "?"
    size, word = _scale(amount)
    return f"{digits(amount / size)} {word}".rstrip()


def amount(mean: float, error: float) -> str:
    """Write an expected amount in USD with its standard error: `135 ± 5.8 m`."""
    if not math.isfinite(mean):
        return "?"
    size, word = _scale(mean)
    decimals = decimals_of(mean / size, 3)
    spread = f"{error / size:.{decimals}f}" if math.isfinite(error) else "?"
    return f"{digits(mean / size)} ± {spread} {word}".rstrip()


def _scale(amount: float) -> tuple[float, str]:
    return next((scale for scale in SCALES if abs(amount) >= 0.9995 * scale[0]), SCALES[-1])


def digits(number: float, significant: int = 3) -> str:
    """Write a number to so many digits (0: a whole number), without an exponent; nought as `0`."""
    if not math.isfinite(number):
        return "?"
    if number == 0:
        return "0"
    return f"{number:.{decimals_of(number, significant)}f}"


def decimals_of(number: float, significant: int) -> int:
    """Count the decimals that show so many digits of a number above one."""
    return sum(abs(number) < 0.9995 * 10.0**power for power in range(1, significant)) if number else 0


def percent(share: float) -> str:
    """Write a fraction in per cent, with a decimal below ten."""
    return f"{digits(100 * share, 2)} %" if math.isfinite(share) else "?"


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
        `12.3 ±0.4`, or `12 ±2` where the error is a per cent or more; `< 0.1` for a bound.
    """
    if share == 1:
        return f"> {100 * (1 - _bound(samples)):.{0 if samples < 1000 else 1}f}"
    if share + 2 * error < 0.001 or share == 0:
        bound = max(_bound(samples), 0.001) if share == 0 else 0.001
        return f"< {digits(100 * bound, 2)}"
    decimals = 1 if error < 0.0095 else 0
    return f"{100 * share:.{decimals}f} ±{100 * error:.{decimals}f}"


def _bound(samples: int) -> float:
    return min(3 / samples, 1.0)


def runway(months: float) -> str:
    """Write a runway in months; 120 stands for 120 or more."""
    if not math.isfinite(months):
        return "?"
    return "120+" if months >= 120 else digits(months, 2)
