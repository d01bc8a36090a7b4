"""Reading and moving what a simulation holds, by name."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from cashcade._core import Paths
from cashcade.case.arguments import filled
from cashcade.errors import ArgumentError
from cashcade.host.levers import HOW, How, check_moves, movable, readable, refusal
from cashcade.results.plan import Plan
from cashcade.words.names import choose
from cashcade.words.rows import Row, variables

Floats = NDArray[np.float64]


class Access:
    """All paths of a core at the end of a month: variables and levers as arrays `[path, entity]`."""

    _core: Paths
    _plan: Plan
    _names: Mapping[str, Sequence[str]]
    _levers: Mapping[str, Row]

    @property
    def month(self) -> int:
        """The month whose end has been reached; 0 at the start."""
        return self._core.month()

    @property
    def paths(self) -> int:
        """Number of paths."""
        return self._plan.paths

    @property
    def first_path(self) -> int:
        """Number of the first path."""
        return self._plan.first_path

    @property
    def variables(self) -> Mapping[str, Row]:
        """Every variable by its name, such as `company.cash`: unit, meaning, whether it can be set."""
        return MappingProxyType(variables())

    @property
    def levers(self) -> Mapping[str, Row]:
        """The parameters that can be moved from here, by name: unit and meaning."""
        return MappingProxyType(self._levers)

    def names(self, kind: str) -> tuple[str, ...]:
        """Ids of the entities of a kind, such as `company`: the second dimension of its variables.

        Raises
        ------
        ArgumentError
            There is no such kind; with the nearest.
        """
        choose(kind, self._names, "kind")
        return tuple(self._names[kind])

    def bounds(self, name: str) -> tuple[float, float]:
        """Least and greatest value that a variable or lever can be set to.

        Raises
        ------
        ArgumentError
            There is no such variable or lever, or it cannot be set.
        """
        return movable(name, self._levers).bounds or (0.0, 0.0)

    def get(
        self, name: str, *, entities: str | Sequence[str] | None = None, out: Floats | None = None
    ) -> Floats:
        """Read a variable at the end of the month, or a lever as rules find it in the next one.

        Parameters
        ----------
        name
            Such as `company.cash`; of a variable and a lever of one name the variable, the lever with an
            underscore at its end (`segment.revenue_`), as in rules.
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
        variable = readable(name)
        places = self._places(variable, entities)
        shape = (self.paths, len(places))
        if out is None:
            return self._core.get(variable.place, places, variable.source == "parameter")
        if not isinstance(out, np.ndarray) or out.shape != shape or out.dtype != np.float64:
            given = f"{getattr(out, 'dtype', type(out).__name__)} {getattr(out, 'shape', '')}"
            raise ArgumentError(f"out is {given}, wanted float64 {shape} for {name}.")
        if not out.flags.writeable:
            raise ArgumentError("out cannot be written to.")
        out[...] = self._core.get(variable.place, places, variable.source == "parameter")
        return out

    def dataarray(self, name: str, *, entities: str | Sequence[str] | None = None) -> xr.DataArray:
        """Read a variable with names: dimensions `path` and the entity's, units, month.

        Raises
        ------
        ArgumentError
            As for `get`.
        """
        variable = readable(name)
        places = self._places(variable, entities)
        ids = np.asarray([self._names[variable.entity][place] for place in places], dtype=np.str_)
        return xr.DataArray(
            self._core.get(variable.place, places, variable.source == "parameter"),
            dims=("path", variable.entity),
            coords={
                "path": self.first_path + np.arange(self.paths),
                variable.entity: ids,
                "month": self.month,
            },
            name=variable.key,
            attrs={"units": variable.unit, "long_name": variable.meaning},
        )

    def set(
        self,
        name: str,
        values: ArrayLike,
        *,
        entities: str | Sequence[str] | None = None,
        where: ArrayLike | None = None,
    ) -> None:
        """Set a variable or a lever.

        A variable is the state from which the next month starts; what belongs to a company that has failed
        stays as it is. What else follows at once, and who pays for it, is in docs/simulation.md. A lever
        stays where it is set, and rules move it from there.

        Parameters
        ----------
        name
            Such as `company.cash` or `company.list_level`; `variables` and `levers` say which can be set.
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
        self._move("set", name, values, entities, where)

    def scale(
        self,
        name: str,
        factors: ArrayLike,
        *,
        entities: str | Sequence[str] | None = None,
        where: ArrayLike | None = None,
    ) -> None:
        """Multiply a variable or a lever; as where a rule does, the product is kept within `bounds`.

        Parameters
        ----------
        name, entities, where
            As in `set`; a state cannot be multiplied.
        factors
            `[path, entity]`, or anything that broadcasts to it.

        Raises
        ------
        ArgumentError
            As for `set`, or a factor is no finite number; then nothing was moved.
        """
        self._move("scale", name, factors, entities, where)

    def add(
        self,
        name: str,
        amounts: ArrayLike,
        *,
        entities: str | Sequence[str] | None = None,
        where: ArrayLike | None = None,
    ) -> None:
        """Add to a variable or a lever; as where a rule does, the sum is kept within `bounds`.

        Parameters
        ----------
        name, entities, where
            As in `set`; a state cannot be added to.
        amounts
            `[path, entity]`, or anything that broadcasts to it; in the unit of the variable.

        Raises
        ------
        ArgumentError
            As for `set`, or an amount is no finite number; then nothing was moved.
        """
        self._move("add", name, amounts, entities, where)

    def _move(
        self,
        how: How,
        name: str,
        values: ArrayLike,
        entities: str | Sequence[str] | None,
        where: ArrayLike | None,
    ) -> None:
        lever = movable(name, self._levers)
        places = self._places(lever, entities)
        shape = (self.paths, len(places))
        new = filled("values", values, shape, np.float64)
        mask = None if where is None else filled("where", where, shape, np.bool_)
        wrong = check_moves(lever, how, new)
        if mask is not None:
            wrong &= mask
        if wrong.any():
            path, column = (int(place) for place in np.argwhere(wrong)[0])
            raise refusal(lever, how, self._where(lever, places[column], path), float(new[path, column]))
        self._core.set(lever.place, places, new, mask, HOW.index(how), lever.source == "parameter")

    def _where(self, lever: Row, place: int, path: int) -> str:
        return f"{self._names[lever.entity][place]} on path {self.first_path + path}"

    def _places(self, variable: Row, entities: str | Sequence[str] | None) -> list[int]:
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
