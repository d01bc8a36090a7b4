"""Why the likeliest failures come about, as a report tells it."""

import math
import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from cashcade.errors import ArgumentError
from cashcade.report.grounds import given, options
from cashcade.report.side import Side
from cashcade.results.chain import Step
from cashcade.results.explain import Explanation
from cashcade.results.figures import money, percent
from cashcade.words.names import one_line

SIZES = ("months", "paths", "seed", "replicates")
"""Arguments of a run that its explanation has to have, too."""

OPTIONS = {f"--{name}" for name in ("scenario", "shock", "set", "kill", "without", "block", "plugin")}
"""Options of the same kind."""

EXPLAINED = 2
"""Failures that are explained on each side."""


class Reason(NamedTuple):
    """One failure, explained.

    Attributes
    ----------
    title, lead
        Who and when, and the chain in sentences.
    spread
        The causes over all paths.
    steps, work
        Rows of the chain and of what was at work.
    ask
        The command that tells more.
    """

    title: str
    lead: str
    spread: str
    steps: Sequence[Sequence[str]]
    work: Sequence[Sequence[str]]
    ask: str


def reasons(sides: Sequence[Side], command: str) -> list[Reason]:
    """Explain the likeliest failures of each side, each on the path with the median month.

    Parameters
    ----------
    sides
        The sides.
    command
        That made the report; empty if none did.
    """
    found = []
    for side in sides:
        for company in side.failing[:EXPLAINED]:
            try:
                explained = side.result.explain(company)
                found.append(_reason(side, explained, command, many=len(sides) > 1))
            except ArgumentError:  # it was loaded from a file
                return []
    return found


def _reason(side: Side, found: Explanation, command: str, *, many: bool) -> Reason:
    name = side.names[found.company]
    where = f" under {side.name}" if many else ""
    return Reason(
        f"{name}{where}, {side.date(found.month)}",
        _lead(side, found),
        _spread(side, found.company),
        [_step(side, step) for step in found.chain],
        [
            [
                _brief(side.date(cause.month)),
                one_line(cause.cause),
                "not known" if math.isnan(cause.amount) else f"{money(cause.amount)} USD",
                "yes" if cause.covers else "no",
            ]
            for cause in found.work
        ],
        _ask(side, found.company, command, many=many),
    )


def _ask(side: Side, company: str, command: str, *, many: bool) -> str:
    """Give what tells more of the same run: a command if a command made it, else a call in Python."""
    known = side.dataset.attrs
    words = shlex.split(command)
    world = given(known, command)
    if not world or words[1:2] != ["run"] or known["first_path"]:
        result = f"comparison.results[{side.name!r}]" if many else "result"
        return f'{result}.why("{company}")'
    return shlex.join(["cashcade", "explain", world, company, "--why", *options(known, SIZES), *_kept(words)])


def _kept(words: Iterable[str]) -> Iterator[str]:
    """Yield the options of a run that its explanation has to have, too, with their values."""
    keeping = False
    for word in words:
        if word.startswith("--"):
            keeping = word.partition("=")[0] in OPTIONS
        if keeping:
            yield word


def _lead(side: Side, found: Explanation) -> str:
    name = side.names[found.company]
    short = (
        f"lacked {money(found.shortfall)} USD of what was due"
        if found.shortfall
        else "could pay what was due"
    )
    behind = f", set off by the failure of {side.names[found.behind]}" if found.behind else ""
    return (
        f"On path {found.path}, where it fails in the median month of all paths on which it fails, {name} "
        "owed "
        f"{f'{money(found.debt)} USD' if found.debt else 'no debt'} and {short} (cause in the model: "
        f"{found.cause}{behind}). "
        f"First cause that the log of the path shows: {one_line(found.first)}."
    )


def _spread(side: Side, company: str) -> str:
    """Tell the causes of a company over all paths on which it fails."""
    chosen = side.dataset.sel(company=company)
    causes = chosen["cause"].to_numpy()[chosen["failed_month"].to_numpy() > 0]
    names = chosen["cause"].attrs["flag_meanings"].split()
    codes, counts = np.unique(causes, return_counts=True)
    order = np.argsort(-counts, kind="stable").tolist()
    parts = [f"{names[codes[at]]} {percent(counts[at] / causes.size)}" for at in order]
    return f"Causes on all {causes.size:,} paths on which it fails: {', '.join(parts)}."


def _step(side: Side, step: Step) -> list[str]:
    """Give the cells of a step of the chain."""
    return [
        _brief(side.date(step.month)) if step.month else "start",
        one_line(step.event),
        " → ".join(_ends(side, [step.who, step.whom])),
        "" if math.isnan(step.amount) else money(step.amount),
        one_line(step.note),
    ]


def _brief(date: str) -> str:
    """Shorten a month: `Aug 2028`."""
    return date if not date else f"{date[:3]} {date[-4:]}"


def _ends(side: Side, ends: Sequence[str]) -> Iterator[str]:
    """Yield those that there are, as people call them."""
    for end in ends:
        if end:
            yield side.names.get(end, one_line(end))
