"""Promises of the core's source that no compiler keeps."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from cashcade import _core

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "rust").glob("*/src/**/*.rs"))
ENDINGS = re.compile(r"\.unwrap\(\)|\.expect\(|\b(?:panic|unreachable|todo|unimplemented)!")
ALLOWED = re.compile(r"allow\([^)]*clippy::(?:unwrap_used|expect_used|panic|todo)")


def code(path):
    """Lines outside the tests of a file, which stand at its end, and outside its comments."""
    text = path.read_text(encoding="utf-8").split("#[cfg(test)]")[0]
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))


def test_the_sources_are_found():
    assert {"lib.rs", "variables.rs", "draw.rs"} <= {path.name for path in SOURCES}
    assert ENDINGS.search("x.unwrap()")
    assert ENDINGS.search('panic!("no")')


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "rust")))
def test_nothing_panics_outside_tests(path):
    assert not ENDINGS.findall(code(path))
    assert not ALLOWED.findall(code(path))


BALANCES = re.compile(
    r"""\b(?:cash|other_cash|households|suppliers|capital)(?:\[[^\]]+\]){1,2}\s*[-+]?=[^=]  # written in place
    | \bmem::\w+\(&mut\s[^)]*\b(?:cash|other_cash)\b                                      # taken or replaced
    | \bbooks\.(?:flow|moved)\b                                                            # what follows from a payment
    """,
    re.VERBOSE,
)


def test_cash_and_sectors_move_in_the_ledger_alone():
    found = {path.name for path in SOURCES if BALANCES.search(code(path))}
    assert found == {"ledger.rs", "start.rs"}  # the second puts them where the world says


def test_unsafe_is_forbidden_everywhere():
    workspace = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))
    assert workspace["workspace"]["lints"]["rust"]["unsafe_code"] == "forbid"
    for member in workspace["workspace"]["members"]:
        crate = tomllib.loads((ROOT / member / "Cargo.toml").read_text(encoding="utf-8"))
        assert crate["lints"]["workspace"], member


# Each crate may depend on those before it.
CRATES = ("lanes", "clearing", "core", "python")


@pytest.mark.parametrize("place", range(len(CRATES)), ids=CRATES)
def test_a_crate_depends_on_those_below_it(place):
    crate = tomllib.loads((ROOT / "rust" / CRATES[place] / "Cargo.toml").read_text(encoding="utf-8"))
    assert crate["dependencies"]
    ours = {name for name in crate["dependencies"] if name.startswith("cashcade-")}
    assert ours == {f"cashcade-{name}" for name in CRATES[:place]}


@pytest.mark.parametrize("name", CRATES[:-1])
def test_only_the_binding_has_heard_of_python(name):
    crate = tomllib.loads((ROOT / "rust" / name / "Cargo.toml").read_text(encoding="utf-8"))
    assert not {"pyo3", "numpy"} & crate["dependencies"].keys()


def test_the_stub_names_what_the_binary_holds():
    stub = ast.parse((ROOT / "python" / "cashcade" / "_core.pyi").read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef)
    named = {node.name for node in stub.body if isinstance(node, kinds) and not node.name.startswith("_")}
    assert named
    assert named == {name for name in dir(_core) if not name.startswith("_")}
    assert all(getattr(_core, name).__doc__ for name in named)
