"""A clearing problem as the core reads it: claims, what the nodes bring, and how to solve it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from cashcade import _core
from cashcade.clearing._checks import Names, Reals
from cashcade.errors import InputError


@dataclass(frozen=True)
class ClaimRows:
    """Claims in rows by debtor; amounts in rows by system. Rank `ranks + 1` marks equity holdings.

    `owed_outside` has one row per system, of values by node and rank.
    """

    start: npt.NDArray[np.uint32]
    creditor: npt.NDArray[np.uint32]
    rank: npt.NDArray[np.uint8]
    amount: Reals
    owed_outside: Reals
    ranks: int

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return int(self.start.size) - 1

    @property
    def systems(self) -> set[int]:
        """Numbers of systems that the inputs come for."""
        return {self.amount.shape[0], self.owed_outside.shape[0]}


@dataclass(frozen=True)
class ClaimMatrices:
    """Claims as matrices: by (system, rank, debtor, creditor), and outside by (system, rank, debtor)."""

    owed: Reals
    owed_outside: Reals
    ranks: int

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return int(self.owed.shape[-1])

    @property
    def systems(self) -> set[int]:
        """Numbers of systems that the inputs come for."""
        return {self.owed.shape[0], self.owed_outside.shape[0]}


@dataclass(frozen=True)
class NodeRows:
    """Assets of the nodes, in rows by system."""

    outside: Reals
    alpha: Reals
    beta: Reals
    nodes: int
    hard_ranks: int


class Solution(Protocol):
    """The vectors of the core, over systems, nodes (and ranks); each is copied when it is asked for."""

    @property
    def paid_share(self) -> Reals: ...
    @property
    def due(self) -> Reals: ...
    @property
    def paid(self) -> Reals: ...
    @property
    def received(self) -> Reals: ...
    @property
    def receivable(self) -> Reals: ...
    @property
    def net_worth(self) -> Reals: ...
    @property
    def left(self) -> Reals: ...
    @property
    def lost(self) -> Reals: ...
    @property
    def fell_in_round(self) -> npt.NDArray[np.uint32]: ...
    @property
    def residual(self) -> Reals: ...


@dataclass(frozen=True)
class Problem:
    """Systems of one structure."""

    claims: ClaimRows | ClaimMatrices
    nodes: NodeRows
    names: Names | None
    is_batch: bool

    @cached_property
    def systems(self) -> int:
        """Number of systems; every input has one row per system, or a single one."""
        brought = (self.nodes.outside, self.nodes.alpha, self.nodes.beta)
        counts = self.claims.systems | {rows.shape[0] for rows in brought}
        systems = max(counts)
        if counts - {1, systems}:
            raise InputError(
                f"inputs come for {sorted(counts)} systems: wanted one number of systems, or single rows"
            )
        return systems

    def solve(self, *, least: bool) -> Solution:
        """Clear all systems."""
        if isinstance(self.claims, ClaimRows):
            return _core.clear_rows(self.claims, self.nodes, self.systems, least)
        return _core.clear_matrices(self.claims, self.nodes, self.systems, least)

    def respond(self, changes: Reals) -> Reals:
        """Response of payments to changes of outside cash, rows by question."""
        flat = _core.clearing_response(self._claim_rows(), self.nodes, changes)
        return flat.reshape(changes.shape)

    def _claim_rows(self) -> ClaimRows:
        if self.systems > 1:
            raise InputError(
                f"sensitivities are of one system, but there are {self.systems}: clear it on its own"
            )
        if isinstance(self.claims, ClaimRows):
            return self.claims
        return rows_of_matrices(self.claims)


def rows_of_matrices(claims: ClaimMatrices) -> ClaimRows:
    """Put matrices of one system into rows by debtor."""
    rank, debtor, creditor = np.nonzero(claims.owed[0])
    part = (debtor, creditor, rank + 1, claims.owed[:1, rank, debtor, creditor])
    outside = by_node(list(claims.owed_outside[0][:, None]))
    return join_claims([part], outside, nodes=claims.nodes, ranks=claims.ranks)


def by_node(by_rank: list[Reals]) -> Reals:
    """Join rows by system, one array per rank, to rows by system of values by node and rank."""
    stacked = np.stack(np.broadcast_arrays(*by_rank), axis=-1)
    return np.ascontiguousarray(stacked.reshape(stacked.shape[0], -1))


Part: TypeAlias = tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any], Reals]
"""Debtors, creditors, ranks, and amounts in rows by system."""


def join_claims(parts: list[Part], owed_outside: Reals, *, nodes: int, ranks: int) -> ClaimRows:
    """Join lists of claims (debtor, creditor, rank, amounts by system) into rows by debtor."""
    debtor, creditor, rank, amount = parts[0] if len(parts) == 1 else _concatenated(parts)
    if (np.diff(debtor) < 0).any():
        order = np.argsort(debtor, kind="stable")
        creditor, rank, amount = creditor[order], rank[order], amount[:, order]
    start = np.concatenate(([0], np.cumsum(np.bincount(debtor, minlength=nodes))))
    return ClaimRows(
        start.astype(np.uint32),
        creditor.astype(np.uint32),
        rank.astype(np.uint8),
        np.ascontiguousarray(amount, dtype=np.float64),
        owed_outside,
        ranks,
    )


def _concatenated(parts: list[Part]) -> Part:
    systems = max(part[3].shape[0] for part in parts)
    debtor, creditor, rank = (np.concatenate([part[k] for part in parts]) for k in range(3))
    amount = np.concatenate([np.broadcast_to(p[3], (systems, p[3].shape[1])) for p in parts], axis=1)
    return debtor, creditor, rank, amount
