"""The page of shocks and exit scenarios: ``python -m cashcade_ai.scenarios PAGE``."""

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from cashcade.rules import Door, ExitScenario, Shock, ShockParameter

from cashcade_ai.events import EVENTS
from cashcade_ai.exits import EXIT_SCENARIOS
from cashcade_ai.shocks import PRICING_SHOCKS

_RANGE = re.compile(r'number\(\{"low": ([^,]+), "value": ([^,]+), "high": ([^}]+)\}, name="[^"]+"\)')
_UNIT = re.compile(r'number\(([^,]+), "([^"]+)"\)')
_LONG = re.compile(r"\b\d\.\d{4,}\b")

INTRODUCTION = """\
# Shocks and exits of the AI economy

Made from the records by `python -m cashcade_ai.scenarios PAGE`; do not edit.

```
cashcade run ai-2025-08 --scenario api-price-rise
```

In Python, `cashcade.run("ai-2025-08", scenarios=["gpu-slump"])`, or with other sizes
`Use("gpu-slump", {"fall": 0.6, "start": 12})`. Each parameter may be a range, from which each draw takes a
value. A shock of size zero is no shock, to the last bit.

## Pricing shocks
"""


OTHERS = """\
## Other shocks

Those that move more than prices. Bundles of them, with changes of the world, are
[presets and scenarios](presets.md).
"""


EXITS = """\
## Exit scenarios

How private companies leave when they do not fail. One given to a run replaces what the world names;
`ai-2025-08` names `normal-window`.
"""


def page() -> str:
    """Return the page in Markdown: shocks with parameters and rules, exit scenarios with doors."""
    lines = [INTRODUCTION, *(line for shock in PRICING_SHOCKS for line in _shock(shock)), OTHERS]
    lines += [*(line for shock in EVENTS for line in _shock(shock)), EXITS]
    return "\n".join([*lines, *(line for scenario in EXIT_SCENARIOS for line in _exits(scenario))])


def _shock(shock: Shock) -> Iterator[str]:
    yield from (f"### {shock.name}", "", f"**{shock.title}.**", "", shock.doc.strip(), "")
    yield "| parameter | default | unit | from | to | meaning |"
    yield "|---|---|---|---|---|---|"
    yield from (_row(parameter) for parameter in shock.parameters)
    yield from ("", "With these defaults:", "")
    yield from (f"- {rule.explain()}" for rule in shock.rules())
    yield from ("", f"Sources: {_links(shock.source)}.", "")


def _exits(scenario: ExitScenario) -> Iterator[str]:
    yield from (f"### {scenario.name}", "", f"**{scenario.title}.**", "", scenario.doc.strip(), "")
    if scenario.doors:
        yield "| door | of | effect | open when | chance a month | price | buyers pay up to |"
        yield "|---|---|---|---|---|---|---|"
        yield from (_door(door) for door in scenario.doors)
        yield ""
    if scenario.changes:
        yield from ("And of the world:", "", *(f"- `{change}`" for change in scenario.changes), "")
    yield from (f"Sources: {_links(scenario.source)}.", "")


def _door(door: Door) -> str:
    pays = "; ".join(f"{buyer.who}: {buyer.pays}" for buyer in door.buyers)
    price = "" if door.price is None else str(door.price)
    cells = [door.name, str(door.of), door.effect, str(door.opens), str(door.hazard), price, pays]
    return "| " + " | ".join(_plain(cell) for cell in cells) + " |"


def _plain(expression: str) -> str:
    """Return an expression of Python as people write it in a table."""
    text = _RANGE.sub(r"\2 (\1 to \3)", expression.replace(", may_be_empty=True", ""))
    text = _LONG.sub(lambda found: f"{float(found[0]):.3g}", _UNIT.sub(r"\1 \2", text))
    return "always" if text == "True" else text.replace("|", "or")


def _row(parameter: ShockParameter) -> str:
    default = f'"{parameter.default}"' if parameter.unit == "text" else f"{parameter.default:g}"
    ends = ["" if end is None else f"{end:g}" for end in (parameter.low, parameter.high)]
    cells = [f"`{parameter.name}`", default, parameter.unit, *ends, parameter.meaning]
    return "| " + " | ".join(cells) + " |"


def _links(source: str) -> str:
    """Return a source with its addresses as links."""
    words = (word.rstrip(";,.") for word in source.split(" "))
    return " ".join(
        f"<{bare}>{word[len(bare) :]}" if bare.startswith("https:") else word
        for bare, word in zip(words, source.split(" "), strict=True)
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page to a file."""
    parser = argparse.ArgumentParser(
        prog="python -m cashcade_ai.scenarios", description="Write the page of the shocks."
    )
    parser.add_argument("page", type=Path, help="Markdown file to write")
    parser.parse_args(arguments).page.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
