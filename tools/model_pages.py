"""Pages of the model, from the specification in `spec/`: formulas first, then the same in NumPy."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SPEC = Path(__file__).parents[1] / "spec"

ORDER = (
    *(
        "month",
        "draw",
        "start",
        "regimes",
        "rules",
        "confidence",
        "prices",
        "demand",
        "capacity",
        "compute",
        "bills",
    ),
    *(
        "spending",
        "company",
        "fleet",
        "investment",
        "backlog",
        "debt",
        "credit",
        "vendor_finance",
        "funding",
        "issues",
    ),
    *("exits", "doors", "terms", "buyers", "deals", "groups", "rescue", "clearing", "fixed_point", "cascade"),
    *("estate", "guarantee", "marks", "macroeconomy", "multiplier", "world", "prorata", "rounding", "limits"),
)
"""Files of the specification in the order of a month; what the month stands on comes last."""

LABELS = "When|Units|Off|Source|Tests|Set from outside|Feedbacks and their switches"
LABEL = re.compile(rf"^({LABELS}):", re.MULTILINE)


def title(name: str) -> str:
    """Name of a page, of a file of the specification."""
    return name.replace("_", " ").capitalize()


def document(name: str) -> tuple[str, str]:
    """Docstring of a file of the specification, and the code below it."""
    text = (SPEC / f"{name}.py").read_text(encoding="utf-8")
    tree = ast.parse(text)
    said = ast.get_docstring(tree)
    end = tree.body[0].end_lineno
    if said is None or end is None:
        raise ValueError(
            f"spec/{name}.py has no docstring; a file of the specification begins with its formulas."
        )
    return said, "\n".join(text.splitlines()[end:]).strip()


def page(name: str) -> str:
    """Write the page of one file."""
    said, code = document(name)
    said = LABEL.sub(r"**\1.**", said)
    return f"# {title(name)}\n\n{said}\n\n## In NumPy\n\nFrom `spec/{name}.py`.\n\n```python\n{code}\n```\n"


def index() -> str:
    """Write the page that leads to all others."""
    said, _ = document("__init__")
    first, _, rest = said.partition("\n")
    lines = [f"- [{title(name)}]({name}.md): {document(name)[0].splitlines()[0]}" for name in ORDER]
    return f"# {first.rstrip('.')}\n{rest}\n\n## Mechanisms\n\n" + "\n".join(lines) + "\n"


def pages() -> Iterator[tuple[str, str]]:
    """Every page with its place below `docs/`."""
    found = {path.stem for path in SPEC.glob("*.py")} - {"__init__"}
    if found != set(ORDER):
        raise ValueError(
            f"{sorted(found ^ set(ORDER))} must stand both in spec/ and in ORDER of tools/model_pages.py."
        )
    yield "model/index.md", index()
    for name in ORDER:
        yield f"model/{name}.md", page(name)
