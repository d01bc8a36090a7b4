"""Why a company failed on one path, as far as the log of the path says, and the causes over many paths."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade.errors import ArgumentError
from cashcade.results.causes import (
    AFTER_OTHERS,
    Cause,
    Removal,
    causes,
    first_cause,
    kind_of,
    others_of,
    removal_of,
)
from cashcade.results.chain import Step, chain
from cashcade.results.figures import money
from cashcade.results.needed import Needed, Ways, Without
from cashcade.results.retrace import Again, added, retrace, shortfall_of
from cashcade.results.statistics import standard_error
from cashcade.results.summary import failures
from cashcade.words.names import choose, one_line


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """Why a company failed on one path, as far as the log of the path says.

    Attributes
    ----------
    company, name
        Id, and what people call it.
    path, month
        Path and month of the failure.
    cause
        As in `Result.failures`.
    behind
        The company whose failure caused it; empty if none.
    debt
        When it failed, USD.
    shortfall
        What it lacked in the month of the failure to pay all that was due, USD; 0 where it could pay and
        failed of losses, of a loan that was called at once, or in an orderly closure.
    chain, work
        Rows of `steps` and of `causes`.
    counterfactual
        Gives `needed`.
    """

    company: str
    name: str
    path: int
    month: int
    cause: str
    behind: str
    debt: float
    shortfall: float
    chain: tuple[Step, ...]
    work: tuple[Cause, ...]
    counterfactual: Callable[[], Needed]

    @cached_property
    def needed(self) -> Needed:
        """Causes that have to be left out, on the same luck, for the company to live to the end.

        The path is run again without the first cause; where the company fails all the same, without what it
        then fails of, too, and so on; then what is not needed is taken back.
        """
        return self.counterfactual()

    @cached_property
    def steps(self) -> pd.DataFrame:
        """The chain in order.

        `month`, `event`, `who`, `whom`, `amount` (USD; NaN where none is known) and `note`. Rows whose event
        begins with "gets", "pays", "comes in", "goes out" or "is due" are money from `who` to `whom`: the
        cash of the row "peak", plus what goes to the company, less what goes from it, is minus the shortfall
        (or what is left, where there is none).
        """
        return pd.DataFrame([*self.chain], columns=[*Step._fields])

    @cached_property
    def causes(self) -> pd.DataFrame:
        """Causes at work, those that began with an event (`dated`) first, by month.

        `cause`, `month` in which it began, `amount` (USD up to the failure; NaN where nobody knows) and
        `covers`, whether that amount alone is at least the shortfall. Amounts overlap and are no
        counterfactuals: they say what is large enough to matter.
        """
        return pd.DataFrame([*self.work], columns=[*Cause._fields])

    @property
    def first(self) -> str:
        """The first cause.

        Where the model knows it (any `cause` but "cash"), that one. Else of what is dated and covers the
        shortfall, or has no amount, the earliest; where there is nothing of that kind, the largest of what
        went on all along.
        """
        return first_cause(self.cause, self.work)

    def __repr__(self) -> str:
        """Give company, path and month."""
        return f"<Explanation of {self.company} on path {self.path}: fails in month {self.month}>"

    def __str__(self) -> str:
        """Give the chain as text."""
        return "\n".join(one_line(line) for line in _text(self))


class _Failure(NamedTuple):
    """A row of `Result.failures` of one company."""

    path: int
    month: int
    cause: str
    behind: str
    debt: float


def explain(dataset: xr.Dataset, again: Again, company: str, path: int | None) -> Explanation:
    """See `Result.explain`."""
    fell = _chosen(dataset, company, path)
    known = retrace(dataset, again, company, fell.path, fell.month)
    shortfall = shortfall_of(known)
    end = Step(fell.month, "fails", company, fell.behind, shortfall, fell.cause)
    work = causes(known, shortfall)
    first = first_cause(fell.cause, work)
    ways = Ways(dataset, company, fell.path, _remembered(again, company))
    return Explanation(
        company=company,
        name=str(dataset["company_name"].sel(company=company).item()),
        path=fell.path,
        month=fell.month,
        cause=fell.cause,
        behind=fell.behind,
        debt=fell.debt,
        shortfall=shortfall,
        chain=(*chain(known), end),
        work=work,
        counterfactual=lambda: ways.needed(removal_of(first, known), first),
    )


def _remembered(again: Again, company: str) -> Without:
    """Give what leaves causes out, each set of them once."""

    @cache
    def without(removals: tuple[Removal, ...]) -> Again | None:
        return again.without(removals, company)

    return without


def why(dataset: xr.Dataset, again: Again, company: str, count: int) -> pd.DataFrame:
    """See `Result.why`."""
    fell = _failures(dataset, company)[:count]
    without = _remembered(again, company)
    cases = [_tried(dataset, again, without, company, each) for each in fell]
    draw = dataset["path_draw"].sel(path=[each.path for each in fell]).to_numpy()
    rows = {kind: _counted(kind, cases, draw) for kind in _kinds(cases)}
    table = pd.DataFrame([*rows.values()], index=pd.Index([*rows], name="cause", dtype=object))
    return table.sort_values(["first", "present"], ascending=False, kind="stable")


class _Tried(NamedTuple):
    """A failing path: its first cause, amounts of all that counts, and what became of it without each.

    `needed` holds the kinds that have to be left out for the company to live; it is empty where it dies all
    the same. `others` are the companies whose failures are links of the chain, and `alive` whether it lives
    when they are kept alive (None without any).
    """

    first: str
    amounts: Mapping[str, float]
    lives: Mapping[str, bool | None]
    needed: tuple[str, ...]
    others: tuple[str, ...]
    alive: bool | None


def _tried(dataset: xr.Dataset, again: Again, without: Without, company: str, fell: _Failure) -> _Tried:
    """Find out what became of a failing path without each of its causes."""
    known = retrace(dataset, again, company, fell.path, fell.month)
    work = causes(known, shortfall_of(known))
    first = first_cause(fell.cause, work)
    ways = Ways(dataset, company, fell.path, without)
    amounts = added((kind_of(each.cause), each.amount) for each in work if each.counts)
    # Of companies that were lost, all that count are kept alive together.
    removals: dict[str, tuple[Removal, ...]] = {}
    for name in dict.fromkeys([first, *(each.cause for each in work if each.counts)]):
        removals[kind_of(name)] = (*removals.get(kind_of(name), ()), removal_of(name, known))
    found = ways.needed(removal_of(first, known), first)
    others = others_of(known)
    return _Tried(
        kind_of(first),
        amounts,
        {kind: ways.lives(some) for kind, some in removals.items()},
        tuple(dict.fromkeys(map(kind_of, found.causes))) if found.lives else (),
        others,
        ways.lives((Removal(AFTER_OTHERS[-1], others),)) if others else None,
    )


def _kinds(cases: Sequence[_Tried]) -> list[str]:
    """Name all causes, those first that are the first of some path."""
    named = [name for each in cases for name in (*each.amounts, *each.needed)]
    return [*dict.fromkeys([*(each.first for each in cases), *named])]


def _counted(kind: str, cases: Sequence[_Tried], draw: NDArray[np.int64]) -> dict[str, float]:
    """Give a row of `why`."""
    hit = np.array([each.first == kind for each in cases])
    known = [each.amounts[kind] for each in cases if not np.isnan(each.amounts.get(kind, np.nan))]
    alone = [each for each in cases if each.first == kind]
    return {
        "first": float(hit.mean()),
        "se": float(standard_error(hit, draw)),
        "present": float(np.mean([kind in each.lives for each in cases])),
        "amount": float(np.median(known)) if known else np.nan,
        "saved": _share(each.lives.get(kind) for each in cases),
        "first_saved": _share(each.lives[kind] for each in alone),
        "together": _share(bool(each.needed) for each in alone),
        "needed": float(np.mean([kind in each.needed for each in cases])),
        "after_other": _share(bool(each.others) for each in alone),
        "other_saved": _share(each.alive for each in alone),
    }


def _share(of: Iterable[bool | None]) -> float:
    """Give the share of those that are so, of those of whom it is known; NaN where there are none."""
    known = [each for each in of if each is not None]
    return float(np.mean(known)) if known else np.nan


def _failures(dataset: xr.Dataset, company: str) -> list[_Failure]:
    """Give the failures of a company, by path; that there are none is an error."""
    choose(company, [str(name) for name in dataset["company"].to_numpy()], "company")
    fell = failures(dataset)
    fell = fell[fell["company"] == company]
    if fell.empty:
        raise ArgumentError(
            f"{company} fails on none of the {dataset.sizes['path']:,} paths; there is nothing to explain."
        )
    columns = (fell[name].tolist() for name in ("path", "month", "cause", "trigger", "debt"))
    return [
        _Failure(path, month, cause, "" if pd.isna(trigger) else trigger, debt)
        for path, month, cause, trigger, debt in zip(*columns, strict=True)
    ]


def _chosen(dataset: xr.Dataset, company: str, path: int | None) -> _Failure:
    """Give the failure on a path, or the median one by month."""
    fell = _failures(dataset, company)
    if path is None:
        return sorted(fell, key=lambda each: each.month)[(len(fell) - 1) // 2]
    here = next((each for each in fell if each.path == path), None)
    if here is None:
        some = ", ".join(str(each.path) for each in fell[:3])
        raise ArgumentError(
            f"{company} does not fail on path {path}; it fails on {len(fell):,} of the "
            f"{dataset.sizes['path']:,} paths, such as {some}."
        )
    return here


_LINE = "{:>5}  {:<24} {:>9}  {}"
"""Columns of a chain in print: month, event, amount, and who with a note."""


def _line(step: Step) -> str:
    """Give a step as a line; who fails pays nobody."""
    fails = step.event == "fails"
    ends = step.who if fails else " -> ".join(end for end in (step.who, step.whom) if end)
    notes = (step.note, f"by the failure of {step.whom}" if fails and step.whom else "")
    note = ", ".join(each for each in notes if each)
    amount = "" if np.isnan(step.amount) else money(step.amount)
    return _LINE.format(step.month, step.event, amount, f"{ends} ({note})" if note else ends).rstrip()


def _text(found: Explanation) -> Iterator[str]:
    """Yield the lines of an explanation."""
    behind = f", by the failure of {found.behind}" if found.behind else ""
    yield f"{found.name} fails in month {found.month} on path {found.path} ({found.cause}{behind})."
    short = f"is short of {found.shortfall:,.2f} USD" if found.shortfall else "could pay what was due"
    yield f"It owes lenders {money(found.debt)} USD, and {short}."
    yield ""
    yield _LINE.format("Month", "Event", "USD", "From -> to (note)")
    yield from map(_line, found.chain)
    yield ""
    yield "At work, by date, then since the peak (amounts overlap; * is at least the shortfall):"
    for cause in found.work:
        amount = "not known" if np.isnan(cause.amount) else money(cause.amount)
        yield f"{cause.month:>4} {'*' if cause.covers else ' '} {cause.cause:<28} {amount:>9}"
    yield f"First cause: {found.first}."
    yield _told(found)


def _told(found: Explanation) -> str:
    """Say what has to be left out for the company to live."""
    needed = found.needed
    if not needed.then:
        return "Nothing is known that could be left out."
    more = needed.causes[1:]
    if needed.lives and not more:
        return "On the same luck, with that left out, it lives to the end of the run."
    again = f"On the same luck, with that alone left out, it fails in month {needed.then[0]}"
    several = " and ".join(needed.causes)
    if needed.lives:
        return f"{again}: there are several causes. It lives with all of these left out: {several}."
    if not more:
        return f"{again}, and nothing else that the log names saves it."
    return f"{again}; with {several} left out it fails in month {needed.then[-1]} of something else still."
