"""Exits from the network of companies: who, how, when, at what price and to whom."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade import _core
from cashcade.compile import Programs
from cashcade.results.outcome import Outcome
from cashcade.results.statistics import standard_error
from cashcade.results.summary import horizons
from cashcade.words.texts import texts
from cashcade.world.record import CAPITAL

Entry = tuple[tuple[str, ...], NDArray[Any], dict[str, Any]]

OUTSIDE = -2
"""Place of a buyer outside the network."""


def exit_entries(programs: Programs, outcome: Outcome) -> Iterator[tuple[str, Entry]]:
    """Yield what the dataset holds of exits, by name."""
    if not programs.doors:
        return
    where = ("path", "company")
    bought = _meaning("place in company", "Who bought; -1: nobody, -2: capital")
    yield "exit_month", (where, outcome.exit_month, _meaning("month", "Month of exit; 0: none"))
    yield "exit_door", (where, outcome.exit_door, _meaning("place in door", "Door taken; -1: none"))
    yield "exit_buyer", (where, outcome.exit_buyer, bought)
    yield (
        "exit_price",
        (where, outcome.exit_price, _meaning("USD", "Price paid, or money raised by a listing")),
    )
    doors = programs.arrays["door"]
    yield "door_company", (("door",), doors[:, 0], _meaning("place in company", "Whose door it is"))
    effects = np.array(_core.effects(), dtype=np.str_)[doors[:, 1]]
    yield "door_effect", (("door",), effects, {"long_name": "What it does"})


def exits(dataset: xr.Dataset) -> pd.DataFrame:
    """See `Result.exits`."""
    if "exit_month" not in dataset:
        return pd.DataFrame(index=pd.Index([], name="door"))
    rows = [_door(dataset, place) for place in range(dataset.sizes["door"])]
    table = pd.DataFrame(rows, index=pd.Index(dataset["door"].to_numpy(), name="door"))
    return table.assign(main_buyer=texts((row["main_buyer"] for row in rows), table.index))


def _door(dataset: xr.Dataset, place: int) -> dict[str, Any]:
    """One door: whose, what it does, how often it is taken, and at what price."""
    company = int(dataset["door_company"].to_numpy()[place])
    taken = dataset["exit_door"].to_numpy()[:, company] == place
    month = dataset["exit_month"].to_numpy()[:, company]
    failed = dataset["failed_month"].to_numpy()[:, company]
    row: dict[str, Any] = {
        "company": str(dataset["company"].to_numpy()[company]),
        "effect": str(dataset["door_effect"].to_numpy()[place]),
    }
    for horizon in horizons(dataset.attrs["months"]):
        by = taken & (month <= horizon)
        row[f"taken_{horizon}"] = float(by.mean())
        row[f"taken_{horizon}_se"] = float(standard_error(by, dataset["path_draw"].to_numpy()))
    known = bool(taken.any())
    return row | {
        "median_month": float(np.median(month[taken])) if known else np.nan,
        "median_price": _median_price(dataset, company, taken) if known else np.nan,
        "main_buyer": _main_buyer(dataset, company, taken),
        "failed_after": float((failed[taken] >= month[taken]).mean()) if known else np.nan,
    }


def leavers(dataset: xr.Dataset) -> pd.DataFrame:
    """How each company with doors leaves by the end of the run, whichever door of its kind it takes.

    Returns
    -------
    DataFrame
        A row for each company, a column for each effect that a door of the run has: the chance, and its
        standard error in the column of that name with `_se`.
    """
    if "exit_month" not in dataset:
        return pd.DataFrame(index=pd.Index([], name="company"))
    owners, effects = dataset["door_company"].to_numpy(), dataset["door_effect"].to_numpy()
    companies, doors = np.unique(owners), dataset["exit_door"].to_numpy()
    draw = dataset["path_draw"].to_numpy()
    columns: dict[str, NDArray[Any]] = {}
    for effect in (each for each in _core.effects() if each in set(effects)):
        taken = np.isin(doors[:, companies], np.flatnonzero(effects == effect))
        columns |= {effect: taken.mean(axis=0), f"{effect}_se": standard_error(taken, draw)}
    return pd.DataFrame(columns, pd.Index(dataset["company"].to_numpy()[companies], name="company"))


def _median_price(dataset: xr.Dataset, company: int, taken: NDArray[np.bool_]) -> float:
    return float(np.median(dataset["exit_price"].to_numpy()[taken, company]))


def _main_buyer(dataset: xr.Dataset, company: int, taken: NDArray[np.bool_]) -> str | None:
    """Give the most frequent buyer; None where nobody buys."""
    buyers = dataset["exit_buyer"].to_numpy()[taken, company]
    places, times = np.unique(buyers[buyers != -1], return_counts=True)
    if not places.size:
        return None
    place = int(places[times.argmax()])
    return CAPITAL if place == OUTSIDE else str(dataset["company"].to_numpy()[place])


def _meaning(unit: str, meaning: str) -> dict[str, Any]:
    return {"units": unit, "long_name": meaning}
