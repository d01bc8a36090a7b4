"""A result as one JSON document, for programs that read the command line."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from cashcade.errors import ArgumentError
from cashcade.results.contagion import set_off, share_of_debt_failed
from cashcade.results.statistics import standard_error
from cashcade.results.summary import horizons
from cashcade.world.record import CAPITAL

if TYPE_CHECKING:
    from cashcade.results.result import Result

Document = dict[str, Any]

OUTSIDE = "All others (capital)"
"""Names that people have for the lenders and holders outside the network."""

WORLD = {"world": "name", "title": "title", "world_date": "date", "world_hash": "hash"}
"""Attributes of the dataset that describe the world, and their keys here."""

RUN = (
    *(
        "months",
        "paths",
        "draws",
        "replicates",
        "seed",
        "first_path",
        "quantile_paths",
        "imbalance",
        "seconds",
    ),
    *(
        "changed",
        "parameters",
        "function",
        "without",
        "scenarios",
        "exit_scenarios",
        "rules",
        "cashcade",
        "plugins",
    ),
)
"""Attributes of the dataset that describe the run."""


def document(result: "Result") -> Document:
    """Give what the command prints, as values that JSON knows; what is not known is null.

    Amounts are USD, chances fractions; docs/cli.md describes the keys.
    """
    attributes = result.dataset.attrs
    names, shares = full_names(result), draws_shares(result)
    content = {
        "world": {key: attributes.get(name) for name, key in WORLD.items()},
        "run": {name: attributes.get(name) for name in RUN} | {"interrupted": result.interrupted},
        "companies": [
            _company(name, row, attributes["months"])
            | {"name": names[str(name)], "draws_share": shares[str(name)]}
            for name, row in result.summary().iterrows()
        ],
        "holders": [
            _holder(name, row) | {"claims": claims.loc[[name]].to_dict("records")[0]}
            for claims in [result.claims()]
            for name, row in result.losses().iterrows()
        ],
        "contagion": _records(result.contagion()),
        "system": system(result),
        "firings": _records(result.firings()),
        "exits": _records(result.exits()),
    }
    return {key: _plain(value) for key, value in content.items()}


def full_names(result: "Result") -> dict[str, str]:
    """Give what people call each company, by its id, and those outside who lend and hold."""
    companies = result.dataset["company_name"]
    ids, names = companies["company"].to_numpy().tolist(), companies.to_numpy().tolist()
    return {**dict(zip(ids, names, strict=True)), CAPITAL: OUTSIDE}


def draws_shares(result: "Result") -> dict[str, float]:
    """Give the share of parameters in the variance of each company's failure; NaN where unknown."""
    try:
        shares = result.uncertainty()["draws_share"]
    except ArgumentError:
        return dict.fromkeys(full_names(result), math.nan)
    return {str(name): float(share) for name, share in shares.items()}


def _company(name: object, row: "pd.Series[Any]", months: int) -> Document:
    failed = [
        {"month": m, "chance": row[f"failed_{m}"], "se": row[f"failed_{m}_se"]} for m in horizons(months)
    ]
    kept = ("cash", "runway", "main_cause", "main_cause_share", "median_month")
    ends = None if math.isnan(row["runway"]) else math.isfinite(row["runway"])
    return {"company": name, "failed": failed, **{key: row[key] for key in kept}, "runway_ends": ends}


def _holder(name: object, row: "pd.Series[float]") -> Document:
    kinds = {
        kind: {"expected": row[kind], "se": row[f"{kind}_se"], "q95": row[f"{kind}_95"]}
        for kind in ("credit", "equity", "total")
    }
    return {"holder": name, "exposure": row["exposure"], **kinds}


def system(result: "Result") -> Document:
    """Give the chance of a cascade, the debt that fails, and the gauges of the market."""
    dataset = result.dataset
    share = share_of_debt_failed(dataset)
    error = standard_error(share, dataset["path_draw"].to_numpy())
    return {
        "cascade": {
            kind: {"chance": row["chance"], "se": row["se"]} for kind, row in result.cascade().iterrows()
        },
        "set_off": {key: getattr(set_off(dataset), key) for key in ("failures", "share", "se")},
        "failed_debt_share": {"expected": share.mean(), "se": error},
        "gauges": {name: gauge(result, name) for name in gauges(result)},
    }


def gauges(result: "Result") -> list[str]:
    """Names of the recorded variables of the market."""
    stems = [
        str(name)
        for name in result.dataset
        if str(name).startswith("market_") and str(name).endswith("_mean")
    ]
    return [stem.removesuffix("_mean").replace("market_", "market.", 1) for stem in stems]


def gauge(result: "Result", name: str) -> Document:
    """Give the mean and the known quantiles of a variable of the market in the first and the last month."""
    table = result.series(name).drop(columns=["date", "std"])
    return {"first": table.iloc[0].to_dict(), "last": table.iloc[-1].to_dict()}


def _records(table: pd.DataFrame) -> list[Document]:
    return [{str(key): value for key, value in row.items()} for row in table.reset_index().to_dict("records")]


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value, made JSON's
    """Turn numbers of NumPy into those of Python and what is not finite into null."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
