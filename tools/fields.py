"""Write `python/cashcade/world/fields.py`, what a world may say of each entity, from the compiled core.

`make fmt` runs it; `tests/structure/test_table.py` fails while the module is not what the core says.
"""

import argparse
import keyword
from collections.abc import Iterator
from pathlib import Path

from cashcade import _core
from cashcade.world.parameter import LARGEST

HEAD = '''\
"""Fields of each entity of a world: the parameters of the table of the core.

Made by `make fmt` from the rows of `rust/core/src/model/`; do not edit. The records of worlds inherit them.
"""

from typing import Annotated, Literal

from pydantic import Field

from cashcade.world.parameter import LARGEST, Parameter
from cashcade.world.quantity import MonthOrDate, Number, Stated, YesNo
from cashcade.world.record import Record
'''

TYPES = {"flag": "YesNo", "month": "MonthOrDate"}
"""Type of the value of a row by its unit; of others it is a number, of codes a word."""

WIDEST = 105
"""Characters of a call from which on the formatter breaks its line."""


def number(value: float) -> str:
    """Shortest way to write a number that Python reads back."""
    if value == LARGEST:
        return "LARGEST"
    short = f"{value:g}".replace("e+", "e")
    return short if "e" in short and float(short) == value else repr(value)


def noun(row: _core.Parameter) -> str:
    """Name of the alias that holds the words of a code, such as `LoanRank`."""
    return row.entity.title() + row.name.title().replace("_", "")


def words(row: _core.Parameter) -> Iterator[str]:
    """Write the alias of a code, with its words."""
    literals = ", ".join(f'"{word}"' for word, _ in row.words)
    codes = ", ".join(f'("{word}", {code})' for word, code in row.words)
    yield f"{noun(row)}Word = Literal[{literals}]"
    yield f"{noun(row)} = Annotated["
    yield f"    {noun(row)}Word | Stated[{noun(row)}Word],"
    call = f'Parameter("code", {number(row.low)}, {number(row.high)}, ({codes}))'
    yield from (
        (f"    {call},",) if len(call) < WIDEST else ("    Parameter(", f"        {call[10:-1]}", "    ),")
    )
    yield "]"


def kind(row: _core.Parameter) -> str:
    """Write the type of a row."""
    if row.words:
        return noun(row)
    bounds = f"{number(row.low)}, {number(row.high)}"
    return f'Annotated[{TYPES.get(row.unit, "Number")}, Parameter("{row.unit}", {bounds})]'


def default(row: _core.Parameter) -> str | None:
    """Write the value where the world is silent; None where it must speak."""
    if row.default is None:
        return None
    if row.words:
        return next(f'"{word}"' for word, code in row.words if code == row.default)
    return str(bool(row.default)) if row.unit == "flag" else number(row.default)


def described(row: _core.Parameter) -> str:
    """Write what a row means, with its words or its unit."""
    meaning = row.meaning.removesuffix(".")
    if row.words:
        *most, last = (word for word, _ in row.words)
        return f"{meaning}: {', '.join(most)} or {last}."
    return f"{meaning}." if row.unit == "flag" else f"{meaning} [{row.unit}]."


def field(row: _core.Parameter) -> Iterator[str]:
    """Write the field of a row."""
    value = default(row)
    name = row.name
    if keyword.iskeyword(name):
        name, value = f"{name}_", f'Field({"" if value is None else f"{value}, "}alias="{name}")'
    yield f"    {name}: {kind(row)}" + ("" if value is None else f" = {value}")
    yield f'    """{described(row)}"""'


def module() -> str:
    """Write the whole module, entity by entity in the order of the table."""
    rows = _core.table().parameters
    lines = [HEAD.rstrip("\n"), ""]
    for row in rows:
        lines += words(row) if row.words else ()
    for entity in dict.fromkeys(row.entity for row in rows):
        lines += ["", "", f"class {entity.title()}Fields(Record):"]
        lines += [f'    """Parameters of each {entity}."""', ""]
        for row in rows:
            lines += field(row) if row.entity == entity else ()
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the module to the path given on the command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("path", type=Path)
    parser.parse_args().path.write_text(module(), encoding="utf-8")


if __name__ == "__main__":
    main()
