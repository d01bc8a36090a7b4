"""The page of the facts, in Markdown."""

from collections.abc import Iterator

from cashcade_telecom.facts.observed import Fact
from cashcade_telecom.facts.table import MONTHS, Found, Table

INTRODUCTION = """\
# The telecom bust

Made from runs by `python -m cashcade_telecom.facts docs/telecom.md` (`make facts`); do not edit.

The same model on another bubble, with the structure of the AI world: all that says how companies of a kind
spend, raise, borrow, order and fail, and how markets open and shut, is read from `ai-2025-08`. Sizes, ratios
of balance sheets, lives of networks, dates and terms of loans are those of telecom. Nothing is tuned. A
carrier is to the model what a neocloud is, an incumbent what a cloud giant is, a vendor what a chip maker is,
a young internet company what an AI application is; the index of GPU rents stands for the price of bandwidth.

| world | is |
|---|---|
| [`telecom-2000`](\
../plugins/cashcade-telecom/src/cashcade_telecom/worlds/telecom-2000.toml) \
| forty carriers, three vendors, three incumbents |
| [`dotcom-cohort`](\
../plugins/cashcade-telecom/src/cashcade_telecom/worlds/dotcom-cohort.toml) \
| thirty-six young internet companies, end of 1999 |

```
cashcade run telecom-2000 --scenario telecom-bust --months 60
cashcade run dotcom-cohort --scenario dotcom-bust,normal-window --months 60
```

The date, 30 September 2000, is the last balance of the lead vendor before the fall that is known in full
(revenue, lines, drawn loans), and carriers that filed in 2001 had just reported sizes near to it. Demand for
carriers has the ranges of neoclouds: what was believed then, traffic that doubles every hundred days, is
above their upper end, and growth as it came (85 % a year in 2002, at prices that fell) is within.

What is hindsight here:

- The month in which money stops (January 2001) is given by the scenario; its course after that is an output.
- Sizes of most of the 27 named carriers are those of the last annual report before each filed, scaled to the
  date by one range for all that filed in the same period (Florida-UCLA-LoPucki Bankruptcy Research Database;
  its table is no part of this plugin).
- They are named because they failed. Thirteen without name, with the ranges of the named ones, stand for
  those that did not file; a row of the table asks how many of them fail.
- One range was changed after a run had been seen: cash of carriers, 0.05 to 0.25 of assets at first, is 0.08
  to 0.35, nearer to what balance sheets of 1999 and 2000 are remembered to have been (variant `less-cash`).
- How a company manages, what it is offered and how its growth moves was not read from `ai-2025-08` at first,
  against what this page said. It was added as a whole, to all kinds of company, after runs had been seen;
  with it both rows of survival of young companies became hits and the loss of vendor loans a miss. The floor
  of hibernation in `ai-2025-08` has as its only ground that half of the internet firms of 1999 lived on, so
  these two rows are no test of that number.
- Vendor loans are drawn for a part of what is bought, which is estimated from Lucent's reports of 1997 to
  September 2000, after it was known that drawn loans had been a miss (two fifths of all capex before).
- Some measures got their definition after a run had been seen, to be what the sources count: failures as a
  number with a row of its own for those that did not file, defaults of the whole market beside those of
  carriers, and drawn loans with what failed customers owe.
- Who borrowed from which vendor, but for Winstar, is not in the data: lines are spread by assets.

## Hits and misses

{months} months, {paths:,} paths, seed {seed}. A fact is hit if the median of the paths lies in the observed
range; beside it are the 5 % and 95 % quantiles and the Monte-Carlo standard error of the median (draws are
resampled). A chance is a share of paths. The same world without the bust stands beside: what the shut window
does is the difference.

| fact | observed | range | model: median (5 to 95 %) | ± | verdict | without the bust | source |
|---|---|---|---|---|---|---|---|
"""

NEEDED = """\

{hits} of {all} facts are hit.

## The misses, and what would be needed

"""

VARIANTS = """\

Variants are run for comparison; each of them would be tuning, so none is part of a world. Shown are the facts
on which the median moves by more than three of its errors.

| variant | is | fact | median (5 to 95 %) | verdict |
|---|---|---|---|---|
"""


def page(table: Table) -> str:
    """Return the page."""
    text = INTRODUCTION.format(months=MONTHS, paths=table.paths, seed=table.seed)
    text += "\n".join(rows(table)) + "\n"
    hits = sum(found.hit for found in table.bust)
    text += NEEDED.format(hits=hits, all=len(table.bust)) + "\n".join(_misses(table)) + "\n"
    return text + VARIANTS + "\n".join(_variants(table)) + "\n"


def rows(table: Table) -> Iterator[str]:
    """Yield a row for each fact."""
    for found, calm in zip(table.bust, table.calm, strict=True):
        fact = found.fact
        span = f"{written(fact, fact.low)} to {written(fact, fact.high)}"
        verdict = "HIT" if found.hit else "**MISS**"
        model, quiet = _model(found), _model(calm)
        cells = (fact.title, fact.observed, span, model, _error(found), verdict, quiet, fact.source)
        yield f"| {' | '.join(cells)} |"


def _model(found: Found) -> str:
    fact = found.fact
    if fact.unit == "chance":
        return written(fact, found.median)
    return f"{written(fact, found.median)} ({written(fact, found.low)} to {written(fact, found.high)})"


def _error(found: Found) -> str:
    if found.fact.unit in {"share", "chance"}:
        return f"{100 * found.error:.2g}"
    return f"{found.error:.1f}"


def written(fact: Fact, value: float) -> str:
    """Return a value in the unit of its fact."""
    if fact.unit in {"share", "chance"}:
        return f"{100 * value:.3g} %"
    return f"{value:.0f}"


def _misses(table: Table) -> Iterator[str]:
    missed = [found.fact for found in table.bust if not found.hit]
    yield from (f"- **{fact.title}.** {fact.needed}" for fact in missed)


def _variants(table: Table) -> Iterator[str]:
    base = {found.fact.name: found for found in table.bust}
    for scenario, all_found in table.variants:
        for found in all_found:
            before = base[found.fact.name]
            if abs(found.median - before.median) > 3 * max(found.error, before.error, 1e-9):
                verdict = "HIT" if found.hit else "miss"
                cells = (f"`{scenario.name}`", scenario.title, found.fact.title, _model(found), verdict)
                yield f"| {' | '.join(cells)} |"
