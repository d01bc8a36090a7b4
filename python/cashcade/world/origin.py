"""The origin of a world, so that its problems can be found there."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cashcade.world.problems import Finding, Place, Problem, by_line

_DIGITS = re.compile(r"[\d.]+")

FEWEST = 3
"""Rows of a table that must share a problem for it to be told once."""


def _nowhere(_place: Place) -> tuple[str | None, int | None]:
    return None, None


@dataclass(frozen=True, slots=True)
class Origin:
    """The name of a world's source, and the way from a place in it to a file and a line.

    Parameters
    ----------
    name
        What messages call it.
    locate
        File and line of a place.
    by_column
        Whether it is made of tables: a problem that rows share is then one of their column.
    """

    name: str = "world"
    locate: Callable[[Place], tuple[str | None, int | None]] = _nowhere
    by_column: bool = False

    def problems(self, findings: Iterable[Finding], raw: object) -> list[Problem]:
        """Return the problems that findings are, by file and line; those without a line keep their order."""
        found = [(finding, self.problem(finding, raw)) for finding in findings]
        groups: dict[Hashable, list[Problem]] = {}
        for finding, problem in found:
            field = tuple(part for part in finding.place if isinstance(part, str))
            shared = (field, problem.file, problem.wanted, _DIGITS.sub("", problem.hint))
            groups.setdefault(shared if self.by_column else len(groups), []).append(problem)
        told = (problem for group in groups.values() for problem in _merged(group))
        return by_line(told)

    def problem(self, finding: Finding, raw: object) -> Problem:
        """Return the problem that a finding is, with file, line and readable key."""
        file, line = self.locate(finding.place)
        key = key_path(finding.place, raw)
        return Problem(file, line, key, finding.given, finding.wanted, finding.hint)


def _merged(group: list[Problem]) -> Iterator[Problem]:
    """Yield the problems of rows that are alike, many of them as one."""
    if len(group) < FEWEST:
        yield from group
        return
    first, *rest = by_line(group)
    last = f", down to line {rest[-1].line}" if rest[-1].line else ""
    yield replace(first, given=f"{first.given} (and {len(rest)} more rows alike{last})")


def key_path(place: Place, raw: object) -> str:
    """Return a place as people write it: `contract[3] "cursor->anthropic".usage`."""
    path, here = "", raw
    for part in place:
        here = _step(here, part)
        if isinstance(part, int):
            label = _label(here)
            path += f"[{part + 1}]" + (f' "{label}"' if label else "")
        else:
            path += f".{part}" if path else part
    return path


def _step(here: object, part: str | int) -> object:
    if isinstance(here, Mapping):
        return here.get(part)
    if (
        isinstance(here, Sequence)
        and not isinstance(here, str)
        and isinstance(part, int)
        and part < len(here)
    ):
        return here[part]
    return getattr(here, str(part), None)


ENDS = (
    ("customer", "supplier"),
    ("borrower", "lender"),
    ("holder", "issuer"),
    ("investor", "company"),
    ("from", "to"),
)
"""Links that name an entity without an id."""


def _label(entry: Any) -> str:  # noqa: ANN401 - whatever a file holds
    """Return the id of an entry, or its ends, or nothing."""
    if entry is None or isinstance(entry, str | int | float):
        return ""
    words = {name: _step(entry, name) for name in ("id", "seller", "owner", "vendor")}
    for left, right in ENDS:
        ends = _step(entry, left), _step(entry, right)
        if all(isinstance(end, str) and end for end in ends):
            words.setdefault("ends", f"{ends[0]}->{ends[1]}")
    texts = [words[name] for name in ("id", "ends", "seller", "owner", "vendor") if words.get(name)]
    return next((text[:120] for text in texts if isinstance(text, str)), "")
