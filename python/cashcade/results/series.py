"""Series by month as tables."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from cashcade.errors import ArgumentError
from cashcade.words.names import choose
from cashcade.words.rows import Row, variables


def recorded(dataset: xr.Dataset) -> dict[str, Row]:
    """Give the variables whose series the dataset holds by their full names; the user's own come last."""
    known = {name: variable for name, variable in variables().items() if f"{variable.key}_mean" in dataset}
    stems = [str(name).removesuffix("_mean") for name in dataset if str(name).endswith("_mean")]
    keys = {variable.key for variable in known.values()}
    own = [stem for stem in stems if stem.startswith("market_") and stem not in keys]
    for stem in own:
        labels = dataset[f"{stem}_mean"].attrs
        name = stem.removeprefix("market_")
        row = Row("variable", -1, "market", name, labels["units"], labels["long_name"])
        known[row.full_name] = row
    return known


def series(dataset: xr.Dataset, name: str, chosen: Mapping[str, str]) -> pd.DataFrame:
    """See `Result.series`; `chosen` names the entity wanted by its kind, or is empty."""
    known = recorded(dataset)
    choose(name, known, "recorded variable")
    variable = known[name]
    stems = [f"{variable.key}_{kind}" for kind in ("mean", "std", "quantile")]
    values = dataset[[stem for stem in stems if stem in dataset]]
    if chosen:
        values = _one(values, variable, chosen)
    return _table(values, variable.key)


def _one(values: xr.Dataset, variable: Row, chosen: Mapping[str, str]) -> xr.Dataset:
    if set(chosen) != {variable.entity} or variable.entity == "market":
        wanted = "nothing, there is one market" if variable.entity == "market" else f"a {variable.entity}"
        raise ArgumentError(f"{variable.full_name} is chosen by {wanted}; got {', '.join(chosen)}.")
    which = chosen[variable.entity]
    choose(which, values[variable.entity].to_numpy().tolist(), variable.entity)
    return values.sel({variable.entity: which}, drop=True)


def _table(values: xr.Dataset, key: str) -> pd.DataFrame:
    """One row per month, or per entity and month; columns date, mean, std and q5 and so on."""
    columns = {"mean": values[f"{key}_mean"], "std": values[f"{key}_std"]}
    if f"{key}_quantile" in values:
        levels = values[f"{key}_quantile"]
        columns |= {
            f"q{100 * float(level):g}": levels.sel(quantile=level, drop=True) for level in levels["quantile"]
        }
    order = [dimension for dimension in columns["mean"].dims if dimension != "month"] + ["month"]
    flat = xr.Dataset(columns).to_dataframe(dim_order=order)
    return flat[["date", *columns]]


def all_series(dataset: xr.Dataset) -> pd.DataFrame:
    """Every recorded series under one another: variable, entity, month, date, unit, mean, std, quantiles."""
    parts = [_labelled(series(dataset, name, {}), row) for name, row in recorded(dataset).items()]
    return pd.concat(parts, ignore_index=True)


def _labelled(table: pd.DataFrame, row: Row) -> pd.DataFrame:
    flat, entity = table.reset_index(), row.entity
    flat.insert(0, "variable", row.full_name)
    flat.insert(1, "entity", flat.pop(entity) if entity in flat else np.full(len(flat), "market"))
    flat.insert(4, "unit", row.unit)
    return flat
