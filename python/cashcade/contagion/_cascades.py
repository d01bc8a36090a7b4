"""Cascades of default with fixed losses, and what theory says of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

import numpy as np

from cashcade import _core
from cashcade.clearing._checks import (
    Values,
    check_amounts,
    check_positive,
    check_setting,
    check_shares,
    node_text,
    read_vector,
    size_of,
)
from cashcade.clearing._network import Network, Rows, read_names, read_rows, total
from cashcade.clearing._result import Labelled, label
from cashcade.errors import InputError
from cashcade.words.brief import Brief


@dataclass(frozen=True, repr=False)
class Cascade(Brief):
    """The end of a cascade; arrays are labelled when the input was.

    Attributes
    ----------
    loss
        Loss of each node, the initial one included, in the currency of the input.
    failed
        Who failed.
    round
        Round in which each node failed, 0 for those that stand.
    """

    loss: Labelled
    failed: Labelled
    round: Labelled


def threshold_cascade(
    claim_of_row_on_column: Network,
    equity: Values,
    initial_loss: Values,
    *,
    loss_given_default: Values = 1.0,
    names: Sequence[str] | None = None,
) -> Cascade:
    """Run a cascade: a node fails when its losses reach its equity, and costs its creditors part of claims.

    Parameters
    ----------
    claim_of_row_on_column, equity, names
        As in `debtrank`.
    initial_loss
        Loss of each node at first, in the currency of the claims.
    loss_given_default
        Share of a claim on a failed node that is lost, per debtor or for all, in [0, 1].

    Returns
    -------
    Cascade
        Losses, failures, rounds.

    Raises
    ------
    InputError
        For malformed numbers, and equity that is not above 0.

    References
    ----------
    Furfine (2003), Journal of Money, Credit and Banking 35; Gai and Kapadia (2010), Proceedings of the Royal
    Society A 466.
    """
    labels = read_names(names, claim_of_row_on_column, equity, initial_loss)
    rows = read_rows("claim_of_row_on_column", claim_of_row_on_column, labels, start_is_column=True)
    capital = read_vector("equity", equity, rows.nodes, labels)[0]
    check_positive("equity", capital, labels)
    loss = read_vector("initial_loss", initial_loss, rows.nodes, labels, 0.0)[0]
    check_amounts("initial_loss", loss, labels)
    share = read_vector("loss_given_default", loss_given_default, rows.nodes, labels)[0]
    check_shares("loss_given_default", share, labels)
    links = Rows(rows.start, rows.to, np.ascontiguousarray(rows.weight[0] * share[rows.origin]))
    lost, rounds = _core.threshold_cascade(links, capital, loss, True)
    return Cascade(*(label(values, labels, "node") for values in (lost, rounds > 0, rounds)))


def furfine(
    owed_by_row_to_column: Network,
    outside_assets: Values,
    owed_outside: Values = 0.0,
    *,
    recovery: Values = 0.0,
    names: Sequence[str] | None = None,
) -> Cascade:
    """Default cascade from balance sheets: a claim on a defaulter is worth a fixed share of its face.

    A node defaults when its assets, with claims on defaulters at `recovery`, are less than its liabilities.

    Parameters
    ----------
    owed_by_row_to_column, outside_assets, owed_outside, names
        As in `cashcade.clearing.eisenberg_noe`.
    recovery
        Share of a claim on a defaulter that is recovered, per debtor or for all, in [0, 1].

    Returns
    -------
    Cascade
        Losses on claims, defaults, rounds.

    Raises
    ------
    InputError
        For malformed numbers.

    References
    ----------
    Furfine (2003), Interbank exposures: quantifying the risk of contagion, Journal of Money, Credit and
    Banking 35.
    """
    labels = read_names(names, owed_by_row_to_column, outside_assets, owed_outside)
    rows = read_rows("owed_by_row_to_column", owed_by_row_to_column, labels)
    outside = read_vector("outside_assets", outside_assets, rows.nodes, labels)[0]
    debts = read_vector("owed_outside", owed_outside, rows.nodes, labels, 0.0)[0]
    share = read_vector("recovery", recovery, rows.nodes, labels)[0]
    check_amounts("outside_assets", outside, labels)
    check_amounts("owed_outside", debts, labels)
    check_shares("recovery", share, labels)
    claims = total(rows.to, rows.weight[0], rows.nodes)
    links = Rows(rows.start, rows.to, np.ascontiguousarray(rows.weight[0] * (1.0 - share[rows.origin])))
    lost, rounds = _core.threshold_cascade(
        links, outside + claims - debts - rows.sums(), np.zeros(rows.nodes), False
    )
    return Cascade(*(label(values, labels, "node") for values in (lost, rounds > 0, rounds)))


def gai_kapadia_window(
    capital_ratio: float, interbank_asset_share: float, *, loss_given_default: float = 1.0
) -> tuple[float, float] | None:
    r"""Average degrees between which one failure can bring down a finite part of a large random network.

    In-degrees and out-degrees are independent Poisson(z). A node with j debtors is vulnerable when the loss
    on one of them, `interbank_asset_share` over j times `loss_given_default`, exceeds its capital. The window
    is where :math:`E[j\,1\{j\ \mathrm{vulnerable}\}] = z\,P(\mathrm{Poisson}(z) \le J - 1) > 1`, J the
    largest such j.

    Parameters
    ----------
    capital_ratio
        Capital over assets, above 0.
    interbank_asset_share
        Claims on other nodes over assets, in [0, 1].
    loss_given_default
        Share of a claim lost when the debtor fails, in [0, 1].

    Returns
    -------
    tuple or None
        Lower and upper end of the window, to 1e-12; none when there is no window.

    Raises
    ------
    InputError
        For settings outside their range.

    References
    ----------
    Gai and Kapadia (2010), Contagion in financial networks, Proceedings of the Royal Society A 466.
    """
    check_setting("capital_ratio", capital_ratio, "a number above 0", good=0.0 < capital_ratio < np.inf)
    for what, value in (
        ("interbank_asset_share", interbank_asset_share),
        ("loss_given_default", loss_given_default),
    ):
        check_setting(what, value, "a share between 0 and 1", good=0.0 <= value <= 1.0)
    ratio = interbank_asset_share * loss_given_default / capital_ratio
    most = int(np.ceil(ratio)) - 1
    if most < 1:
        return None
    grid = np.linspace(0.0, 4.0 * most + 10.0, 4001)
    excess = [_vulnerable_degree(z, most) - 1.0 for z in grid]
    top = int(np.argmax(excess))
    if excess[top] <= 0.0:
        return None
    return _root(0.0, float(grid[top]), most), _root(float(grid[-1]), float(grid[top]), most)


def _vulnerable_degree(z: float, most: int) -> float:
    term = chance = exp(-z)
    for k in range(1, most):
        term *= z / k
        chance += term
    return z * chance


def _root(below: float, above: float, most: int) -> float:
    """Bisect between a degree outside the window and one inside."""
    while abs(above - below) > 1e-13 * (1.0 + above):
        middle = 0.5 * (below + above)
        if _vulnerable_degree(middle, most) > 1.0:
            above = middle
        else:
            below = middle
    return above


@dataclass(frozen=True, repr=False)
class GlassermanYoung(Brief):
    """Ingredients and bound of Glasserman and Young; arrays are labelled when the input was.

    Attributes
    ----------
    net_worth
        Assets less liabilities at face value, w.
    connectivity
        Share of liabilities owed inside the network, beta.
    leverage
        Outside assets over net worth, lambda; infinite without net worth.
    bound
        Most that a shock to the outside assets of a node can cost the others: w beta (lambda - 1).
    """

    net_worth: Labelled
    connectivity: Labelled
    leverage: Labelled
    bound: Labelled
    _names: Any = None

    def contagion_is_possible(self, source: str | int, others: Sequence[str | int]) -> bool:
        """Tell whether a shock to `source` can bring down all of `others` through claims.

        Impossible when the net worth of the others exceeds the bound of the source (their Proposition 1).
        """
        place = {name: k for k, name in enumerate(self._names)} if self._names else None
        index = [place[str(node)] if place else int(node) for node in (source, *others)]
        worth = np.asarray(self.net_worth)[index[1:]].sum()
        return bool(worth <= np.asarray(self.bound)[index[0]])


def glasserman_young(
    owed_by_row_to_column: Network,
    outside_assets: Values,
    owed_outside: Values = 0.0,
    *,
    names: Sequence[str] | None = None,
) -> GlassermanYoung:
    r"""Bound on contagion that needs no clearing.

    A shock to the outside assets :math:`c_i` of a node costs all others at most :math:`\beta_i (c_i - w_i)
    = w_i \beta_i (\lambda_i - 1)`.

    Parameters
    ----------
    owed_by_row_to_column, outside_assets, owed_outside, names
        As in `cashcade.clearing.eisenberg_noe`.

    Returns
    -------
    GlassermanYoung
        Net worth, connectivity, leverage, and the bound, by node.

    Raises
    ------
    InputError
        For malformed numbers, and for a node whose liabilities exceed its assets at face value.

    References
    ----------
    Glasserman and Young (2015), How likely is contagion in financial networks? Journal of Banking and Finance
    50.
    """
    labels = read_names(names, owed_by_row_to_column, outside_assets, owed_outside)
    rows = read_rows("owed_by_row_to_column", owed_by_row_to_column, labels)
    outside = read_vector("outside_assets", outside_assets, rows.nodes, labels)[0]
    debts = read_vector("owed_outside", owed_outside, rows.nodes, labels, 0.0)[0]
    check_amounts("outside_assets", outside, labels)
    check_amounts("owed_outside", debts, labels)
    inside = rows.sums()
    worth = outside + total(rows.to, rows.weight[0], rows.nodes) - inside - debts
    if (worth < 0.0).any():
        node = int(np.argmax(worth < 0.0))
        raise InputError(
            f"{node_text(labels, node)} has net worth {worth[node]}, wanted at least 0: clear it instead"
        )
    connectivity = np.divide(inside, inside + debts, out=np.zeros_like(inside), where=inside + debts > 0.0)
    leverage = np.divide(outside, worth, out=np.full_like(worth, np.inf), where=worth > 0.0)
    bound = np.maximum(connectivity * (outside - worth), 0.0)
    vectors = [label(values, labels, "node") for values in (worth, connectivity, leverage, bound)]
    return GlassermanYoung(vectors[0], vectors[1], vectors[2], vectors[3], labels)


def glasserman_young_amplification(
    default_probability: Values, outside_assets: Values, connectivity: Values
) -> float:
    r"""Largest factor by which a network can raise expected losses over the same nodes without links.

    :math:`1 + \sum_i \delta_i c_i / ((1 - \beta^+) \sum_i c_i)`, with default probabilities :math:`\delta`,
    outside assets :math:`c` and the largest connectivity :math:`\beta^+`; for shocks that are independent of
    the network.

    Parameters
    ----------
    default_probability
        Probability that a node defaults by its own shock, in [0, 1].
    outside_assets
        Outside assets of each node.
    connectivity
        Share of liabilities owed inside the network, in [0, 1], the largest below 1.

    Returns
    -------
    float
        The factor; 1 without outside assets.

    Raises
    ------
    InputError
        For malformed numbers.

    References
    ----------
    Glasserman and Young (2015), Theorem 1.
    """
    size = size_of(outside_assets)
    outside = read_vector("outside_assets", outside_assets, size, None)[0]
    chance = read_vector("default_probability", default_probability, size, None)[0]
    shares = read_vector("connectivity", connectivity, size, None)[0]
    check_amounts("outside_assets", outside)
    check_shares("default_probability", chance)
    check_shares("connectivity", shares)
    most = float(shares.max(initial=0.0))
    check_setting("connectivity", most, "shares below 1", good=most < 1.0)
    everything = outside.sum()
    return float(1.0 + (chance @ outside) / ((1.0 - most) * everything)) if everything > 0.0 else 1.0
