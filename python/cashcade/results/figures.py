"""Numbers as people read them."""

import math

SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))
"""Words for powers of ten."""


def money(amount: float) -> str:
    """Write an amount in USD to three digits: `17.5 bn`; `?` where it is not known."""
    if not math.isfinite(amount):
        return "?"
    for size, word in SCALES:
        if abs(amount) >= 0.9995 * size:
            return f"{digits(amount / size)} {word}"
    return digits(amount)


def digits(number: float) -> str:
    """Write a number to three digits, without an exponent."""
    if not math.isfinite(number):
        return "?"
    decimals = 0 if abs(number) >= 99.95 else 1 if abs(number) >= 9.995 else 2
    return f"{number:.{decimals}f}"


def percent(share: float) -> str:
    """Write a fraction in per cent, with a decimal below ten."""
    if not math.isfinite(share):
        return "?"
    return f"{100 * share:.0f} %" if abs(share) >= 0.0995 else f"{100 * share:.1f} %"


def chance(share: float, error: float, samples: int) -> str:
    """Write a chance in per cent with its standard error.

    Parameters
    ----------
    share, error
        Fractions.
    samples
        Independent samples behind them. Where none or all hit, the error says nothing, so the bound of the rule of three stands
        for it: with a confidence of 95 % the chance is below (or misses one by less than) `3 / samples`.
    """
    bound = 300 / samples
    if share == 0:
        return f"< {digits_of_percent(bound)}"
    if share == 1:
        return f"> {digits_of_percent(100 - bound)}" if bound < 100 else "100"
    decimals = 1 if 100 * error < 0.95 else 0
    return f"{100 * share:.{decimals}f} ± {100 * error:.{decimals}f}"


def digits_of_percent(value: float) -> str:
    """Write a bound in per cent, with as many decimals as it needs."""
    return f"{min(value, 100):.{0 if 10 <= value <= 90 else 1 if 1 <= value <= 99 else 2}f}"


def runway(months: float) -> str:
    """Write a runway in months; 120 stands for 120 or more."""
    if not math.isfinite(months):
        return "?"
    return "120+" if months >= 120 else f"{months:.0f}" if months >= 9.95 else f"{months:.1f}"
