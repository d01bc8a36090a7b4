"""Experiments T14 to T16: other busts by the same structure, what feedbacks do, and what shuts windows."""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec

import numpy as np
import pandas as pd
from cashcade import Case, measure_feedbacks
from cashcade.questions.sides import Named
from cashcade.rules import Use
from cashcade.world.feedbacks import FEEDBACKS
from numpy.typing import NDArray

from cashcade_ai.transmission import lines
from cashcade_ai.transmission.lines import Experiment, Floats, Line, above, reported
from cashcade_ai.transmission.worlds import neutral

SEED = 1

FIVE_YEARS = 60
THREE_YEARS = 36

FACTS_WANTED = 9
"""Of the stylised facts of the telecom bust and of the dot-com cohort."""

SHARE_OF_PATHS = 5
"""A feedback takes four runs, and there are some forty: each has so many times fewer paths.

Errors shrink with paths: what moves nothing by enough of them is measured again with all.
"""

SURE = 3.0
"""Standard errors by which a feedback must move something."""

USUAL = "demand"
"""The disturbance where none is named: a fifth of all demand is gone from month 7 on."""

DISTURBANCES = ("money-trap",)
"""Presets under which feedbacks are left out, beside a fall of all demand by a fifth."""

ELSEWHERE: Mapping[str, tuple[Named, tuple[str, ...]]] = {
    "dearer models": (
        Use("api-price-rise", {"rise": 1.0}),
        ("price-churn", "adverse-selection", "routing", "use-caps", "plan-caps", "recapture", "lab-competes"),
    ),
    "no money": (
        Use("funding-shut", {"start": 6.0, "months": 24.0}),
        (
            *("growth-round", "hurdle", "down-rounds", "commitments-round", "refusals", "dry-powder"),
            *("sentiment", "burn-cuts", "vendor-finance", "wealth"),
        ),
    ),
    "glut of GPUs": ("gpu-glut", ("fire-sale", "thin-markets", "reletting", "orphaned-fleets", "workouts")),
    "boom": ("boom", ("patience", "capex-valuation")),
    "dear money": ("private-credit-retreat", ("standby-loans", "lender-losses", "lender-tightening")),
    "backstop": ("backstop", ("backstop",)),
}
"""Disturbances that bear on a feedback by what it is, for those that the others do not reach."""

DEEP, FLAT = 0.2, 0.1
"""Falls of the index from its highest of two years: as in a bear market, and none to speak of."""

MEMORY = 24

BLOCKS = 20
"""Of paths; each is left out in turn for the error of a difference of shares."""

LIKELY = 0.5

CRASH = "2008-09-30"
"""The month after which shares fell from a fifth to more than half below their highest."""

SIX_MISSES = """\
Tried: each variant of the page on the telecom bust moves some misses into their range, and each would be
tuning, being chosen with the outcome in sight. Six facts were hit at first, and eight by the structure of the
world of today. The nearest miss, debt of the worst year, lies 0.2 points outside, within its error; for
others the page names what is not in that world: lines that vendors withdraw from living customers, carriers
that are bought or exchange their debt. Expect eight. No fault of a formula was found."""

NOT_YET = """\
Looked up: in the series that these hazards are estimated from, the venture window did not shut in that year.
Investment fell by 1 % in 2008 and by a third in 2009, and shares were a tenth to a quarter below their
highest until September. A chance above one half would contradict the record: expect less than that from
January 2008 on, and more in the year after September."""

SHUT = 2
"""Code of the funding regime when the venture window is shut."""


def other_busts(paths: int) -> Iterator[Line]:
    """T14: telecom and dot-com worlds on the same structure."""
    if find_spec("cashcade_telecom") is None:
        yield Line(
            "facts hit: cashcade-telecom is not installed", "?", f"{FACTS_WANTED} or more", holds=False
        )
        return
    from cashcade.load import load_world  # noqa: PLC0415 - the other plugin needs this one, not this one it
    from cashcade_telecom.facts.observed import FACTS  # noqa: PLC0415
    from cashcade_telecom.facts.table import BUSTS, compare, run  # noqa: PLC0415

    found = []
    for name, scenarios in BUSTS.items():
        facts = [fact for fact in FACTS if fact.world == name]
        found += compare(run(load_world(name), scenarios, paths=paths, seed=SEED), facts)
    hits = sum(each.hit for each in found)
    said = f"facts hit, of {len(found)} (each on its own page)"
    yield Line(said, f"{hits}", f"{FACTS_WANTED} or more", hits >= FACTS_WANTED, tried=SIX_MISSES)
    for each in found:
        value = f"{each.median:.3g} ± {each.error:.2g}"
        wanted = f"{each.fact.low:.3g} to {each.fact.high:.3g}"
        yield Line(
            f"{each.fact.world}: {each.fact.title}", f"{value} ({wanted}), {'hit' if each.hit else 'miss'}"
        )


def feedbacks(paths: int) -> Iterator[Line]:
    """T15: each feedback left out, where it matters most."""
    sample = max(paths // SHARE_OF_PATHS, 2)
    tables = {USUAL: measure_feedbacks(neutral(), paths=sample, seed=SEED)}
    for name in DISTURBANCES:
        tables[name] = measure_feedbacks(neutral(), scenarios=[name], paths=sample, seed=SEED)
    weak = [str(name) for name in tables[USUAL].index if _strongest(tables, name)[1] < SURE]
    more = {
        where: measure_feedbacks(neutral(), names=some, scenarios=[use], paths=sample, seed=SEED)
        for where, (use, all_of_them) in ELSEWHERE.items()
        if (some := [name for name in all_of_them if name in weak])
    }
    faint = [name for name in weak if _strongest(tables | more, name)[1] < SURE]
    if faint and sample < paths:
        for where, scenarios in {USUAL: (), **{name: (name,) for name in DISTURBANCES}}.items():
            more[f"{where}, {paths:,} paths"] = measure_feedbacks(
                neutral(), names=faint, scenarios=scenarios, paths=paths, seed=SEED
            )
    for name in tables[USUAL].index:
        rows = {where: table.loc[name] for where, table in (tables | more).items() if name in table.index}
        most, _ = _strongest(tables | more, name)
        moved = float(rows[most]["moved"])
        signs = "; ".join(f"{row['kind']} ({where})" for where, row in rows.items())
        yield Line(
            f"`{name}`: {signs}; expected {FEEDBACKS[str(name)].kind}",
            f"moves {rows[most]['moves']} by {moved:+.1f} errors ({most})",
            f"{SURE:g} or more",
            abs(moved) >= SURE,
        )
    for where, table in tables.items():
        agree = sum(kind == FEEDBACKS[str(name)].kind for name, kind in table["kind"].items())
        counts = ", ".join(f"{count} {kind}" for kind, count in table["kind"].value_counts().items())
        yield Line(f"{where}, {sample} paths: all of them", f"{counts}; {agree} as expected")


def _strongest(tables: Mapping[str, pd.DataFrame], name: object) -> tuple[str, float]:
    """Name the disturbance under which leaving out a feedback moves most, and give by how many errors."""
    moved = {
        where: abs(table["moved"].to_dict()[name]) for where, table in tables.items() if name in table.index
    }
    most = max(moved, key=lambda where: moved[where])
    return most, float(moved[most])


def shut_windows(paths: int) -> Iterator[Line]:
    """T16: what shuts windows, on paths and in history."""
    result = Case(neutral()).run(
        months=FIVE_YEARS,
        paths=paths,
        seed=SEED,
        replicates=1,
        record=["market.index", "market.regime", "market.credit_window", "market.failed_debt"],
        keep_paths=True,
        quantiles=(),
    )
    kept = {
        name: result.dataset[f"market_{name}"].transpose("kept_path", "month").to_numpy()
        for name in ("index", "regime", "credit_window", "failed_debt")
    }
    fall = drawdowns(kept["index"])
    lost = losses(kept["failed_debt"])
    heavy = lost > np.quantile(lost, 0.75)
    for window, shut in {"venture": kept["regime"] == SHUT, "credit": kept["credit_window"] == 0}.items():
        after_fall = more_often(shut, fall >= DEEP, fall < FLAT)
        yield above(f"{window} shuts in a month after a fall of {DEEP:.0%} less else, points", after_fall)
        after_losses = more_often(shut, heavy, ~heavy)
        said = f"{window} shuts in a month after the heaviest quarter of losses of a year less else, points"
        yield above(said, after_losses)
    yield from _in_history()


def drawdowns(index: Floats) -> Floats:
    """Give the fall of an index, `[paths, months]`, from its highest of two years and the start."""
    whole = np.concatenate([np.ones((len(index), 1)), index], axis=1)
    highest = np.stack(
        [whole[:, max(0, month - MEMORY) : month + 1].max(axis=1) for month in range(1, whole.shape[1])],
        axis=1,
    )
    return np.asarray(1 - index / highest)


def losses(failed_debt: Floats) -> Floats:
    """Give what failed in the last twelve months, `[paths, months]`, from what failed so far."""
    before = np.concatenate([np.zeros((len(failed_debt), 12)), failed_debt], axis=1)[:, :-12]
    return np.asarray(failed_debt - before)


def more_often(
    shut: NDArray[np.bool_], bad: NDArray[np.bool_], good: NDArray[np.bool_]
) -> tuple[float, float]:
    """Give by how many points a month more often an open window shuts after bad months than after good ones.

    Returns
    -------
    difference, error
        The error is from leaving out blocks of paths in turn.
    """
    shuts = ~shut[:, :-1] & shut[:, 1:]
    sums = []
    for after in (bad, good):
        watched = ~shut[:, :-1] & after[:, :-1]
        sums += [(shuts & watched).sum(axis=1), watched.sum(axis=1)]
    each = np.array(
        [part.sum(axis=1) for part in np.array_split(np.array(sums, dtype=float), BLOCKS, axis=1)]
    )

    def difference(totals: Floats) -> float:
        hits, watched, others, rest = totals
        return float(100 * (hits / max(watched, 1) - others / max(rest, 1)))

    total = each.sum(axis=0)
    left_out = np.array([difference(total - part) for part in each])
    error = float(np.sqrt((BLOCKS - 1) / BLOCKS * ((left_out - left_out.mean()) ** 2).sum()))
    return difference(total), error


def _in_history() -> Iterator[Line]:
    """Give the chance that hazards, on the states that were, shut each window within a year of the falls."""
    if find_spec("scipy") is None:
        yield reported("chance in 2000-02 and 2008: needs cashcade-ai[estimates]", [])
        return
    from cashcade_ai.estimates import chains  # noqa: PLC0415 - it needs SciPy

    for chain in chains.chains():
        known = chain.hazard("shuts").coefficients
        for crisis, after in chains.FALLS.items():
            chance = chain.shuts_soon(after, known)
            since = f"{pd.Timestamp(after):%B %Y}"
            said = f"{chain.name} window, {crisis}: chance to shut in the year after {since}"
            likely = chance >= LIKELY
            yield Line(said, lines.number(chance), f"{LIKELY:g} or more", likely, tried=NOT_YET)
        late = chain.shuts_soon(CRASH, known)
        yield Line(
            f"{chain.name} window, 2007-10: chance to shut in the year after {pd.Timestamp(CRASH):%B %Y}",
            lines.number(late),
            f"{LIKELY:g} or more",
            late >= LIKELY,
            "in January 2008 shares were a tenth below their highest; they fell by half after September",
        )


MORE = (
    Experiment("T14", "Telecom and dot-com worlds on the same structure", FIVE_YEARS, other_busts),
    Experiment("T15", "Each feedback left out", THREE_YEARS, feedbacks),
    Experiment("T16", "What shuts windows", FIVE_YEARS, shut_windows),
)
"""By number."""
