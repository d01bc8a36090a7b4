"""The grids of the Basic Model Interface: one for each kind of entity, of nodes and nothing else."""

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cashcade.errors import ArgumentError, MissingExtraError
from cashcade.host.simulation import Simulation

try:
    from bmipy import Bmi
except ModuleNotFoundError as error:
    raise MissingExtraError(
        'cashcade.bmi needs bmipy, which is not installed: pip install "cashcade[bmi]".'
    ) from error

Floats = NDArray[np.float64]

KINDS = (
    *("company", "segment", "loan", "fleet", "market", "contract"),
    *("recapture", "commitment", "repayment", "stake", "pledge", "order"),
)
"""Kinds of entities that have variables, then those of levers only; the place is the number of the grid."""


class Grids(Bmi):
    """The part of the interface about grids.

    Each is `unstructured`: nodes without edges or faces, as companies have no places between which anything
    could be interpolated. The first coordinate of a node is the place of the entity in `Simulation.names`,
    the second the number of the path.
    """

    @property
    @abstractmethod
    def simulation(self) -> Simulation:
        """The simulation."""

    def get_grid_rank(self, grid: int) -> int:
        """Give coordinates of a node: entity and path."""
        self._kind(grid)
        return 2

    def get_grid_size(self, grid: int) -> int:
        """Count the nodes: paths times entities."""
        return self.simulation.paths * len(self.simulation.names(self._kind(grid)))

    def get_grid_type(self, grid: int) -> str:
        """Give the type: nodes without order."""
        self._kind(grid)
        return "unstructured"

    def get_grid_node_count(self, grid: int) -> int:
        """Count the nodes: paths times entities."""
        return self.get_grid_size(grid)

    def get_grid_edge_count(self, grid: int) -> int:
        """Count the edges: there are none."""
        self._kind(grid)
        return 0

    def get_grid_face_count(self, grid: int) -> int:
        """Count the faces: there are none."""
        self._kind(grid)
        return 0

    def get_grid_x(self, grid: int, x: Floats) -> Floats:
        """Write the place of the entity of each node into `x`."""
        entities = len(self.simulation.names(self._kind(grid)))
        fill(x, np.tile(np.arange(entities, dtype=np.float64), self.simulation.paths))
        return x

    def get_grid_y(self, grid: int, y: Floats) -> Floats:
        """Write the number of the path of each node into `y`."""
        entities = len(self.simulation.names(self._kind(grid)))
        paths = self.simulation.first_path + np.arange(self.simulation.paths, dtype=np.float64)
        fill(y, np.repeat(paths, entities))
        return y

    def get_grid_z(self, grid: int, z: Floats) -> Floats:  # noqa: ARG002
        """Refuse: nodes have two coordinates."""
        raise _none(self._kind(grid), "third coordinate")

    def get_grid_shape(self, grid: int, shape: NDArray[np.int32]) -> NDArray[np.int32]:  # noqa: ARG002
        """Refuse: nodes have no order."""
        raise _none(self._kind(grid), "shape")

    def get_grid_spacing(self, grid: int, spacing: Floats) -> Floats:  # noqa: ARG002
        """Refuse: nodes have no order."""
        raise _none(self._kind(grid), "spacing")

    def get_grid_origin(self, grid: int, origin: Floats) -> Floats:  # noqa: ARG002
        """Refuse: nodes have no order."""
        raise _none(self._kind(grid), "origin")

    def get_grid_edge_nodes(self, grid: int, edge_nodes: NDArray[np.int32]) -> NDArray[np.int32]:
        """Leave `edge_nodes` as it is: there are no edges."""
        self._kind(grid)
        return edge_nodes

    def get_grid_face_edges(self, grid: int, face_edges: NDArray[np.int32]) -> NDArray[np.int32]:
        """Leave `face_edges` as it is: there are no faces."""
        self._kind(grid)
        return face_edges

    def get_grid_face_nodes(self, grid: int, face_nodes: NDArray[np.int32]) -> NDArray[np.int32]:
        """Leave `face_nodes` as it is: there are no faces."""
        self._kind(grid)
        return face_nodes

    def get_grid_nodes_per_face(self, grid: int, nodes_per_face: NDArray[np.int32]) -> NDArray[np.int32]:
        """Leave `nodes_per_face` as it is: there are no faces."""
        self._kind(grid)
        return nodes_per_face

    def _kind(self, grid: int) -> str:
        if grid not in range(len(KINDS)):
            raise ArgumentError(f"grid is {grid!r}, wanted a whole number from 0 to {len(KINDS) - 1}.")
        return KINDS[grid]


def fill(dest: NDArray[Any], values: Floats) -> None:
    """Write values into an array of the caller, whatever its shape.

    Raises
    ------
    ArgumentError
        It is of another size.
    """
    if np.size(dest) != values.size:
        raise ArgumentError(f"The array holds {np.size(dest)} values, wanted {values.size}.")
    dest[...] = values.reshape(dest.shape)


def _none(kind: str, what: str) -> NotImplementedError:
    return NotImplementedError(f"The grid of {kind} is unstructured: it has no {what}.")
