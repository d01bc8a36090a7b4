"""Interactions: which box of assumptions holds most of what happens, and how much of it is luck."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.case import Case, case_of
from cashcade.errors import ArgumentError, MissingExtraError
from cashcade.questions.sides import Named
from cashcade.questions.told import grid, records, with_error
from cashcade.questions.varied import varied
from cashcade.results.outcomes import outcomes
from cashcade.results.result import Result
from cashcade.results.statistics import clusters, split_variance
from cashcade.words.numerals import LARGEST_SEED, whole
from cashcade.world import World

Floats = NDArray[np.float64]

FEWEST = 64
"""Draws below which no box can be told from luck."""

SMALLEST = 0.05
"""Part of the draws that a box holds at least."""

SEEDS = 2**32
"""Seeds that scikit-learn knows."""

SIFTED = 24
"""Assumptions that the tree may split: those that tell most by themselves or bent at their middle."""


@dataclass(frozen=True, eq=False, repr=False)
class Interactions:
    """Boxes of assumptions, and what happens in each.

    Parameters
    ----------
    table
        A row for each `outcome` and `box`, the one in which it happens most first: the `assumptions` of the
        box as text, the part of all draws that it `holds`, the mean outcome `inside` with its standard error
        `se`, and the `part` of all that happens that falls into it. All from draws that did not
        make the boxes.
    variance
        Indexed by `outcome`: its `mean`; the share of the variance over paths that is due to `parameters`,
        with its standard error `parameters_se`, and to `luck` (NaN with one path per draw); and the share of
        the variance over draws that the boxes explain, `boxes` (of draws that did not make them; at most 0:
        they explain nothing).
    """

    table: pd.DataFrame
    variance: pd.DataFrame

    def document(self) -> dict[str, Any]:
        """Give the answer as values that JSON knows."""
        return {"interactions": records(self.table), "variance": records(self.variance)}

    def __repr__(self) -> str:
        return f"<Interactions of {', '.join(map(str, self.variance.index))}>"

    def __str__(self) -> str:
        """Tell the boxes of each outcome, and how much is luck."""
        return "\n\n".join(self._told(str(name), row) for name, row in self.variance.iterrows())

    def _told(self, name: str, row: "pd.Series[float]") -> str:
        said = f"{name}: {100 * row['mean']:.1f} % on average."
        if np.isfinite(row["parameters"]):
            share = with_error(row["parameters"], row["parameters_se"], 100)
            said += f" {share} % of its variance is due to parameters, the rest is luck."
        said += f" The boxes explain {100 * max(0.0, row['boxes']):.0f} % of what differs between draws."
        boxes = self.table[self.table["outcome"] == name]
        cells = [
            [
                each["assumptions"] or "all",
                f"{100 * each['holds']:.0f}",
                with_error(each["inside"], each["se"], 100),
                f"{100 * each['part']:.0f}",
            ]
            for each in boxes.to_dict("records")
        ]
        return f"{said}\n\n{grid(['Box', 'Of draws, %', 'Inside, %', 'Of all that happens, %'], cells)}"


def interactions(  # noqa: PLR0913 - all but the world are keywords with defaults
    world: World | str | Path | Case | Result,
    of: str | Sequence[str] = "systemic",
    *,
    boxes: int = 4,
    scenarios: Sequence[Named] = (),
    months: int = 36,
    paths: int = 4_000,
    seed: int = 0,
    replicates: int | None = None,
    without: Sequence[str] = (),
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> Interactions:
    """Find combinations of assumptions that drive an outcome, and the share of its variance due to chance.

    A tree of decisions (CART; Breiman and others 1984, by scikit-learn) cuts the ranges of the world into
    boxes, each cut where it parts draws in which much happens from those in which little does: so what
    matters only together with something else is found. Half of the draws make the boxes, the other half
    say what happens in them, so that no box looks good by luck.

    Parameters
    ----------
    world
        As `cashcade.run` takes it, a `Case` too; or a result of a run, not from a file, whose draws are used.
    of
        "systemic", "failed-debt" or the id of a company (whether it fails); one or several.
    boxes
        Boxes at most.
    scenarios, months, paths, seed, replicates, without, threads, plugins, block
        As in `cashcade.run`.

    Returns
    -------
    interactions
        With the boxes as a `table`, and the shares of `variance`.

    Raises
    ------
    ArgumentError
        There is no such outcome, nothing is uncertain, there are too few draws, or the result is from a file.
    MissingExtraError
        scikit-learn is not installed.

    Examples
    --------
    ::

        print(cc.interactions("ai-2025-08", "cursor", paths=2_000))
    """
    tree = _tree()
    boxes = whole("boxes", boxes, 2, 64)
    seed = whole("seed", seed, 0, LARGEST_SEED)
    if not isinstance(world, Result):
        case = case_of(world, scenarios=scenarios, without=without, plugins=plugins, block=block)
        world = case.run(
            months=months,
            paths=paths,
            seed=seed,
            replicates=replicates,
            threads=threads,
            quantiles=(),
            record=("company.cash",),
        )
    draw = world.dataset["path_draw"].to_numpy()
    drawn = varied(world, FEWEST)
    rows: list[dict[str, object]] = []
    variances = {}
    for name, values in outcomes(world.dataset, of).items():
        groups = clusters(values, draw)
        mean = groups.sums / groups.sizes
        found = _Halves(
            drawn, mean, tree(max_leaf_nodes=boxes, min_samples_leaf=SMALLEST, random_state=seed % SEEDS)
        )
        rows += [{"outcome": name, "box": rank, **row} for rank, row in enumerate(found.boxes(), 1)]
        variances[name] = {"mean": float(values.mean()), **_split(values, draw), "boxes": found.explained}
    columns = ["outcome", "box", "assumptions", "holds", "inside", "se", "part"]
    variance = pd.DataFrame.from_dict(variances, orient="index").rename_axis("outcome")
    return Interactions(pd.DataFrame(rows, columns=columns), variance)


def _tree() -> Any:  # noqa: ANN401 - a class of a library that is loaded when it is asked for
    """Give the method; it is heavy, and only loaded when it is asked for."""
    try:
        return import_module("sklearn.tree").DecisionTreeRegressor
    except ImportError as error:
        raise MissingExtraError(
            "interactions needs scikit-learn: pip install 'cashcade[sensitivity]'"
        ) from error


def _split(values: Floats, draw: NDArray[np.int64]) -> dict[str, float]:
    """Give the shares of parameters and of luck in the variance over paths."""
    try:
        found = split_variance(values[:, np.newaxis], draw)
    except ArgumentError:  # One path per draw, or too few draws: nobody can tell.
        return dict.fromkeys(("parameters", "parameters_se", "luck"), np.nan)
    share, error = float(found.share[0]), float(found.share_error[0])
    return {"parameters": share, "parameters_se": error, "luck": 1.0 - share}


class _Cut(NamedTuple):
    """A cut on the way to a box: of which assumption, where, and whether the box lies above."""

    name: str
    level: float
    above: bool


class _Halves:
    """A tree made of every other draw, and what the rest says of it.

    Parameters
    ----------
    drawn
        Values of the assumptions, a row per draw.
    outcome
        Mean of each draw.
    tree
        Not yet made.
    """

    def __init__(self, drawn: pd.DataFrame, outcome: Floats, tree: Any) -> None:  # noqa: ANN401 - of a library
        make, test = slice(0, None, 2), slice(1, None, 2)
        values = drawn.to_numpy()
        sifted = _sifted(values[make], outcome[make])
        self._names = drawn.columns[sifted]
        self._tree = tree.fit(values[make][:, sifted], outcome[make])
        self._outcome = outcome[test]
        self._leaf = self._tree.apply(values[test][:, sifted])
        spread = float(self._outcome.var())
        left = float(np.square(self._outcome - self._tree.predict(values[test][:, sifted])).mean())
        self.explained = 1.0 - left / spread if spread > 0 else np.nan

    def boxes(self) -> list[dict[str, object]]:
        """Tell of each box what it is and what happens in it, the one in which most does first."""
        found = [self._box(leaf, cuts) for leaf, cuts in self._leaves(0, ())]
        kept = [row for row in found if row["holds"]]
        return sorted(kept, key=lambda row: -float(str(row["inside"])))

    def _leaves(self, node: int, cuts: tuple[_Cut, ...]) -> Iterator[tuple[int, tuple[_Cut, ...]]]:
        made = self._tree.tree_
        left, right = int(made.children_left[node]), int(made.children_right[node])
        if left == right:
            yield node, cuts
            return
        name, level = str(self._names[made.feature[node]]), float(made.threshold[node])
        yield from self._leaves(left, (*cuts, _Cut(name, level, above=False)))
        yield from self._leaves(right, (*cuts, _Cut(name, level, above=True)))

    def _box(self, leaf: int, cuts: tuple[_Cut, ...]) -> dict[str, object]:
        inside = self._outcome[self._leaf == leaf]
        many, total = inside.size, float(self._outcome.sum())
        return {
            "assumptions": _as_text(cuts),
            "holds": many / self._outcome.size,
            "inside": float(inside.mean()) if many else np.nan,
            "se": float(inside.std(ddof=1) / np.sqrt(many)) if many > 1 else np.nan,
            "part": float(inside.sum()) / total if total else np.nan,
        }


def _sifted(values: Floats, outcome: Floats) -> NDArray[np.int64]:
    """Give the places of the assumptions by which, or by whose distance from the middle, most differs."""
    apart = outcome - outcome.mean()
    ranks = values.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable") / len(values) - 0.5
    bent = np.abs(ranks) - np.abs(ranks).mean(axis=0)
    score = np.maximum(np.abs(apart @ ranks) / ranks.std(axis=0), np.abs(apart @ bent) / bent.std(axis=0))
    return np.sort(np.argsort(-score, kind="stable")[:SIFTED])


def _as_text(cuts: tuple[_Cut, ...]) -> str:
    """Say which values of the assumptions a box holds: of several cuts of one, the closest."""
    limits: dict[tuple[str, bool], float] = {}
    for name, level, above in cuts:
        known = limits.get((name, above), level)
        limits[name, above] = max(known, level) if above else min(known, level)
    return ", ".join(
        f"{name} {'>' if above else '<='} {level:.4g}" for (name, above), level in limits.items()
    )
