"""Conditions on what comes out: `cursor@24 >= 0.5`, `failed-debt >= 0.1`, `market.ai_revenue@36 <= 2e10`."""

import re
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from cashcade.errors import ArgumentError
from cashcade.results.outcomes import FAILED_DEBT, SYSTEMIC, outcomes
from cashcade.results.result import Result
from cashcade.words.names import choose
from cashcade.words.numerals import whole
from cashcade.words.rows import variables
from cashcade.world import World
from cashcade.world.problems import shown

Floats = NDArray[np.float64]

MONTHS = 36
"""Months after which a condition is looked at where it does not say so."""

LONGEST = 1200
"""The last month that a condition may speak of."""

EXAMPLES = '"cursor@24 >= 0.5", "failed-debt@36 >= 0.1" or "market.ai_revenue@36 <= 2e10"'
"""Conditions, for messages."""

_FORM = re.compile(r"\s*(?P<of>.+?)\s*(?:@\s*(?P<month>\d+))?\s*(?P<sign>>=|<=)\s*(?P<level>[^<>=]+)")
_ALONE = re.compile(r"\s*(?P<of>[^@<>=\s][^@<>=]*?)\s*(?:@\s*(?P<month>\d+))?\s*")
_VARIABLE = re.compile(r"(?P<kind>[a-z]+)\.(?:(?P<id>.+)\.)?(?P<name>[a-z_][a-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A chance, or the mean of a number.

    Parameters
    ----------
    text
        As the user wrote it.
    of
        A company (whether it fails), "systemic", "failed-debt", or the full name of a variable.
    entity
        Whose variable; empty for outcomes and for those of the market.
    month
        At the end of which it is looked at.
    """

    text: str
    of: str
    entity: str
    month: int

    @property
    def record(self) -> tuple[str, ...]:
        """Variables that have to be recorded."""
        return (self.of,) if self.of in variables() else ()

    @property
    def is_chance(self) -> bool:
        """Whether a path has it or has it not."""
        return not self.record and self.of != FAILED_DEBT

    @property
    def unit(self) -> str:
        """Its unit; chances and shares are fractions."""
        return variables()[self.of].unit if self.record else "fraction"

    def values(self, result: Result) -> Floats:
        """Give the number on each path, `[paths]`."""
        if not self.record:
            return outcomes(result.dataset, self.of)[self.of]
        row = variables()[self.of]
        found = result.dataset[row.key].isel(month=-1)
        chosen = found.sel({row.entity: self.entity}) if self.entity else found
        return np.asarray(chosen.to_numpy(), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Condition(Outcome):
    """A condition on an outcome.

    Parameters
    ----------
    text, of, entity, month
        As those of an outcome.
    above
        Whether it holds above the level, or else below it; at the level it holds.
    level
        The level.
    """

    above: bool
    level: float

    def margin(self, mean: float) -> float:
        """Tell by how much a mean fulfils the condition; below zero it does not."""
        return mean - self.level if self.above else self.level - mean


def condition_of(text: object, world: World, month: int = MONTHS) -> Condition:
    """Read a condition: OUTCOME@MONTH >= LEVEL, or <=.

    Parameters
    ----------
    text
        The outcome is the id of a company (the chance that it fails by the month), "systemic" (that of a
        systemic cascade), "failed-debt" (mean share of debt that fails) or a variable such as
        `company.openai.cash` or `market.gpu_index` (its mean at the end of the month).
    world
        Whose companies there are.
    month
        Where the text has none.

    Raises
    ------
    ArgumentError
        It is not written so, or there is no such outcome; with the nearest.
    """
    match = _FORM.fullmatch(text) if isinstance(text, str) else None
    level = _level(match["level"]) if match else None
    if match is None or level is None:
        raise ArgumentError(f"the condition is {shown(text)}, wanted one such as {EXAMPLES}.")
    of, entity = _outcome(match["of"], world)
    last = whole("the month of the condition", int(match["month"] or month), 1, LONGEST)
    found = Condition(str(text).strip(), of, entity, last, match["sign"] == ">=", level)
    if not found.record and not 0.0 <= level <= 1.0:
        raise ArgumentError(f"{found.text}: the level is {level:g}, wanted one from 0 to 1 (or in %).")
    return found


def outcome_of(text: object, world: World, month: int = MONTHS) -> Outcome:
    """Read an outcome, at the end of a month.

    Parameters
    ----------
    text
        As in a condition: "cursor", "systemic", "failed-debt" or a variable such as `market.gpu_index`; with
        a month of its own as "cursor@24".
    world
        Whose companies there are.
    month
        Where the text has none.

    Raises
    ------
    ArgumentError
        It is not written so, or there is no such outcome; with the nearest.
    """
    match = _ALONE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        wanted = '"systemic", "failed-debt", "cursor@24" or "market.ai_revenue"'
        raise ArgumentError(f"the outcome is {shown(text)}, wanted one such as {wanted}.")
    of, entity = _outcome(match["of"], world)
    last = whole("the month of the outcome", int(match["month"] or month), 1, LONGEST)
    return Outcome(str(text).strip(), of, entity, last)


def asked_of(text: object, world: World, month: int = MONTHS) -> Outcome:
    """Read a condition, or an outcome alone where nothing is compared.

    Parameters
    ----------
    text, world
        As `condition_of` and `outcome_of` take them.
    month
        Where the text has none.

    Raises
    ------
    ArgumentError
        As `condition_of` and `outcome_of`.
    """
    compares = isinstance(text, str) and ("<" in text or ">" in text)
    return condition_of(text, world, month) if compares else outcome_of(text, world, month)


def _level(text: str) -> float | None:
    percent = text.rstrip().endswith("%")
    try:
        number = float(text.strip().rstrip("%"))
    except ValueError:
        return None
    return (number / 100 if percent else number) if isfinite(number) else None


def _outcome(text: str, world: World) -> tuple[str, str]:
    """Give the outcome and whose it is."""
    known = [SYSTEMIC, FAILED_DEBT, *(company.id for company in world.companies)]
    match = _VARIABLE.fullmatch(text)
    if text in known or match is None:
        choose(text, known, "outcome")
        return text, ""
    name = f"{match['kind']}.{match['name']}"
    choose(name, variables(), "variable")
    if match["kind"] == "market":
        return name, ""
    names = [entry for kind, entry, _ in world.records() if kind == match["kind"]]
    if match["id"] is None:
        raise ArgumentError(f"{text}: of which {match['kind']}? Write {match['kind']}.ID.{match['name']}.")
    choose(match["id"], names, match["kind"])
    return name, match["id"]
