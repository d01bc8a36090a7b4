"""One record in one world: runs of it, and what they break."""

import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from cashcade.case.run import run
from cashcade.compile import compile_programs, compile_world
from cashcade.compile.variants import changed
from cashcade.errors import PlausibilityWarning, RuleError
from cashcade.plugin.given import Given
from cashcade.plugin.offers import Catalogue, Parts
from cashcade.rules.exits import Door, ExitScenario
from cashcade.rules.rule import Rule
from cashcade.rules.shocks import Shock, Use
from cashcade.testing.laws import AGREEING, NEUTRAL, ORDER, RECORD, broken, difference, same
from cashcade.testing.probes import probes
from cashcade.testing.report import Breach
from cashcade.world import World

SIZE: Mapping[str, Any] = {"months": 18, "paths": 16, "seed": 1, "replicates": 1}

DOORS = "doors"
"""Name of the exit scenario in which doors are tried."""


@dataclass(slots=True)
class Seen:
    """Rules and doors of a record, each with whether it was seen at work in any run."""

    rules: dict[str, bool] = field(default_factory=dict)
    doors: dict[str, bool] = field(default_factory=dict)

    def note(self, dataset: xr.Dataset, given: Iterable[Given]) -> None:
        """Take note of a run; of rules and doors that the world has besides, nothing."""
        own = {(one.kind, _core_name(one.record.name)) for one in given}
        if "rule_first" in dataset:
            active = dataset["rule_first"].to_numpy().max(axis=0, initial=0) > 0
            names = [("rule", name) for name in dataset["rule"].to_numpy().tolist()]
            _note(self.rules, names, active, own)
        if "exit_door" in dataset:
            taken = np.isin(np.arange(dataset.sizes["door"]), dataset["exit_door"].to_numpy())
            names = [("door", name) for name in dataset["door"].to_numpy().tolist()]
            _note(self.doors, names, taken, own)

    @property
    def idle(self) -> list[str]:
        """Rules and doors that were seen in no run."""
        rules = [f"rule {name} was never active" for name, seen in self.rules.items() if not seen]
        return rules + [f"door {name} was never taken" for name, seen in self.doors.items() if not seen]


def _note(
    known: dict[str, bool],
    names: Sequence[tuple[str, str]],
    seen: NDArray[np.bool_],
    own: Collection[tuple[str, str]],
) -> None:
    """Join what was seen of the members of a group."""
    for (kind, name), one in zip(names, seen, strict=True):
        whose = _core_name(name)
        if (kind, whose) in own:
            known[whose] = known.get(whose, False) or bool(one)


def _core_name(name: str) -> str:
    """Give the name of a rule or door without the scenario around it and the member it is compiled for."""
    return name.partition("[")[0].removeprefix(f"{DOORS}/")


@dataclass(frozen=True, slots=True)
class Trial:
    """A record in a world.

    Parameters
    ----------
    record
        Kind and name.
    world
        The world.
    parts
        Rules, doors and changes of the record.
    neutral
        The same where it is to change nothing; None where it has no neutral values.
    arguments
        Arguments of a shock, as text.
    seen
        Takes note of what is seen at work.
    """

    record: str
    world: World
    parts: Parts
    neutral: Parts | None = None
    arguments: str = ""
    seen: Seen = field(default_factory=Seen)


def parts_of(catalogue: Catalogue, shock: Shock, arguments: Mapping[str, object]) -> Parts | None:
    """Give a shock at its neutral values, the others as given; None where it has none."""
    neutral = {one.name: one.neutral for one in shock.parameters if one.neutral is not None}
    return catalogue.parts(Use(shock, {**arguments, **neutral})) if neutral else None


def judged(trial: Trial) -> Breach | None:
    """Run a record in a world and give the first law that it breaks.

    Raises
    ------
    RuleError
        It names what the world has not.
    WorldError
        The world cannot be used as the record changes it.
    """
    rules, doors = _rules(trial.parts), _doors(trial.parts)
    world = changed(trial.world.adding(trial.parts.adds, trial.record), trial.parts.changes, trial.record)
    watched = [*rules, *_fitting(probes(rules, doors), world)]
    compile_programs(trial.parts.given, world, compile_world(world))
    try:
        dataset = ran(world, watched, doors, threads=1)
    except RuleError as error:
        return _breach(trial, AGREEING, str(error))
    trial.seen.note(dataset, trial.parts.given)
    for law, what in broken(dataset):
        return _breach(trial, law, what)
    other = ran(world, watched[::-1], doors[::-1], threads=2)
    if not same(dataset, other):
        return _breach(trial, ORDER, difference(dataset, other))
    return _judged_neutral(trial) if trial.neutral is not None else None


def _judged_neutral(trial: Trial) -> Breach | None:
    neutral = trial.neutral or Parts()
    plain = ran(trial.world, (), (), threads=1)
    world = changed(trial.world, neutral.changes, trial.record)
    moved = difference(plain, ran(world, _rules(neutral), _doors(neutral), threads=1))
    return _breach(trial, NEUTRAL, moved) if moved else None


def _breach(trial: Trial, law: str, what: str) -> Breach:
    size = ", ".join(f"{name}={value}" for name, value in SIZE.items())
    rules = [f"{given.kind} {given.record.name}: {given.record!r}" for given in trial.parts.given]
    changes = [f"change {change!r}" for change in trial.parts.changes]
    said = (trial.arguments, f"run with {size}", *rules, *changes)
    return Breach(law, trial.record, what, trial.world.to_toml(), tuple(filter(None, said)))


def ran(world: World, rules: Sequence[Rule], doors: Sequence[Door], threads: int) -> xr.Dataset:
    """Give what laws look at of a run with rules and doors."""
    exits = [ExitScenario(DOORS, "Doors", tuple(doors))] if doors else []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PlausibilityWarning)  # generated worlds need not be likely
        result = run(
            world,
            rules=rules,
            scenarios=exits,
            record=RECORD,
            quantiles=(),
            keep_paths=True,
            threads=threads,
            **SIZE,
        )
    return result.dataset


def _rules(parts: Parts) -> list[Rule]:
    return [given.record for given in parts.given if isinstance(given.record, Rule)]


def _doors(parts: Parts) -> list[Door]:
    return [given.record for given in parts.given if isinstance(given.record, Door)]


def _fitting(rules: Sequence[Rule], world: World) -> list[Rule]:
    """Give the probes that a world has the members for."""
    inputs = compile_world(world)
    found = []
    for rule in rules:
        try:
            compile_programs([Given(rule)], world, inputs)
        except RuleError:
            continue
        found.append(rule)
    return found
