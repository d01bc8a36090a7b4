"""DebtRank, for all initial shocks at once, and the structure of impacts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cashcade import _core
from cashcade.clearing._checks import (
    Names,
    Reals,
    Values,
    axes_count,
    check_amounts,
    check_choice,
    check_positive,
    read_vector,
)
from cashcade.clearing._network import Network, Rows, read_names, read_rows
from cashcade.clearing._result import Labelled, label
from cashcade.words.brief import Brief


@dataclass(frozen=True, repr=False)
class DebtRank(Brief):
    """Stress after a shock, in shares of equity; arrays are labelled when the input was.

    Attributes
    ----------
    stress
        Share of equity lost, at most 1; shape (nodes,) or (shocks, nodes).
    stress_uncapped
        The same counting losses beyond equity.
    equity
        Equity left, in the currency of the input; never negative.
    initial
        Weighted average of the initial stress, per shock.
    additional
        Weighted average of the stress that the network adds, per shock.
    additional_losses
        Losses of equity (uncapped) that the network adds, in the currency of the input, per shock.
    additional_defaults
        Nodes that the network brings to a stress of 1, per shock.
    impact
        Weighted stress that a shock causes at the other nodes: with the default shocks, of each node's
        default.
    vulnerability
        Average stress that a node suffers from the shocks that do not hit it directly.
    """

    stress: Labelled
    stress_uncapped: Labelled
    equity: Labelled
    initial: Labelled
    additional: Labelled
    additional_losses: Labelled
    additional_defaults: Labelled
    impact: Labelled
    vulnerability: Labelled


def debtrank(  # noqa: PLR0913 - the inputs of the model
    claim_of_row_on_column: Network,
    equity: Values,
    *,
    initial_stress: Values | None = None,
    weights: Values = 1.0,
    propagation: Literal["linear", "single-hit"] = "linear",
    names: Sequence[str] | None = None,
) -> DebtRank:
    r"""Distress that spreads before anybody defaults.

    With impacts :math:`W_{ij}` = claim of i on j over the equity of i, linear DebtRank is the least solution
    of :math:`s = h_0 + W \min(1, s)` (the limit of passing on every increment). In the single-hit version a
    node passes on its stress once, one step after it first became stressed.

    Parameters
    ----------
    claim_of_row_on_column
        Claim of the node of the row on the node of the column: a matrix (NumPy or scipy.sparse), or a table
        of links with columns debtor, creditor, amount.
    equity
        Equity of each node, above 0.
    initial_stress
        Share of equity lost at first, in rows by shock. By default one row per node: the default of that node
        alone.
    weights
        Economic weight of each node in averages; need not sum to 1.
    propagation
        "linear" or "single-hit".
    names
        Labels; needed for a table unless `equity` is by name.

    Returns
    -------
    DebtRank
        Stress by shock and node, and its summaries.

    Raises
    ------
    InputError
        For malformed numbers, and equity that is not above 0.

    References
    ----------
    Battiston, Puliga, Kaushik, Tasca and Caldarelli (2012), Scientific Reports 2 (single-hit). Bardoscia,
    Battiston, Caccioli and Caldarelli (2015), PLoS ONE 10 (linear).
    """
    check_choice("propagation", propagation, ("linear", "single-hit"))
    labels, rows, capital = _exposures(claim_of_row_on_column, equity, names)
    shocks = np.eye(rows.nodes) if initial_stress is None else _stress(initial_stress, rows.nodes, labels)
    weight = read_vector("weights", weights, rows.nodes, labels)[0]
    check_amounts("weights", weight, labels)
    links = Rows(rows.start, rows.to, np.ascontiguousarray((rows.weight / capital[rows.to])[0]))
    uncapped = _core.debtrank_stress(links, shocks, propagation == "single-hit").reshape(shocks.shape)
    several = initial_stress is None or axes_count(initial_stress) == 2
    by_node = labels if initial_stress is None else None
    return _summarise(
        shocks, uncapped, capital, weight / max(weight.sum(), 1e-300), labels, by_node, several=several
    )


def _exposures(
    claims: Network, equity: Values, names: Sequence[str] | None
) -> tuple[Names | None, Rows, Reals]:
    labels = read_names(names, claims, equity)
    rows = read_rows("claim_of_row_on_column", claims, labels, start_is_column=True)
    capital = read_vector("equity", equity, rows.nodes, labels)[0]
    check_positive("equity", capital, labels)
    return labels, rows, capital


def _stress(values: Values, nodes: int, names: Names | None) -> Reals:
    stress = read_vector("initial_stress", values, nodes, names, 0.0)
    check_amounts("initial_stress", stress, names)
    return stress


def _summarise(  # noqa: PLR0913, PLR0917 - one array each
    shocks: Reals,
    uncapped: Reals,
    equity: Reals,
    weight: Reals,
    names: Names | None,
    shock_names: Names | None,
    *,
    several: bool,
) -> DebtRank:
    stress, first = np.minimum(uncapped, 1.0), np.minimum(shocks, 1.0)
    untouched = shocks == 0.0
    misses = np.maximum(untouched.sum(axis=0), 1)
    over_nodes = {
        "stress": stress,
        "stress_uncapped": uncapped,
        "equity": equity * (1.0 - stress),
    }
    over_shocks = {
        "initial": first @ weight,
        "additional": (stress - first) @ weight,
        "additional_losses": (uncapped - shocks) @ equity,
        "additional_defaults": ((stress >= 1.0) & (first < 1.0)).sum(axis=1),
        "impact": (stress * untouched) @ weight,
    }
    both = {
        k: _label_shocks(v, names, shock_names) if several else label(v[0], names, "node")
        for k, v in over_nodes.items()
    }
    per_shock = {
        k: label(v, shock_names, "node_shocked") if several else v[0] for k, v in over_shocks.items()
    }
    return DebtRank(
        **both, **per_shock, vulnerability=label((stress * untouched).sum(axis=0) / misses, names, "node")
    )


def _label_shocks(values: Reals, names: Names | None, shock_names: Names | None) -> Labelled:
    return label(values, names, "node_shocked" if shock_names else "shock", "node")


def impact_matrix(
    claim_of_row_on_column: Network, equity: Values, *, names: Sequence[str] | None = None
) -> Labelled:
    """Share of the equity of the column's node that is lost when the row's node defaults on everything.

    Parameters
    ----------
    claim_of_row_on_column, equity, names
        As in `debtrank`.

    Returns
    -------
    array
        Shape (nodes, nodes): row the node that defaults, column the node that loses; not capped at 1.

    Raises
    ------
    InputError
        As in `debtrank`.

    References
    ----------
    Silva, Souza and Tabak (2015), Monitoring vulnerability and impact diffusion in financial networks, Banco
    Central do Brasil Working Paper 392.
    """
    labels, rows, capital = _exposures(claim_of_row_on_column, equity, names)
    matrix = np.zeros((rows.nodes, rows.nodes))
    np.add.at(matrix, (rows.origin, rows.to), rows.weight[0] / capital[rows.to])
    return label(matrix, labels, "node", "node_hit")


@dataclass(frozen=True, repr=False)
class ImpactStructure(Brief):
    """How far defaults reach through nodes that they bring down.

    Attributes
    ----------
    susceptibility
        Contagion paths that reach a node, weighted by one over the factorial of their length, per direct one;
        above 1 the node is exposed to more than its own debtors, 0 if nobody's default would wipe it out.
    fluidity
        Average susceptibility.
    """

    susceptibility: Labelled
    fluidity: float


def impact_structure(
    claim_of_row_on_column: Network, equity: Values, *, names: Sequence[str] | None = None
) -> ImpactStructure:
    r"""Susceptibility of nodes to defaults elsewhere.

    With :math:`B_{ij} = 1` where the default of i costs j all its equity, susceptibility is :math:`\sum_{i
    \ne j} (e^B)_{ij} / \sum_i B_{ij}`.

    Parameters
    ----------
    claim_of_row_on_column, equity, names
        As in `debtrank`.

    Returns
    -------
    ImpactStructure
        Susceptibility by node, and its average.

    Raises
    ------
    InputError
        As in `debtrank`.

    References
    ----------
    Silva, Souza and Tabak (2015); Estrada and Hatano (2008), Communicability in complex networks, Physical
    Review E 77.
    """
    labels = read_names(names, claim_of_row_on_column, equity)
    fatal = (np.asarray(impact_matrix(claim_of_row_on_column, equity, names=names)) >= 1.0).astype(np.float64)
    paths, term, length = np.zeros_like(fatal), np.eye(fatal.shape[0]), 0
    while term.max(initial=0.0) > 1e-17 * paths.max(initial=1.0):
        length += 1
        term = term @ fatal / length
        paths += term
    np.fill_diagonal(paths, 0.0)
    direct = fatal.sum(axis=0)
    reach = np.divide(paths.sum(axis=0), direct, out=np.zeros_like(direct), where=direct > 0.0)
    return ImpactStructure(label(reach, labels, "node"), float(reach.mean()) if reach.size else 0.0)
