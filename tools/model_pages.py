"""Pages of the model, from the specification in `spec/`: formulas first, then the same in NumPy."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SPEC = Path(__file__).parents[1] / "spec"

PHASE = re.compile(r"^ +(?:\d+\w? +)?(\w+)  ", re.MULTILINE)
"""A phase in the list of the month: its number, if it has one, and the file."""

LABELS = "When|Units|Off|Source|Tests|Set from outside|Feedbacks and their switches"
LABEL = re.compile(rf"^({LABELS}):", re.MULTILINE)


def title(name: str) -> str:
    """Name of a page, of a file of the specification."""
    return name.replace("_", " ").capitalize()


def order() -> list[str]:
    """Files of the specification: the month, its phases as it lists them, the others by name."""
    found = {path.stem for path in SPEC.glob("*.py")} - {"__init__", "month"}
    phases = [name for name in PHASE.findall(document("month")[0]) if name in found]
    return ["month", *phases, *sorted(found - {*phases})]


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
    lines = [f"- [{title(name)}]({name}.md): {document(name)[0].splitlines()[0]}" for name in order()]
    return f"# {first.rstrip('.')}\n{rest}\n\n## Mechanisms\n\n" + "\n".join(lines) + "\n"


def pages() -> Iterator[tuple[str, str]]:
    """Every page with its place below `docs/`."""
    yield "model/index.md", index()
    for name in order():
        yield f"model/{name}.md", page(name)
