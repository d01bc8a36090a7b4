"""Print the page of the one table, from the compiled core; the site shows it as `variables.md`."""

import itertools
from collections.abc import Iterable, Iterator

from cashcade import _core
from cashcade.words.parameters import bound, described

HEAD = """\
# The table: parameters, links and variables

Made from the rows that each file of `rust/core/src/model/` declares. Parameters and links are what a world
says of each entity, variables are what the loop computes each month. The names are the same in worlds, in
arrays, in results and in the code. A parameter without a default must be given; `no limit` is an amount that
stands for none.
"""


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Lines of a Markdown table under a heading, or nothing where there are no rows."""
    body = [f"| {' | '.join(row)} |" for row in rows]
    if body:
        head = list(columns)
        yield from ("", f"### {title}", "", f"| {' | '.join(head)} |", "|---" * len(head) + "|", *body)


def page() -> str:
    """Write the whole page, entity by entity in the order of the table."""
    core = _core.table()
    lines = [HEAD.rstrip("\n")]
    every = itertools.chain(core.parameters, core.links, core.variables)
    for entity in dict.fromkeys(row.entity for row in every):
        lines += ["", f"## {entity}"]
        lines += table(
            f"What a {entity} points to",
            ["link", "to", "may be outside", "meaning"],
            (
                (f"`{row.name}`", row.target, "yes" if row.outside else "no", row.meaning)
                for row in core.links
                if row.entity == entity
            ),
        )
        lines += table(
            f"What a world says of a {entity}",
            ["parameter", "unit", "least", "greatest", "default", "a rule may move it", "meaning"],
            (
                (
                    f"`{row.name}`",
                    row.unit,
                    bound(row.low),
                    bound(row.high),
                    bound(row.default),
                    "yes" if row.lever else "no",
                    described(row),
                )
                for row in core.parameters
                if row.entity == entity
            ),
        )
        lines += table(
            f"What the loop computes for a {entity}",
            ["variable", "unit", "a rule or a host may set it", "meaning"],
            (
                (f"`{row.name}`", row.unit, "yes" if row.writable else "no", row.meaning)
                for row in core.variables
                if row.entity == entity
            ),
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - what it is for
