"""Contagion without clearing: distress, cascades, valuations before maturity, and fire sales.

Argument names say what rows and columns are. `owed_by_row_to_column` and `claim_of_row_on_column` are
transposes of each other: the literature uses both.
"""

from cashcade.contagion._cascades import (
    Cascade,
    GlassermanYoung,
    furfine,
    gai_kapadia_window,
    glasserman_young,
    glasserman_young_amplification,
    threshold_cascade,
)
from cashcade.contagion._collateral import CollateralSpiral, loan_to_value_spiral
from cashcade.contagion._debtrank import (
    DebtRank,
    ImpactStructure,
    debtrank,
    impact_matrix,
    impact_structure,
)
from cashcade.contagion._firesale import FireSale, fire_sale
from cashcade.contagion._impact import exponential_impact_rate, price_discount
from cashcade.contagion._rounds import FireSaleRounds, fire_sale_rounds
from cashcade.contagion._spillover import Spillover, greenwood_landier_thesmar
from cashcade.contagion._valuation import (
    AtMaturity,
    BlackCox,
    Furfine,
    LinearDebtRank,
    Merton,
    NetworkValuation,
    black_cox_default_probability,
    merton_default_probability,
    network_valuation,
)

__all__ = [
    "AtMaturity",
    "BlackCox",
    "Cascade",
    "CollateralSpiral",
    "DebtRank",
    "FireSale",
    "FireSaleRounds",
    "Furfine",
    "GlassermanYoung",
    "ImpactStructure",
    "LinearDebtRank",
    "Merton",
    "NetworkValuation",
    "Spillover",
    "black_cox_default_probability",
    "debtrank",
    "exponential_impact_rate",
    "fire_sale",
    "fire_sale_rounds",
    "furfine",
    "gai_kapadia_window",
    "glasserman_young",
    "glasserman_young_amplification",
    "greenwood_landier_thesmar",
    "impact_matrix",
    "impact_structure",
    "loan_to_value_spiral",
    "merton_default_probability",
    "network_valuation",
    "price_discount",
    "threshold_cascade",
]
