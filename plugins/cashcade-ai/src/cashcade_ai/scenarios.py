"""The page of the shocks: ``python -m cashcade_ai.scenarios PAGE``."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from cashcade.rules import Shock, ShockParameter

from cashcade_ai.shocks import PRICING_SHOCKS

INTRODUCTION = """\
# Pricing shocks of the AI economy

Made from the records by `python -m cashcade_ai.scenarios PAGE`; do not edit.

```
cashcade run ai-2025-08 --scenario api-price-rise
```

In Python, `cashcade.run("ai-2025-08", scenarios=["gpu-slump"])`, or with other sizes
`Use("gpu-slump", {"fall": 0.6, "start": 12})`. Each parameter may be a range, from which each draw takes a
value. A shock of size zero is no shock, to the last bit.
"""


def page() -> str:
    """Return the page in Markdown: each shock with its text, parameters and rules."""
    return "\n".join([INTRODUCTION, *(line for shock in PRICING_SHOCKS for line in _shock(shock))])


def _shock(shock: Shock) -> Iterator[str]:
    yield from (f"## {shock.name}", "", f"**{shock.title}.**", "", shock.doc.strip(), "")
    yield "| parameter | default | unit | from | to | meaning |"
    yield "|---|---|---|---|---|---|"
    yield from (_row(parameter) for parameter in shock.parameters)
    yield from ("", "With these defaults:", "")
    yield from (f"- {rule.explain()}" for rule in shock.rules())
    yield from ("", f"Sources: {_links(shock.source)}.", "")


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
