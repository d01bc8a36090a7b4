"""Print the page of the one table, from the compiled core; the site shows it as `variables.md`."""

import itertools
from collections.abc import Iterable, Iterator

from cashcade import _core

HEAD = """\
# The table: parameters, links and variables

Made from the rows that each file of `rust/core/src/month/` declares. Parameters and links are what a world
says of each entity, variables are what the loop computes each month. The names are the same in worlds, in
arrays, in results and in the code. A parameter without a default must be given; `no limit` is an amount that
stands for none.
"""


def number(value: float | None) -> str:
    """Shortest way to write a bound or a default; 1e17 dollars are the table's word for no limit."""
    match value:
        case None:
            return ""
        case 1e17:
            return "no limit"
        case _:
            return f"{value:g}"


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Lines of a Markdown table under a heading, or nothing where there are no rows."""
    body = [f"| {' | '.join(row)} |" for row in rows]
    if body:
        head = list(columns)
        yield from ("", f"### {title}", "", f"| {' | '.join(head)} |", "|---" * len(head) + "|", *body)


def page() -> str:
    """Write the whole page, entity by entity in the order of the table."""
    parameters, links, variables = _core.parameters(), _core.links(), _core.variables()
    lines = [HEAD.rstrip("\n")]
    for entity in dict.fromkeys(row[0] for row in itertools.chain(parameters, links, variables)):
        lines += ["", f"## {entity}"]
        lines += table(
            f"What a {entity} points to",
            ["link", "to", "may be outside", "meaning"],
            (
                (f"`{name}`", target, "yes" if outside else "no", meaning)
                for owner, name, target, outside, meaning in links
                if owner == entity
            ),
        )
        lines += table(
            f"What a world says of a {entity}",
            ["parameter", "unit", "least", "greatest", "default", "a rule may move it", "meaning"],
            (
                (
                    f"`{name}`",
                    unit,
                    number(low),
                    number(high),
                    number(default),
                    "yes" if lever else "no",
                    meaning,
                )
                for owner, name, unit, low, high, default, lever, meaning in parameters
                if owner == entity
            ),
        )
        lines += table(
            f"What the loop computes for a {entity}",
            ["variable", "unit", "a rule or a host may set it", "meaning"],
            (
                (f"`{name}`", unit, "yes" if writable else "no", meaning)
                for owner, name, unit, writable, meaning in variables
                if owner == entity
            ),
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - what it is for
