"""A report written to a file: whole or not at all."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from cashcade.report.page import page
from cashcade.report.side import Side
from cashcade.results.result import Result
from cashcade.results.storage import naming, write_bytes


def write(target: Path, results: Mapping[str, Result], table: pd.DataFrame | None, command: str) -> Path:
    """Write the report of one result, or of several that are compared.

    Parameters
    ----------
    target
        As `check_page` gave it.
    results
        By name of the side; the others are compared with the first.
    table
        Outcomes of a comparison; None for a single result.
    command
        That made it; empty if none did.

    Raises
    ------
    WriteError
        The system refuses; what was there before is as it was.
    """
    with naming(target):
        sides = [Side(name, result) for name, result in results.items()]
        write_bytes(target, page(sides, table, command).encode())
    return target
