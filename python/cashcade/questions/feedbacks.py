"""The effect of each feedback of a world, measured by leaving it out on the same luck."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.case import Case
from cashcade.questions.sides import Ground, Luck, Named, common_luck
from cashcade.results.outcomes import FAILED_DEBT, outcomes
from cashcade.results.result import Result
from cashcade.results.statistics import standard_error
from cashcade.rules import Rule, Shock, for_good, month, scale, segments
from cashcade.words.names import choose, texts
from cashcade.world import World
from cashcade.world.feedbacks import FEEDBACKS
from cashcade.world.switches import left_out

Floats = NDArray[np.float64]

SURE = 3.0
"""Standard errors from which on a feedback counts as moving something."""

REINFORCING, BALANCING, MIXED, UNSURE, NOTHING = "reinforcing", "balancing", "mixed", "unsure", "nothing"
"""What a feedback is measured to be."""

RECORD = (
    *("market.index", "market.capex", "market.raised", "market.gdp"),
    *("market.gpu_index", "market.regime", "market.ai_revenue"),
)

SHUT = 2
"""Code of the funding regime in which the venture window is shut."""

LEAST = 1e-9
"""Least value of which a logarithm is taken."""

FALL = 0.2
"""Of all demand, for good, in a disturbance of which nothing is said."""

FALLS = 7
"""Month in which it comes."""

LESS_DEMAND = Shock(
    "less-demand",
    "A fifth of all demand is gone",
    build=lambda: Rule(
        "less-demand", month >= FALLS, scale(segments(may_be_empty=True).revenue, 1 - FALL), hold=for_good()
    ),
)
"""The disturbance where none is given."""

Numbers = Mapping[str, Floats]
"""What is looked at, by name: a number for each path."""


def measure_feedbacks(  # noqa: PLR0913 - all but the first are keywords with defaults
    world: World | str | Path,
    *,
    names: str | Sequence[str] | None = None,
    scenarios: Sequence[Named] = (),
    months: int = 36,
    paths: int = 400,
    seed: int = 0,
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> pd.DataFrame:
    """Measure each feedback of a world by leaving it out, with the same random numbers.

    A feedback *reinforces* where the response to a disturbance is larger with it than without it, and
    *balances* where it is smaller. The response is the difference of a number of a path under the disturbance
    and without it; errors are those of the differences of differences, path by path.

    Parameters
    ----------
    world, seed, threads, plugins, block
        As in `cashcade.run`.
    names
        Feedbacks; by default all that the world does not leave out itself.
    scenarios
        The disturbance; by default a fifth of all demand is gone from month 7 on.
    months, paths
        Of each run; a draw of the parameters for each path. There are two runs for each feedback.

    Returns
    -------
    feedbacks
        Indexed by `feedback`: `kind` ("reinforcing", "balancing", "mixed" where it is both, of different
        outcomes, "unsure" below three standard errors, "nothing" where no number of any path differs), of the
        `outcome` that tells most: its `response` to the disturbance with the feedback, what the feedback
        makes of it (`part`) with the error `se`, and `errors`, their ratio. `moves` is the outcome that
        leaving it out moves most under the disturbance, and `moved` by how many standard errors. Outcomes:
        number of failures, share of debt that fails, value of the listed companies, capex, GDP, GPU rents, AI
        revenue, money raised, months without venture money.

    Raises
    ------
    ArgumentError
        There is no such feedback, or an argument cannot be used.

    Examples
    --------
    ::

        cc.measure_feedbacks("ai-2025-08", scenarios=["money-trap"], paths=200)
    """
    base = Ground(world, plugins=plugins, block=block).base.world
    chosen = [name for name in FEEDBACKS if name not in left_out(base, without=())]
    if names is not None:
        chosen = list(texts("names", names, '["fire-sale"]', alone=True))
        for name in chosen:
            choose(name, FEEDBACKS, "feedback")
    disturbance = list(scenarios) or [LESS_DEMAND]

    def pair(without: Collection[str]) -> tuple[Case, Case]:
        off = [*left_out(base, without=()), *without]
        calm, struck = (
            Case(base, scenarios=some, without=off, plugins=plugins, block=block)
            for some in ((), disturbance)
        )
        return calm, struck

    cases = pair(())
    luck = common_luck(cases, months=months, paths=paths, seed=seed, replicates=1, threads=threads)
    luck = luck._replace(replicates=1)
    with_it = _run(cases, luck)
    rows = [_measured(name, with_it, _run(pair([name]), luck)) for name in chosen]
    return pd.DataFrame(rows).set_index("feedback")


class _Pair(NamedTuple):
    """Numbers of each path without the disturbance and with it, and the draw of each path."""

    calm: Numbers
    struck: Numbers
    draw: NDArray[np.int64]

    def response(self, outcome: str) -> Floats:
        """Give what the disturbance makes of a number, path by path."""
        return self.struck[outcome] - self.calm[outcome]


def _run(cases: Iterable[Case], luck: Luck) -> _Pair:
    calm, struck = (luck.run(case, RECORD) for case in cases)
    return _Pair(_numbers(calm), _numbers(struck), calm.dataset["path_draw"].to_numpy())


def _numbers(result: Result) -> dict[str, Floats]:
    """Give what is looked at of each path."""
    kept = result.dataset

    def series(name: str) -> Floats:
        values = kept[f"market_{name}"].transpose("kept_path", "month").to_numpy()
        return np.asarray(values, dtype=np.float64)

    def logs(values: Floats) -> Floats:
        return np.asarray(np.log(np.maximum(values, LEAST)))

    failed = np.asarray((kept["failed_month"].to_numpy() > 0).sum(axis=1), dtype=np.float64)
    return {
        "failures": failed,
        "share of debt that fails": outcomes(kept, FAILED_DEBT)[FAILED_DEBT],
        "log value of the listed": logs(series("index")[:, -1]),
        "log capex": logs(series("capex").sum(axis=1)),
        "log GDP": logs(series("gdp")[:, -1]),
        "log GPU rent": logs(series("gpu_index")[:, -1]),
        "log AI revenue": logs(series("ai_revenue").sum(axis=1)),
        "log money raised": logs(series("raised").sum(axis=1)),
        "months without venture money": np.asarray((series("regime") == SHUT).sum(axis=1), dtype=np.float64),
    }


def _measured(name: str, with_it: _Pair, without: _Pair) -> dict[str, object]:
    """Give the row of a feedback."""
    moved = {
        outcome: _ratio(with_it.struck[outcome] - without.struck[outcome], with_it.draw)
        for outcome in with_it.struck
    }
    parts = {outcome: with_it.response(outcome) - without.response(outcome) for outcome in with_it.struck}
    sizes = {outcome: _ratio(part, with_it.draw) for outcome, part in parts.items()}
    # Of two responses a and b the first is the larger one where (a - b) (a + b) > 0.
    responses = {
        outcome: _ratio(with_it.response(outcome) + without.response(outcome), with_it.draw)
        for outcome in parts
    }
    most = max(moved, key=lambda outcome: abs(moved[outcome]))
    told = max(parts, key=lambda outcome: (abs(responses[outcome]) >= SURE, abs(sizes[outcome])))
    return {
        "feedback": name,
        "kind": _kind(sizes, responses, differs=any(part.any() for part in parts.values())),
        "outcome": told,
        "response": float(with_it.response(told).mean()),
        "part": float(parts[told].mean()),
        "se": float(standard_error(parts[told], with_it.draw)),
        "errors": sizes[told],
        "moves": most,
        "moved": moved[most],
    }


def _kind(sizes: Mapping[str, float], responses: Mapping[str, float], *, differs: bool) -> str:
    """Say what a feedback is, from what it makes of each response and what the response is, in errors."""
    if not differs:
        return NOTHING
    signs = {
        bool(sizes[outcome] * responses[outcome] > 0)
        for outcome in sizes
        if abs(sizes[outcome]) >= SURE and abs(responses[outcome]) >= SURE
    }
    if len(signs) == 2:
        return MIXED
    return UNSURE if not signs else REINFORCING if signs == {True} else BALANCING


def _ratio(values: Floats, draw: NDArray[np.int64]) -> float:
    """Give a mean over paths in standard errors; 0 where it is exactly 0."""
    mean, error = float(values.mean()), float(standard_error(values, draw))
    return 0.0 if mean == 0 else mean / error if error > 0 else float(np.copysign(np.inf, mean))
