"""Labels that are there twice are refused, wherever labels come in."""

import pandas as pd
import pytest
from cashcade import clearing, contagion
from cashcade.errors import InputError

OWED = [[0.0, 1.0], [1.0, 0.0]]
SHARES = [[0.0, 0.2], [0.2, 0.0]]
HELD = [[1.0, 2.0], [3.0, 4.0]]
NAMES = ["a", "b"]
TWICE = pd.Series([1.0, 2.0, 3.0], index=["a", "a", "b"])
IMPACT = {"impact": "linear", "impact_rate": 0.01}
ROUNDS = {
    "other_assets": 1.0,
    "loan": 1.0,
    "other_debt": 1.0,
    "price": 1.0,
    "impact_rate": 0.1,
    "min_equity_ratio": 0.05,
    "buffer": 0.01,
    "target": 0.1,
    "rounds": 2,
}

# Every function that takes labels, as called with one vector and the names.
TAKING = {
    "eisenberg_noe": lambda v, names: clearing.eisenberg_noe(OWED, v, names=names),
    "owed outside": lambda v, names: clearing.eisenberg_noe(OWED, 1.0, v, names=names),
    "sensitivities": lambda v, names: clearing.eisenberg_noe(OWED, 1.0, names=names).payment_sensitivities(v),
    "rogers_veraart": lambda v, names: clearing.rogers_veraart(OWED, 1.0, alpha=v, names=names),
    "elsinger": lambda v, names: clearing.elsinger([OWED], v, names=names),
    "senior_external": lambda v, names: clearing.senior_external(OWED, 1.0, v, names=names),
    "xos": lambda v, names: clearing.xos(
        v, 1.0, equity_of_column_owned_by_row=SHARES, debt_of_column_owned_by_row=SHARES, names=names
    ),
    "elliott_golub_jackson": lambda v, names: clearing.elliott_golub_jackson(
        SHARES, v, failure_threshold=0.1, failure_cost=0.1, names=names
    ),
    "threshold_cascade": lambda v, names: contagion.threshold_cascade(OWED, 1.0, v, names=names),
    "furfine": lambda v, names: contagion.furfine(OWED, v, names=names),
    "glasserman_young": lambda v, names: contagion.glasserman_young(OWED, v, names=names),
    "debtrank": lambda v, names: contagion.debtrank(OWED, v, names=names),
    "impact_matrix": lambda v, names: contagion.impact_matrix(OWED, v, names=names),
    "impact_structure": lambda v, names: contagion.impact_structure(OWED, v, names=names),
    "network_valuation": lambda v, names: contagion.network_valuation(
        OWED, v, 0.0, contagion.AtMaturity(), names=names
    ),
    "fire_sale": lambda v, names: contagion.fire_sale(HELD, v, 0.0, max_leverage=5.0, names=names, **IMPACT),
    "fire_sale_rounds": lambda v, names: contagion.fire_sale_rounds(HELD, cash=v, names=names, **ROUNDS),
    "greenwood_landier_thesmar": lambda v, names: contagion.greenwood_landier_thesmar(
        v, 2.0, [[0.5, 0.5], [0.5, 0.5]], price_impact=0.1, asset_returns=[-0.1, 0.0], names=names
    ),
    "loan_to_value_spiral": lambda v, names: contagion.loan_to_value_spiral(
        v, 10.0, price=1.0, max_loan_to_value=0.9, names=names, **IMPACT
    ),
}


@pytest.mark.parametrize("call", TAKING.values(), ids=TAKING.keys())
def test_a_label_that_comes_twice_with_values(call):
    with pytest.raises(InputError, match=r"holds 'a' twice: labels must be distinct"):
        call(TWICE, NAMES)


@pytest.mark.parametrize("call", TAKING.values(), ids=TAKING.keys())
def test_a_name_that_is_given_twice(call):
    with pytest.raises(InputError, match=r"`names` holds 'a' twice: labels must be distinct"):
        call({"a": 1.0}, ["a", "a"])


def test_labels_of_the_nodes_themselves():
    links = {"debtor": ["a"], "creditor": ["b"], "amount": [1.0]}
    with pytest.raises(InputError, match=r"`names` holds 'a' twice"):
        clearing.eisenberg_noe(links, TWICE)
    with pytest.raises(InputError, match=r"`names` holds 'a' twice"):
        clearing.dependency_matrix(SHARES, names=["a", "a"])


def test_columns_of_a_table():
    links = pd.DataFrame([["a", "b", 1.0, 2.0]], columns=["debtor", "creditor", "amount", "amount"])
    with pytest.raises(InputError, match=r"columns of `owed_by_row_to_column` hold .amount. twice"):
        clearing.eisenberg_noe(links, 1.0, names=NAMES)


def test_sides_of_labelled_matrices():
    owed = pd.DataFrame(OWED, index=["a", "a"], columns=["a", "a"])
    with pytest.raises(InputError, match=r"^the network holds 'a' twice"):
        clearing.eisenberg_noe(owed, 1.0)
    with pytest.raises(InputError, match=r"^`owed_by_row_to_column` holds 'a' twice"):
        clearing.eisenberg_noe(owed, 1.0, names=NAMES)
    held = pd.DataFrame(HELD, index=["a", "a"], columns=["gpu", "land"])
    with pytest.raises(InputError, match=r"^the table of holdings holds 'a' twice"):
        contagion.fire_sale(held, 1.0, 0.0, max_leverage=5.0, **IMPACT)


def test_distinct_labels_in_any_order_are_read():
    found = clearing.eisenberg_noe(OWED, pd.Series([0.5, 0.0], index=["b", "a"]), names=NAMES)
    assert found.payments.sel(node="b") == pytest.approx(1.0)
