"""Labelled inputs of any library: put in one order by their labels, or refused; results can be handed in."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from cashcade import clearing, contagion
from cashcade.errors import InputError
from numpy.testing import assert_array_equal

NAMES = ["lab", "app", "cloud"]
OWED = np.array([[0.0, 0.0, 20.0], [5.0, 0.0, 24.0], [10.0, 0.0, 0.0]])
CASH = {"lab": 10.0, "app": 10.0, "cloud": 10.0}
PLAIN = clearing.eisenberg_noe(OWED, np.array([10.0, 10.0, 10.0]))
FRAME = pd.DataFrame(OWED, index=NAMES, columns=NAMES)
ARRAY = xr.DataArray(OWED, dims=("debtor", "creditor"), coords={"debtor": NAMES, "creditor": NAMES})
OTHER = ["cloud", "lab", "app"]

MATRICES = {
    "DataFrame": FRAME,
    "DataFrame, other order of columns": FRAME[OTHER],
    "DataFrame with names of axes": FRAME.rename_axis(index="debtor", columns="creditor"),
    "DataFrame, exchanged by name": FRAME.rename_axis(index="debtor", columns="creditor").T,
    "DataArray": ARRAY,
    "DataArray, other order of columns": ARRAY.sel(creditor=OTHER),
    "DataArray, exchanged by name": ARRAY.transpose(),
    "DataArray by system": ARRAY.sel(creditor=OTHER).expand_dims(system=2),
}
CASHES = {
    "array": np.full(3, 10.0),
    "mapping": dict(reversed(CASH.items())),
    "Series": pd.Series(CASH)[OTHER],
    "DataArray": xr.DataArray([10.0] * 3, dims="node", coords={"node": OTHER}),
    "nullable Series": pd.Series(CASH, dtype="Float64"),
    "Decimal": {name: Decimal(10) for name in NAMES},
    "Fraction": {name: Fraction(10) for name in NAMES},
}


@pytest.mark.parametrize("matrix", MATRICES.values(), ids=MATRICES.keys())
@pytest.mark.parametrize("cash", CASHES.values(), ids=CASHES.keys())
def test_a_labelled_matrix(matrix: object, cash: object) -> None:
    result = clearing.eisenberg_noe(matrix, cash)  # type: ignore[arg-type]
    payments = result.payments.sel(node=NAMES)
    if payments.ndim == 2:
        assert_array_equal(payments[0], payments[1])
        payments = payments[0]
    assert_array_equal(payments, PLAIN.payments)


@pytest.mark.parametrize("matrix", [FRAME, FRAME[OTHER], ARRAY.sel(debtor=OTHER)])
def test_names_decide_the_order(matrix: object) -> None:
    result = clearing.eisenberg_noe(matrix, CASH, names=OTHER)
    assert result.payments.node.to_numpy().tolist() == OTHER
    assert_array_equal(result.payments.sel(node=NAMES), PLAIN.payments)


def test_an_array_follows_the_rows_of_the_matrix() -> None:
    result = clearing.eisenberg_noe(FRAME.loc[OTHER], [3.0, 1.0, 2.0])
    wanted = clearing.eisenberg_noe(OWED, np.array([1.0, 2.0, 3.0]))
    assert_array_equal(result.payments.sel(node=NAMES), wanted.payments)


def test_what_a_result_gives_back_can_be_handed_in() -> None:
    first = clearing.eisenberg_noe(FRAME, CASH)
    plain = clearing.eisenberg_noe(OWED, PLAIN.payments, PLAIN.loss)
    for owed in (OWED, FRAME, ARRAY):
        again = clearing.eisenberg_noe(owed, first.payments, first.loss)
        assert_array_equal(again.payments, plain.payments)
    assert_array_equal(clearing.eisenberg_noe(OWED, np.ones(3), first.loss).payments.node, NAMES)
    assert_array_equal(
        clearing.rogers_veraart(OWED, PLAIN.payments, alpha=0.5, names=first.payments.node).payments,
        clearing.rogers_veraart(OWED, PLAIN.payments, alpha=0.5).payments,
    )


def test_several_systems_by_label() -> None:
    cash = np.array([[10.0, 10.0, 10.0], [1.0, 2.0, 3.0]])
    wanted = clearing.eisenberg_noe(OWED, cash)
    frame = pd.DataFrame(cash, columns=NAMES)[OTHER]
    array = xr.DataArray(cash, dims=("system", "node"), coords={"node": NAMES})
    for values in (frame, array):
        found = clearing.eisenberg_noe(FRAME, values)
        assert found.payments.dims == ("system", "node")
        assert_array_equal(found.payments.sel(node=NAMES), wanted.payments)
    again = clearing.eisenberg_noe(FRAME, found.payments)
    assert_array_equal(again.payments, clearing.eisenberg_noe(OWED, wanted.payments).payments)


def test_a_matrix_that_only_counts_has_no_labels() -> None:
    assert isinstance(clearing.eisenberg_noe(pd.DataFrame(OWED), [10.0] * 3).payments, np.ndarray)
    assert isinstance(
        clearing.eisenberg_noe(xr.DataArray(OWED), xr.DataArray([10.0] * 3)).payments, np.ndarray
    )


def test_claims_are_exchanged_debts() -> None:
    claims = pd.DataFrame(OWED.T, index=NAMES, columns=NAMES)[OTHER]
    equity = pd.Series([50.0, 40.0, 30.0], index=NAMES)
    wanted = contagion.debtrank(OWED.T, np.array([50.0, 40.0, 30.0]))
    found = contagion.debtrank(claims, equity)
    assert_array_equal(found.stress, wanted.stress)
    exchanged = ARRAY.sel(creditor=OTHER)
    assert_array_equal(contagion.debtrank(exchanged, equity).stress, wanted.stress)
    again = contagion.debtrank(claims, equity, initial_stress=found.stress)
    assert_array_equal(
        again.stress, contagion.debtrank(OWED.T, equity.to_numpy(), initial_stress=wanted.stress).stress
    )
    loss = {"cloud": 30.0}
    lost = contagion.threshold_cascade(claims, equity, loss).loss
    assert_array_equal(lost, contagion.threshold_cascade(OWED.T, equity.to_numpy(), [0.0, 0.0, 30.0]).loss)


def test_cross_holdings_by_label() -> None:
    owned = np.array([[0.0, 0.2, 0.0], [0.0, 0.0, 0.3], [0.1, 0.0, 0.0]])
    frame = pd.DataFrame(owned, index=NAMES, columns=NAMES)
    wanted = clearing.xos(
        [5.0, 6.0, 7.0],
        [4.0, 9.0, 8.0],
        equity_of_column_owned_by_row=owned,
        debt_of_column_owned_by_row=owned,
    )
    found = clearing.xos(
        pd.Series([5.0, 6.0, 7.0], NAMES),
        pd.Series([4.0, 9.0, 8.0], NAMES)[OTHER],
        equity_of_column_owned_by_row=frame[OTHER],
        debt_of_column_owned_by_row=frame.loc[OTHER],
    )
    assert_array_equal(found.payments.sel(node=NAMES), wanted.payments)


def test_holdings_by_label() -> None:
    units = pd.DataFrame([[1.0, 2.0], [3.0, 0.0]], index=["a", "b"], columns=["gpu", "land"])
    plain = {"impact": "linear", "impact_rate": 0.01, "max_leverage": 3.0}
    wanted = contagion.fire_sale(units.to_numpy(), [1.0, 0.5], 0.0, **plain)
    found = contagion.fire_sale(units, {"b": 0.5, "a": 1.0}, 0.0, **plain)
    assert_array_equal(found.sold_share, wanted.sold_share)
    swapped = contagion.fire_sale(units, {"b": 0.5, "a": 1.0}, 0.0, names=["b", "a"], **plain)
    assert_array_equal(swapped.sold_share, np.asarray(wanted.sold_share)[::-1])


REFUSED = {
    "other labels": (FRAME.rename(columns={"app": "apq"}), CASH, "'app' in its rows but not in its columns"),
    "twice": (
        FRAME.set_axis(["lab", "lab", "cloud"]).set_axis(["lab", "lab", "cloud"], axis=1),
        CASH,
        "'lab' twice",
    ),
    "one side": (ARRAY.drop_vars("creditor"), CASH, "one side only"),
    "unknown node": (FRAME, CASH | {"clod": 1.0}, "names 'clod', which is no node. Did you mean 'cloud'"),
    "missing node": (FRAME, {"lab": 1.0}, "no value for node 'app'"),
    "twice in a vector": (OWED, pd.Series([1.0, 2.0, 3.0], ["a", "a", "b"]), "'a' twice"),
    "ranks": (OWED, clearing.eisenberg_noe(FRAME, CASH).payments_by_rank, "wanted the nodes last"),
    "missing": (FRAME, {**CASH, "app": pd.NA}, "`outside_assets` of node 'app' is nan"),
    "missing in a Series": (
        FRAME,
        pd.Series(CASH, dtype="Float64").where(lambda x: x.index != "app"),
        "is nan",
    ),
    "masked": (OWED, np.ma.masked_values([1.0, 2.0, 3.0], 2.0), "node 1 is nan"),
    "NaN in a matrix": (FRAME.astype("Float64").mask(FRAME == 5.0), CASH, "row of node 'app'.*nan"),
    "no table": (FRAME[["lab", "app"]], CASH, "or a square matrix with the same labels"),
}


@pytest.mark.parametrize(("owed", "cash", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_does_not_fit_is_refused(owed: object, cash: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        clearing.eisenberg_noe(owed, cash)  # type: ignore[arg-type]


def test_names_that_differ_from_the_matrix_are_refused() -> None:
    with pytest.raises(InputError, match="no row 'ap'"):
        clearing.eisenberg_noe(FRAME, 1.0, names=["lab", "ap", "cloud"])
