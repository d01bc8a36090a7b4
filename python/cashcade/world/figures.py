"""Every stated number of a world with its source."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import pandas as pd

from cashcade.words.texts import texts
from cashcade.world.parameter import Parameter, parameters_of
from cashcade.world.quantity import Normal, Quantity, is_range, likeliest
from cashcade.world.record import ASSUMPTION, Record, Source, Sourced, attributes_of

COLUMNS = [
    *("entity", "id", "field", "value", "low", "high", "shared", "unit"),
    *("source", "title", "url", "date", "confidence", "kind", "note", "better", "assumption"),
]
"""Columns of the table of figures."""

WORDS = ("shared", "source", "title", "url", "date", "confidence", "kind", "note", "better")
"""Those of words that may be missing."""

NINETY_FIVE = 1.96
"""Standard deviations from the mean within which 95 % of a normal distribution lie."""


def figures(records: Iterable[tuple[str, str, Record]], sources: Mapping[str, Source]) -> pd.DataFrame:
    """Return a row for each value that differs from its default or carries a source.

    A missing word is None, a missing end of a range NaN.
    """
    rows = [row for kind, name, record in records for row in _rows(kind, name, record, sources)]
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"low": float, "high": float})
    said = {row["shared"]: row["better"] for row in rows if row["shared"] and row["better"]}
    for row in rows:
        row["better"] = row["better"] or said.get(row["shared"])
    return table.assign(**{name: texts(row[name] for row in rows) for name in WORDS})


def _rows(kind: str, name: str, record: Record, sources: Mapping[str, Source]) -> Iterator[dict[str, Any]]:
    model = type(record)
    for field, parameter in parameters_of(model).items():
        attribute = attributes_of(model)[field]
        quantity = getattr(record, attribute)
        if quantity == model.model_fields[attribute].default:
            continue
        low, high = _span(quantity, parameter)
        row = {"entity": kind, "id": name, "field": field, "unit": parameter.unit}
        shared = quantity.shared if isinstance(quantity, Quantity) else None
        value = {"value": likeliest(quantity), "low": low, "high": high, "shared": shared}
        yield row | value | _provenance(quantity, record, sources)


def _span(quantity: object, parameter: Parameter) -> tuple[float | None, float | None]:
    if isinstance(quantity, Normal):
        reach = NINETY_FIVE * quantity.sd
        return max(parameter.low, quantity.mean - reach), min(parameter.high, quantity.mean + reach)
    return parameter.extent(quantity) if is_range(quantity) else (None, None)


def _provenance(quantity: object, record: Record, sources: Mapping[str, Source]) -> dict[str, object]:
    """Return where a value comes from: what it says itself, else what its record says."""
    own = quantity if isinstance(quantity, Quantity) and _speaks(quantity) else cast("Sourced", record)
    source = sources.get(own.source or "")
    unsourced = own.source in {None, ASSUMPTION}
    return {
        "source": own.source,
        "title": source.title if source else None,
        "url": source.url if source else None,
        "date": own.as_of or (source.date if source else None),
        "confidence": own.confidence,
        "kind": own.kind,
        "note": own.note,
        "better": own.better,
        "assumption": unsourced or own.kind == "assumption",
    }


def _speaks(quantity: Quantity) -> bool:
    return any(getattr(quantity, name) is not None for name in Sourced.model_fields)
