"""Failures that spread through cross-holdings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cashcade import _core
from cashcade.clearing._checks import Values, check_amounts, check_choice, check_finite, read_vector
from cashcade.clearing._network import SHARES, Network, check_sold_outside, read_names, read_rows
from cashcade.clearing._result import Labelled, label
from cashcade.words.brief import Brief


@dataclass(frozen=True, repr=False)
class Failures(Brief):
    """Values and failures of organisations that own shares of each other.

    Attributes
    ----------
    market_value
        Part of the book value that outside owners hold, in the currency of the input.
    book_value
        Own assets plus holdings less the failure cost.
    failed
        Who fails.
    wave
        Wave in which each organisation failed, 0 for those that stand (1 for all that fail in the worst
        case).
    """

    market_value: Labelled
    book_value: Labelled
    failed: Labelled
    wave: Labelled


def elliott_golub_jackson(  # noqa: PLR0913 - the inputs of the model
    share_of_column_owned_by_row: Network,
    assets: Values,
    *,
    failure_threshold: Values,
    failure_cost: Values,
    names: Sequence[str] | None = None,
    equilibrium: Literal["best", "worst"] = "best",
) -> Failures:
    r"""Cascade of failures of organisations with cross-holdings and failure costs.

    Market values solve :math:`v = \hat C (I - C)^{-1} (a - b(v))`, where :math:`C_{ij}` is the share of
    organisation j that i owns, :math:`\hat C` keeps the rest for outside owners, and :math:`b_i(v) = \beta_i`
    once :math:`v_i < \underline v_i`.

    Parameters
    ----------
    share_of_column_owned_by_row
        Share of the organisation of the column that the organisation of the row owns; columns sum to at most
        1. Or a table with columns issuer, owner, share.
    assets
        Value of each organisation's own assets (the product of its asset holdings and their prices).
    failure_threshold
        Market value below which an organisation fails.
    failure_cost
        Value lost when it does.
    names
        Labels; as in `eisenberg_noe`.
    equilibrium
        The "best" case has the fewest failures, the "worst" the most.

    Returns
    -------
    Failures
        Values, failures and their waves.

    Raises
    ------
    InputError
        For malformed numbers, shares that sum to more than 1, and groups that own each other completely.

    References
    ----------
    Elliott, Golub and Jackson (2014), Financial networks and contagion, American Economic Review 104.
    """
    check_choice("equilibrium", equilibrium, ("best", "worst"))
    labels = read_names(names, share_of_column_owned_by_row, assets)
    what = "share_of_column_owned_by_row"
    rows = read_rows(what, share_of_column_owned_by_row, labels, SHARES, start_is_column=True)
    check_sold_outside(what, rows, labels)
    own = read_vector("assets", assets, rows.nodes, labels)[0]
    threshold = read_vector("failure_threshold", failure_threshold, rows.nodes, labels)[0]
    cost = read_vector("failure_cost", failure_cost, rows.nodes, labels, 0.0)[0]
    check_amounts("assets", own, labels)
    check_finite("failure_threshold", threshold, labels)
    check_amounts("failure_cost", cost, labels)
    worst = equilibrium == "worst"
    market, book, wave = _core.failure_cascade(
        rows.start, rows.to, rows.weight[0], own, threshold, cost, worst
    )
    return Failures(*(label(values, labels, "node") for values in (market, book, wave > 0, wave)))


def dependency_matrix(
    share_of_column_owned_by_row: Network, *, names: Sequence[str] | None = None
) -> Labelled:
    r"""Share of the assets of the column's organisation that the row's outside owners hold in the end.

    :math:`A = \hat C (I - C)^{-1}`; its columns sum to 1.

    Parameters
    ----------
    share_of_column_owned_by_row, names
        As in `elliott_golub_jackson`.

    Returns
    -------
    array
        Shape (nodes, nodes).

    Raises
    ------
    InputError
        As in `elliott_golub_jackson`.

    References
    ----------
    Elliott, Golub and Jackson (2014), equation 5.
    """
    labels = read_names(names, share_of_column_owned_by_row)
    what = "share_of_column_owned_by_row"
    rows = read_rows(what, share_of_column_owned_by_row, labels, SHARES, start_is_column=True)
    check_sold_outside(what, rows, labels)
    none = np.zeros(rows.nodes)
    columns: list[Any] = []
    for unit in np.eye(rows.nodes):
        columns.append(_core.failure_cascade(rows.start, rows.to, rows.weight[0], unit, none, none, False)[0])  # noqa: PERF401
    return label(np.array(columns).T, labels, "node", "node_of_assets")
