"""Read the inputs of a clearing into a problem for the core."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cashcade.clearing._checks import (
    Names,
    Reals,
    Values,
    check_amounts,
    check_shares,
    read_vector,
    to_reals,
)
from cashcade.clearing._network import (
    SHARES,
    Network,
    Rows,
    check_shares_sum,
    check_sold_outside,
    is_sparse,
    is_table,
    read_dense,
    read_rows,
)
from cashcade.clearing._problem import ClaimMatrices, ClaimRows, Part, by_node, join_claims
from cashcade.errors import InputError


def read_claims(
    networks: Sequence[Network],
    owed_outside: Sequence[Values],
    holdings: Network | None,
    names: Names | None,
    amounts: Reals | None,
) -> ClaimRows | ClaimMatrices:
    """Claims by rank: as matrices where every rank comes as one, else in rows by debtor."""
    in_rows = holdings is not None or any(is_table(network) or is_sparse(network) for network in networks)
    if amounts is not None and (len(networks) > 1 or not in_rows):
        raise InputError(
            "`amounts_by_system` goes with one sparse matrix or table: pass (systems, nodes, nodes) matrices"
        )
    if in_rows:
        return _claim_rows(networks, owed_outside, holdings, names, amounts)
    return _claim_matrices(networks, owed_outside, names)


def _claim_matrices(
    networks: Sequence[Network], owed_outside: Sequence[Values], names: Names | None
) -> ClaimMatrices:
    owed = [read_dense("owed_by_row_to_column", network, names) for network in networks]
    nodes = owed[0].shape[-1]
    outside = [_amounts("owed_outside", values, nodes, names) for values in owed_outside]
    return ClaimMatrices(_stack("owed_by_row_to_column", owed), _stack("owed_outside", outside), len(owed))


def _stack(what: str, by_rank: list[Reals]) -> Reals:
    """Put ranks behind systems."""
    if len(by_rank) == 1:
        return by_rank[0][:, None]
    try:
        return np.ascontiguousarray(np.stack(np.broadcast_arrays(*by_rank), axis=1))
    except ValueError as error:
        raise InputError(f"`{what}` differs in shape from rank to rank ({error}): pass one shape") from error


def _claim_rows(
    networks: Sequence[Network],
    owed_outside: Sequence[Values],
    holdings: Network | None,
    names: Names | None,
    amounts: Reals | None,
) -> ClaimRows:
    ranks = len(networks)
    weights = None if amounts is None else to_reals("amounts_by_system", amounts)
    inside = [read_rows("owed_by_row_to_column", network, names, weights=weights) for network in networks]
    nodes = inside[0].nodes
    parts = [_part(rows, rank) for rank, rows in enumerate(inside, start=1)]
    outside = by_node([_amounts("owed_outside", values, nodes, names) for values in owed_outside])
    if holdings is not None:
        what = "equity_of_row_owned_by_column"
        shares = read_rows(what, holdings, names, SHARES)
        check_sold_outside(what, shares, names)
        parts.append(_part(shares, ranks + 1))
    return join_claims(parts, outside, nodes=nodes, ranks=ranks)


def read_cross_holdings(debt: Values, equity: Network, debts: Network, names: Names | None) -> ClaimRows:
    """Claims of one rank from the fractions of debt that firms own, and holdings of equity."""
    owned = read_rows("debt_of_column_owned_by_row", debts, names, SHARES, start_is_column=True)
    shares = read_rows("equity_of_column_owned_by_row", equity, names, SHARES, start_is_column=True)
    check_shares_sum("debt_of_column_owned_by_row", owned, names)
    check_sold_outside("equity_of_column_owned_by_row", shares, names)
    face = _amounts("debt", debt, owned.nodes, names, None)
    inside = Rows(owned.start, owned.to, owned.weight * face[:, owned.origin])
    outside = np.maximum(1.0 - owned.sums(), 0.0) * face
    return join_claims([_part(inside, 1), _part(shares, 2)], outside, nodes=owned.nodes, ranks=1)


def _part(rows: Rows, rank: int) -> Part:
    return rows.origin, rows.to, np.full(rows.to.size, rank, dtype=np.uint8), rows.weight


def read_nodes(
    outside: Values, alpha: Values, beta: Values, nodes: int, names: Names | None
) -> tuple[Reals, Reals, Reals]:
    """Read outside assets and recovered shares, in rows by system."""
    shares = [read_vector(what, values, nodes, names) for what, values in (("alpha", alpha), ("beta", beta))]
    for what, values in zip(("alpha", "beta"), shares, strict=True):
        check_shares(what, values, names)
    return _amounts("outside_assets", outside, nodes, names, None), shares[0], shares[1]


def _amounts(
    what: str, values: Values, nodes: int, names: Names | None, default: float | None = 0.0
) -> Reals:
    amounts = read_vector(what, values, nodes, names, default)
    check_amounts(what, amounts, names)
    return amounts


def comes_by_system(values: Sequence[Any], networks: Sequence[Network]) -> bool:
    """Tell whether any input has an axis of systems, so that the results get one."""
    matrices = [network for network in networks if not (is_table(network) or is_sparse(network))]
    return any(np.ndim(value) == 2 for value in values) or any(np.ndim(matrix) == 3 for matrix in matrices)
