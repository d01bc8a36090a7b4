"""Published and verified results of contagion without clearing, each at its tolerance."""

import numpy as np
import pytest
from cashcade import clearing, contagion
from numpy.testing import assert_allclose

from .conftest import CASES, by_method


@pytest.mark.parametrize("case", by_method("DebtRank_linear_neva"))
def test_linear_debtrank(case):
    inputs, expected = case["inputs"], case["expected"]
    equity = np.array(inputs["equity"])
    stress = np.array(inputs["equity_shock"]) / equity
    result = contagion.debtrank(inputs["claims"], equity, initial_stress=stress)
    assert_allclose(result.stress, expected["relative_loss"], atol=1e-9)
    assert_allclose(result.equity, expected["equity_final"], atol=1e-9)


def test_linear_and_single_hit_on_a_loop():
    case = CASES["DebtRank_two_node_loop_linear_vs_single_hit"]
    for kind in ("linear", "single-hit"):
        found = contagion.debtrank(
            case["inputs"]["W"], 1.0, initial_stress=case["inputs"]["h0"], propagation=kind
        )
        assert_allclose(found.stress, case["expected"][kind.replace("-", "_")], atol=1e-10)


@pytest.mark.parametrize("case", by_method("NRM_debtrank", "NRM_singlehit"))
def test_debtrank_of_network_risk_measures(case):
    inputs, expected = case["inputs"], case["expected"]
    result = contagion.debtrank(
        inputs["claims"],
        inputs["equity_buffer"],
        initial_stress=inputs["initial_relative_stress"],
        weights=inputs["weights"],
        propagation="single-hit" if "singlehit" in case["name"] else "linear",
    )
    assert_allclose(result.stress, expected["stress_capped_at_1"], atol=1e-9)
    assert_allclose(result.stress_uncapped, expected["stress_uncapped"], atol=1e-9)
    assert_allclose(result.initial, expected["original_stress"], atol=1e-9)
    assert_allclose(result.additional, expected["additional_stress"], atol=1e-9)
    assert_allclose(result.additional_losses, expected["additional_losses_uncapped"], atol=1e-9)
    assert result.additional_defaults == expected["additional_defaults"]


@pytest.mark.parametrize("case", by_method("NRM_threshold"))
def test_threshold_cascades(case):
    inputs, expected = case["inputs"], case["expected"]
    equity, shock = np.array(inputs["equity_buffer"]), np.array(inputs["initial_relative_stress"])
    result = contagion.threshold_cascade(inputs["claims"], equity, shock * equity)
    stress = np.asarray(result.loss) / equity
    weights = np.array(inputs["weights"]) / sum(inputs["weights"])
    assert_allclose(stress, expected["stress_uncapped"], atol=1e-9)
    assert_allclose(np.minimum(stress, 1), expected["stress_capped_at_1"], atol=1e-9)
    assert_allclose(shock @ weights, expected["original_stress"], atol=1e-9)
    assert_allclose((np.minimum(stress, 1) - shock) @ weights, expected["additional_stress"], atol=1e-9)
    assert_allclose((stress - shock) @ equity, expected["additional_losses_uncapped"], atol=1e-9)
    assert (np.asarray(result.failed) & (shock < 1)).sum() == expected["additional_defaults"]


def test_impact_structure():
    case = CASES["NRM_impact_matrix"]
    claims, equity = case["inputs"]["claims"], case["inputs"]["equity_buffer"]
    assert_allclose(contagion.impact_matrix(claims, equity), case["expected"]["V_row_j_col_i"], atol=1e-12)
    found = contagion.impact_structure(claims, dict(zip("abc", equity, strict=True)), names=list("abc"))
    expected = case["expected"]["impact_susceptibility"]
    assert_allclose(found.susceptibility, [expected[name] for name in "abc"], atol=1e-12)
    assert_allclose(found.fluidity, case["expected"]["impact_fluidity"], atol=1e-12)


@pytest.mark.parametrize("case", by_method("NEVA_Merton_Barucca"))
def test_merton_with_senior_external_debt(case):
    inputs, expected = case["inputs"], case["expected"]
    valuation = contagion.Merton(inputs["sigma"], inputs["recovery_R"], external_creditors="senior")
    result = contagion.network_valuation(
        inputs["interbank_liabilities_i_owes_j"],
        inputs["external_assets_after"],
        inputs["external_liabilities"],
        valuation,
    )
    assert_allclose(result.equity, expected["equity"], atol=1e-6)
    assert_allclose(result.factor, expected["valuation_factor"], atol=1e-6)


def test_merton_with_external_debt_of_the_same_rank():
    case = CASES["NEVA_Merton_cycle_sigma0.2_R1"]
    inputs = case["inputs"]
    result = contagion.network_valuation(
        inputs["interbank_liabilities_i_owes_j"],
        inputs["external_assets"],
        inputs["external_liabilities"],
        contagion.Merton(inputs["sigma"], inputs["recovery"]),
    )
    assert_allclose(result.equity, case["expected"]["equity"], atol=1e-9)


def test_black_cox():
    case = CASES["NEVA_BlackCox_cycle_sigma0.2_R0.6"]
    inputs = case["inputs"]
    result = contagion.network_valuation(
        inputs["interbank_liabilities_i_owes_j"],
        inputs["external_assets"],
        inputs["external_liabilities"],
        contagion.BlackCox(inputs["sigma"], inputs["recovery"]),
    )
    assert_allclose(result.equity, case["expected"]["equity"], atol=1e-9)


def test_default_probabilities():
    case = CASES["Merton_and_BlackCox_PD"]
    inputs = case["inputs"]
    law = {"sigma": inputs["sigma"], "horizon": inputs["T"], "drift": inputs["mu"]}
    values = inputs["V0"], inputs["debt_face_and_barrier"]
    merton = contagion.merton_default_probability(*values, **law)
    assert_allclose(merton, case["expected"]["merton_pd"], atol=1e-10)
    black_cox = contagion.black_cox_default_probability(*values, **law)
    assert_allclose(black_cox, case["expected"]["blackcox_pd"], atol=1e-10)


def test_gai_kapadia_window():
    case = CASES["GaiKapadia_first_order_contagion_window"]
    low, high = contagion.gai_kapadia_window(
        case["inputs"]["capital_ratio"], case["inputs"]["interbank_asset_share"]
    )
    assert_allclose([low, high], [case["expected"]["z_low"], case["expected"]["z_high"]], atol=1e-6)


def test_furfine_cascade():
    case = CASES["Furfine_cascade_systemicrisk_doc"]
    inputs = case["inputs"]
    result = contagion.furfine(inputs["L"], inputs["e"], inputs["el"], recovery=inputs["recovery"])
    assert np.flatnonzero(result.failed).tolist() == case["expected"]["defaults"]


def test_glasserman_young():
    case = CASES["GlassermanYoung_contagion_impossibility_bound"]
    inputs, expected = case["inputs"], case["expected"]
    owed, assets = inputs["L"], np.array(inputs["outside_assets"])
    found = contagion.glasserman_young(owed, assets, inputs["outside_liabilities"])
    assert_allclose(found.net_worth, expected["net_worth"], atol=1e-9)
    assert_allclose(found.connectivity[0], expected["beta_0"], atol=1e-9)
    assert_allclose(found.leverage[0], expected["lambda_0"], atol=1e-9)
    assert_allclose(found.bound[0], expected["bound_w_beta_lambda_minus_1"], atol=1e-9)
    assert found.contagion_is_possible(0, [1])
    assert not found.contagion_is_possible(0, [1, 2, 3, 4])
    for shock, clear in expected["clearing_by_shock"].items():
        shocked = assets - np.array([float(shock), 0, 0, 0, 0])
        result = clearing.eisenberg_noe(owed, shocked, inputs["outside_liabilities"])
        assert_allclose(result.payments[0], clear["payment_hub"], atol=1e-9)
        assert_allclose(result.loss.sum(), clear["loss_on_network_claims"], atol=1e-9)
        assert result.default_set == clear["defaults"]
        assert result.loss.sum() <= found.bound[0] + 1e-9


def test_two_fire_sale_equilibria():
    case = CASES["FireSale_multiple_equilibria_BreuerSummerUrosevic"]
    inputs, expected = case["inputs"], case["expected"]
    for which in ("least", "greatest"):
        found = contagion.fire_sale(
            np.array(inputs["securities"])[:, None],
            inputs["equity_after_shock"],
            inputs["loans"],
            max_leverage=inputs["critical_leverage"],
            impact="square-root",
            impact_rate=0.000022,
            equilibrium=which,
        )
        assert_allclose(found.discount, expected[f"delta_{which}"], atol=1e-9)
        assert_allclose(found.sold_share, expected[f"theta_{which}"], atol=1e-9)


def test_fire_sale_rounds():
    case = CASES["FireSale_EBA2018_six_banks"]
    banks = case["inputs"]["banks"]
    cet1, leverage, debt, gov = (
        np.array([bank[k] for bank in banks]) for k in ("CET1", "leverage_pct", "debt_sec", "gov")
    )
    assets = cet1 / (leverage / 100)
    loan = (assets - cet1) / 2
    for scenario in case["expected"]["scenarios"]:
        found = contagion.fire_sale_rounds(
            np.column_stack([debt - gov, gov]),
            cash=0.05 * assets,
            other_assets=assets - debt - 0.05 * assets,
            loan=loan,
            other_debt=loan,
            price=[1.0, 1.0 - scenario["initial_shock"]],
            impact_rate=contagion.exponential_impact_rate(
                price_drop=scenario["price_impact"], volume_share=0.05
            ),
            min_equity_ratio=case["inputs"]["min_leverage"],
            buffer=scenario["buffer"],
            target=case["inputs"]["target"],
            rounds=case["inputs"]["T"],
        )
        failed = np.bincount(np.asarray(found.round)[np.asarray(found.failed)], minlength=7)
        assert failed.tolist() == scenario["defaults_per_round"]
        assert_allclose(found.sold_share, scenario["fraction_of_bonds_sold_cumulative"], rtol=1e-7)
        final = [scenario["final_price_corp"], scenario["final_price_gov"]]
        assert_allclose(found.price[-1], final, rtol=1e-7)


def test_exponential_price_impact():
    expected = CASES["PriceImpact_exponential_Cifuentes"]["expected"]
    rate = contagion.exponential_impact_rate(price_drop=0.05, volume_share=0.05)
    assert_allclose(rate, expected["beta"], atol=1e-12)
    discount = contagion.price_discount([0.1, 1.0], rate, "exponential")
    assert_allclose(1 - discount, [expected["price_after_10pct"], expected["price_after_100pct"]], atol=1e-12)


def test_greenwood_landier_thesmar():
    case = CASES["GreenwoodLandierThesmar_one_round"]
    inputs, expected = case["inputs"], case["expected"]
    found = contagion.greenwood_landier_thesmar(
        inputs["assets"],
        inputs["leverage_debt_to_equity"],
        inputs["weights"],
        price_impact=inputs["price_impact_per_unit_sold"],
        asset_returns=inputs["initial_asset_returns"],
    )
    assert_allclose(found.first_return, expected["bank_returns_first"], atol=1e-12)
    assert_allclose(found.net_purchases, expected["net_purchases_by_asset"], atol=1e-12)
    assert_allclose(found.price_change, expected["price_changes"], atol=1e-12)
    assert_allclose(found.second_return, expected["bank_returns_second"], atol=1e-12)
    assert_allclose(found.spillover, expected["spillover_loss"], atol=1e-12)
    assert_allclose(found.aggregate_vulnerability, expected["aggregate_vulnerability"], atol=1e-12)
    assert_allclose(np.asarray(found.systemicness).sum(), found.aggregate_vulnerability, atol=1e-12)


def test_loan_to_value_spiral():
    case = CASES["Collateral_fire_sale_LTV_fixed_point"]
    inputs, expected = case["inputs"], case["expected"]

    def spiral(slope):
        return contagion.loan_to_value_spiral(
            inputs["debt"],
            inputs["gpu_units"],
            price=inputs["price_after_shock"],
            max_loan_to_value=inputs["max_LTV"],
            impact="linear",
            impact_rate=slope / 100 / inputs["price_after_shock"],
        )

    found = spiral(0.05)
    assert_allclose(found.sold, expected["q"], atol=1e-9)
    assert_allclose(found.price, expected["price"], atol=1e-9)
    assert_allclose(found.debt_left, expected["debt_after"], atol=1e-9)
    assert_allclose(found.loan_to_value, expected["ltv_after"], atol=1e-9)
    assert found.restored.all()
    assert_allclose(spiral(0.0).sold, expected["no_impact_q"], atol=1e-9)
    assert not spiral(0.3).restored.any()
