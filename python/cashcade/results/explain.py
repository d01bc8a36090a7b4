"""Why a company failed on one path, as far as the log of the path says, and the causes over many paths."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade.errors import ArgumentError
from cashcade.results.causes import Cause, causes, first_cause, kind_of
from cashcade.results.chain import Step, chain
from cashcade.results.figures import money
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
        Of the failure.
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
        work=causes(known, shortfall),
    )


def why(dataset: xr.Dataset, again: Again, company: str, count: int) -> pd.DataFrame:
    """See `Result.why`."""
    fell = _failures(dataset, company)[:count]
    paths = np.array([each.path for each in fell])
    draw = dataset["path_draw"].sel(path=paths).to_numpy()
    works = [_work(dataset, again, company, each) for each in fell]
    first = np.array([kind_of(first_cause(each.cause, work)) for each, work in zip(fell, works, strict=True)])
    amounts = [added((kind_of(each.cause), each.amount) for each in work if each.counts) for work in works]
    kinds = dict.fromkeys([*first.tolist(), *(kind for each in amounts for kind in each)])
    rows = {}
    for kind in kinds:
        present = np.array([kind in each for each in amounts])
        saved = _saved(again.without(kind, company), paths[present])
        rows[kind] = {**_counted(kind, first == kind, amounts, draw), "saved": saved}
    table = pd.DataFrame([*rows.values()], index=pd.Index([*rows], name="cause", dtype=object))
    return table.sort_values(["first", "present"], ascending=False, kind="stable")


def _counted(
    kind: str, hit: NDArray[np.bool_], amounts: Sequence[Mapping[str, float]], draw: NDArray[np.int64]
) -> dict[str, float]:
    """Give a row of `why`."""
    known = [each[kind] for each in amounts if kind in each and not np.isnan(each[kind])]
    return {
        "first": float(hit.mean()),
        "se": float(standard_error(hit, draw)),
        "present": float(np.mean([kind in each for each in amounts])),
        "amount": float(np.median(known)) if known else np.nan,
    }


def _saved(months: "pd.Series[Any] | None", paths: NDArray[np.int64]) -> float:
    """Give the share of paths on which a company lives when a cause is left out."""
    if months is None or not paths.size:
        return np.nan
    return float((months.reindex(paths) == 0).mean())


def _work(dataset: xr.Dataset, again: Again, company: str, fell: _Failure) -> tuple[Cause, ...]:
    """Give what was at work on a path."""
    known = retrace(dataset, again, company, fell.path, fell.month)
    return causes(known, shortfall_of(known))


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


def _text(found: Explanation) -> Iterator[str]:
    """Yield the lines of an explanation."""
    behind = f", by the failure of {found.behind}" if found.behind else ""
    yield f"{found.name} fails in month {found.month} on path {found.path} ({found.cause}{behind})."
    short = f"is short of {found.shortfall:,.2f} USD" if found.shortfall else "could pay what was due"
    yield f"It owes {money(found.debt)} USD, and {short}."
    yield ""
    for step in found.chain:
        ends = " -> ".join(end for end in (step.who, step.whom) if end)
        amount = "" if np.isnan(step.amount) else money(step.amount)
        note = f" ({step.note})" if step.note else ""
        yield f"{step.month:>4}  {step.event:<24} {amount:>9}  {ends}{note}".rstrip()
    yield ""
    yield "At work, by date, then since the peak (amounts overlap; * is at least the shortfall):"
    for cause in found.work:
        amount = "not known" if np.isnan(cause.amount) else money(cause.amount)
        yield f"{cause.month:>4} {'*' if cause.covers else ' '} {cause.cause:<28} {amount:>9}"
    yield f"First cause: {found.first}."
