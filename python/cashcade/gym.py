"""A gymnasium environment on a simulation: an agent moves levers each month and sees what comes of it.

The extra `gym` installs what this needs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cashcade.case import MOST_MONTHS, Case, case_of
from cashcade.errors import ArgumentError, MissingExtraError
from cashcade.host.simulation import Simulation
from cashcade.words.names import choose
from cashcade.words.numerals import LARGEST_SEED, whole
from cashcade.words.rows import variables
from cashcade.world import World

try:
    import gymnasium
except ModuleNotFoundError as error:
    raise MissingExtraError(
        'cashcade.gym needs gymnasium, which is not installed: pip install "cashcade[gym]".'
    ) from error

Floats = NDArray[np.float64]

LARGEST = 1e18
"""Size beyond which an observation is cut off."""

EPISODES = 2**31
"""Paths that an environment may choose from."""


@dataclass(frozen=True)
class Lever:
    """A lever that an agent moves each month, before the month comes.

    Attributes
    ----------
    variable
        A variable that can be set, such as `company.list_price`.
    low, high
        What the agent chooses between; the action -1 is `low`, 1 is `high`.
    entity
        Whose; None for all of the kind, or for the market.
    how
        `set` the variable to what is chosen, `scale` it by that, or `add` that to it; the outcome is kept
        within the bounds of the variable.
    """

    variable: str
    low: float
    high: float
    entity: str | None = None
    how: Literal["set", "scale", "add"] = "set"


@dataclass(frozen=True)
class Seen:
    """A view of an agent.

    Attributes
    ----------
    variable
        Any variable, such as `company.runway`.
    entity
        Whose; None for all of the kind, or for the market.
    """

    variable: str
    entity: str | None = None


class CashcadeEnv(gymnasium.Env[Floats, Floats]):
    """One path of a world is an episode, one month a step.

    Actions are one number from -1 to 1 per lever, observations one per variable and entity seen, both float64
    boxes; observations are cut off at 1e18. Which path an episode takes is drawn at `reset`; with the same
    seed it is the same, and its luck is that of the path in a `run` of the world with that `world_seed`.

    Parameters
    ----------
    world
        As for `Simulation`.
    levers
        What the agent moves, at least one; several on one variable act one after the other.
    sees
        What it sees, at least one.
    reward
        Gives the reward of the month that is over, from the simulation (of one path) and the action.
    ends
        Says whether the episode has come to its end, such as by the failure of a company; by default never.
    months
        Months after which an episode is cut off.
    world_seed
        Seed of all paths.

    Raises
    ------
    ArgumentError
        A variable or an entity is unknown, a variable cannot be set, or bounds are not in order.
    """

    metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012 - as gymnasium declares it

    def __init__(  # noqa: PLR0913 - all but the world are keywords
        self,
        world: World | str | Path | Case,
        *,
        levers: Sequence[Lever],
        sees: Sequence[Seen],
        reward: Callable[[Simulation, Floats], float],
        ends: Callable[[Simulation], bool] | None = None,
        months: int = 36,
        world_seed: int = 0,
    ) -> None:
        self.case = case_of(world)
        self.months = whole("months", months, 1, MOST_MONTHS)
        self._seed = whole("world_seed", world_seed, 0, LARGEST_SEED)
        self._levers, self._sees = tuple(levers), tuple(sees)
        self._reward, self._ends = reward, ends
        self._simulation: Simulation | None = None
        width = self._check()
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (len(self._levers),), dtype=np.float64)
        self.observation_space = gymnasium.spaces.Box(-LARGEST, LARGEST, (width,), dtype=np.float64)

    @property
    def world(self) -> World:
        """The world of all episodes."""
        return self.case.world

    @property
    def simulation(self) -> Simulation:
        """The simulation of the present episode: one path.

        Raises
        ------
        RuntimeError
            Before the first `reset` and after `close`.
        """
        if self._simulation is None:
            raise RuntimeError("There is no episode: call reset().")
        return self._simulation

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Floats, dict[str, Any]]:
        """Begin an episode.

        Parameters
        ----------
        seed
            Seed of the sequence of episodes.
        options
            `{"path": 17}` takes that path instead of drawing one.

        Returns
        -------
        observation, info
            At the start; info holds `month` and `path`.
        """
        super().reset(seed=seed)
        drawn = int(self.np_random.integers(EPISODES))
        path = whole("options['path']", (options or {}).get("path", drawn), 0, 2**62)
        self.close()
        self._simulation = self._begin(path)
        return self._observe(), self._info()

    def step(self, action: Floats) -> tuple[Floats, float, bool, bool, dict[str, Any]]:
        """Move the levers, then let a month come.

        Returns
        -------
        observation, reward, terminated, truncated, info
            Terminated says what `ends` says; truncated, that the months are over.

        Raises
        ------
        ArgumentError
            The action is not within its space, or the episode is over.
        """
        action = np.asarray(action, dtype=np.float64)
        if not self.action_space.contains(action):
            raise ArgumentError(f"action is {action}, wanted one of {self.action_space}.")
        for lever, place in zip(self._levers, action, strict=True):
            self._move(lever, lever.low + (lever.high - lever.low) * (float(place) + 1.0) / 2.0)
        self.simulation.step()
        reward = float(self._reward(self.simulation, action))
        ended = self._ends is not None and bool(self._ends(self.simulation))
        return self._observe(), reward, ended, self.simulation.month >= self.months, self._info()

    def close(self) -> None:
        """Give the memory back."""
        if self._simulation is not None:
            self._simulation.close()
        self._simulation = None

    def _begin(self, path: int) -> Simulation:
        return Simulation(
            self.case, paths=1, first_path=path, seed=self._seed, months=self.months, replicates=1, threads=1
        )

    def _check(self) -> int:
        """Check levers and what is seen; gives the number of values seen."""
        for name, given in (("levers", self._levers), ("sees", self._sees)):
            if not given:
                raise ArgumentError(f"{name} is empty, wanted at least one.")
        with self._begin(0) as simulation:
            for lever in self._levers:
                _check_lever(lever)
                simulation.set(lever.variable, _read(simulation, lever), entities=lever.entity)
            return sum(_read(simulation, seen).size for seen in self._sees)

    def _move(self, lever: Lever, amount: float) -> None:
        """Move a lever, within the bounds of its variable."""
        before = _read(self.simulation, lever)
        after = {"set": np.full_like(before, amount), "scale": before * amount, "add": before + amount}[
            lever.how
        ]
        low, high = self.simulation.bounds(lever.variable)
        self.simulation.set(lever.variable, np.clip(after, low, high), entities=lever.entity)

    def _observe(self) -> Floats:
        values: Floats = np.concatenate([_read(self.simulation, seen)[0] for seen in self._sees])
        return values.clip(-LARGEST, LARGEST)

    def _info(self) -> dict[str, Any]:
        return {"month": self.simulation.month, "path": self.simulation.first_path}


def _read(simulation: Simulation, what: Lever | Seen) -> Floats:
    return simulation.get(what.variable, entities=what.entity)


def _check_lever(lever: Lever) -> None:
    if not lever.low < lever.high:
        raise ArgumentError(f"The lever on {lever.variable} goes from {lever.low} to {lever.high}: no room.")
    choose(lever.variable, variables(), "variable")
    choose(lever.how, ("set", "scale", "add"), "way to move a lever")
    if variables()[lever.variable].is_state:
        raise ArgumentError(
            f"{lever.variable} takes whole numbers only; an action is a number between bounds."
        )
