"""Which assumptions move what happens most: first-order sensitivity, from the draws of one run."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.case import Case, case_of
from cashcade.errors import MissingExtraError
from cashcade.questions.varied import varied
from cashcade.results.outcomes import outcomes
from cashcade.results.result import Result
from cashcade.results.statistics import clusters
from cashcade.rules import ExitScenario, Scenario, Shock, Use
from cashcade.words.numerals import LARGEST_SEED, whole
from cashcade.world import World

Floats = NDArray[np.float64]

FEWEST = 256
"""Draws below which nothing can be told apart."""

BINS = 16
"""Bins of equally many draws by which assumptions are sifted."""

SIFTED = 12
"""Assumptions that are looked at closely for each outcome: those whose bins differ most."""

HARMONICS = 4
"""Of the Fourier series that describes the answer to an assumption: smooth, rising, falling or bent."""

RESAMPLES = 200
"""Resamples of the draws, for confidence intervals."""

SEEDS = 2**32
"""Seeds that SALib knows."""

LEVEL = 0.95
"""Confidence of the intervals."""


def sensitivity(  # noqa: PLR0913 - all but the world are keywords with defaults
    world: World | str | Path | Case | Result,
    *,
    of: str | Sequence[str] | None = None,
    top: int = 3,
    scenarios: Sequence[str | Scenario | Shock | Use | ExitScenario] = (),
    months: int = 60,
    paths: int = 10_000,
    seed: int = 0,
    without: Sequence[str] = (),
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> pd.DataFrame:
    """Rank the assumptions that move each outcome most.

    An assumption is a range of the world or of a rule; ranges that share a name are one. Its sensitivity is
    the share of the variance of the outcome, over draws, that it explains by itself (first-order index of
    Sobol): by RBD-FAST on the draws of one run (Plischke 2010; bias of Tissot and Prieur 2012), with SALib.
    Assumptions are sifted first, by the variance of the mean outcome over 16 bins of equally many draws; the
    twelve that differ most are estimated. With a thousand assumptions and few draws the third of the list
    may be there by luck: its interval says so. What moves an outcome only with others is not found.

    Parameters
    ----------
    world
        As `cashcade.run` takes it, a `Case` too: it is run with one path per draw, so there are as many
        draws as paths. Or a result of a run, not from a file, whose draws are used; then all below `top` is
        that of the run.
    of
        "systemic" (a systemic cascade), "failed-debt" (part of a dollar of debt that fails), or the id
        of a company (whether it fails); one or several. By default the first and all companies.
    top
        Assumptions for each outcome.
    scenarios, months, paths, seed, without, threads, plugins, block
        As `cashcade.run` takes them.

    Returns
    -------
    sensitivity
        Indexed by `outcome` and `rank`. `assumption`; `share` of the variance it explains, with the
        half-width `share_ci` of its interval of 95 %; `at_low` and `at_high`: the mean outcome over the fifth
        of draws in which the assumption is lowest and highest, each with its standard error `_se`; `low` and
        `high`: the ends of these fifths, in the unit of the (first) range. What never varies is left out.

    Raises
    ------
    ArgumentError
        There is no such outcome, nothing is uncertain, there are too few draws, or the result is from a file.
    MissingExtraError
        SALib is not installed.
    """
    analyze = _salib()
    top = whole("top", top, 1, SIFTED)
    seed = whole("seed", seed, 0, LARGEST_SEED)
    if not isinstance(world, Result):
        case = case_of(world, scenarios=scenarios, without=without, plugins=plugins, block=block)
        world = case.run(
            months=months,
            paths=paths,
            seed=seed,
            replicates=1,
            threads=threads,
            quantiles=(),
            record=("company.cash",),
        )
    assumptions = varied(world, FEWEST)
    draw = world.dataset["path_draw"].to_numpy()
    sieve = _Sieve(assumptions)
    rows = []
    for name, values in outcomes(world.dataset, of).items():
        groups = clusters(values, draw)
        mean = groups.sums / groups.sizes
        if mean.min() < mean.max():
            rows += [{"outcome": name, **row._asdict()} for row in _rows(analyze, sieve, mean, top, seed)]
    columns = ["outcome", *_Row._fields]
    return pd.DataFrame(rows, columns=columns).set_index(["outcome", "rank"])


class _Row(NamedTuple):
    """The row of one assumption."""

    rank: int
    assumption: str
    share: float
    share_ci: float
    at_low: float
    at_low_se: float
    at_high: float
    at_high_se: float
    low: float
    high: float


def _salib() -> ModuleType:
    """Give the method; it is heavy, and only loaded when it is asked for."""
    try:
        return import_module("SALib.analyze.rbd_fast")
    except ImportError as error:
        raise MissingExtraError("sensitivity needs SALib: pip install 'cashcade[sensitivity]'") from error


class _Sieve:
    """The draws in the order of each assumption.

    Parameters
    ----------
    assumptions
        Values, a row per draw.
    """

    def __init__(self, assumptions: pd.DataFrame) -> None:
        self.names = assumptions.columns.to_numpy()
        self.drawn = assumptions.to_numpy()
        self.order = np.argsort(self.drawn, axis=0, kind="stable")

    def sifted(self, outcome: Floats) -> list[int]:
        """Give the places of the assumptions whose bins differ most."""
        even = outcome.size // BINS * BINS
        bins = outcome[self.order[:even]].reshape(BINS, -1, self.names.size).mean(axis=1)
        return [int(place) for place in np.argsort(-bins.var(axis=0), kind="stable")[:SIFTED]]

    def ends(self, place: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give the draws in the lowest and in the highest fifth."""
        fifth = self.order.shape[0] // 5
        return self.order[:fifth, place], self.order[-fifth:, place]


def _rows(analyze: ModuleType, sieve: _Sieve, outcome: Floats, top: int, seed: int) -> Iterator[_Row]:
    places = sieve.sifted(outcome)
    names = sieve.names[places].tolist()
    # Where an outcome is so rare that a resample has none of it, nobody can tell the interval: it is NaN.
    with np.errstate(invalid="ignore"):
        found = analyze.analyze(
            {"num_vars": len(names), "names": names},
            sieve.drawn[:, places],
            outcome,
            M=HARMONICS,
            num_resamples=RESAMPLES,
            conf_level=LEVEL,
            seed=seed % SEEDS,
        )
    best = np.argsort(-np.asarray(found["S1"]), kind="stable")[:top].tolist()
    for rank, which in enumerate(best, 1):
        low, high = sieve.ends(places[which])
        values = sieve.drawn[:, places[which]]
        yield _Row(
            rank,
            names[which],
            float(found["S1"][which]),
            float(found["S1_conf"][which]),
            *_mean(outcome[low]),
            *_mean(outcome[high]),
            float(values[low].max()),
            float(values[high].min()),
        )


def _mean(values: Floats) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))
