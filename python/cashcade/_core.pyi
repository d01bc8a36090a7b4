"""The compiled core."""

from typing import Protocol

from numpy import float64, uint8, uint32
from numpy.typing import NDArray

__version__: str

def parameters() -> list[tuple[str, str, str, float, float, float | None, str]]: ...
def links() -> list[tuple[str, str, str, bool, str]]: ...
def variables() -> list[tuple[str, str, str, bool, str]]: ...
def uniforms(seed: int, stream: int, entity: int, first: int, count: int) -> NDArray[float64]: ...

class _ClaimRows(Protocol):
    @property
    def start(self) -> NDArray[uint32]: ...
    @property
    def creditor(self) -> NDArray[uint32]: ...
    @property
    def rank(self) -> NDArray[uint8]: ...
    @property
    def amount(self) -> NDArray[float64]: ...
    @property
    def owed_outside(self) -> NDArray[float64]: ...
    @property
    def ranks(self) -> int: ...

class _ClaimMatrices(Protocol):
    @property
    def owed(self) -> NDArray[float64]: ...
    @property
    def owed_outside(self) -> NDArray[float64]: ...
    @property
    def ranks(self) -> int: ...

class _NodeRows(Protocol):
    @property
    def outside(self) -> NDArray[float64]: ...
    @property
    def alpha(self) -> NDArray[float64]: ...
    @property
    def beta(self) -> NDArray[float64]: ...
    @property
    def nodes(self) -> int: ...
    @property
    def hard_ranks(self) -> int: ...

class _LinkRows(Protocol):
    @property
    def start(self) -> NDArray[uint32]: ...
    @property
    def to(self) -> NDArray[uint32]: ...
    @property
    def weight(self) -> NDArray[float64]: ...

_Cleared = tuple[
    NDArray[float64],
    NDArray[float64],
    NDArray[float64],
    NDArray[float64],
    NDArray[float64],
    NDArray[float64],
    NDArray[uint32],
    NDArray[float64],
]

def clear_rows(claims: _ClaimRows, nodes: _NodeRows, systems: int, least: bool) -> _Cleared: ...
def clear_matrices(claims: _ClaimMatrices, nodes: _NodeRows, systems: int, least: bool) -> _Cleared: ...
def clearing_response(claims: _ClaimRows, nodes: _NodeRows, changes: NDArray[float64]) -> NDArray[float64]: ...
def failure_cascade(
    start: NDArray[uint32],
    owner: NDArray[uint32],
    share: NDArray[float64],
    assets: NDArray[float64],
    threshold: NDArray[float64],
    failure_cost: NDArray[float64],
    least: bool,
) -> tuple[NDArray[float64], NDArray[float64], NDArray[uint32]]: ...
def absolute_priority(
    collateral: float, other_assets: float, secured: float, unsecured: float, cost: float
) -> tuple[float, float, float, float, float, float]: ...
def debtrank_stress(links: _LinkRows, shocks: NDArray[float64], single_hit: bool) -> NDArray[float64]: ...
def threshold_cascade(
    links: _LinkRows, capital: NDArray[float64], loss: NDArray[float64], ties_fail: bool
) -> tuple[NDArray[float64], NDArray[uint32]]: ...
def network_valuation(
    claims: _LinkRows,
    external_assets: NDArray[float64],
    external_liabilities: NDArray[float64],
    reference: NDArray[float64],
    name: str,
    sigma: float,
    recovery: float,
    least: bool,
) -> tuple[NDArray[float64], NDArray[float64], float, int]: ...
def default_probability(
    assets: NDArray[float64],
    barrier: NDArray[float64],
    drift: float,
    sigma: float,
    horizon: float,
    at_any_time: bool,
) -> NDArray[float64]: ...
def price_discount(sold: NDArray[float64], rate: NDArray[float64], name: str) -> NDArray[float64]: ...
def fire_sale_equilibrium(
    holdings: NDArray[float64],
    other_assets: NDArray[float64],
    equity: NDArray[float64],
    trigger: NDArray[float64],
    target: NDArray[float64],
    rate: NDArray[float64],
    name: str,
    least: bool,
) -> tuple[NDArray[float64], NDArray[float64], NDArray[float64], float, int]: ...
def collateral_spiral(
    debt: NDArray[float64],
    units: NDArray[float64],
    max_ltv: NDArray[float64],
    price: float,
    rate: float,
    name: str,
    least: bool,
) -> tuple[NDArray[float64], NDArray[float64], float, float, int]: ...
def fire_sale_rounds(
    sheets: NDArray[float64],
    units: NDArray[float64],
    price: NDArray[float64],
    rate: NDArray[float64],
    minimum: float,
    buffer: float,
    target: float,
    rounds: int,
) -> tuple[NDArray[float64], NDArray[float64], NDArray[uint32]]: ...
