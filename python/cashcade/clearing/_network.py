"""Read networks: matrices, sparse matrices and tables of labelled links become rows by their start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt

from cashcade.clearing._checks import (
    Names,
    Reals,
    did_you_mean,
    node_text,
    to_reals,
)
from cashcade.clearing._labels import (
    axes_of,
    distinct,
    given_names,
    is_matrix_frame,
    is_transposed,
    matrix_labels,
    vector_labels,
)
from cashcade.errors import InputError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Network: TypeAlias = Any
"""A matrix (NumPy or scipy.sparse), matrices by system, or a table of labelled links (any dataframe)."""

DEBTS = ("debtor", "creditor", "amount")
SHARES = ("issuer", "owner", "share")


@dataclass(frozen=True)
class Rows:
    """Links by the node they start from, as the core reads them; weights in rows by system."""

    start: npt.NDArray[np.uint32]
    to: npt.NDArray[np.uint32]
    weight: Reals

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return self.start.size - 1

    @property
    def origin(self) -> npt.NDArray[np.intp]:
        """Node that each link starts from."""
        return np.repeat(np.arange(self.nodes), np.diff(self.start))

    def sums(self) -> Reals:
        """Sum of the weights of the links that start from each node, in the first system."""
        return total(self.origin, self.weight[0], self.nodes)


def total(at: npt.NDArray[Any], amounts: Reals, nodes: int) -> Reals:
    """Sum of the amounts at each node."""
    return np.bincount(at, amounts, nodes).astype(np.float64)


def is_sparse(network: object) -> bool:
    """Tell whether this is a scipy.sparse matrix, without importing scipy."""
    return hasattr(network, "tocsr")


def is_table(network: object) -> bool:
    """Tell whether this is a dataframe or a mapping of columns."""
    if isinstance(network, np.ndarray | list | tuple) or is_matrix_frame(network):
        return False
    return isinstance(network, Mapping) or nw.dependencies.is_into_dataframe(network)


def read_names(names: Sequence[str] | None, network: object, *labelled: object) -> Names | None:
    """Labels of the nodes: given, or those of a labelled matrix, or of the first vector that has some."""
    if names is not None:
        return given_names(names)
    if not is_table(network):
        labels = matrix_labels("the network", network)
        if labels is not None:
            return labels
    for values in labelled:
        labels = vector_labels("the vector", values)
        if labels is not None:
            return distinct("`names`", labels)
    if is_table(network):
        raise InputError(
            "the links are labelled but the nodes are not: pass `names`, or the other values by name"
        )
    return None


def read_dense(what: str, network: object, names: Names | None, ends: Sequence[str] = DEBTS[:2]) -> Reals:
    """Read matrices by system, shape (systems, nodes, nodes), and check every entry.

    A labelled matrix is put in the order of the names on both sides; `ends` says what rows and columns are.
    """
    array = to_reals(what, network)
    if array.ndim not in (2, 3) or array.shape[-1] != array.shape[-2]:
        raise InputError(
            f"`{what}` has shape {array.shape}, wanted a square matrix or (systems, nodes, nodes)"
        )
    _check_count(what, array.shape[-1], names)
    matrices = _aligned(what, array.reshape(-1, *array.shape[-2:]), network, names, ends)
    _check_links(what, matrices, names)
    return matrices


def _aligned(what: str, matrices: Reals, network: object, names: Names | None, ends: Sequence[str]) -> Reals:
    """Put matrices in the order of the names, by the labels that they carry."""
    if matrix_labels(f"`{what}`", network) is None:
        return matrices
    if names is None:
        raise InputError(f"`{what}` is labelled but the nodes are not: pass `names`")
    rows, columns = (axis.labels or () for axis in axes_of(network)[-2:])
    for name in names:
        if name not in rows:
            raise InputError(f"`{what}` has no row {name!r}.{did_you_mean(str(name), rows)}")
    if is_transposed(network, ends):
        matrices, rows, columns = matrices.transpose(0, 2, 1), columns, rows
    row_of, column_of = ({label: k for k, label in enumerate(side)} for side in (rows, columns))
    order = np.ix_([row_of[name] for name in names], [column_of[name] for name in names])
    return np.ascontiguousarray(matrices[:, order[0], order[1]])


def _check_links(what: str, matrices: Reals, names: Names | None) -> None:
    if matrices.size and not (matrices.min() >= 0.0 and matrices.max() < np.inf):
        bad = ~(np.isfinite(matrices) & (matrices >= 0.0))
        _, start, end = (int(k) for k in np.unravel_index(int(np.argmax(bad)), bad.shape))
        _refuse_link(what, names, start, end, matrices[bad][0])
    own = np.diagonal(matrices, axis1=1, axis2=2)
    if own.any():
        _refuse_loop(what, names, int(np.argwhere(own)[0][-1]))


def _refuse_link(what: str, names: Names | None, row: int, column: int, given: float) -> None:
    raise InputError(
        f"`{what}` in the row of {node_text(names, row)} and the column of {node_text(names, column)} "
        f"is {given}, wanted a finite amount of at least 0: correct that entry"
    )


def _refuse_loop(what: str, names: Names | None, node: int) -> None:
    raise InputError(
        f"`{what}` links {node_text(names, node)} to itself: remove the entry, it nets to nothing"
    )


def _check_count(what: str, nodes: int, names: Names | None) -> None:
    if names is not None and len(names) != nodes:
        raise InputError(
            f"`{what}` has {nodes} nodes but there are {len(names)} names: pass one name per node"
        )


def as_stored(network: object) -> Any:  # noqa: ANN401 - what the core takes
    """Take a matrix as it is, or the three arrays of a compressed one; None for anything else."""
    if type(network) is np.ndarray:
        return network
    if getattr(network, "format", None) != "csr":
        return None
    stored: Any = network
    if stored.indptr.dtype != np.int32 or stored.shape[0] != stored.shape[1]:
        return None
    return stored.indptr.view(np.uint32), stored.indices.view(np.uint32), stored.data


def read_rows(  # noqa: PLR0913 - one way in for all networks
    what: str,
    network: Network,
    names: Names | None,
    columns: Sequence[str] = DEBTS,
    *,
    start_is_column: bool = False,
    weights: Reals | None = None,
) -> Rows:
    """Read links by the node they start from: the row of a matrix (or the column), or column one of a table.

    `weights` replace those of a sparse matrix or a table, in rows by system.
    """
    if is_table(network):
        return _rows_of_table(what, network, names, columns, weights)
    if is_sparse(network):
        return _rows_of_sparse(what, network.T if start_is_column else network, names, weights)
    ends = columns[1::-1] if start_is_column else columns[:2]
    dense = read_dense(what, network, names, ends)
    return _rows_of_dense(dense.transpose(0, 2, 1) if start_is_column else dense)


def _rows_of_dense(matrices: Reals) -> Rows:
    start_of, to = np.nonzero(matrices.any(axis=0))
    weight = np.ascontiguousarray(matrices[:, start_of, to])
    return Rows(_starts(start_of, matrices.shape[1]), to.astype(np.uint32), weight)


def _rows_of_sparse(what: str, network: "csr_array", names: Names | None, weights: Reals | None) -> Rows:
    if network.ndim != 2 or network.shape[0] != network.shape[1]:
        raise InputError(f"`{what}` has shape {network.shape}, wanted a square matrix")
    _check_count(what, network.shape[0], names)
    rows = network.tocsr()
    if rows.nnz and not 0 <= rows.indices.min() <= rows.indices.max() < rows.shape[0]:
        raise InputError(f"`{what}` holds an index that is no node: build the sparse matrix anew")
    weight = _weights(rows.data, weights)
    result = Rows(rows.indptr.astype(np.uint32), rows.indices.astype(np.uint32), weight)
    _check_rows(what, result, names)
    return result


def _weights(own: object, others: Reals | None) -> Reals:
    weight = to_reals("weights", own).reshape(1, -1)
    if others is None:
        return weight
    if others.shape[-1] != weight.shape[-1] or others.ndim != 2:
        wanted = f"(systems, {weight.shape[-1]})"
        raise InputError(f"amounts by system have shape {others.shape}, wanted {wanted}: one per link")
    return others


def _check_rows(what: str, rows: Rows, names: Names | None) -> None:
    weight = rows.weight
    if weight.size and not (weight.min() >= 0.0 and weight.max() < np.inf):
        system, link = np.argwhere(~(np.isfinite(weight) & (weight >= 0.0)))[0]
        _refuse_link(what, names, int(rows.origin[link]), int(rows.to[link]), float(weight[system, link]))
    own = rows.to == rows.origin
    if own.any():
        _refuse_loop(what, names, int(rows.to[int(np.argmax(own))]))


def _rows_of_table(
    what: str, network: Network, names: Names | None, columns: Sequence[str], weights: Reals | None
) -> Rows:
    if not isinstance(network, Mapping):
        distinct(f"columns of `{what}`", tuple(network.columns), "hold")
    table = network if isinstance(network, Mapping) else nw.from_native(network, eager_only=True)
    known = list(table) if isinstance(table, Mapping) else table.columns
    for column in columns:
        if column not in known:
            wanted = ", ".join(columns) + ", or a square matrix with the same labels on both sides"
            raise InputError(
                f"`{what}` has no column {column!r}, wanted {wanted}.{did_you_mean(column, known)}"
            )
    ends = [_indices(what, column, list(table[column]), names or ()) for column in columns[:2]]
    order = np.argsort(ends[0], kind="stable")
    weight = np.ascontiguousarray(_weights(list(table[columns[2]]), weights)[:, order])
    rows = Rows(_starts(ends[0], len(names or ())), ends[1][order].astype(np.uint32), weight)
    _check_rows(what, rows, names)
    return rows


def _indices(what: str, column: str, labels: Sequence[str], names: Names) -> npt.NDArray[np.intp]:
    place = {name: k for k, name in enumerate(names)}
    for at, label in enumerate(labels):
        if label not in place:
            raise InputError(
                f"`{what}` names {label!r} as {column} in row {at}, which is no node."
                f"{did_you_mean(str(label), names)}"
            )
    return np.fromiter((place[label] for label in labels), dtype=np.intp, count=len(labels))


def _starts(start_of: npt.NDArray[np.intp], nodes: int) -> npt.NDArray[np.uint32]:
    counts = np.bincount(start_of, minlength=nodes)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.uint32)


def check_shares_sum(what: str, rows: Rows, names: Names | None) -> None:
    """Refuse weights of shares that sum to more than 1 for the node they start from."""
    sums = rows.sums()
    if (sums > 1.0 + 1e-12).any():
        node = int(np.argmax(sums))
        raise InputError(f"`{what}` of {node_text(names, node)} sum to {sums[node]}, wanted at most 1")


def check_sold_outside(what: str, rows: Rows, names: Names | None) -> None:
    """Refuse groups of nodes that own each other completely: their values are not determined."""
    check_shares_sum(what, rows, names)
    closed = rows.sums() > 1.0 - 1e-12
    while closed.any():
        leaks = np.bincount(rows.origin, (~closed)[rows.to] & (rows.weight[0] > 0.0), rows.nodes) > 0
        if not (closed & leaks).any():
            node = int(np.argmax(closed))
            raise InputError(
                f"`{what}`: {node_text(names, node)} and its owners belong to each other completely, so that "
                "no outside owner determines their value: leave some share outside"
            )
        closed &= ~leaks
