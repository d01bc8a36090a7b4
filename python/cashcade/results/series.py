"""Series by month as tables."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from cashcade.errors import ArgumentError
from cashcade.results.variables import Variable, variables
from cashcade.words.names import choose


def recorded(dataset: xr.Dataset) -> list[str]:
    """Full names of the variables whose series the dataset holds."""
    return [name for name, variable in variables().items() if f"{variable.key}_mean" in dataset]


def series(dataset: xr.Dataset, name: str, chosen: Mapping[str, str]) -> pd.DataFrame:
    """See `Result.series`; `chosen` names the entity wanted by its kind, or is empty."""
    choose(name, recorded(dataset), "recorded variable")
    variable = variables()[name]
    stems = [f"{variable.key}_{kind}" for kind in ("mean", "std", "quantile")]
    values = dataset[[stem for stem in stems if stem in dataset]]
    if chosen:
        values = _one(values, variable, chosen)
    return _table(values, variable.key)


def _one(values: xr.Dataset, variable: Variable, chosen: Mapping[str, str]) -> xr.Dataset:
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
    parts = [_labelled(series(dataset, name, {}), name) for name in recorded(dataset)]
    return pd.concat(parts, ignore_index=True)


def _labelled(table: pd.DataFrame, name: str) -> pd.DataFrame:
    flat = table.reset_index()
    entity = variables()[name].entity
    flat.insert(0, "variable", name)
    flat.insert(1, "entity", flat.pop(entity) if entity in flat else np.full(len(flat), "market"))
    flat.insert(4, "unit", variables()[name].unit)
    return flat
