"""Network valuation before maturity (NEVA)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

import numpy as np

from cashcade import _core
from cashcade.clearing._checks import (
    Names,
    Reals,
    Values,
    check_amounts,
    check_choice,
    check_finite,
    check_positive,
    check_setting,
    check_shares,
    read_vector,
    to_reals,
)
from cashcade.clearing._network import Network, Rows, read_names, read_rows, total
from cashcade.clearing._result import Labelled, label
from cashcade.errors import InputError
from cashcade.words.brief import Brief

ITERATIONS = 100_000
"""Most iterations of a valuation given by the user."""


@dataclass(frozen=True)
class AtMaturity:
    """A claim is worth what the debtor's assets cover of all its debts (Eisenberg and Noe 2001)."""

    kind: ClassVar[str] = "at-maturity"
    sigma: ClassVar[float] = 1.0
    recovery: ClassVar[float] = 1.0


@dataclass(frozen=True)
class Furfine:
    """A claim is worth its face while the debtor's equity is not negative, then `recovery`."""

    recovery: float = 0.0
    kind: ClassVar[str] = "furfine"
    sigma: ClassVar[float] = 1.0


@dataclass(frozen=True)
class LinearDebtRank:
    """A claim is worth the share that the debtor has left of its `reference_equity`."""

    reference_equity: Values
    kind: ClassVar[str] = "linear-debtrank"
    sigma: ClassVar[float] = 1.0
    recovery: ClassVar[float] = 1.0


@dataclass(frozen=True)
class Merton:
    """Expected payment at a horizon when external assets are log-normal with mean today's value.

    `sigma` is the standard deviation of their log at the horizon, `recovery` the share paid out of what the
    assets cover in default. External creditors rank "senior" to the network (only network debts take the loss
    that recovery is measured against) or "pari-passu" with it.
    """

    sigma: float
    recovery: float = 1.0
    external_creditors: Literal["senior", "pari-passu"] = "pari-passu"
    kind: ClassVar[str] = "merton"


@dataclass(frozen=True)
class BlackCox:
    """As `Merton`, with default as soon as equity is exhausted, and `recovery` of the face value then."""

    sigma: float
    recovery: float = 0.0
    kind: ClassVar[str] = "black-cox"


Valuation: TypeAlias = AtMaturity | Furfine | LinearDebtRank | Merton | BlackCox | Callable[[Reals], Reals]
"""Value of a unit claim, given the debtor's equity: a known model, or a function of all equities."""


@dataclass(frozen=True, repr=False)
class NetworkValuation(Brief):
    """Equities and claims that value each other; arrays are labelled when the input was.

    Attributes
    ----------
    equity
        Equity of each node, in the currency of the input; negative where liabilities exceed assets.
    factor
        Value of a claim on each node per unit of face.
    residual
        Largest change of an equity that one more iteration makes.
    iterations
        Iterations done.
    """

    equity: Labelled
    factor: Labelled
    residual: float
    iterations: int


def network_valuation(  # noqa: PLR0913 - the inputs of the model
    owed_by_row_to_column: Network,
    external_assets: Values,
    external_liabilities: Values,
    valuation: Valuation,
    *,
    names: Sequence[str] | None = None,
    solution: Literal["greatest", "least"] = "greatest",
) -> NetworkValuation:
    r"""Value equities before maturity, each claim by the equity of its debtor.

    :math:`E_i = A^e_i - L^e_i - \sum_j L_{ij} + \sum_j L_{ji} V_j(E_j)`, iterated from :math:`V = 1` to the
    greatest solution or from :math:`V = 0` to the least.

    Parameters
    ----------
    owed_by_row_to_column
        As in `cashcade.clearing.eisenberg_noe`.
    external_assets
        Value of the assets of each node outside the network, after any shock.
    external_liabilities
        What each node owes outside the network.
    valuation
        `AtMaturity`, `Furfine`, `LinearDebtRank`, `Merton`, `BlackCox`, or a function that takes the array of
        all equities and returns the array of values of a unit claim, between 0 and 1 and never falling with
        equity.
    names
        Labels; as in `eisenberg_noe`.
    solution
        The "greatest" or the "least".

    Returns
    -------
    NetworkValuation
        Equities, values of claims, residual.

    Raises
    ------
    InputError
        For malformed numbers, and for a function that returns another shape or values outside [0, 1].

    References
    ----------
    Barucca, Bardoscia, Caccioli, D'Errico, Visentin, Caldarelli and Battiston (2020), Network valuation in
    financial systems, Mathematical Finance 30.
    """
    check_choice("solution", solution, ("greatest", "least"))
    labels = read_names(names, owed_by_row_to_column, external_assets, external_liabilities)
    rows = read_rows("owed_by_row_to_column", owed_by_row_to_column, labels)
    assets = read_vector("external_assets", external_assets, rows.nodes, labels)[0]
    liabilities = read_vector("external_liabilities", external_liabilities, rows.nodes, labels, 0.0)[0]
    check_amounts("external_assets", assets, labels)
    check_amounts("external_liabilities", liabilities, labels)
    if callable(valuation):
        found = _iterate(rows, assets - liabilities, valuation, 1.0 if solution == "greatest" else 0.0)
    else:
        found = _core.network_valuation(
            Rows(rows.start, rows.to, rows.weight[0]),
            assets,
            liabilities,
            _reference(valuation, rows, liabilities, labels),
            valuation.kind,
            valuation.sigma,
            valuation.recovery,
            solution == "least",
        )
    return NetworkValuation(
        label(found[0], labels, "node"), label(found[1], labels, "node"), found[2], found[3]
    )


def _reference(
    valuation: AtMaturity | Furfine | LinearDebtRank | Merton | BlackCox,
    rows: Rows,
    liabilities: Reals,
    names: Names | None,
) -> Reals:
    """Find what the valuation measures equity against."""
    check_setting("sigma", valuation.sigma, "a number above 0", good=0.0 < valuation.sigma < np.inf)
    check_setting(
        "recovery", valuation.recovery, "a share between 0 and 1", good=0.0 <= valuation.recovery <= 1.0
    )
    if isinstance(valuation, LinearDebtRank):
        reference = read_vector("reference_equity", valuation.reference_equity, rows.nodes, names)[0]
        check_positive("reference_equity", reference, names)
        return np.ascontiguousarray(reference)
    if isinstance(valuation, Merton):
        check_choice("external_creditors", valuation.external_creditors, ("senior", "pari-passu"))
        if valuation.external_creditors == "senior":
            return rows.sums()
    return rows.sums() + liabilities


def _iterate(
    rows: Rows, net: Reals, valuation: Callable[[Reals], Reals], start: float
) -> tuple[Reals, Reals, float, int]:
    """Iterate a valuation that only Python knows."""
    face, origin = rows.weight[0], rows.origin
    further = np.minimum if start > 0.0 else np.maximum

    def equities(factor: Reals) -> Reals:
        worth: Reals = net - rows.sums() + total(rows.to, face * factor[origin], rows.nodes)
        return worth

    factor = np.full(rows.nodes, start)
    equity = equities(factor)
    iteration = 0
    while iteration < ITERATIONS:
        iteration += 1
        before, factor = factor, further(factor, _checked(valuation(equity), rows.nodes))
        if (factor == before).all():
            break
        equity = equities(factor)
    residual = np.abs(equities(_checked(valuation(equity), rows.nodes)) - equity).max(initial=0.0)
    return equity, factor, float(residual), iteration


def _checked(factor: Reals, nodes: int) -> Reals:
    values = to_reals("valuation", factor)
    if values.shape != (nodes,):
        raise InputError(f"`valuation` returned shape {values.shape}, wanted ({nodes},): one value per node")
    check_shares("valuation", values)
    return values


def merton_default_probability(
    assets: Values, debt: Values, *, sigma: float, horizon: float, drift: float = 0.0
) -> Reals:
    r"""Probability that log-normal assets end below the debt.

    :math:`\Phi\big((\ln(D/V) - (\mu - \sigma^2/2) T) / (\sigma \sqrt T)\big)`.

    Parameters
    ----------
    assets, debt
        Value of the assets now, above 0, and face value of the debt.
    sigma
        Volatility per square root of a year.
    horizon
        Years to maturity.
    drift
        Growth of the assets per year.

    Returns
    -------
    array
        A probability for each pair.

    Raises
    ------
    InputError
        For settings outside their range.

    References
    ----------
    Merton (1974), On the pricing of corporate debt, Journal of Finance 29.
    """
    return _probability(assets, debt, sigma, horizon, drift, at_any_time=False)


def black_cox_default_probability(
    assets: Values, barrier: Values, *, sigma: float, horizon: float, drift: float = 0.0
) -> Reals:
    r"""Probability that log-normal assets touch a barrier before the horizon.

    The first-passage law of Brownian motion with drift :math:`\mu - \sigma^2/2` in logs.

    Parameters
    ----------
    assets, barrier, sigma, horizon, drift
        As in `merton_default_probability`, with default at the first time that assets are below the barrier.

    Returns
    -------
    array
        A probability for each pair.

    Raises
    ------
    InputError
        For settings outside their range.

    References
    ----------
    Black and Cox (1976), Valuing corporate securities, Journal of Finance 31.
    """
    return _probability(assets, barrier, sigma, horizon, drift, at_any_time=True)


def _probability(  # noqa: PLR0913 - the parameters of the law
    assets: Values, barrier: Values, sigma: float, horizon: float, drift: float, *, at_any_time: bool
) -> Reals:
    check_setting("sigma", sigma, "a number above 0", good=0.0 < sigma < np.inf)
    check_setting("horizon", horizon, "a number above 0", good=0.0 < horizon < np.inf)
    check_setting("drift", drift, "a finite number", good=bool(np.isfinite(drift)))
    value, limit = np.broadcast_arrays(to_reals("assets", assets), to_reals("barrier", barrier))
    check_positive("assets", value.reshape(-1))
    check_finite("barrier", limit.reshape(-1))
    flat = _core.default_probability(
        np.ascontiguousarray(value), np.ascontiguousarray(limit), drift, sigma, horizon, at_any_time
    )
    return flat.reshape(value.shape)
