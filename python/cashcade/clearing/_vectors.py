"""The families of clearing vectors, as problems for one solver."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np

from cashcade import _core
from cashcade.clearing._checks import Reals, Values, check_choice, check_setting
from cashcade.clearing._network import Network, as_stored, is_sparse, is_table, read_names
from cashcade.clearing._problem import NodeRows, Problem
from cashcade.clearing._read import comes_by_system, read_claims, read_cross_holdings, read_nodes
from cashcade.clearing._result import Clearing
from cashcade.errors import InputError

Vector: TypeAlias = Literal["greatest", "least"]
"""Which clearing vector: the greatest (everybody pays as much as possible) or the least."""


def eisenberg_noe(  # noqa: PLR0913 - the inputs of the model
    owed_by_row_to_column: Network,
    outside_assets: Values,
    owed_outside: Values = 0.0,
    *,
    names: Sequence[str] | None = None,
    amounts_by_system: Reals | None = None,
    vector: Vector = "greatest",
) -> Clearing:
    r"""Clear a network with limited liability and equal priority, without costs of default.

    The payments solve :math:`p_i = \min(\bar p_i, e_i + \sum_j \Pi_{ji} p_j)`, where :math:`\bar p_i` is all
    that i owes and :math:`\Pi_{ji}` the part of it that j owes to i.

    Parameters
    ----------
    owed_by_row_to_column
        Amounts that the node of the row owes to the node of the column: a matrix (NumPy or scipy.sparse),
        matrices of shape (systems, nodes, nodes), or a table of links with columns debtor, creditor, amount.
    outside_assets
        Cash and other assets that come from outside the network, per node: an array (rows by system, if there
        are several), or values by name.
    owed_outside
        Amounts owed to outside the network, of the same priority.
    names
        Labels of the nodes. A table of links needs them, unless `outside_assets` is given by name.
    amounts_by_system
        Amounts for the stored entries of a sparse matrix (in the order of its compressed rows) or for the
        links of a table (in its order), rows by system: many systems of one structure.
    vector
        The "greatest" clearing vector or the "least".

    Returns
    -------
    Clearing
        Payments, defaults by round, losses, and the residual. All amounts in the currency of the input.

    Raises
    ------
    InputError
        For amounts that are negative, infinite or not a number, nodes that owe themselves, shapes that do not
        fit and names that are unknown.

    References
    ----------
    Eisenberg and Noe (2001), Systemic risk in financial systems, Management Science 47.
    """
    return rogers_veraart(
        owed_by_row_to_column,
        outside_assets,
        owed_outside,
        names=names,
        amounts_by_system=amounts_by_system,
        vector=vector,
    )


def rogers_veraart(  # noqa: PLR0913 - the inputs of the model
    owed_by_row_to_column: Network,
    outside_assets: Values,
    owed_outside: Values = 0.0,
    *,
    alpha: Values = 1.0,
    beta: Values = 1.0,
    names: Sequence[str] | None = None,
    amounts_by_system: Reals | None = None,
    vector: Vector = "greatest",
) -> Clearing:
    r"""Clear a network in which default is costly.

    A node defaults iff :math:`e_i + \sum_j \Pi_{ji} p_j < \bar p_i` (beyond a relative tie of 1e-12); it then
    pays :math:`p_i = \alpha_i e_i + \beta_i \sum_j \Pi_{ji} p_j`, else :math:`p_i = \bar p_i`.

    Parameters
    ----------
    owed_by_row_to_column, outside_assets, owed_outside, names, amounts_by_system, vector
        As in `eisenberg_noe`.
    alpha
        Share of outside assets that a defaulter recovers, per node or for all, in [0, 1].
    beta
        Share of what the network pays that a defaulter recovers, in [0, 1].

    Returns
    -------
    Clearing
        Payments, defaults by round, losses, and the residual. All amounts in the currency of the input.

    Raises
    ------
    InputError
        As in `eisenberg_noe`, and for shares outside [0, 1].

    References
    ----------
    Rogers and Veraart (2013), Failure and rescue in an interbank network, Management Science 59.
    """
    check_choice("vector", vector, ("greatest", "least"))
    least = vector == "least"

    def read() -> Problem:
        owed, outside = [owed_by_row_to_column], [owed_outside]
        return _problem(owed, outside_assets, outside, None, alpha, beta, None, names, amounts_by_system)

    if names is None and amounts_by_system is None and type(outside_assets) is np.ndarray:
        network = as_stored(owed_by_row_to_column)
        solution = _core.clear_plain(network, outside_assets, owed_outside, alpha, beta, least)
        if solution is not None:
            return Clearing(solution, None, read, is_batch=outside_assets.ndim == 2, least=least)
    return _clearing_of(read(), least=least)


def senior_external(  # noqa: PLR0913 - the inputs of the model
    owed_by_row_to_column: Network,
    outside_assets: Values,
    owed_outside_first: Values,
    *,
    alpha: Values = 1.0,
    beta: Values = 1.0,
    names: Sequence[str] | None = None,
    vector: Vector = "greatest",
) -> Clearing:
    r"""Clear a network in which creditors outside are paid before those inside.

    :math:`p_i = \min(\bar p_i, (a_i - s_i)^+)` with assets :math:`a_i` and senior claims :math:`s_i`, of
    which :math:`\min(s_i, a_i)` is paid. `Clearing.payments_by_rank` holds the senior payments first.

    Parameters
    ----------
    owed_by_row_to_column, outside_assets, names, vector
        As in `eisenberg_noe`.
    owed_outside_first
        Amounts owed to outside the network, paid first.
    alpha, beta
        As in `rogers_veraart`.

    Returns
    -------
    Clearing
        Payments of two ranks, defaults by round, losses, and the residual.

    Raises
    ------
    InputError
        As in `rogers_veraart`.

    References
    ----------
    Acemoglu, Ozdaglar and Tahbaz-Salehi (2015), Systemic risk and stability in financial networks, American
    Economic Review 105.
    """
    empty = _nothing_like(owed_by_row_to_column)
    return elsinger(
        [empty, owed_by_row_to_column],
        outside_assets,
        [owed_outside_first, 0.0],
        alpha=alpha,
        beta=beta,
        names=names,
        vector=vector,
    )


def _nothing_like(network: Network) -> Network:
    if is_table(network):
        return {"debtor": [], "creditor": [], "amount": []}
    return network * 0.0 if is_sparse(network) else np.zeros_like(np.asarray(network, dtype=np.float64))


def elsinger(  # noqa: PLR0913 - the inputs of the model
    owed_by_row_to_column_by_rank: Sequence[Network],
    outside_assets: Values,
    owed_outside_by_rank: Sequence[Values] | None = None,
    *,
    equity_of_row_owned_by_column: Network | None = None,
    alpha: Values = 1.0,
    beta: Values = 1.0,
    hard_ranks: int | None = None,
    names: Sequence[str] | None = None,
    amounts_by_system: Reals | None = None,
    vector: Vector = "greatest",
) -> Clearing:
    r"""Clear a network with ranks of claims, cross-holdings of equity and costs of default.

    Assets :math:`a_i = e_i + \sum_j` (debts received, and :math:`\theta_{ji} V_j` of equity owned) pay the
    ranks in order, pro rata within a rank; what is left is :math:`V_i = (a_i - \bar p_i)^+`. A defaulter has
    :math:`\alpha_i e_i + \beta_i (a_i - e_i)` instead.

    Parameters
    ----------
    owed_by_row_to_column_by_rank
        One network per rank, senior first, each as in `eisenberg_noe`.
    outside_assets, names, vector
        As in `eisenberg_noe`.
    owed_outside_by_rank
        Amounts owed to outside the network, per rank; nothing if not given.
    equity_of_row_owned_by_column
        Share of the equity of the node of the row that the node of the column owns, in [0, 1]: a matrix, or a
        table with columns issuer, owner, share.
    alpha, beta
        As in `rogers_veraart`.
    hard_ranks
        Missing a claim of the first `hard_ranks` ranks is default; later ranks give way without it. All, if
        not given.
    amounts_by_system
        As in `eisenberg_noe`, if there is one rank.

    Returns
    -------
    Clearing
        Payments by rank, defaults by round, equities, losses, and the residual.

    Raises
    ------
    InputError
        As in `rogers_veraart`; for shares of one node that sum to more than 1, and for groups of nodes that
        own each other completely.

    References
    ----------
    Elsinger (2009), Financial networks, cross holdings, and limited liability, Oesterreichische Nationalbank
    Working Paper 156.
    """
    check_choice("vector", vector, ("greatest", "least"))
    problem = _problem(
        owed_by_row_to_column_by_rank,
        outside_assets,
        owed_outside_by_rank,
        equity_of_row_owned_by_column,
        alpha,
        beta,
        hard_ranks,
        names,
        amounts_by_system,
    )
    return _clearing_of(problem, least=vector == "least")


def _problem(  # noqa: PLR0913, PLR0917 - the inputs of the model
    owed_by_row_to_column_by_rank: Sequence[Network],
    outside_assets: Values,
    owed_outside_by_rank: Sequence[Values] | None,
    equity_of_row_owned_by_column: Network | None,
    alpha: Values,
    beta: Values,
    hard_ranks: int | None,
    names: Sequence[str] | None,
    amounts_by_system: Reals | None,
) -> Problem:
    """Read and check all inputs."""
    ranks = len(owed_by_row_to_column_by_rank)
    check_setting("owed_by_row_to_column_by_rank", ranks, "1 to 254 ranks", good=1 <= ranks <= 254)
    owed_outside = owed_outside_by_rank if owed_outside_by_rank is not None else [0.0] * ranks
    if len(owed_outside) != ranks:
        raise InputError(
            f"`owed_outside_by_rank` has {len(owed_outside)} entries, wanted {ranks}: pass one per rank"
        )
    labels = read_names(names, owed_by_row_to_column_by_rank[0], outside_assets, *owed_outside, alpha, beta)
    inside, holdings = owed_by_row_to_column_by_rank, equity_of_row_owned_by_column
    claims = read_claims(inside, owed_outside, holdings, labels, amounts_by_system)
    hard = ranks if hard_ranks is None else hard_ranks
    check_setting("hard_ranks", hard, f"0 to {ranks}", good=0 <= hard <= ranks)
    nodes = NodeRows(*read_nodes(outside_assets, alpha, beta, claims.nodes, labels), claims.nodes, hard)
    by_system = amounts_by_system is not None or comes_by_system(
        [outside_assets, alpha, beta, *owed_outside], inside
    )
    return Problem(claims, nodes, labels, by_system)


def _clearing_of(problem: Problem, *, least: bool) -> Clearing:
    solution = problem.solve(least=least)
    return Clearing(solution, problem.names, lambda: problem, is_batch=problem.is_batch, least=least)


def xos(  # noqa: PLR0913 - the inputs of the model
    debt: Values,
    outside_assets: Values,
    *,
    equity_of_column_owned_by_row: Network,
    debt_of_column_owned_by_row: Network,
    names: Sequence[str] | None = None,
    vector: Vector = "greatest",
) -> Clearing:
    r"""Value firms that own each other's equity and debt.

    Equity :math:`s = (a + M^s s + M^d r - d)^+` and recovered debt :math:`r = \min(d, a + M^s s + M^d r)`,
    where :math:`M_{ij}` is the fraction of firm j owned by firm i.

    Parameters
    ----------
    debt
        Face value of the debt of each firm.
    outside_assets, names, vector
        As in `eisenberg_noe`.
    equity_of_column_owned_by_row
        Fraction of the equity of the firm of the column that the firm of the row owns; columns sum to at most
        1. Or a table with columns issuer, owner, share.
    debt_of_column_owned_by_row
        The same for debt.

    Returns
    -------
    Clearing
        `payments` are the recovered debts r, `equity` is s.

    Raises
    ------
    InputError
        As in `elsinger`.

    References
    ----------
    Suzuki (2002), Valuing corporate debt, Journal of the Operations Research Society of Japan 45. Fischer
    (2014), No-arbitrage pricing under systemic risk, Mathematical Finance 24.
    """
    check_choice("vector", vector, ("greatest", "least"))
    labels = read_names(names, debt_of_column_owned_by_row, outside_assets, debt)
    claims = read_cross_holdings(debt, equity_of_column_owned_by_row, debt_of_column_owned_by_row, labels)
    nodes = NodeRows(*read_nodes(outside_assets, 1.0, 1.0, claims.nodes, labels), claims.nodes, 1)
    problem = Problem(claims, nodes, labels, comes_by_system([outside_assets, debt], []))
    return _clearing_of(problem, least=vector == "least")
