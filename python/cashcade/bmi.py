"""The Basic Model Interface (CSDMS, BMI 2.0) of a simulation, for frameworks that couple models.

The extra `bmi` installs what this needs.
"""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cashcade.errors import ArgumentError
from cashcade.host.grids import KINDS, Grids, fill
from cashcade.host.simulation import Simulation
from cashcade.words.names import choose
from cashcade.words.rows import Row, variables

Floats = NDArray[np.float64]

KEYS = (
    *("world", "scenarios", "paths", "seed", "months", "replicates", "first_path", "without", "threads"),
    *("max_memory", "block", "levers"),
)
"""Keys of a configuration file: the arguments of `Simulation`."""

MONTHS = 36
"""Last month where the configuration does not say."""

UNITS = {
    "USD": "1",
    "USD/month": "month-1",
    "USD/year": "year-1",
    "1/year": "year-1",
    "months": "month",
    "month": "month",
    "fraction": "1",
    "1": "1",
    "flag": "1",
    "code": "1",
    "1/sqrt(year)": "1",
    "USD/sqrt(month)": "1",
}
"""Units as UDUNITS knows them: it has no currency, so dollars are counted, and no roots of units."""

ROUNDING = 1e-6
"""Months by which a time may miss a whole month: sums of parts of a month are not exact."""


class CashcadeBmi(Grids):
    """A simulation behind the Basic Model Interface.

    The name of a variable is that of the table with two underscores: `company__cash`. Values are float64,
    flat, path by path: value `path * entities + entity`. Inputs are the variables that can be set, and levers
    of rules that the configuration names; outputs are these and all other variables. A lever that shares its
    name with a variable ends in an underscore, as in `Simulation.get`. Time is counted in months; a step is
    one.

    There is one grid for each kind of entity, of type `unstructured`; coordinates of a node are the place
    of the entity in `Simulation.names` and the number of the path.
    """

    def __init__(self) -> None:
        self._simulation: Simulation | None = None
        self._seen: dict[str, Floats] = {}
        self._rows: dict[str, Row] = {}

    @property
    def simulation(self) -> Simulation:
        """The simulation, with names and labels.

        Raises
        ------
        RuntimeError
            Before `initialize` and after `finalize`.
        """
        if self._simulation is None:
            raise RuntimeError("The model is not initialised: call initialize(config_file).")
        return self._simulation

    def initialize(self, config_file: str) -> None:
        """Start at month 0.

        Parameters
        ----------
        config_file
            A TOML file of arguments of `Simulation`, of which only `world` is needed: the name of a world,
            or the path of a `.toml` file, seen from this one. `months` is 36 by default. `levers` lists
            the levers of rules that are moved from outside, such as `company.list_level`.

        Raises
        ------
        ArgumentError
            The file cannot be read, or says something else.
        """
        chosen = _read(Path(config_file))
        self.finalize()
        self._simulation = Simulation(chosen.pop("world"), **{"months": MONTHS} | chosen)
        rows = (*variables().values(), *self._simulation.levers.values())
        self._rows = {_long(row): row for row in rows if self._simulation.names(row.entity)}

    def update(self) -> None:
        """Advance by a month."""
        self._advance(1)

    def update_until(self, time: float) -> None:
        """Advance to a month.

        Parameters
        ----------
        time
            The month; what it misses by rounding, up to a millionth of a month, does not count.

        Raises
        ------
        ArgumentError
            `time` is no whole month from now to the last one; then nothing moves.
        """
        now, last = self.simulation.month, self.simulation.months
        month = int(np.rint(time)) if np.isfinite(time) else -1
        if not now <= month <= last or abs(time - month) > ROUNDING:
            raise ArgumentError(f"time is {time!r}, wanted a whole month from {now} to {last}.")
        self._advance(month - now)

    def _advance(self, months: int) -> None:
        self._take_over()
        if months:
            self.simulation.step(months)
        self._refresh()

    def finalize(self) -> None:
        """Give the memory back."""
        if self._simulation is not None:
            self._simulation.close()
        self._simulation, self._seen, self._rows = None, {}, {}

    def get_component_name(self) -> str:
        """Give name of the model."""
        return "cashcade"

    def get_input_item_count(self) -> int:
        """Count the variables that can be set."""
        return len(self.get_input_var_names())

    def get_output_item_count(self) -> int:
        """Count the variables and levers."""
        return len(self.get_output_var_names())

    def get_input_var_names(self) -> tuple[str, ...]:  # type: ignore[override] # bmipy says: one name
        """Give names of the variables that can be set, and of the levers."""
        return tuple(name for name in self.get_output_var_names() if self._rows[name].writable)

    def get_output_var_names(self) -> tuple[str, ...]:  # type: ignore[override]
        """Give names of the variables of which the world has any, and of the levers."""
        _ = self.simulation  # refuses where there is none
        return tuple(self._rows)

    def get_var_grid(self, name: str) -> int:
        """Give the number of the grid of a variable: that of its kind of entity."""
        return KINDS.index(self._variable(name).entity)

    def get_var_type(self, name: str) -> str:
        """Give type of the values: always float64."""
        self._variable(name)
        return "float64"

    def get_var_units(self, name: str) -> str:
        """Give the unit as UDUNITS writes it: dollars are counted, dollars per month are `month-1`."""
        return UNITS[self._variable(name).unit]

    def get_var_itemsize(self, name: str) -> int:
        """Give bytes of a value."""
        self._variable(name)
        return 8

    def get_var_nbytes(self, name: str) -> int:
        """Give bytes of all values."""
        return 8 * self.get_grid_size(self.get_var_grid(name))

    def get_var_location(self, name: str) -> str:
        """Say where the values are: on nodes."""
        self._variable(name)
        return "node"

    def get_current_time(self) -> float:
        """Give month that has been reached."""
        return float(self.simulation.month)

    def get_start_time(self) -> float:
        """Give month 0."""
        return 0.0

    def get_end_time(self) -> float:
        """Give last month."""
        return float(self.simulation.months)

    def get_time_units(self) -> str:
        """Give months: UDUNITS takes a month for a twelfth of a year, as the model does."""
        return "month"

    def get_time_step(self) -> float:
        """Give one month."""
        return 1.0

    def get_value(self, name: str, dest: Floats) -> Floats:
        """Write the values into `dest`, flat, and give it back."""
        self._take_over()
        fill(dest, self._values(name))
        return dest

    def get_value_ptr(self, name: str) -> Floats:
        """Give an array that always holds the present values.

        What a caller writes into that of an input is set before the next call that reads, sets or updates;
        that of an output cannot be written to.
        """
        self._take_over()
        if name not in self._seen:
            values = self._values(name)
            values.setflags(write=self._variable(name).writable)
            self._seen[name] = values
        return self._seen[name]

    def get_value_at_indices(self, name: str, dest: Floats, inds: NDArray[np.int_]) -> Floats:
        """Write the values at flat indices into `dest`, and give it back."""
        self._take_over()
        fill(dest, self._at(self._values(name), name, inds))
        return dest

    def set_value(self, name: str, src: Floats) -> None:
        """Set all values.

        Raises
        ------
        ArgumentError
            The variable cannot be set, or a value is out of range; then nothing was set.
        """
        self._take_over()
        self.simulation.set(_full(self._variable(name)), self._shaped(name, src))
        self._refresh()

    def set_value_at_indices(self, name: str, inds: NDArray[np.int_], src: Floats) -> None:
        """Set the values at flat indices.

        Raises
        ------
        ArgumentError
            As `set_value`; or there are no such indices.
        """
        self._take_over()
        values = self._values(name)
        where = np.zeros(values.size, dtype=np.bool_)
        if np.size(src) != self._at(values, name, inds).size:
            raise ArgumentError(f"There are {np.size(inds)} inds and {np.size(src)} values of {name}.")
        values[inds], where[inds] = np.ravel(src), True
        self._set(name, values, where)
        self._refresh()

    def _variable(self, name: str) -> Row:
        choose(name, self.get_output_var_names(), "variable")
        return self._rows[name]

    def _values(self, name: str) -> Floats:
        """Give a copy of the present values, flat."""
        return self.simulation.get(_full(self._variable(name))).ravel()

    def _shaped(self, name: str, values: Floats) -> Floats:
        """Give flat values as `[path, entity]`."""
        size = self.get_grid_size(self.get_var_grid(name))
        if np.size(values) != size:
            raise ArgumentError(f"{name} has {size} values, {np.size(values)} were given.")
        return np.reshape(values, (self.simulation.paths, -1))

    def _at(self, values: Floats, name: str, inds: NDArray[np.int_]) -> Floats:
        """Give the values at flat indices."""
        try:
            return values[inds]
        except IndexError as error:
            raise ArgumentError(f"inds of {name}: {error}; there are {values.size}.") from error

    def _set(self, name: str, values: Floats, where: NDArray[np.bool_]) -> None:
        full = _full(self._variable(name))
        self.simulation.set(full, self._shaped(name, values), where=where.reshape(self.simulation.paths, -1))

    def _take_over(self) -> None:
        """Set what callers have written into the arrays they were given."""
        inputs = [name for name in self._seen if self._variable(name).writable]
        for name, changed in [(name, self._seen[name] != self._values(name)) for name in inputs]:
            if changed.any():
                self._set(name, self._seen[name], changed)
        if inputs:
            self._refresh()

    def _refresh(self) -> None:
        """Write the present values into the arrays that callers were given."""
        for name, seen in self._seen.items():
            seen.setflags(write=True)
            seen[...] = self._values(name)
            seen.setflags(write=self._variable(name).writable)


def _long(row: Row) -> str:
    return _full(row).replace(".", "__", 1)


def _full(row: Row) -> str:
    """Give the name by which a simulation knows a variable or a lever."""
    shared = row.source == "parameter" and row.full_name in variables()
    return f"{row.full_name}_" if shared else row.full_name


def _read(path: Path) -> dict[str, Any]:
    """Read a configuration."""
    try:
        chosen = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ArgumentError(f"config_file {str(path)!r} cannot be read: {error}.") from error
    for key in chosen:
        choose(key, KEYS, f"key of {path.name}")
    world = chosen.get("world")
    if not isinstance(world, str):
        raise ArgumentError(f'{path.name} has no world, wanted world = "ai-2025-08" or the path of a file.')
    if world.endswith(".toml"):
        chosen["world"] = path.parent / world
    return chosen
