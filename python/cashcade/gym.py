"""Gymnasium environments on a simulation: an agent moves levers each month and sees what comes of it.

The extra `gym` installs what this needs. To import this module registers the id `cashcade/World-v0`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cashcade.case import MOST_MONTHS, MOST_PATHS, Case, case_of
from cashcade.errors import ArgumentError, MissingExtraError
from cashcade.host.levers import readable
from cashcade.host.simulation import Simulation
from cashcade.words.names import choose
from cashcade.words.numerals import LARGEST_SEED, whole
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
        A variable that can be set, such as `company.list_price`, or a lever of rules, such as
        `company.list_level`.
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


class _Board:
    """The levers of an agent and what it sees, on all paths of a simulation."""

    def __init__(self, levers: Sequence[Lever], sees: Sequence[Seen]) -> None:
        self._levers, self._sees = tuple(levers), tuple(sees)
        for name, given in (("levers", self._levers), ("sees", self._sees)):
            if not given:
                raise ArgumentError(f"{name} is empty, wanted at least one.")
        for lever in self._levers:
            _check_lever(lever)

    @property
    def of_rules(self) -> list[str]:
        """Parameters that are moved, for `Simulation`."""
        rows = [readable(lever.variable) for lever in self._levers]
        return list(dict.fromkeys(row.full_name for row in rows if row.source == "parameter"))

    def check(self, simulation: Simulation) -> None:
        """Refuse levers that cannot be set."""
        for lever in self._levers:
            simulation.set(lever.variable, _read(simulation, lever), entities=lever.entity)

    def spaces(self, simulation: Simulation) -> tuple[gymnasium.Space[Floats], gymnasium.Space[Floats]]:
        """Give the spaces of actions and observations of one path."""
        width = self.observe(simulation).shape[1]
        return (
            gymnasium.spaces.Box(-1.0, 1.0, (len(self._levers),), dtype=np.float64),
            gymnasium.spaces.Box(-LARGEST, LARGEST, (width,), dtype=np.float64),
        )

    def move(self, simulation: Simulation, actions: Floats) -> None:
        """Move the levers by actions `[path, lever]`, one after the other, within the bounds of each."""
        for lever, places in zip(self._levers, actions.T, strict=True):
            amount = (lever.low + (lever.high - lever.low) * (places + 1.0) / 2.0)[:, np.newaxis]
            before = _read(simulation, lever)
            after = {
                "set": np.broadcast_to(amount, before.shape),
                "scale": before * amount,
                "add": before + amount,
            }[lever.how]
            low, high = simulation.bounds(lever.variable)
            simulation.set(lever.variable, np.clip(after, low, high), entities=lever.entity)

    def observe(self, simulation: Simulation) -> Floats:
        """Give what is seen, `[path, value]`."""
        values: Floats = np.concatenate([_read(simulation, seen) for seen in self._sees], axis=1)
        return values.clip(-LARGEST, LARGEST)


class _Episodes:
    """Episodes of a world, one after the other: each is a simulation, of one path or of many."""

    NONE = "There is no episode"

    case: Case
    months: int

    def _set_up(
        self,
        world: World | str | Path | Case,
        board: "_Board",
        months: int,
        seed: int,
        threads: int | None,
    ) -> tuple[gymnasium.Space[Floats], gymnasium.Space[Floats]]:
        """Take the arguments of an environment; give the spaces of actions and observations of a path."""
        self.case = case_of(world)
        self.months = whole("months", months, 1, MOST_MONTHS)
        self._seed = whole("world_seed", seed, 0, LARGEST_SEED)
        self._board = board
        self._simulation: Simulation | None = None
        self._begin(0, 1, threads)
        try:
            self._board.check(self.simulation)
            return self._board.spaces(self.simulation)
        finally:
            self._end()

    @property
    def world(self) -> World:
        """The world of all episodes."""
        return self.case.world

    @property
    def simulation(self) -> Simulation:
        """The simulation of the present episode; in a vector environment it has a path for each.

        Raises
        ------
        RuntimeError
            Before the first `reset` and after `close`.
        """
        if self._simulation is None:
            raise RuntimeError(f"{self.NONE}: call reset().")
        return self._simulation

    def _begin(self, path: int, paths: int, threads: int | None) -> None:
        """End the episode, and begin one."""
        self._end()
        self._simulation = Simulation(
            self.case,
            levers=self._board.of_rules,
            paths=paths,
            first_path=path,
            seed=self._seed,
            months=self.months,
            replicates=1,
            threads=threads,
        )

    def _end(self) -> None:
        if self._simulation is not None:
            self._simulation.close()
        self._simulation = None


class CashcadeEnv(_Episodes, gymnasium.Env[Floats, Floats]):
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
        self._reward, self._ends = reward, ends
        self.action_space, self.observation_space = self._set_up(
            world, _Board(levers, sees), months, world_seed, 1
        )

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
        self._begin(path, 1, 1)
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
        self._board.move(self.simulation, action[np.newaxis])
        self.simulation.step()
        reward = float(self._reward(self.simulation, action))
        ended = self._ends is not None and bool(self._ends(self.simulation))
        return self._observe(), reward, ended, self.simulation.month >= self.months, self._info()

    def close(self) -> None:
        """Give the memory back."""
        self._end()

    def _observe(self) -> Floats:
        values: Floats = self._board.observe(self.simulation)[0]
        return values

    def _info(self) -> dict[str, Any]:
        return {"month": self.simulation.month, "path": self.simulation.first_path}


class CashcadeVectorEnv(_Episodes, gymnasium.vector.VectorEnv[Floats, Floats, NDArray[Any]]):
    """Many paths of a world at once, all in the same month, on one simulation.

    Actions are `[path, lever]`, observations `[path, value]`; each path is what `CashcadeEnv` makes of it, to
    the bit. Paths begin and end together: nothing is reset by itself (autoreset mode "disabled"), and a path
    that is terminated stays so, with no reward, until all are reset.

    Parameters
    ----------
    world, levers, sees, months, world_seed
        As in `CashcadeEnv`.
    num_envs
        Number of paths.
    reward
        Gives the rewards of the month that is over, `[path]`, from the simulation and the actions.
    ends
        Says of each path, `[path]`, whether it has come to its end; by default none.
    threads
        As in `Simulation`.

    Raises
    ------
    ArgumentError
        As `CashcadeEnv`.
    """

    NONE = "There are no episodes"

    metadata: dict[str, Any] = {  # noqa: RUF012 - as gymnasium declares it
        "render_modes": [],
        "autoreset_mode": gymnasium.vector.AutoresetMode.DISABLED,
    }

    def __init__(  # noqa: PLR0913 - all but world and number are keywords
        self,
        world: World | str | Path | Case,
        num_envs: int = 1,
        *,
        levers: Sequence[Lever],
        sees: Sequence[Seen],
        reward: Callable[[Simulation, Floats], Floats],
        ends: Callable[[Simulation], NDArray[np.bool_]] | None = None,
        months: int = 36,
        world_seed: int = 0,
        threads: int | None = None,
    ) -> None:
        self.num_envs = whole("num_envs", num_envs, 1, MOST_PATHS)
        self._threads, self._reward, self._ends = threads, reward, ends
        self._over = np.zeros(self.num_envs, dtype=np.bool_)
        one = self._set_up(world, _Board(levers, sees), months, world_seed, threads)
        self.single_action_space, self.single_observation_space = one
        self.action_space = gymnasium.vector.utils.batch_space(self.single_action_space, self.num_envs)
        self.observation_space = gymnasium.vector.utils.batch_space(
            self.single_observation_space, self.num_envs
        )

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Floats, dict[str, Any]]:
        """Begin all episodes.

        Parameters
        ----------
        seed
            Seed of the sequence of episodes.
        options
            `{"path": 17}` takes that path and those after it instead of drawing the first.

        Returns
        -------
        observations, infos
            At the start; infos holds `month` and `path`, `[path]` each.

        Raises
        ------
        ArgumentError
            A list of seeds, or a path, cannot be used.
        """
        if seed is not None:
            super().reset(seed=whole("seed", seed, 0, LARGEST_SEED))
        first = int(self.np_random.integers(EPISODES)) * self.num_envs
        first = whole("options['path']", (options or {}).get("path", first), 0, 2**62 - MOST_PATHS)
        self._begin(first, self.num_envs, self._threads)
        self._over[:] = False
        return self._board.observe(self.simulation), self._infos()

    def step(
        self, actions: Floats
    ) -> tuple[Floats, Floats, NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """Move the levers on all paths, then let a month come.

        Returns
        -------
        observations, rewards, terminations, truncations, infos
            Terminations say what `ends` said in this month or before; truncations, that the months are over.

        Raises
        ------
        ArgumentError
            The actions are not within their space, or the episodes are over.
        """
        actions = np.asarray(actions, dtype=np.float64)
        if not self.action_space.contains(actions):
            raise ArgumentError(f"actions are {actions}, wanted some of {self.action_space}.")
        self._board.move(self.simulation, actions)
        self.simulation.step()
        rewards = np.asarray(self._reward(self.simulation, actions), dtype=np.float64)
        if rewards.shape != (self.num_envs,):
            raise ArgumentError(f"reward gave {rewards.shape}, wanted a number a path, {(self.num_envs,)}.")
        rewards = np.where(self._over, 0.0, rewards)
        if self._ends is not None:
            self._over |= np.asarray(self._ends(self.simulation), dtype=np.bool_)
        truncated = np.full(self.num_envs, self.simulation.month >= self.months)
        return self._board.observe(self.simulation), rewards, self._over.copy(), truncated, self._infos()

    def close_extras(self, **_kwargs: object) -> None:
        """Give the memory back."""
        self._end()

    def _infos(self) -> dict[str, Any]:
        first = self.simulation.first_path
        return {
            "month": np.full(self.num_envs, self.simulation.month),
            "path": np.arange(first, first + self.num_envs),
        }


def _read(simulation: Simulation, what: Lever | Seen) -> Floats:
    return simulation.get(what.variable, entities=what.entity)


def _check_lever(lever: Lever) -> None:
    if not lever.low < lever.high:
        raise ArgumentError(f"The lever on {lever.variable} goes from {lever.low} to {lever.high}: no room.")
    row = readable(lever.variable)
    choose(lever.how, ("set", "scale", "add"), "way to move a lever")
    if row.is_state:
        raise ArgumentError(
            f"{lever.variable} takes whole numbers only; an action is a number between bounds."
        )


gymnasium.register(
    "cashcade/World-v0",
    entry_point="cashcade.gym:CashcadeEnv",
    vector_entry_point="cashcade.gym:CashcadeVectorEnv",
)
