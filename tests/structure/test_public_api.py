"""The public names and their signatures are those of `public_names.txt`: what users rely on changes on purpose only."""

import difflib
import importlib
import inspect
import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import cashcade
from cashcade.world.record import Record

KEPT = Path(__file__).with_name("public_names.txt")

MODULES = (
    "cashcade",
    "cashcade.clearing",
    "cashcade.contagion",
    "cashcade.rules",
    "cashcade.testing",
    "cashcade.world",
)
"""Modules whose `__all__` is public; docs/deprecation.md lists them too."""

WRITE = "CASHCADE_WRITE_PUBLIC_NAMES"
"""Environment variable with which the test writes the file anew."""


def signature(value: object) -> str:
    """Return names, kinds and defaults of the parameters; annotations may become finer at any time."""
    try:
        found = inspect.signature(value)
    except (TypeError, ValueError):
        return ""
    plain = [each.replace(annotation=inspect.Parameter.empty) for each in found.parameters.values()]
    return str(inspect.Signature(plain))


def lines(name: str, value: object) -> Iterator[str]:
    """Return a line for a name, and for each public member of a class.

    Fields of the records of a world are those of the table of the core, and come with a mechanism.
    """
    if not inspect.isclass(value):
        yield f"{name}{signature(value)}" if callable(value) else name
        return
    yield f"class {name}{'' if issubclass(value, BaseException | Record) else signature(value)}"
    for member in sorted(vars(value)):
        found = inspect.getattr_static(value, member)
        if member.startswith("_"):
            continue
        if isinstance(found, staticmethod | classmethod):
            yield f"{name}.{member}{signature(getattr(value, member))}"
        elif isinstance(found, property | cached_property) or not inspect.isroutine(found):
            yield f"{name}.{member}"
        else:
            yield f"{name}.{member}{signature(found)}"


def public() -> list[str]:
    found = []
    for module in map(importlib.import_module, MODULES):
        for name in sorted(module.__all__):
            found += lines(f"{module.__name__}.{name}", getattr(module, name))
    return found


def test_the_public_names_are_those_that_are_kept():
    now = public()
    assert len(now) > 200
    if os.environ.get(WRITE):
        KEPT.write_text("\n".join(now) + "\n", encoding="utf-8")
    kept = KEPT.read_text(encoding="utf-8").splitlines()
    differs = [line for line in difflib.unified_diff(kept, now, lineterm="", n=0) if line[:1] in "+-"][2:]
    assert not differs, "\n".join(
        [
            "What users rely on is not what it was:",
            *differs,
            f"If that is meant, run this test once with {WRITE}=1, say so in CHANGELOG.md,",
            "and give what goes or changes a warning first (docs/deprecation.md).",
        ]
    )


DOCS = KEPT.parents[2] / "docs"


def test_the_reference_shows_every_public_name():
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    shown = {line.removeprefix("::: ") for line in page.splitlines() if line.startswith("::: ")}
    errors = {name for name in cashcade.__all__ if getattr(cashcade, name).__module__ == "cashcade.errors"}
    named = {getattr(cashcade, name) for name in {*cashcade.__all__, "map"} - errors}
    assert shown == {f"{each.__module__}.{each.__qualname__}" for each in named}


def test_the_page_lists_the_public_modules():
    page = (DOCS / "deprecation.md").read_text(encoding="utf-8")
    assert "`cashcade.__all__`" in page
    assert [module for module in MODULES[1:] if f"`{module}`" not in page] == []
