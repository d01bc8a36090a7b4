"""No file of the Rust side imports in a circle; which crate may depend on which is in `test_core.py`.

A file of the model declares what is gathered from all of them: its rows of the table, what a world uses of it and the memory it
needs. Gathering is no import: the names in DECLARED, and paths to them in the macros that gather, do not count.

What a file hands on with `pub use` counts as an import from where it stands. A file and those below it are one room: what it
takes from them by their bare names does not count.
"""

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

RUST = Path(__file__).parents[2] / "rust"
CRATES = sorted(path.parent.name for path in RUST.glob("*/Cargo.toml"))

PATH = re.compile(r"(?<![\w:])(crate|super)::((?:\w+::)*)(\{|\w+|\*)")
HANDED_ON = re.compile(r"pub use (?:(crate)::|self::)?(\w+)::(\{[^}]*\}|\w+);")


DECLARED = {"files", "gather", "rows", "Always", "Nothing", "Scratch", "Uses"}
GATHERED = re.compile(r"\bcrate::model::\$file::\w+")


def code(path: Path) -> str:
    """Code of a file without its comments and its tests, which stand at its end, and without what it gathers."""
    text = path.read_text(encoding="utf-8").split("#[cfg(test)]")[0]
    return GATHERED.sub("", "\n".join(line.split("//")[0] for line in text.splitlines()))


def modules(crate: str) -> dict[tuple[str, ...], Path]:
    """Every file of a crate by the path of its module."""
    source = RUST / crate / "src"
    found = {}
    for path in source.rglob("*.rs"):
        parts = path.relative_to(source).with_suffix("").parts
        found[parts[:-1] if parts[-1] in ("mod", "lib") else parts] = path
    return found


def branches(text: str, start: int) -> Iterator[list[str]]:
    """Paths in the braces that open before `start`, as lists of names."""
    prefix: list[list[str]] = [[]]
    names: list[str] = []
    for token in re.finditer(r"::|\w+|[{},*]", text[start:]):
        match token.group():
            case "{":
                prefix.append([*prefix[-1], *names])
                names = []
            case "}" | ",":
                if names:
                    yield [*prefix[-1], *names]
                names = []
                if token.group() == "}":
                    if len(prefix) == 1:
                        return
                    prefix.pop()
                    if len(prefix) == 0:
                        return
            case "::" | "*":
                pass
            case name:
                names.append(name)


def handed_on(text: str) -> dict[str, tuple[bool, str]]:
    """Names that a file hands on, each with its module, and whether this is one below the crate or below the file."""
    found = HANDED_ON.findall(text)
    return {name: (bool(top), module) for top, module, names in found for name in re.findall(r"\w+", names)}


class Imports:
    """What the files of a crate import from each other."""

    def __init__(self, crate: str) -> None:
        self.files = modules(crate)
        self.texts = {module: code(path) for module, path in self.files.items()}
        self.passed = {module: handed_on(text) for module, text in self.texts.items()}

    def home(self, names: tuple[str, ...]) -> tuple[str, ...] | None:
        """The file where a name stands, if it is one of this crate."""
        module: tuple[str, ...] = ()
        for name in names:
            if (*module, name) in self.files:
                module = (*module, name)
            elif name in self.passed[module]:
                top, source = self.passed[module][name]
                return self.home((source, name) if top else (*module, source, name))
            else:
                return module
        return module

    def of(self, module: tuple[str, ...]) -> set[tuple[str, ...]]:
        """Files that a file imports from."""
        text, found = self.texts[module], set()
        for match in PATH.finditer(text):
            kind, stem, last = match.groups()
            base = () if kind == "crate" else module[:-1]
            names = [name for name in stem.split("::") if name]
            while names and names[0] == "super":
                base, names = base[:-1], names[1:]
            ends = branches(text, match.end()) if last == "{" else [[last]]
            found |= {self.home((*base, *names, *end)) for end in ends if end[-1] not in DECLARED}
        return found - {module}


def graph(crate: str) -> dict[tuple[str, ...], set[tuple[str, ...]]]:
    """Files of a crate, each with those that it imports from."""
    imports = Imports(crate)
    return {module: imports.of(module) for module in imports.files}


def test_imports_are_found():
    core = graph("core")
    assert {(), ("variables",), ("model", "bills"), ("rule", "rules")} <= core.keys()
    assert core["model", "bills"] >= {("block",), ("model", "prices"), ("limits",)}
    assert ("rule", "memory") in core["block",]  # handed on by rule/mod.rs
    assert ("limits",) in core["variables",]
    assert ("claims",) in graph("clearing")["batch",]  # by `super::`


@pytest.mark.parametrize("crate", CRATES)
def test_no_file_imports_in_a_circle(crate):
    try:
        TopologicalSorter(graph(crate)).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join("::".join(module) for module in error.args[1]))


def test_the_table_knows_nothing_of_the_month():
    """What is imported from the table of variables, down to the end, is of the lanes and of the bounds."""
    core = graph("core")
    assert core["variables",] == {(), ("limits",)}
    assert not core["limits",]
