"""Input arrays of a hand-made world: say what matters, the table's defaults fill the rest."""

import numpy as np
from cashcade import _core

MARKET = "market"
NOBODY = {"loan.guarantor": -1, "loan.contract": -1}  # links that a row may leave out
FIRST_ADDRESS = {"company": 1001, "segment": 2001, "loan": 3001, "pledge": 4001}


def world(**entities: list[dict]) -> dict[str, np.ndarray]:
    """Arrays of a world from rows per entity; `market` is a list with one row, or absent."""
    rows = {MARKET: [{}], **entities}
    inputs = {}
    for each in _core.table().parameters:
        values = [row.get(each.name, each.default) for row in rows.get(each.entity, [])]
        inputs[each.full_name] = np.array([values], dtype=np.float64)
    for each in _core.table().links:
        ends = [row.get(each.name, NOBODY.get(each.full_name)) for row in rows.get(each.entity, [])]
        inputs[each.full_name] = np.array(ends, dtype=np.int32)
    for entity, first in FIRST_ADDRESS.items():
        count = len(rows.get(entity, []))
        inputs[f"{entity}.address"] = np.arange(first, first + count, dtype=np.uint32)
    check_names(rows)
    return inputs


def rows(names: str, *values: tuple) -> list[dict]:
    """Rows of one kind from a header and tuples; None leaves the default."""
    header = names.split()
    return [{n: v for n, v in zip(header, row, strict=True) if v is not None} for row in values]


def check_names(rows: dict[str, list[dict]]) -> None:
    """Reject a name that the table does not have."""
    table = [*_core.table().parameters, *_core.table().links]
    for entity, given in rows.items():
        known = {row.name for row in table if row.entity == entity}
        unknown = {name for row in given for name in row} - known
        if unknown or not known:
            raise KeyError(f"{entity}: {sorted(unknown)} not in the table")
