"""Input arrays of a hand-made world: say what matters, the table's defaults fill the rest."""

import numpy as np
from cashcade import _core

MARKET = "market"
NOBODY = {"guarantor": -1}  # links that a row may leave out
FIRST_ADDRESS = {"company": 1001, "segment": 2001, "loan": 3001, "pledge": 4001}


def world(**entities: list[dict]) -> dict[str, np.ndarray]:
    """Arrays of a world from rows per entity; `market` is a list with one row, or absent."""
    rows = {MARKET: [{}], **entities}
    inputs = {}
    for entity, name, _unit, _low, _high, default, *_ in _core.parameters():
        values = [row.get(name, default) for row in rows.get(entity, [])]
        inputs[f"{entity}.{name}"] = np.array([values], dtype=np.float64)
    for entity, name, *_ in _core.links():
        inputs[f"{entity}.{name}"] = np.array(
            [row.get(name, NOBODY.get(name)) for row in rows.get(entity, [])], dtype=np.int32
        )
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
    table = [*_core.parameters(), *_core.links()]
    for entity, given in rows.items():
        known = {name for owner, name, *_ in table if owner == entity}
        unknown = {name for row in given for name in row} - known
        if unknown or not known:
            raise KeyError(f"{entity}: {sorted(unknown)} not in the table")
