"""Published and verified clearing vectors, each at its tolerance."""

import json
from pathlib import Path

import numpy as np
import pytest
from cashcade import clearing
from cashcade.errors import InputError
from numpy.testing import assert_allclose

from .conftest import CASES, HERE, by_method

SHARED = HERE.parents[2] / "shared" / "reference" / "cases.json"


def test_the_copies_agree_with_the_shared_cases():
    if not SHARED.exists():
        pytest.skip("the shared cases are not here")
    shared = {case["name"]: case for case in json.loads(Path(SHARED).read_text())}
    assert len(CASES) == 70
    for name, case in CASES.items():
        assert case == shared[name]


def plain_cases():
    chosen = by_method("EN_", "RV_")
    return [case for case in chosen if "el" in case.values[0]["inputs"]]


@pytest.mark.parametrize("case", plain_cases())
def test_eisenberg_noe_and_rogers_veraart(case):
    inputs, expected = case["inputs"], case["expected"]
    result = clearing.rogers_veraart(
        inputs["L"], inputs["e"], inputs["el"], alpha=inputs["alpha"], beta=inputs["beta"]
    )
    assert_allclose(result.payments, expected["payments"], atol=1e-9, rtol=0)
    assert_allclose(result.net_worth, expected["assets_minus_liabilities_before_haircut"], atol=1e-9, rtol=0)
    assert_allclose(result.liabilities, expected["total_liabilities"], atol=1e-9, rtol=0)
    assert result.default_set == expected["default_set_0based"]
    assert result.rounds_of_default == expected["rounds_of_fictitious_default"]
    assert result.residual <= 1e-12


def test_least_vectors():
    cycle = CASES["EN_zero_cash_cycle_greatest"]
    least = clearing.eisenberg_noe(cycle["inputs"]["L"], cycle["inputs"]["e"], vector="least")
    assert_allclose(least.payments, cycle["expected"]["least_clearing_vector"])
    assert not least.unique
    trap = CASES["RV_example_3.3_iteration_from_below_trap"]
    least = clearing.rogers_veraart(
        trap["inputs"]["L"], trap["inputs"]["e"], alpha=0.5, beta=0.5, vector="least"
    )
    assert_allclose(least.payments, trap["expected"]["all_fixed_points"][0], atol=1e-12)
    assert least.unique


@pytest.mark.parametrize("case", by_method("generated_network"))
def test_generated_networks(case):
    inputs, expected = case["inputs"], case["expected"]
    i, j = np.indices((inputs["n"], inputs["n"]))
    owed = ((17 * i + 31 * j + 7 * i * j + 3) % 101) / 10
    owed = np.where((i != j) & ((13 * i + 29 * j + i * j) % 5 == 0), owed, 0.0)
    cash = ((37 * np.arange(inputs["n"]) + 11) % 53) / 2
    result = clearing.rogers_veraart(owed, cash, alpha=inputs["alpha"], beta=inputs["beta"])
    assert result.default_set == expected["default_set_0based"]
    assert [len(wave) for wave in result.rounds_of_default] == expected["wave_sizes"]
    assert_allclose(result.payments.sum(), expected["sum_payments"], rtol=1e-8)
    assert_allclose(result.liabilities.sum(), expected["sum_total_liabilities"], rtol=1e-8)
    assert_allclose(result.payments[:5], expected["first5"], rtol=1e-8)
    assert_allclose(result.payments[-5:], expected["last5"], rtol=1e-8)


def test_sensitivities():
    case = CASES["EN_sensitivity_NetworkValuation_example"]
    result = clearing.eisenberg_noe(case["inputs"]["L"], case["inputs"]["e"])
    matrix = result.payment_sensitivities()
    expected = np.zeros((3, 3))
    expected[:2, :2] = case["expected"]["dp_de_rows_and_cols_over_default_set"]
    assert_allclose(matrix, expected, atol=1e-7)
    assert_allclose(result.payment_sensitivities([1.0, 2.0, 3.0]), matrix @ [1.0, 2.0, 3.0], atol=1e-12)


@pytest.mark.parametrize("case", by_method("AOT_"))
def test_senior_external_claims(case):
    inputs, expected = case["inputs"], case["expected"]
    n = inputs["n"]
    ring = np.roll(np.eye(n), 1, axis=1)
    owed = ring if inputs["network"] == "ring" else (np.ones((n, n)) - np.eye(n)) / (n - 1)
    cash = np.full(n, inputs["cash_each"])
    cash[0] -= inputs["shock_to_node_0"]
    result = clearing.senior_external(owed, cash, inputs["senior_external_liability_each"])
    assert_allclose(result.payments_by_rank[:, 0], expected["senior_payments"], atol=1e-9)
    assert_allclose(result.payments_by_rank[:, 1], expected["network_payments"], atol=1e-9)
    assert result.default_set == expected["network_defaults"]


@pytest.mark.parametrize("case", by_method("Elsinger_", "Seniority_"))
def test_ranks_and_holdings(case):
    inputs, expected = case["inputs"], case["expected"]
    result = clearing.elsinger(
        inputs["layers_senior_first"], inputs["e"], equity_of_row_owned_by_column=inputs["Theta"]
    )
    assert_allclose(result.payments_by_rank, expected["payments_by_node_and_layer"], atol=1e-8)
    assert_allclose(result.equity, expected["equity_value_nonneg"], atol=1e-8)
    assert_allclose(result.net_worth, expected["assets_minus_liabilities"], atol=1e-8)
    assert result.default_set == expected["defaults"]
    assert result.unique


@pytest.mark.parametrize("vector", ["greatest", "least"])
@pytest.mark.parametrize("case", by_method("Suzuki_", "Karl_Fischer"))
def test_cross_holdings_of_equity_and_debt(case, vector):
    inputs, expected = case["inputs"], case["expected"]
    result = clearing.xos(
        inputs["d"],
        inputs["a"],
        equity_of_column_owned_by_row=inputs["M_s"],
        debt_of_column_owned_by_row=inputs["M_d"],
        vector=vector,
    )
    assert_allclose(result.equity, expected["equity"], atol=1e-10)
    assert_allclose(result.payments, expected["debt_recovery"], atol=1e-10)
    assert result.default_set == expected["defaults"]


def test_dependency_matrix():
    case = CASES["EGJ_two_organisations_dependency_matrix"]
    matrix = clearing.dependency_matrix(case["inputs"]["C"])
    assert_allclose(matrix, case["expected"]["A"], atol=1e-12)
    assert_allclose(np.asarray(matrix).sum(axis=0), 1.0, atol=1e-12)


@pytest.mark.parametrize("case", by_method("REJECT_"))
def test_malformed_inputs_are_refused_by_name(case):
    inputs = case["inputs"]
    owed, cash = np.array(inputs["L"], dtype=float), np.array(inputs["e"], dtype=float)
    before = owed.copy(), cash.copy()
    with pytest.raises(InputError, match=r"owed_by_row_to_column|outside_assets|alpha"):
        clearing.rogers_veraart(owed, cash, alpha=inputs.get("alpha", 1.0))
    assert np.array_equal(owed, before[0], equal_nan=True)
    assert np.array_equal(cash, before[1], equal_nan=True)


def test_absolute_priority():
    case = CASES["absolute_priority_secured_deficiency"]
    inputs, expected = case["inputs"], case["expected"]
    paid = clearing.absolute_priority(
        collateral_proceeds=inputs["collateral_proceeds"],
        other_assets=inputs["other_assets"],
        secured_claim=inputs["secured_claim"],
        unsecured_claims=inputs["unsecured_claims"],
        bankruptcy_cost=inputs["bankruptcy_cost"],
    )
    assert_allclose(paid.secured, expected["secured_recovery"], rtol=1e-12)
    assert_allclose(paid.unsecured, expected["unsecured_recovery"], rtol=1e-12)
    assert_allclose(paid.deficiency_claim, expected["deficiency_claim"], rtol=1e-12)
    assert_allclose(paid.unsecured_rate, expected["unsecured_rate"], rtol=1e-12)
    assert paid.equity == expected["equity"]
