"""Refuse malformed numbers, by name."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from cashcade.clearing._labels import Labels, distinct, vector_labels
from cashcade.errors import InputError

Reals: TypeAlias = npt.NDArray[np.float64]
Names: TypeAlias = tuple[str, ...]
Values: TypeAlias = float | npt.ArrayLike | Mapping[str, float]

AMOUNT = "a finite amount of at least 0"
SHARE = "a share between 0 and 1"


def node_text(names: Names | None, node: int) -> str:
    """Say which node, by label where there is one."""
    return f"node {names[node]!r}" if names else f"node {node}"


def to_reals(what: str, values: object) -> Reals:
    """Read numbers as a contiguous float64 array; what is masked or marked as missing is NaN."""
    if isinstance(values, np.ma.MaskedArray):
        values = np.ma.filled(values.astype(np.float64), np.nan)
    try:
        return np.asarray(values, dtype=np.float64, order="C")
    except (TypeError, ValueError):
        pass
    try:
        objects = np.array(values, dtype=object)
        objects[pd.isna(objects)] = np.nan
        return np.asarray(objects, dtype=np.float64, order="C")
    except (TypeError, ValueError) as error:
        raise InputError(f"`{what}` is not an array of numbers ({error}): pass numbers only") from error


def _refuse(what: str, where: str, given: float, wanted: str) -> None:
    raise InputError(f"`{what}` of {where} is {given}, wanted {wanted}: correct that entry")


def check_amounts(what: str, values: Reals, names: Names | None = None) -> None:
    """Refuse amounts that are negative, infinite or not a number; the last axis runs over nodes."""
    # A NaN makes both comparisons false, so two passes without temporaries catch everything.
    if values.size and not (values.min() >= 0.0 and values.max() < np.inf):
        _blame(what, values, ~(np.isfinite(values) & (values >= 0.0)), AMOUNT, names)


def check_shares(what: str, values: Reals, names: Names | None = None) -> None:
    """Refuse shares outside [0, 1]; the last axis runs over nodes."""
    if values.size and not (values.min() >= 0.0 and values.max() <= 1.0):
        _blame(what, values, ~((values >= 0.0) & (values <= 1.0)), SHARE, names)


def check_finite(what: str, values: Reals, names: Names | None = None) -> None:
    """Refuse values that are infinite or not a number; the last axis runs over nodes."""
    bad = ~np.isfinite(values)
    if bad.any():
        _blame(what, values, bad, "a finite number", names)


def check_positive(what: str, values: Reals, names: Names | None = None) -> None:
    """Refuse values that are not above zero; the last axis runs over nodes."""
    bad = ~(np.isfinite(values) & (values > 0.0))
    if bad.any():
        _blame(what, values, bad, "a finite amount above 0", names)


def _blame(what: str, values: Reals, bad: npt.NDArray[np.bool_], wanted: str, names: Names | None) -> None:
    first = np.unravel_index(int(np.argmax(bad)), values.shape)
    where = node_text(names, int(first[-1])) if first else "all nodes"
    if len(first) > 1 and values.shape[0] > 1:
        where += f" in system {first[0]}"
    _refuse(what, where, float(values[first]), wanted)


def size_of(values: Values) -> int:
    """Count values that do not come by name."""
    return 1 if isinstance(values, Mapping) else int(np.size(values))


def axes_count(values: Values) -> int:
    """Count the axes of values, none for those by name."""
    return 0 if isinstance(values, Mapping) else int(np.ndim(values))


def check_setting(what: str, value: float, wanted: str, *, good: bool) -> None:
    """Refuse a setting unless it is good."""
    if not good:
        raise InputError(f"`{what}` is {value}, wanted {wanted}: change it")


def check_choice(what: str, value: str, choices: Sequence[str]) -> None:
    """Refuse a word that is none of the choices."""
    if value not in choices:
        raise InputError(
            f"`{what}` is {value!r}, wanted one of {', '.join(choices)}.{did_you_mean(value, choices)}"
        )


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Suggest the nearest known word."""
    near = get_close_matches(word, known, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def read_vector(
    what: str, values: Values, size: int, names: Names | None, default: float | None = None
) -> Reals:
    """Read one value per node (rows by system, if there are several) as an array of two axes.

    A single number stands for all nodes. Values by name follow `names`; a name that is missing gets
    `default`.
    """
    labels = vector_labels(f"`{what}`", values)
    array = to_reals(what, list(values.values()) if isinstance(values, Mapping) else values)
    if labels is not None:
        return _by_name(what, labels, array.reshape(-1, len(labels)), names, default)
    if array.ndim == 0:
        return np.full((1, size), float(array))
    if array.ndim > 2 or array.shape[-1] != size:
        raise InputError(
            f"`{what}` has shape {array.shape}, wanted ({size},) or (systems, {size}): "
            "pass one value per node"
        )
    return array.reshape(-1, size)


def _by_name(what: str, labels: Labels, values: Reals, names: Names | None, default: float | None) -> Reals:
    """Put the values of labels in the order of the names."""
    if names is None:
        raise InputError(f"`{what}` is given by name but the nodes have none: pass `names` or an array")
    place = {name: k for k, name in enumerate(names)}
    for label in labels:
        if label not in place:
            raise InputError(f"`{what}` names {label!r}, which is no node.{did_you_mean(str(label), names)}")
    given = [place[label] for label in distinct(f"`{what}`", labels)]
    if len(given) < len(names) and default is None:
        missing = next(name for name in names if name not in labels)
        raise InputError(f"`{what}` has no value for node {missing!r}: add one")
    result = np.full((values.shape[0], len(names)), default, dtype=np.float64)
    result[:, given] = values
    return result
