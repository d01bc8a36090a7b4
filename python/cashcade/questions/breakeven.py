"""Break-even: the value of a lever at which something begins to happen, or ceases to."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cashcade.case import Case
from cashcade.questions.conditions import Condition, condition_of
from cashcade.questions.levers import Given, Lever, Limits, lever_of
from cashcade.questions.search import Axis, Crossing, Point, Search, point, shape
from cashcade.questions.sides import Ground, Luck, Named, common_luck
from cashcade.results.figures import money
from cashcade.rules import Rule
from cashcade.words.numerals import above_zero, whole
from cashcade.world import World

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_POINTS = 1000
"""Points of the longest curve."""


@dataclass(frozen=True, eq=False, repr=False)
class BreakEven:
    """The answer to a question for a break-even.

    Parameters
    ----------
    lever, condition
        What was asked.
    limits
        From where to where the lever was moved.
    curve
        Indexed by `value`, in the order of the limits: `outcome` (mean over paths), its standard error `se`,
        and whether the condition `holds`.
    shape
        Of the curve over rising values: "rises", "falls", "rises and falls" or "is flat", as far as luck lets
        it be told.
    crossings
        All places where the condition begins or ceases to hold, on the way from the first limit to the last.
    """

    lever: str
    condition: str
    limits: Limits
    curve: pd.DataFrame
    shape: str
    crossings: tuple[Crossing, ...]

    @property
    def value(self) -> float | None:
        """The first value at which the condition begins to hold, or the last before it ceases."""
        return self.crossings[0].value if self.crossings else None

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """The interval of 95 % of the value; None for an end beyond the limits."""
        return (self.crossings[0].low, self.crossings[0].high) if self.crossings else (None, None)

    @property
    def holds_at_first(self) -> bool:
        """Whether the condition holds at the first limit already."""
        return bool(self.curve["holds"].iloc[0])

    def __repr__(self) -> str:
        return f"<BreakEven {self}>"

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Draw it, as `cashcade.pictures.breakeven`; needs the extra `plot`."""
        picture: Axes = import_module("cashcade.pictures").breakeven(self, ax=ax)
        return picture

    def __str__(self) -> str:
        """Give the answer in words."""
        way = f"{self.lever} from {_number(self.limits[0])} to {_number(self.limits[1])}"
        if not self.crossings:
            when = "always" if self.holds_at_first else "never"
            return f"{self.condition}: {when} within the limits ({way}). The curve {self.shape}."
        places = "; ".join(map(_told, self.crossings))
        return f"{self.condition}: {places} ({way}). The curve {self.shape}."


MILLION = 1e6
"""Size from which on numbers are written as amounts are: 926 m."""


def _told(crossing: Crossing) -> str:
    low = "below the limits" if crossing.low is None else _number(crossing.low)
    high = "beyond the limits" if crossing.high is None else _number(crossing.high)
    word = "from" if crossing.begins else "up to"
    return f"{word} {_number(crossing.value)} (95 %: {low} to {high})"


def _number(value: float) -> str:
    return money(value) if abs(value) >= MILLION else f"{value:.5g}"


def breakeven(  # noqa: PLR0913 - all but the first four are keywords with defaults
    world: World | str | Path | Case,
    lever: Given,
    condition: str,
    limits: Limits | None = None,
    *,
    points: int = 11,
    tolerance: float = 1e-3,
    scenarios: Sequence[Named] = (),
    rules: Sequence[Rule] = (),
    without: Sequence[str] = (),
    paths: int = 1_000,
    seed: int = 0,
    replicates: int | None = None,
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> BreakEven:
    """Find the value of a lever at which a condition begins or ceases to hold.

    The lever takes `points` values from limit to limit; where the condition changes between two of them, the
    place is found by halving. All runs have the same luck. What happens between two points of the curve and
    is over before the next is seen only near its highest and lowest point, where it is looked at closer.

    Parameters
    ----------
    world
        As `cashcade.run` takes it. A case has its scenarios already: then a lever is none of a shock.
    lever
        What is moved: a path such as "company.openai.cash" or "fleet.*.economic_life", on which the value is
        put; "scale segment.*.revenue" or "add loan.*.rate", which multiplies or adds to what the world says;
        "gpu-slump:fall" or "gpu-slump:fall,start=12", an argument of a shock; or a function from a value to a
        side, as `cashcade.compare` takes it.
    condition
        OUTCOME@MONTH >= LEVEL, or <=. The outcome is the id of a company (the chance that it fails by the end
        of that month), "systemic" (a systemic cascade), "failed-debt" (mean share of debt that fails), or a
        variable such as `market.gpu_index` or `company.openai.cash` (its mean at the end of the month). The
        run ends with the month, 36 by default.
    limits
        From where to where; by default those of the argument of a shock, and 1 to 0 of "scale". Limits above
        0 of which one is 100 times the other are spaced by ratios. Of what is in months, whole numbers count.
    points
        Values of the curve.
    tolerance
        Part of the distance of the limits to which a place is found.
    scenarios, rules, without, seed, threads, plugins, block
        As in `cashcade.run`.
    paths, replicates
        As in `cashcade.run`, at each value.

    Returns
    -------
    breakeven
        With `value` and its `interval`, or None for "never within the limits"; all `crossings`, and the
        `curve`. The interval holds all values at which the level is within 1.96 standard errors of the
        outcome (of none or of all draws, within 3 / draws).

    Raises
    ------
    ArgumentError
        An argument cannot be used; with the nearest that can.
    WorldError, RuleError, PluginError
        As `cashcade.run`; a limit may be beyond what the world can say.

    Examples
    --------
    ::

        found = cc.breakeven("ai-2025-08", "company.cursor.cash", "cursor@24 >= 0.5", (1e8, 2e9))
        print(found)
        found.curve
    """
    moved = lever_of(lever, plugins=plugins, block=block)
    first, last = moved.between(limits)
    ground = Ground(world, scenarios, rules, without, plugins, block)
    asked = condition_of(condition, ground.base.world)
    luck = common_luck(
        [ground.base, *(case_at(ground, moved, limit) for limit in (first, last))],
        months=asked.month,
        paths=paths,
        seed=seed,
        replicates=replicates,
        threads=threads,
    )
    axis = Axis(first, last, moved.whole, above_zero("tolerance", tolerance, "parts of the distance"))
    search = Search(axis, Runs(ground, moved, asked, luck))
    search.scan(whole("points", points, 2, MOST_POINTS))
    return _answer(moved, asked, search)


def case_at(ground: Ground, lever: Lever, value: float) -> Case:
    """Give the case at a value of a lever."""
    return ground.quiet(lever.side(value))


def _answer(lever: Lever, condition: Condition, search: Search) -> BreakEven:
    """Put together what was found."""
    crossings = search.crossings()
    way = search.axis.ordered(list(search.known))
    found = [search.known[value] for value in way]
    curve = pd.DataFrame(
        {
            "outcome": [point.mean for point in found],
            "se": [point.error for point in found],
            "holds": [point.holds for point in found],
        },
        index=pd.Index(way, name="value"),
    )
    limits = search.axis.first, search.axis.last
    rising = found if limits[0] < limits[1] else found[::-1]
    return BreakEven(lever.name, condition.text, limits, curve, shape(rising), crossings)


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of a lever, all on the same luck.

    Parameters
    ----------
    ground
        What is asked about.
    lever
        What is moved.
    condition
        What is asked.
    luck
        The luck.
    """

    ground: Ground
    lever: Lever
    condition: Condition
    luck: Luck

    def __call__(self, value: float) -> Point:
        """Give what comes out at a value.

        Raises
        ------
        KeyboardInterrupt
            Ctrl-C came.
        """
        result = self.luck.finished(case_at(self.ground, self.lever, value), self.condition.record)
        return point(self.condition, self.condition.values(result), result.dataset["path_draw"].to_numpy())
