"""No module imports against the arrow: each names only modules of the rows above its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "python" / "cashcade"

# Each row may import from the rows above it; members of a row know nothing of each other.
ROWS = (
    {"_core", "errors"},
    {"words"},
    {"archetype", "clearing"},
    {"hookspecs", "world", "contagion"},
    {"rules"},
    {"plugin"},
    {"load", "compile", "pictures"},
    {"results"},
    {"runs"},
    {"case"},
    {"host"},
    {"bmi", "gym", "questions", "ray", "testing"},
    {"explore", "report"},
    {"commands", "pytest_plugin"},
    {"__main__"},
)
ROW_OF = {name: row for row, names in enumerate(ROWS) for name in names}


def modules() -> list[tuple[str, Path]]:
    """Every file of the package, with the first part of its name below `cashcade`."""
    files = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
    return [(path.relative_to(PACKAGE).with_suffix("").parts[0], path) for path in files]


def rooms() -> list[Path]:
    """Folders of the package, at any depth, that hold code."""
    return sorted({path.parent for path in PACKAGE.rglob("*.py")} - {PACKAGE})


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node of a file, save what stands under `if TYPE_CHECKING`: a type is no dependence."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield node
            yield from nodes(node)


def imported(path: Path) -> Iterator[str]:
    """First parts of the names below `cashcade` that a file imports, wherever in the file."""
    package = ("cashcade", *path.relative_to(PACKAGE).parent.parts)
    for node in nodes(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else ()
            stem = [*base, *(node.module or "").split(".")] if node.module else [*base]
            names = [[*stem, alias.name] for alias in node.names]
        else:
            continue
        yield from (name[1] for name in names if name[0] == "cashcade" and len(name) > 1)


def test_the_package_is_found():
    assert {"world", "compile", "runs", "results"} <= {name for name, _ in modules()}
    assert "compile" in set(imported(PACKAGE / "case" / "case.py"))


def test_each_module_has_its_row():
    assert {name for name, _ in modules()} == ROW_OF.keys() - {"_core"}


@pytest.mark.parametrize(("name", "path"), modules())
def test_imports_follow_the_arrow(name, path):
    against = {other for other in imported(path) if other != name and ROW_OF[other] >= ROW_OF[name]}
    assert not against, f"{path.name} imports {against} against the arrow"


def test_the_loop_is_started_in_one_place():
    starts = [path.name for _, path in modules() if "_core.run(" in path.read_text(encoding="utf-8")]
    assert starts == ["executors.py"]


def test_few_files_stand_outside_the_rooms():
    loose = {path.stem for path in PACKAGE.glob("*.py")}
    assert loose == {
        "__init__",
        "__main__",
        "bmi",
        "errors",
        "gym",
        "hookspecs",
        "load",
        "pytest_plugin",
        "ray",
    }
    assert len(rooms()) <= 20


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_each_room_says_what_it_holds(room):
    said = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))
    assert said is not None
    assert said.splitlines()[0].endswith(".")
