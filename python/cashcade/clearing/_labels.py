"""Labels that inputs carry: keys of mappings, indices of pandas, coordinates of xarray."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from cashcade.errors import InputError

Labels: TypeAlias = tuple[Any, ...]

LINK_COLUMNS = frozenset({"debtor", "creditor", "amount", "issuer", "owner", "share"})
"""Columns of tables of links; a square DataFrame without any of them is a matrix."""


@dataclass(frozen=True)
class Axis:
    """One axis of an input: its name, and its labels if it has any."""

    name: str | None
    labels: Labels | None


def given_names(names: Sequence[str] | None) -> Labels | None:
    """Read labels that were given, each once."""
    if names is None:
        return None
    return distinct("`names`", tuple(np.asarray(names).tolist() if hasattr(names, "__array__") else names))


def distinct(what: str, labels: Labels, holds: str = "holds") -> Labels:
    """Give the labels back, or refuse one that is there twice: it would be unclear which counts."""
    seen = set()
    for label in labels:
        if label in seen:
            raise InputError(
                f"{what} {holds} {label!r} twice: labels must be distinct, so merge or rename them"
            )
        seen.add(label)
    return labels


def axes_of(values: Any) -> tuple[Axis, ...]:  # noqa: ANN401 - anything that may carry labels
    """Return the axes of labelled values; none for what carries no labels at all."""
    if isinstance(values, Mapping):
        return (Axis(None, tuple(values)),)
    if hasattr(values, "dims") and hasattr(values, "coords"):
        axes = tuple(Axis(str(dim), _coordinates(values, dim)) for dim in values.dims)
    elif is_frame(values):
        axes = Axis(values.index.name, tuple(values.index)), Axis(values.columns.name, tuple(values.columns))
    elif hasattr(values, "index") and hasattr(values, "to_dict"):
        axes = (Axis(values.index.name, tuple(values.index)),)
    else:
        return ()
    return axes if any(axis.labels is not None for axis in axes) else ()


def _coordinates(values: Any, dim: str) -> Labels | None:  # noqa: ANN401 - a DataArray
    return tuple(values.coords[dim].values.tolist()) if dim in values.coords else None


def is_frame(values: Any) -> bool:  # noqa: ANN401 - anything
    """Tell whether this is a DataFrame with labels on both sides, as pandas has them."""
    return all(hasattr(values, name) for name in ("index", "columns", "to_numpy"))


def is_matrix_frame(network: Any) -> bool:  # noqa: ANN401 - anything
    """Tell whether this is a square DataFrame of amounts and no table of links."""
    if not is_frame(network) or network.shape[0] != network.shape[1]:
        return False
    return not LINK_COLUMNS & {name for name in network.columns if isinstance(name, str)}


def vector_labels(what: str, values: Any) -> Labels | None:  # noqa: ANN401 - anything
    """Return the labels of the nodes of a vector (the last axis, if there are several systems).

    Raises
    ------
    InputError
        If another axis than the last has the labels.
    """
    axes = axes_of(values)
    if not axes:
        return None
    if axes[-1].labels is None:
        dims = ", ".join(str(axis.name) for axis in axes)
        raise InputError(f"{what} has the dimensions ({dims}), wanted the nodes last: transpose or select")
    return axes[-1].labels


def matrix_labels(what: str, network: Any) -> Labels | None:  # noqa: ANN401 - anything
    """Return the labels of the nodes of a square matrix, in the order of its rows.

    A matrix whose two sides only count from 0 has none.

    Raises
    ------
    InputError
        If one side has labels that the other has not, or has one twice.
    """
    axes = axes_of(network)[-2:]
    if len(axes) < 2:
        return None
    rows, columns = axes[0].labels, axes[1].labels
    if rows is None or columns is None:
        raise InputError(f"{what} has labels on one side only: label both, or pass an array and `names`")
    if rows == columns == tuple(range(len(rows))):
        return None
    odd = [label for label in (*rows, *columns) if (label in rows) != (label in columns)]
    if odd:
        side, other = ("rows", "columns") if odd[0] in rows else ("columns", "rows")
        raise InputError(
            f"{what} has {odd[0]!r} in its {side} but not in its {other}: label both sides alike"
        )
    return distinct(what, rows)


def is_transposed(network: Any, ends: Sequence[str]) -> bool:  # noqa: ANN401 - anything
    """Tell whether the names of the axes say that rows and columns are exchanged.

    Parameters
    ----------
    network
        A matrix.
    ends
        What rows and columns should be, such as debtor and creditor.
    """
    names = [axis.name for axis in axes_of(network)[-2:]]
    return names == [ends[1], ends[0]]
