"""The 95 reference cases by name: which test runs each, or why the loop cannot."""

CLEARING = "tests/clearing/test_reference_clearing.py"
CONTAGION = "tests/clearing/test_reference_contagion.py"
OTHER = "tests/reference/test_other_cases.py"
USERS = "tests/reference/test_prices_and_users.py"
WALKS = "tests/reference/test_walks.py"

VECTORS = """
EN_systemicrisk_doc_x0.5 RV_systemicrisk_doc_x0.5 EN_systemicrisk_doc_x0_ring RV_systemicrisk_doc_x1
EN_NetworkValuation_example RV_NetworkValuation_full_recovery RV_NetworkValuation_alpha0.4_contagious_default
EN_Kanjere_no_default EN_Kanjere_one_default EN_Kanjere_two_waves RV_Kanjere_two_waves_a0.5_b0.5 EN_FinNetValu_a1
EN_FinNetValu_a2_two_waves RV_example_3.3_iteration_from_below_trap RV_section5.1_circular_all_insolvent
RV_random3_ninagad EN_zero_liabilities EN_single_node_external_debt_default EN_zero_cash_cycle_greatest
EN_disconnected_components EN_all_default_cycle_with_external_debt RV_total_loss_alpha0_beta0
EN_chain_of_six_shock_head EN_star_hub_and_spokes
"""
REFUSED = """
REJECT_self_liability REJECT_negative_liability REJECT_negative_cash_without_explicit_flag REJECT_nan
REJECT_non_square REJECT_length_mismatch REJECT_alpha_out_of_range REJECT_infinite_cash
"""

INVARIANTS = """
test_payments_are_a_fixed_point test_the_least_is_a_fixed_point_below_the_greatest test_liability_is_limited
test_equities_are_the_same_in_all_vectors_without_costs test_more_cash_or_recovery_never_lowers_a_payment
test_money_is_conserved test_labels_do_not_matter test_currency_does_not_matter test_payments_are_concave_in_cash
test_families_agree_where_they_overlap test_an_isolated_node_changes_nothing
"""
"""Laws that clearing_invariants_property lists."""

TESTS: dict[str, str] = {
    f"{CLEARING}::test_eisenberg_noe_and_rogers_veraart": VECTORS,
    f"{CLEARING}::test_malformed_inputs_are_refused_by_name": REFUSED,
    f"{CLEARING}::test_generated_networks": "generated_network_n40_c2_a1_b1 generated_network_n40_c2_a0.8_b0.9",
    f"{CLEARING}::test_sensitivities": "EN_sensitivity_NetworkValuation_example",
    f"{CLEARING}::test_senior_external_claims": "AOT_ring_small_shock AOT_complete_small_shock AOT_ring_large_shock",
    f"{CLEARING}::test_ranks_and_holdings": """Elsinger_NetworkValuation_example
        Elsinger_two_way_equity_holdings_solvent Seniority_only_two_layers_one_default""",
    f"{CLEARING}::test_cross_holdings_of_equity_and_debt": """Suzuki_four_firms_all_solvent
        Suzuki_four_firms_partial_default Karl_Fischer_debt_cross_holding_a1_1""",
    f"{CLEARING}::test_dependency_matrix": "EGJ_two_organisations_dependency_matrix",
    f"{CLEARING}::test_absolute_priority": "absolute_priority_secured_deficiency",
    f"{CONTAGION}::test_linear_debtrank": """DebtRank_linear_neva_cycle
        DebtRank_linear_neva_chain_heterogeneous_equity""",
    f"{CONTAGION}::test_linear_and_single_hit_on_a_loop": "DebtRank_two_node_loop_linear_vs_single_hit",
    f"{CONTAGION}::test_debtrank_of_network_risk_measures": """NRM_debtrank_shock_a NRM_debtrank_shock_b
        NRM_singlehit_shock_c NRM_debtrank_uniform10""",
    f"{CONTAGION}::test_threshold_cascades": "NRM_threshold_shock_a NRM_threshold_shock_b",
    f"{CONTAGION}::test_impact_structure": "NRM_impact_matrix",
    f"{CONTAGION}::test_merton_with_senior_external_debt": """NEVA_Merton_Barucca_exercise_sigma0_is_clearing
        NEVA_Merton_Barucca_exercise_sigma0.1_R1 NEVA_Merton_Barucca_exercise_sigma0.1_R0""",
    f"{CONTAGION}::test_merton_with_external_debt_of_the_same_rank": "NEVA_Merton_cycle_sigma0.2_R1",
    f"{CONTAGION}::test_black_cox": "NEVA_BlackCox_cycle_sigma0.2_R0.6",
    f"{CONTAGION}::test_default_probabilities": "Merton_and_BlackCox_PD",
    f"{CONTAGION}::test_gai_kapadia_window": "GaiKapadia_first_order_contagion_window",
    f"{CONTAGION}::test_furfine_cascade": "Furfine_cascade_systemicrisk_doc",
    f"{CONTAGION}::test_glasserman_young": "GlassermanYoung_contagion_impossibility_bound",
    f"{CONTAGION}::test_two_fire_sale_equilibria": "FireSale_multiple_equilibria_BreuerSummerUrosevic",
    f"{CONTAGION}::test_fire_sale_rounds": "FireSale_EBA2018_six_banks",
    f"{CONTAGION}::test_exponential_price_impact": "PriceImpact_exponential_Cifuentes",
    f"{CONTAGION}::test_greenwood_landier_thesmar": "GreenwoodLandierThesmar_one_round",
    f"{CONTAGION}::test_loan_to_value_spiral": "Collateral_fire_sale_LTV_fixed_point",
    f"{OTHER}::test_circular_financing_conserves_cash": "circular_financing_cash_conservation",
    f"{OTHER}::test_capex_as_a_share_of_gdp": "capex_gdp_share",
    f"{OTHER}::test_concentration_of_revenue": "customer_concentration",
    f"{USERS}::test_leontief_quantities": "Leontief_quantity_MillerBlair",
    f"{USERS}::test_leontief_prices": "Leontief_price_cost_push",
    f"{USERS}::test_pass_through_at_constant_elasticity": "pass_through_constant_elasticity",
    f"{USERS}::test_churn_with_constant_additions": "churn_subscriber_dynamics",
    f"{USERS}::test_preferred_shares_take_the_better_of_two": "liquidation_waterfall_non_participating",
    f"{USERS}::test_the_part_of_a_round_that_the_loop_knows": "priced_round_dilution",
    f"{WALKS}::test_gamblers_ruin_with_a_cap": "gamblers_ruin_infinite_and_capped",
    f"{WALKS}::test_unit_walk_over_every_path_there_is": "unit_walk_ruin_by_month_12",
    f"{WALKS}::test_ruin_by_claims_at_random": "CramerLundberg_exponential_claims",
    "tests/theory/test_ruin.py::test_ruin_looked_at_once_a_month": """ruin_brownian_cash_x24_mu-0.5_sigma4_T24
        ruin_brownian_cash_x10_mu0.5_sigma3_T36""",
    "tests/theory/test_ruin.py::test_deterministic_runway": "deterministic_runway",
    "tests/theory/test_prices.py::test_price_rise_of_a_lab": "API_price_rise_revenue_of_lab",
    "tests/theory/test_debt.py::test_annuity_loan": "annuity_loan",
    "tests/theory/test_debt.py::test_vintages_depreciate_in_a_straight_line": "vintage_fleet_straight_line",
    "tests/properties/test_sameness.py::test_any_subset_of_the_paths_on_any_threads": "monte_carlo_determinism",
    **{
        f"tests/clearing/test_laws_clearing.py::{law}": "clearing_invariants_property"
        for law in INVARIANTS.split()
    },
}
"""Cases by the test that runs them."""

PARTLY = {
    "customer_concentration": "the Herfindahl index; Gini's, and the number of equal customers, are not computed",
    "priced_round_dilution": "the share of the new investor; who holds the rest and an option pool are not kept",
    "gamblers_ruin_infinite_and_capped": (
        "without the cap up to month 1200, against the exact chance by then; certain ruin takes for ever"
    ),
    "CramerLundberg_exponential_claims": "by simulation, so within its standard error",
    "ruin_brownian_cash_x24_mu-0.5_sigma4_T24": "the chance looked at once a month; time is monthly",
    "ruin_brownian_cash_x10_mu0.5_sigma3_T36": "the chance looked at once a month; time is monthly",
}
"""What of a case is run, where it is not all of it."""

ELSEWHERE = {
    "double_marginalization_linear_demand": (
        "prices follow trends, steps, cost and rules; nobody in the loop chooses one to maximise profit, and demand has "
        "constant elasticity"
    ),
    "elementary_cycles_complete_digraph": "loops of money are not enumerated; the loop only follows their cash",
    "MACRS_5_year_half_year": "there are no tax tables: tax is a share of profit with straight-line depreciation",
    "declining_balance_and_straight_line": (
        "fleets are written off in a straight line to nothing (vintage_fleet_straight_line); there is no declining "
        "balance and no residual value"
    ),
    "post_money_SAFE": "loans that convert leave the books; who then owns what share is not kept",
}
"""Cases that nothing in cashcade expresses."""
