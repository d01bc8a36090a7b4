"""Names that people know, for what a dataset calls by ids; and what all titles say of a run."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from cashcade.words.names import choose
from cashcade.words.rows import variables
from cashcade.world.record import CAPITAL

if TYPE_CHECKING:
    from cashcade.results.result import Result

OUTSIDE = "All others (capital)"
"""Name of lenders and holders outside the network."""

LONGEST = 24
"""Letters of a name on a picture."""


def names(dataset: xr.Dataset) -> dict[str, str]:
    """Give the name of each company by its id, and of the outside."""
    ids, full = (dataset[each].to_numpy().tolist() for each in ("company", "company_name"))
    known = {str(each): brief(str(name)) for each, name in zip(ids, full, strict=True)}
    return {**known, CAPITAL: OUTSIDE}


def brief(text: str) -> str:
    """Cut a name to what a picture has room for: first what is in brackets at its end."""
    if len(text) > LONGEST:
        text = text.partition(" (")[0]
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def name_of(result: "Result", company: str) -> str:
    """Give the name of one company; an unknown id is an error."""
    choose(company, [str(each) for each in result.dataset["company"].to_numpy()], "company")
    return names(result.dataset)[company]


def lower(text: str) -> str:
    """Begin a text with a small letter, unless it begins with an acronym."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def about(result: "Result") -> str:
    """Say of what run a picture is."""
    attributes = result.dataset.attrs
    more = f" with {attributes['scenarios']}" if attributes.get("scenarios") else ""
    return f"{attributes['world']}{more}: {attributes['paths']:,} paths, seed {attributes['seed']}"


def month_name(date: "np.datetime64 | pd.Timestamp") -> str:
    """Write a month: `Aug 2028`."""
    return f"{pd.Timestamp(date):%b %Y}"


def outcome_words(outcome: str, month: str = "") -> str:
    """Say what is drawn by the value of a lever."""
    until = f" by month {month}" if month else ""
    if outcome in variables():
        return f"{outcome}, mean{until.replace('by', 'in')}"
    words = {
        "systemic": "Chance of a systemic cascade",
        "failed-debt": "Share of debt that fails",
    }
    return words.get(outcome, f"Chance that {outcome} fails") + until
