"""The compiled core."""

from collections.abc import Callable
from typing import Any, Protocol, Self, TypedDict, final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Link",
    "Parameter",
    "Paths",
    "Table",
    "Variable",
    "__version__",
    "absolute_priority",
    "causes",
    "clear_matrices",
    "clear_plain",
    "clear_rows",
    "clearing_response",
    "collateral_spiral",
    "debtrank_stress",
    "default_probability",
    "effects",
    "events",
    "failure_cascade",
    "fire_sale_equilibrium",
    "fire_sale_rounds",
    "footprint",
    "network_valuation",
    "operations",
    "price_discount",
    "reasons",
    "run",
    "table",
    "threshold_cascade",
    "uniforms",
]

__version__: str

class _Outcomes(TypedDict):
    failed_month: NDArray[np.uint16]
    cause: NDArray[np.uint8]
    trigger: NDArray[np.int32]
    debt_at_failure: NDArray[np.float64]
    failed_share: NDArray[np.float64]
    rule_first: NDArray[np.uint16]
    rule_months: NDArray[np.uint16]
    action_first: NDArray[np.float64]
    watch_first: NDArray[np.float64]
    exit_month: NDArray[np.uint16]
    exit_door: NDArray[np.int16]
    exit_buyer: NDArray[np.int32]
    exit_price: NDArray[np.float64]

class _Outcome(_Outcomes):
    finished: NDArray[np.bool_]
    interrupted: bool
    imbalance: float
    sum: list[NDArray[np.float64]]
    square: list[NDArray[np.float64]]
    last_sum: list[NDArray[np.float64]]
    kept: list[NDArray[np.float64]]
    conflict: tuple[int, int, int, int] | None

@final
class Parameter:
    @property
    def place(self) -> int: ...
    @property
    def entity(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def full_name(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def default(self) -> float | None: ...
    @property
    def lever(self) -> bool: ...
    @property
    def off(self) -> float | None: ...
    @property
    def words(self) -> tuple[tuple[str, int], ...]: ...
    @property
    def meaning(self) -> str: ...

@final
class Link:
    @property
    def entity(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def full_name(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def outside(self) -> bool: ...
    @property
    def meaning(self) -> str: ...

@final
class Variable:
    @property
    def place(self) -> int: ...
    @property
    def entity(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def full_name(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def writable(self) -> tuple[float, float] | None: ...
    @property
    def meaning(self) -> str: ...

@final
class Table:
    @property
    def parameters(self) -> tuple[Parameter, ...]: ...
    @property
    def links(self) -> tuple[Link, ...]: ...
    @property
    def variables(self) -> tuple[Variable, ...]: ...

def table() -> Table: ...
def causes() -> list[str]: ...
def effects() -> list[str]: ...
def operations() -> list[tuple[str, int]]: ...
def uniforms(
    seed: int, stream: int, entities: NDArray[np.uint32], first: int, count: int
) -> NDArray[np.float64]: ...
def reasons() -> list[tuple[str, str]]: ...

class _Events(TypedDict):
    month: NDArray[np.uint16]
    payer: NDArray[np.int32]
    payee: NDArray[np.int32]
    amount: NDArray[np.float64]
    why: NDArray[np.uint8]
    value: NDArray[np.float64]
    threshold: NDArray[np.float64]

def events(
    inputs: dict[str, NDArray[Any]],
    *,
    months: int,
    path: int,
    seed: int,
    replicates: int,
    first_draw: int,
    rules: dict[str, NDArray[Any]] | None = None,
) -> _Events: ...
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
    rules: dict[str, NDArray[Any]] | None = None,
) -> _Outcome: ...
def footprint(
    inputs: dict[str, NDArray[Any]],
    *,
    months: int,
    paths: int,
    threads: int,
    record: list[int],
    last: list[int],
    keep: int,
    rules: dict[str, NDArray[Any]] | None = None,
    held: bool = False,
) -> dict[str, int]: ...

@final
class Paths:
    def __new__(
        cls,
        inputs: dict[str, NDArray[Any]],
        *,
        months: int,
        paths: int,
        first_path: int,
        seed: int,
        replicates: int,
        first_draw: int,
        threads: int,
        dispatch: bool = True,
        rules: dict[str, NDArray[Any]] | None = None,
    ) -> Self: ...
    def step(self, months: int) -> int: ...
    def conflict(self) -> tuple[int, int, int, int] | None: ...
    def month(self) -> int: ...
    def get(self, place: int, entities: list[int], parameter: bool = False) -> NDArray[np.float64]: ...
    def set(
        self,
        place: int,
        entities: list[int],
        values: NDArray[np.float64],
        mask: NDArray[np.bool_] | None = None,
        how: int = 2,
        parameter: bool = False,
    ) -> None: ...
    def save(self) -> tuple[int, NDArray[np.float64]]: ...
    def restore(self, month: int, numbers: NDArray[np.float64]) -> None: ...
    def outcomes(self) -> _Outcomes: ...
    def imbalance(self) -> float: ...
    def close(self) -> None: ...

class _ClaimRows(Protocol):
    @property
    def start(self) -> NDArray[np.uint32]: ...
    @property
    def creditor(self) -> NDArray[np.uint32]: ...
    @property
    def rank(self) -> NDArray[np.uint8]: ...
    @property
    def amount(self) -> NDArray[np.float64]: ...
    @property
    def owed_outside(self) -> NDArray[np.float64]: ...
    @property
    def ranks(self) -> int: ...

class _ClaimMatrices(Protocol):
    @property
    def owed(self) -> NDArray[np.float64]: ...
    @property
    def owed_outside(self) -> NDArray[np.float64]: ...
    @property
    def ranks(self) -> int: ...

class _NodeRows(Protocol):
    @property
    def outside(self) -> NDArray[np.float64]: ...
    @property
    def alpha(self) -> NDArray[np.float64]: ...
    @property
    def beta(self) -> NDArray[np.float64]: ...
    @property
    def nodes(self) -> int: ...
    @property
    def hard_ranks(self) -> int: ...

class _LinkRows(Protocol):
    @property
    def start(self) -> NDArray[np.uint32]: ...
    @property
    def to(self) -> NDArray[np.uint32]: ...
    @property
    def weight(self) -> NDArray[np.float64]: ...

class _Solution(Protocol):
    @property
    def paid_share(self) -> NDArray[np.float64]: ...
    @property
    def due(self) -> NDArray[np.float64]: ...
    @property
    def paid(self) -> NDArray[np.float64]: ...
    @property
    def received(self) -> NDArray[np.float64]: ...
    @property
    def receivable(self) -> NDArray[np.float64]: ...
    @property
    def net_worth(self) -> NDArray[np.float64]: ...
    @property
    def left(self) -> NDArray[np.float64]: ...
    @property
    def lost(self) -> NDArray[np.float64]: ...
    @property
    def fell_in_round(self) -> NDArray[np.uint32]: ...
    @property
    def residual(self) -> NDArray[np.float64]: ...

def clear_rows(claims: _ClaimRows, nodes: _NodeRows, systems: int, least: bool) -> _Solution: ...
def clear_matrices(claims: _ClaimMatrices, nodes: _NodeRows, systems: int, least: bool) -> _Solution: ...
def clear_plain(
    network: object, outside: object, owed_outside: object, alpha: object, beta: object, least: bool
) -> _Solution | None: ...
def clearing_response(
    claims: _ClaimRows, nodes: _NodeRows, changes: NDArray[np.float64]
) -> NDArray[np.float64]: ...
def failure_cascade(
    start: NDArray[np.uint32],
    owner: NDArray[np.uint32],
    share: NDArray[np.float64],
    assets: NDArray[np.float64],
    threshold: NDArray[np.float64],
    failure_cost: NDArray[np.float64],
    least: bool,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.uint32]]: ...
def absolute_priority(
    collateral: float, other_assets: float, secured: float, unsecured: float, cost: float
) -> tuple[float, float, float, float, float, float]: ...
def debtrank_stress(
    links: _LinkRows, shocks: NDArray[np.float64], single_hit: bool
) -> NDArray[np.float64]: ...
def threshold_cascade(
    links: _LinkRows, capital: NDArray[np.float64], loss: NDArray[np.float64], ties_fail: bool
) -> tuple[NDArray[np.float64], NDArray[np.uint32]]: ...
def network_valuation(
    claims: _LinkRows,
    external_assets: NDArray[np.float64],
    external_liabilities: NDArray[np.float64],
    reference: NDArray[np.float64],
    name: str,
    sigma: float,
    recovery: float,
    least: bool,
) -> tuple[NDArray[np.float64], NDArray[np.float64], float, int]: ...
def default_probability(
    assets: NDArray[np.float64],
    barrier: NDArray[np.float64],
    drift: float,
    sigma: float,
    horizon: float,
    at_any_time: bool,
) -> NDArray[np.float64]: ...
def price_discount(
    sold: NDArray[np.float64], rate: NDArray[np.float64], name: str
) -> NDArray[np.float64]: ...
def fire_sale_equilibrium(
    holdings: NDArray[np.float64],
    other_assets: NDArray[np.float64],
    equity: NDArray[np.float64],
    trigger: NDArray[np.float64],
    target: NDArray[np.float64],
    rate: NDArray[np.float64],
    name: str,
    least: bool,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float, int]: ...
def collateral_spiral(
    debt: NDArray[np.float64],
    units: NDArray[np.float64],
    max_ltv: NDArray[np.float64],
    price: float,
    rate: float,
    name: str,
    least: bool,
) -> tuple[NDArray[np.float64], NDArray[np.float64], float, float, int]: ...
def fire_sale_rounds(
    sheets: NDArray[np.float64],
    units: NDArray[np.float64],
    price: NDArray[np.float64],
    rate: NDArray[np.float64],
    minimum: float,
    buffer: float,
    target: float,
    rounds: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.uint32]]: ...
