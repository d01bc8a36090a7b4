"""Where the compiled loop and the oracle differ, variable by variable.

Both do the same arithmetic in another order. So amounts agree to `TOLERANCE` of what moves through the entity, not of a
small difference of two large flows, and to some roundings of the largest amount of the world, which reach everybody
through shares of what a large debtor pays; ratios agree to what such errors do to their two parts.
"""

import numpy as np
from cashcade import _core

from spec.month import Outcome
from tests.oracle.compiled import Paths

TOLERANCE = 1e-9
ROUNDINGS = 2e-12  # the clearing takes shares below 1e-12 as nothing
# Ratios of amounts: factor, above and below the line.
PARTS = {
    ("company", "runway"): (1.0, "cash", "burn"),
    ("company", "growth"): (2.4, "revenue", "smooth_revenue"),
    ("company", "leverage"): (1.0, "debt", "valuation"),
    ("market", "capex_gdp"): (12.0, "capex", "gdp_trend"),
    ("market", "gdp_effect"): (120.0, "capex_change", "gdp_trend"),
    ("market", "vendor_financed"): (1.0, "vendor_money", "vendor_revenue"),
    ("market", "ai_revenue_capex"): (1.0, "ai_revenue", "ai_capex"),
}
UNITS = {(row.entity, row.name): row.unit for row in _core.table().variables}
GROSS = (
    *("cash", "segment_revenue", "trade_revenue", "equipment_revenue", "bills", "costs", "debt_service"),
    *("debt_service_received", "drawn", "raised", "capex", "discretionary", "tax", "payout", "losses"),
)


def differences(compiled: Paths, place: int, outcome: Outcome) -> list[str]:
    """Every variable of a path that differs, with the first month in which it does; empty if all agree."""
    found = [difference(compiled, place, outcome, key) for key in outcome.series]
    for name in ("failed_month", "cause", "trigger"):
        ours, theirs = getattr(compiled, name)[place], getattr(outcome, name)
        found.append(
            f"{name}: compiled {ours.tolist()}, oracle {theirs.tolist()}" if (ours != theirs).any() else ""
        )
    debts, expected = compiled.debt_at_failure[place], outcome.debt_at_failure
    allowed = TOLERANCE * (1.0 + expected.max(initial=0.0)) + ROUNDINGS * outcome.largest
    if not np.allclose(debts, expected, rtol=TOLERANCE, atol=allowed):
        found.append(f"debt_at_failure: compiled {debts.tolist()}, oracle {expected.tolist()}")
    return [text for text in found if text]


def difference(compiled: Paths, place: int, outcome: Outcome, key: tuple[str, str]) -> str:
    """How one variable differs; empty if it agrees."""
    ours, theirs = compiled.series[key][place], outcome.series[key]
    allowed = TOLERANCE * (scale(outcome, key) + np.abs(theirs)) + inherited(outcome, key)
    wrong = ~(np.abs(ours - theirs) <= allowed)
    if not wrong.any():
        return ""
    month, entity = (int(axis) for axis in np.argwhere(wrong)[0])
    values = f"compiled {ours[month, entity]!r}, oracle {theirs[month, entity]!r}"
    return f"month {month + 1}: {'.'.join(key)}[{entity}]: {values}"


def inherited(outcome: Outcome, key: tuple[str, str]) -> np.ndarray | float:
    """Error that roundings of the largest amount bring into a variable."""
    rounding = ROUNDINGS * outcome.largest
    if UNITS[key].startswith("USD"):
        return rounding
    if key == ("market", "index"):
        return outcome.series[key] * chained(outcome, rounding)
    if key not in PARTS:
        return 0.0
    factor, *parts = PARTS[key]
    above, below = (outcome.series[key[0], part] for part in parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = factor * rounding * (1.0 + np.abs(above / below)) / np.maximum(0.0, below - rounding)
    return np.where(below > rounding, error, np.inf)


def chained(outcome: Outcome, rounding: float) -> np.ndarray:
    """Error of a chain of ratios of values so far, if each is off by a rounding: twice that over the least value of each month."""
    values = outcome.series["company", "valuation"]
    least = np.where(values > rounding, values, np.inf).min(axis=1, keepdims=True)
    return np.cumsum(2.0 * rounding / least, axis=0)


def scale(outcome: Outcome, key: tuple[str, str]) -> np.ndarray:
    """Size of what moves through each entity, in the unit of a variable."""
    entity, _name = key
    if not UNITS[key].startswith("USD"):
        return np.ones(outcome.series[key].shape[1])
    if entity == "company":
        return sum(np.abs(outcome.series[entity, flow]).max(axis=0) for flow in GROSS)
    amounts = [
        series for other, series in outcome.series.items() if other[0] == entity and "USD" in UNITS[other]
    ]
    return np.max([np.abs(series).max(axis=0) for series in amounts], axis=0)
