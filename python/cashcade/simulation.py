"""The stepping interface: all paths advance a month at a time, and a host reads and sets what it likes."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from cashcade import _core
from cashcade.arguments import LARGEST_SEED, cores, filled, first_outside, whole
from cashcade.compile import compile_world
from cashcade.errors import ArgumentError
from cashcade.executors import available_cores
from cashcade.load import load_world
from cashcade.loops import left_out
from cashcade.names import choose
from cashcade.results.memory import check_held
from cashcade.results.plan import Plan
from cashcade.results.variables import Variable, variables
from cashcade.runs import MOST_PATHS, paths_per_draw
from cashcade.snapshot import Snapshot
from cashcade.world import World
from cashcade.world.loops import switched_off

Floats = NDArray[np.float64]

MOST_MONTHS = 1200
"""Months beyond which nothing is simulated."""


class Simulation:
    """All paths of a world between two months.

    A path takes the same turns as in `cashcade.run`, bit for bit, as long as nothing is set: the same world,
    seed, paths and replicates are the same numbers, on any number of threads.

    Parameters
    ----------
    world
        A world, the name of one that a plugin offers, or the path of a `.toml` file.
    paths, seed, replicates, first_path, without, loops, threads
        As in `cashcade.run`.
    months
        The last month; None for 1200.
    max_memory
        Bytes. A simulation holds every path at once; one that would need more is refused before it begins.

    Raises
    ------
    WorldError
        The world cannot be used.
    ArgumentError
        Another argument cannot be used.
    MemoryLimitError
        The simulation would need more than `max_memory`.

    Examples
    --------
    ::

        with cc.Simulation("ai-2025-08", paths=1_000, seed=1) as simulation:
            while simulation.month < 36:
                simulation.step()
                short = simulation.get("company.runway") < 3  # [path, company]
                simulation.set("company.cash", simulation.get("company.cash") + 1e9, where=short)
    """

    def __init__(  # noqa: PLR0913 - all but the world are keywords with defaults
        self,
        world: World | str | Path,
        *,
        paths: int = 10_000,
        seed: int | None = 0,
        months: int | None = None,
        replicates: int | None = None,
        first_path: int = 0,
        without: Sequence[str] = (),
        loops: Collection[str] | None = None,
        threads: int | None = None,
        max_memory: float = 4e9,
    ) -> None:
        world = world if isinstance(world, World) else load_world(world)
        self.world = switched_off(world, left_out(world, without=without, loops=loops))
        plan = Plan(
            months=MOST_MONTHS if months is None else whole("months", months, 1, MOST_MONTHS),
            paths=whole("paths", paths, 1, MOST_PATHS),
            first_path=whole("first_path", first_path, 0, 2**62),
            seed=secrets.randbits(62) if seed is None else whole("seed", seed, 0, LARGEST_SEED),
            replicates=paths_per_draw(replicates, paths),
            record=(),
            quantiles=(),
            sample=0,
            keep=0,
        )
        threads = cores(threads, available_cores())
        inputs = compile_world(self.world, draws=plan.draws, seed=plan.seed, first_draw=plan.first_draw)
        if replicates is None and not inputs.has_ranges:
            plan = replace(plan, replicates=1)
        check_held(plan.paths, inputs.arrays, inputs.counts, max_memory)
        self._plan, self._names = plan, inputs.names
        self._core = _core.Stepper(
            inputs.arrays,
            months=plan.months,
            paths=plan.paths,
            first_path=plan.first_path,
            seed=plan.seed,
            replicates=plan.replicates,
            first_draw=plan.first_draw,
            threads=threads,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Simulation of {self.world.name}: {self.paths} paths, seed {self.seed}>"

    @property
    def month(self) -> int:
        """The month whose end has been reached; 0 at the start."""
        return self._core.month()

    @property
    def months(self) -> int:
        """The last month."""
        return self._plan.months

    @property
    def paths(self) -> int:
        """Number of paths."""
        return self._plan.paths

    @property
    def first_path(self) -> int:
        """Number of the first path."""
        return self._plan.first_path

    @property
    def seed(self) -> int:
        """Seed of all random numbers."""
        return self._plan.seed

    @property
    def replicates(self) -> int:
        """Consecutive paths that share a draw of the ranges."""
        return self._plan.replicates

    @property
    def variables(self) -> Mapping[str, Variable]:
        """Every variable by its name, such as `company.cash`: unit, meaning, whether it can be set."""
        return MappingProxyType(variables())

    def names(self, kind: str) -> tuple[str, ...]:
        """Ids of the entities of a kind, such as `company`: the second dimension of its variables.

        Raises
        ------
        ArgumentError
            There is no such kind; with the nearest.
        """
        choose(kind, self._names, "kind")
        return self._names[kind]

    def bounds(self, name: str) -> tuple[float, float]:
        """Least and greatest value that a variable can be set to.

        Raises
        ------
        ArgumentError
            There is no such variable, or it cannot be set.
        """
        return _core.settable()[self._settable(name).place] or (0.0, 0.0)

    def step(self, n: int = 1) -> int:
        """Move all paths by `n` months; gives the month reached.

        Ctrl-C ends it at once. The month it came in is finished when the simulation is next asked for
        something, so that all paths are always at the end of the same month.

        Raises
        ------
        ArgumentError
            `n` is not a whole number, or there are not so many months left; then nothing moves.
        """
        left = self.months - self.month
        if not left:
            raise ArgumentError(f"The simulation ends with month {self.months}; restore() goes back.")
        return self._core.step(whole("n", n, 0, left))

    def get(
        self, name: str, *, entities: str | Sequence[str] | None = None, out: Floats | None = None
    ) -> Floats:
        """Read a variable at the end of the month.

        Parameters
        ----------
        name
            Such as `company.cash`.
        entities
            Ids, or one; by default all, in the order of `names`.
        out
            Where to write the values: float64 `[path, entity]`.

        Returns
        -------
        values
            `[path, entity]`, in the variable's unit; the market is its only entity. A copy: `set` changes
            the simulation.

        Raises
        ------
        ArgumentError
            There is no such variable or entity; with the nearest. `out` does not fit.
        """
        variable = self._variable(name)
        places = self._places(variable, entities)
        shape = (self.paths, len(places))
        if out is None:
            return self._core.get(variable.place, places)
        if not isinstance(out, np.ndarray) or out.shape != shape or out.dtype != np.float64:
            given = f"{getattr(out, 'dtype', type(out).__name__)} {getattr(out, 'shape', '')}"
            raise ArgumentError(f"out is {given}, wanted float64 {shape} for {name}.")
        if not out.flags.writeable:
            raise ArgumentError("out cannot be written to.")
        out[...] = self._core.get(variable.place, places)
        return out

    def set(
        self,
        name: str,
        values: ArrayLike,
        *,
        entities: str | Sequence[str] | None = None,
        where: ArrayLike | None = None,
    ) -> None:
        """Set a variable; it is the state from which the next month starts.

        What belongs to a company that has failed stays as it is. What else follows at once, and who pays for
        it, is in docs/simulation.md.

        Parameters
        ----------
        name
            Such as `company.cash`; `variables` says which can be set.
        values
            `[path, entity]`, or anything that broadcasts to it.
        entities
            Ids, or one; by default all, in the order of `names`.
        where
            True where a value counts: `[path, entity]`, or anything that broadcasts to it. By default
            everywhere; values elsewhere may be anything, NaN too.

        Raises
        ------
        ArgumentError
            There is no such variable or entity, it cannot be set, or a value is out of range; then nothing
            was set.
        """
        variable = self._settable(name)
        places = self._places(variable, entities)
        shape = (self.paths, len(places))
        new = filled("values", values, shape, np.float64)
        mask = None if where is None else filled("where", where, shape, np.bool_)
        wrong = first_outside(new, mask, self.bounds(name), whole_numbers=variable.is_state)
        if wrong is not None:
            path, column = wrong
            raise self._refuse(variable, places[column], path, float(new[wrong]))
        self._core.set(variable.place, places, new, mask)

    def dataarray(self, name: str, *, entities: str | Sequence[str] | None = None) -> xr.DataArray:
        """Read a variable with names: dimensions `path` and the entity's, units, month.

        Raises
        ------
        ArgumentError
            As for `get`.
        """
        variable = self._variable(name)
        places = self._places(variable, entities)
        ids = np.asarray([self._names[variable.entity][place] for place in places], dtype=np.str_)
        return xr.DataArray(
            self._core.get(variable.place, places),
            dims=("path", variable.entity),
            coords={
                "path": self.first_path + np.arange(self.paths),
                variable.entity: ids,
                "month": self.month,
            },
            name=variable.key,
            attrs={"units": variable.unit, "long_name": variable.meaning},
        )

    @property
    def failed_month(self) -> NDArray[np.uint16]:
        """`[path, company]`: month of failure, 0 if none so far."""
        return self._core.failures()["failed_month"]

    @property
    def cause(self) -> NDArray[np.str_]:
        """`[path, company]`: why it failed, "none" if it has not; causes as in the tables of a result."""
        return np.asarray(_core.causes())[self._core.failures()["cause"]]

    @property
    def trigger(self) -> NDArray[np.int32]:
        """`[path, company]`: place in `names("company")` of the company that caused it, -1 if none."""
        return self._core.failures()["trigger"]

    @property
    def debt_at_failure(self) -> Floats:
        """`[path, company]`: debt when it failed, USD."""
        return self._core.failures()["debt_at_failure"]

    @property
    def imbalance(self) -> float:
        """Largest deviation of the ledger in any month so far, relative to the gross flow of its month."""
        return self._core.imbalance()

    def save(self) -> Snapshot:
        """Keep everything that later months depend on; the snapshot can be pickled."""
        month, numbers = self._core.save()
        return Snapshot(month, self._signature(), numbers)

    def restore(self, snapshot: Snapshot) -> None:
        """Go to where a snapshot was saved; from there everything is as it was then.

        Raises
        ------
        ArgumentError
            It is of other companies, paths or seed, or of a month beyond the last; then nothing changed.
        """
        if not isinstance(snapshot, Snapshot):
            raise ArgumentError(f"snapshot is {type(snapshot).__name__}, wanted what save() gave.")
        snapshot.check(self._signature())
        if snapshot.month > self.months:
            raise ArgumentError(
                f"The snapshot is of month {snapshot.month}; this simulation ends with month {self.months}."
            )
        self._core.restore(snapshot.month, snapshot.numbers)

    def close(self) -> None:
        """Give the memory back. Nothing can be asked any more."""
        self._core.close()

    def _signature(self) -> dict[str, object]:
        """Give what a snapshot must have in common with the simulation that it is restored in."""
        plan = self._plan
        chosen = {key: getattr(plan, key) for key in ("paths", "first_path", "seed", "replicates")}
        return {
            "cashcade": _core.__version__,
            **chosen,
            **{f"each {kind}": ids for kind, ids in self._names.items()},
        }

    def _variable(self, name: str) -> Variable:
        choose(name, variables(), "variable")
        return variables()[name]

    def _settable(self, name: str) -> Variable:
        variable = self._variable(name)
        if not variable.writable:
            names = ", ".join(row.full_name for row in variables().values() if row.writable)
            raise ArgumentError(f"{name} follows from other variables and cannot be set. These can: {names}.")
        return variable

    def _places(self, variable: Variable, entities: str | Sequence[str] | None) -> list[int]:
        """Give the places of entities in their kind."""
        ids = self._names[variable.entity]
        if entities is None:
            return list(range(len(ids)))
        wanted = [entities] if isinstance(entities, str) else list(entities)
        for one in wanted:
            choose(one, ids, variable.entity)
        if len(set(wanted)) < len(wanted):
            raise ArgumentError("entities names one twice.")
        place = {one: number for number, one in enumerate(ids)}
        return [place[one] for one in wanted]

    def _refuse(self, variable: Variable, place: int, path: int, value: float) -> ArgumentError:
        """Say which value cannot be set, and what could."""
        low, high = self.bounds(variable.full_name)
        kind = "a whole number" if variable.is_state else f"{variable.unit},"
        return ArgumentError(
            f"{variable.full_name} of {self._names[variable.entity][place]} on path {self.first_path + path} "
            f"would be {value!r}, wanted {kind} from {low:g} to {high:g}. Nothing was set."
        )
