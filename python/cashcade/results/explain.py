"""Why a company failed on one path, as far as the log of the path says, and the causes over many paths."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from cashcade.errors import ArgumentError
from cashcade.results.causes import causes
from cashcade.results.chain import Step, chain
from cashcade.results.figures import money
from cashcade.results.retrace import Again, retrace, shortfall_of
from cashcade.results.statistics import standard_error
from cashcade.results.summary import failures
from cashcade.words.names import choose, one_line

FIRST = {
    "contagion": "unpaid bills",
    "covenant": "loan called",
    "maturity": "not refinanced",
    "commitment": "commitments beyond use",
}
"""First causes that the model knows, by the cause of the failure."""


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
    steps
        The chain in order: `month`, `event`, `who`, `whom`, `amount` (USD; NaN where none is known) and
        `note`. Rows whose event begins with "gets", "pays", "comes in", "goes out" or "is due" are money from
        `who` to `whom`: the cash of the row "peak", plus what goes to the company, less what goes from it, is
        minus the shortfall.
    causes
        What was at work, the first first: `cause`, `month` in which it began, `amount` (USD up to the
        failure; NaN where nobody knows) and `covers`, whether that amount alone is at least the shortfall.
        Amounts overlap and are no counterfactuals: they say what is large enough to matter.
    """

    company: str
    name: str
    path: int
    month: int
    cause: str
    behind: str
    debt: float
    shortfall: float
    steps: pd.DataFrame
    causes: pd.DataFrame

    @property
    def first(self) -> str:
        """The first cause.

        Where the model knows it (any `cause` but "cash"), that one. Else of what is dated and covers the
        shortfall, or has no amount, the earliest; where there is nothing of that kind, the largest of what
        went on all along.
        """
        if self.cause != "cash":
            return FIRST.get(self.cause, self.cause)
        dated = self.causes[self.causes["dated"]]
        enough = dated[dated["covers"] | dated["amount"].isna()]
        if len(enough):
            return str(enough["cause"].iloc[0])
        if self.causes.empty:
            return self.cause
        return str(self.causes.loc[self.causes["amount"].idxmax(), "cause"])

    def __repr__(self) -> str:
        """Give company, path and month."""
        return f"<Explanation of {self.company} on path {self.path}: fails in month {self.month}>"

    def __str__(self) -> str:
        """Give the chain as text."""
        return "\n".join(one_line(line) for line in _text(self))


def explain(dataset: xr.Dataset, again: Again, company: str, path: int | None) -> Explanation:
    """See `Result.explain`."""
    choose(company, [str(name) for name in dataset["company"].to_numpy()], "company")
    fell = failures(dataset)
    fell = fell[fell["company"] == company]
    row = _chosen(dataset, fell, company, path)
    number = int(row["path"])
    known = retrace(dataset, again, company, number, int(row["month"]))
    steps = pd.DataFrame([*chain(known)], columns=[*Step._fields])
    shortfall = shortfall_of(known)
    steps.loc[len(steps)] = [
        *(known.month, "fails", company, "" if pd.isna(row["trigger"]) else row["trigger"]),
        *(shortfall, str(row["cause"])),
    ]
    return Explanation(
        company=company,
        name=str(dataset["company_name"].sel(company=company).item()),
        path=number,
        month=known.month,
        cause=str(row["cause"]),
        behind="" if pd.isna(row["trigger"]) else str(row["trigger"]),
        debt=float(row["debt"]),
        shortfall=shortfall,
        steps=steps,
        causes=causes(known, shortfall),
    )


def why(dataset: xr.Dataset, again: Again, company: str, paths: int) -> pd.DataFrame:
    """See `Result.why`."""
    choose(company, [str(name) for name in dataset["company"].to_numpy()], "company")
    fell = failures(dataset)
    failing = fell[fell["company"] == company]["path"].head(paths).to_list()
    if not failing:
        explain(dataset, again, company, None)  # Says so.
    found = [explain(dataset, again, company, int(path)) for path in failing]
    draw = dataset["path_draw"].sel(path=failing).to_numpy()
    first = np.array([_kind(each.first) for each in found])
    amounts = [_amounts(each) for each in found]
    rows = []
    for kind in dict.fromkeys([*first, *(kind for each in amounts for kind in each)]):
        known = [each[kind] for each in amounts if kind in each and not np.isnan(each[kind])]
        rows.append(
            {
                "cause": str(kind),
                "first": float((first == kind).mean()),
                "se": float(standard_error(first == kind, draw)),
                "present": float(np.mean([kind in each for each in amounts])),
                "amount": float(np.median(known)) if known else np.nan,
            }
        )
    table = pd.DataFrame(rows).set_index("cause")
    return table.sort_values(["first", "present"], ascending=False, kind="stable")


def _amounts(found: Explanation) -> dict[str, float]:
    """Give what was at work and covers the shortfall, or has no amount, by kind."""
    enough = found.causes[found.causes["covers"] | found.causes["amount"].isna()]
    sums: dict[str, float] = {}
    for row in enough.itertuples():
        kind = _kind(str(row.cause))
        sums[kind] = sums.get(kind, 0.0) + float(row.amount)
    return sums


def _kind(cause: str) -> str:
    """Give a cause without the name of a company."""
    return cause.split(":", maxsplit=1)[0]


def _chosen(dataset: xr.Dataset, fell: pd.DataFrame, company: str, path: int | None) -> "pd.Series[object]":
    """Give the failure on a path, or the median one by month."""
    if fell.empty:
        count = dataset.sizes["path"]
        raise ArgumentError(f"{company} fails on none of the {count:,} paths; there is nothing to explain.")
    if path is None:
        ordered = fell.sort_values(["month", "path"], kind="stable")
        return ordered.iloc[(len(ordered) - 1) // 2]
    here = fell[fell["path"] == path]
    if here.empty:
        some = ", ".join(str(each) for each in fell["path"].head(3))
        raise ArgumentError(
            f"{company} does not fail on path {path}; it fails on {len(fell):,} of the "
            f"{dataset.sizes['path']:,} paths, such as {some}."
        )
    return here.iloc[0]


def _text(found: Explanation) -> Iterator[str]:
    """Yield the lines of an explanation."""
    behind = f", by the failure of {found.behind}" if found.behind else ""
    yield f"{found.name} fails in month {found.month} on path {found.path} ({found.cause}{behind})."
    short = f"is short of {found.shortfall:,.2f} USD" if found.shortfall else "could pay what was due"
    yield f"It owes {money(found.debt)} USD, and {short}."
    yield ""
    for step in found.steps.itertuples():
        ends = " -> ".join(end for end in (step.who, step.whom) if end)
        amount = "" if np.isnan(step.amount) else money(step.amount)
        note = f" ({step.note})" if step.note else ""
        yield f"{step.month:>4}  {step.event:<24} {amount:>9}  {ends}{note}".rstrip()
    yield ""
    yield "At work, by date, then since the peak (amounts overlap; * is at least the shortfall):"
    for cause in found.causes.itertuples():
        amount = "not known" if np.isnan(cause.amount) else money(cause.amount)
        yield f"{cause.month:>4} {'*' if cause.covers else ' '} {cause.cause:<28} {amount:>9}"
    yield f"First cause: {found.first}."
