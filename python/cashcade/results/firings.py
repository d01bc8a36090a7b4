"""When rules fired, and with what amounts."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade.compile import Programs
from cashcade.results.outcome import Outcome
from cashcade.results.statistics import standard_error

Entry = tuple[tuple[str, ...], NDArray[Any], dict[str, Any]]

LEVELS = {"amount_5": 0.05, "amount_95": 0.95}
"""Quantiles of amounts, by the columns that hold them."""

COLUMNS = (
    *("action", "lever", "entity", "fired", "fired_se", "first_month", "months"),
    *("amount", *LEVELS, "unit"),
)

TRIGGER_COLUMNS = ("comparison", "fired", "value", "value_5", "value_95", "threshold", "unit")


def firing_entries(programs: Programs, outcome: Outcome) -> Iterator[tuple[str, Entry]]:
    """Yield what the dataset holds of rules, by name."""
    if not programs.rules:
        return
    where = ("path", "rule")
    first, months = outcome.rule_first, outcome.rule_months
    yield "rule_first", (where, first, _meaning("month", "First month in which the rule was active; 0: none"))
    yield "rule_months", (where, months, _meaning("months", "Months in which the rule was active"))
    meaning = {"long_name": "Amount when its rule was first active, in action_unit; 0: never"}
    yield "action_first", (("path", "action"), outcome.action_first, meaning)
    places = np.array([row.rule for row in programs.action_rows], dtype=np.int32)
    yield "action_rule", (("action",), places, _meaning("place in rule", "Rule of the action"))
    yield from _trigger_entries(programs, outcome)
    texts = {
        "action_text": ("action", "The action as it was written"),
        "action_lever": ("lever", "What it moves"),
        "action_entity": ("entity", "Whose that is"),
        "action_unit": ("unit", "Unit of its amount"),
    }
    for name, (part, what) in texts.items():
        words = np.array([getattr(row, part) for row in programs.action_rows], dtype=np.str_)
        yield name, (("action",), words, {"long_name": what})


def _trigger_entries(programs: Programs, outcome: Outcome) -> Iterator[tuple[str, Entry]]:
    where = ("path", "comparison")
    sides = {"comparison_value": "Left", "comparison_threshold": "Right"}
    for number, (name, side) in enumerate(sides.items()):
        what = f"{side} side of the comparison that set the rule off, in comparison_unit; 0: never"
        yield name, (where, outcome.watch_first[:, number::2], {"long_name": what})
    places = np.array([trigger.rule for trigger in programs.triggers], dtype=np.int32)
    yield "comparison_rule", (("comparison",), places, _meaning("place in rule", "Rule of the comparison"))
    texts = {
        "comparison_text": ("comparison", "As it was written"),
        "comparison_unit": ("unit", "Unit of both sides"),
    }
    for name, (part, what) in texts.items():
        words = np.array([getattr(trigger, part) for trigger in programs.triggers], dtype=np.str_)
        yield name, (("comparison",), words, {"long_name": what})


def triggers(dataset: xr.Dataset) -> pd.DataFrame:
    """Make the table of triggers; `Result.triggers` says what it holds."""
    if "comparison_rule" not in dataset:
        return pd.DataFrame(columns=[*TRIGGER_COLUMNS], index=pd.Index([], name="rule"))
    owners = dataset["comparison_rule"].to_numpy()
    rows = [_trigger(dataset, place, owner) for place, owner in enumerate(owners.tolist())]
    names = pd.Index(dataset["rule"].to_numpy()[owners], name="rule")
    return pd.DataFrame(rows, columns=[*TRIGGER_COLUMNS], index=names)


def _trigger(dataset: xr.Dataset, place: int, rule: int) -> dict[str, Any]:
    fired = dataset["rule_first"].to_numpy()[:, rule] > 0
    values, thresholds = (
        dataset[name].to_numpy()[fired, place] for name in ("comparison_value", "comparison_threshold")
    )
    known = bool(fired.any())
    quantiles = {
        name.replace("amount", "value"): np.quantile(values, level) if known else np.nan
        for name, level in LEVELS.items()
    }
    return {
        "comparison": str(dataset["comparison_text"].to_numpy()[place]),
        "fired": float(fired.mean()),
        "value": values.mean() if known else np.nan,
        **quantiles,
        "threshold": thresholds.mean() if known else np.nan,
        "unit": str(dataset["comparison_unit"].to_numpy()[place]),
    }


def firings(dataset: xr.Dataset) -> pd.DataFrame:
    """Make the table of firings; `Result.firings` says what it holds."""
    if "rule_first" not in dataset:
        return pd.DataFrame(columns=[*COLUMNS], index=pd.Index([], name="rule"))
    names = dataset["rule"].to_numpy()
    rules = [_rule(dataset, place) for place in range(names.size)]
    owners = dataset["action_rule"].to_numpy()
    rows = [{**_action(dataset, place, owner), **rules[owner]} for place, owner in enumerate(owners.tolist())]
    return pd.DataFrame(rows, columns=[*COLUMNS], index=pd.Index(names[owners], name="rule"))


def _rule(dataset: xr.Dataset, place: int) -> dict[str, float]:
    first = dataset["rule_first"].to_numpy()[:, place]
    months = dataset["rule_months"].to_numpy()[:, place]
    fired = first > 0
    return {
        "fired": float(fired.mean()),
        "fired_se": float(standard_error(fired, dataset["path_draw"].to_numpy())),
        "first_month": float(np.median(first[fired])) if fired.any() else np.nan,
        "months": float(months[fired].mean()) if fired.any() else np.nan,
    }


def _action(dataset: xr.Dataset, place: int, rule: int) -> dict[str, Any]:
    fired = dataset["rule_first"].to_numpy()[:, rule] > 0
    amounts = dataset["action_first"].to_numpy()[fired, place]
    known = amounts.size > 0
    quantiles = {name: np.quantile(amounts, level) if known else np.nan for name, level in LEVELS.items()}
    words = {part: str(dataset[f"action_{part}"].to_numpy()[place]) for part in ("lever", "entity", "unit")}
    text = str(dataset["action_text"].to_numpy()[place])
    return {"action": text, **words, "amount": amounts.mean() if known else np.nan, **quantiles}


def _meaning(unit: str, meaning: str) -> dict[str, Any]:
    return {"units": unit, "long_name": meaning}
