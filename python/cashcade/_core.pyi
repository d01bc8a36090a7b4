"""The compiled core."""

from collections.abc import Callable
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

__all__ = ["__version__", "causes", "links", "parameters", "run", "uniforms", "variables"]

__version__: str

class _Outcome(TypedDict):
    finished: NDArray[np.bool_]
    interrupted: bool
    imbalance: float
    failed_month: NDArray[np.uint16]
    cause: NDArray[np.uint8]
    trigger: NDArray[np.int32]
    debt_at_failure: NDArray[np.float64]
    sum: list[NDArray[np.float64]]
    square: list[NDArray[np.float64]]
    last_sum: list[NDArray[np.float64]]
    last_square: list[NDArray[np.float64]]
    kept: list[NDArray[np.float64]]

def parameters() -> list[tuple[str, str, str, float, float, float | None, str]]: ...
def links() -> list[tuple[str, str, str, bool, str]]: ...
def variables() -> list[tuple[str, str, str, bool, str]]: ...
def causes() -> list[str]: ...
def uniforms(seed: int, stream: int, entity: int, first: int, count: int) -> NDArray[np.float64]: ...
def run(
    inputs: dict[str, NDArray[Any]],
    *,
    months: int,
    paths: int,
    first_path: int,
    seed: int,
    replicates: int,
    first_draw: int,
    threads: int,
    record: list[int],
    last: list[int],
    keep: int,
    progress: Callable[[int, int], object] | None = None,
    dispatch: bool = True,
) -> _Outcome: ...
