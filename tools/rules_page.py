"""Print the table of levers from the compiled core; the site puts it into the page of `docs/rules.md`."""

from cashcade.rules.shocks import PRICES
from cashcade.rules.vocabulary import levers
from cashcade.words.parameters import bound
from cashcade.world.kinds import MODELS

BEGIN, END = "<!-- levers -->\n", "<!-- end of levers -->\n"


def table() -> str:
    """Write the table, by kind of entity."""
    lines = ["| lever | unit | range | stays | meaning |", "|---|---|---|---|---|"]
    for kind in MODELS:
        for name, row in levers(kind).items():
            if name != row.name:
                continue
            price = " (price)" if name in PRICES.get(kind, ()) else ""
            extent = ""
            if row.source == "parameter" and row.bounds:
                extent = " .. ".join(map(bound, row.bounds))
            words = ", ".join(f"`{word}`" for word, _ in row.words) or extent
            stays = "yes" if row.source == "variable" else "no"
            lines.append(f"| `{kind}.{name}`{price} | {row.unit} | {words} | {stays} | {row.meaning} |")
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """Put the table where the page says it goes."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(
            f"docs/rules.md needs the lines {BEGIN.strip()} and {END.strip()}, for the table of levers."
        )
    return f"{before}{table()}{after}"


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - what it is for
