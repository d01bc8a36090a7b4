"""The map of two levers: what comes out at each pair of their values."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from cashcade.case import Case
from cashcade.errors import ArgumentError
from cashcade.questions.conditions import Condition, Outcome, asked_of
from cashcade.questions.levers import Given, Lever, Limits, lever_of, together
from cashcade.questions.search import Axis
from cashcade.questions.sides import Ground, Named, common_luck
from cashcade.questions.told import grid, mean, records, with_error
from cashcade.rules import Rule
from cashcade.words.numerals import whole
from cashcade.world import World
from cashcade.world.problems import shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_STEPS = 100
"""Values of a lever of the largest map."""


@dataclass(frozen=True, eq=False, repr=False)
class Map:
    """The phase diagram of two levers.

    Parameters
    ----------
    x, y
        Names of the levers.
    outcome
        What comes out, or the condition, as it was asked.
    unit
        Unit of the outcome; chances and shares are fractions.
    limits
        From where to where each was moved.
    paths
        Paths of each run.
    table
        Indexed by `x` and `y`, the values of the levers: `outcome`, the mean over paths, its standard error
        `se`, and for a condition whether it `holds` there.
    """

    x: str
    y: str
    outcome: str
    unit: str
    limits: tuple[Limits, Limits]
    paths: int
    table: pd.DataFrame

    def __repr__(self) -> str:
        return f"<Map of {self.outcome} over {self.x} and {self.y}>"

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Draw it, as `cashcade.pictures.phases`; needs the extra `plot`."""
        picture: Axes = import_module("cashcade.pictures").phases(self, ax=ax)
        return picture

    def __str__(self) -> str:
        """Give the map as a table: a column for each value of the first lever."""
        asked = "holds" in self.table
        factor, unit = (100.0, "%") if self.unit == "fraction" else (1.0, self.unit)
        across, down = (list(dict.fromkeys(self.table.index.get_level_values(name))) for name in "xy")
        rows = [
            (f"{y:.5g}", *(self._cell(self.table.loc[(x, y)], factor, asked=asked) for x in across))
            for y in down
        ]
        lines = [
            f"{self.outcome}, outcome in {unit} ({self.paths:,} paths at each point, same luck)",
            f"Across: {self.x}. Down: {self.y}.",
            "",
            grid(("", *(f"{x:.5g}" for x in across)), rows),
        ]
        return "\n".join([*lines, "", f"* {self._told()}"] if asked else lines)

    @staticmethod
    def _cell(row: "pd.Series[Any]", factor: float, *, asked: bool) -> str:
        mark = (" *" if row["holds"] else "  ") if asked else ""
        return with_error(float(row["outcome"]), float(row["se"]), factor) + mark

    def _told(self) -> str:
        """Say where the condition holds."""
        holds = self.table["holds"]
        where = "everywhere" if holds.all() else "nowhere" if not holds.any() else "here"
        return f"{self.outcome} holds {where}: at {int(holds.sum())} of {holds.size} points."

    @property
    def grid(self) -> pd.DataFrame:
        """The outcome with a row for each value of `y` and a column for each of `x`."""
        return self.table["outcome"].unstack("x")  # noqa: PD010 - one value at each point

    def document(self) -> dict[str, Any]:
        """Give the answer as values that JSON knows."""
        about = {name: getattr(self, name) for name in ("x", "y", "outcome", "unit")}
        return {**about, "limits": [list(each) for each in self.limits], "map": records(self.table)}


def map(  # noqa: A001, PLR0913 - the name of the question; all but the first four are keywords with defaults
    world: World | str | Path | Case,
    lever_x: Given,
    lever_y: Given,
    outcome: str,
    limits: tuple[Limits | None, Limits | None] = (None, None),
    *,
    steps: int | tuple[int, int] = 5,
    months: int = 36,
    scenarios: Sequence[Named] = (),
    rules: Sequence[Rule] = (),
    without: Sequence[str] = (),
    paths: int = 1_000,
    seed: int = 0,
    replicates: int | None = None,
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> Map:
    """Tell what comes out at each pair of values of two levers, on the same luck.

    Parameters
    ----------
    world, scenarios, rules, without, paths, seed, replicates, threads, plugins, block
        As in `cashcade.breakeven`.
    lever_x, lever_y
        Each as in `cashcade.breakeven`; two arguments of one shock are set together.
    outcome
        "systemic", "failed-debt", the id of a company (whether it fails) or a variable such as
        `market.ai_revenue` (its mean), with a month as "cursor@24"; or a condition as
        "cursor@24 >= 0.5", then the map says where it holds.
    limits
        Limits of each lever, from where to where; None for its own.
    steps
        Values of each lever from limit to limit, or a pair of numbers.
    months
        At the end of which the outcome is looked at, where it names no month.

    Returns
    -------
    map
        With a `table` of the outcome and its standard error at each point.

    Raises
    ------
    ArgumentError
        An argument cannot be used, or both levers are the same; with the nearest.
    WorldError, RuleError, PluginError
        As `cashcade.run`; a limit may be beyond what the world can say.

    Examples
    --------
    ::

        print(cc.map("ai-2025-08", "scale segment.*.revenue", "gpu-slump:fall", "coreweave@24 >= 0.5"))
    """
    pair = steps if isinstance(steps, tuple) else (steps, steps)
    if not isinstance(limits, Sequence) or isinstance(limits, str) or len(limits) != 2 or len(pair) != 2:
        raise ArgumentError(f"limits is {shown(limits)} and steps {shown(steps)}, wanted two of each.")
    levers = tuple(lever_of(each, plugins=plugins, block=block) for each in (lever_x, lever_y))
    if levers[0].name == levers[1].name and not callable(lever_x):
        raise ArgumentError(f"both levers are {levers[0].name}, wanted two different ones.")
    ground = Ground(world, scenarios, rules, without, plugins, block)
    asked = asked_of(outcome, ground.base.world, months)
    spans = tuple(lever.between(given) for lever, given in zip(levers, limits, strict=True))
    across, down = (
        Axis(*span, lever.whole, 0.0).grid(whole("steps", count, 2, MOST_STEPS))
        for lever, span, count in zip(levers, spans, pair, strict=True)
    )
    corners = [at(ground, levers, x, y) for x in (across[0], across[-1]) for y in (down[0], down[-1])]
    luck = common_luck(
        [ground.base, *corners],
        months=asked.month,
        paths=paths,
        seed=seed,
        replicates=replicates,
        threads=threads,
    )
    rows = []
    for y in down:
        for x in across:
            result = luck.finished(at(ground, levers, x, y), asked.record)
            found = _point(
                asked, mean("outcome", asked.values(result), result.dataset["path_draw"].to_numpy())
            )
            rows.append({"x": x, "y": y, **found})
    table = pd.DataFrame(rows).set_index(["x", "y"])
    return Map(
        levers[0].name, levers[1].name, asked.text, asked.unit, (spans[0], spans[1]), luck.paths, table
    )


def at(ground: Ground, levers: Sequence[Lever], x: float, y: float) -> Case:
    """Give the case at a pair of values."""
    one, other = levers
    return ground.quiet(together(one.side(x), other.side(y)))


def _point(asked: Outcome, found: dict[str, float]) -> dict[str, Any]:
    """Give what comes out at a point as columns."""
    row: dict[str, Any] = {"outcome": found["outcome"], "se": found["outcome_se"]}
    if isinstance(asked, Condition):
        row["holds"] = asked.margin(found["outcome"]) >= 0
    return row
