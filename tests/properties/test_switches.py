"""Each loop has a switch: where it is off, what would steer it has no say, to the bit."""

import numpy as np
import pytest
from cashcade import _core
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import tries
from tests.oracle.compiled import run
from tests.oracle.generate import arrays, hostile_worlds, sizes_of

MONTHS = 15
PATHS = 4
ROWS = {row.full_name: row for row in _core.table().parameters}
WINDOWS = [
    name
    for name in ROWS
    if name.startswith(tuple(f"market.{window}_" for window in ("venture", "credit", "shares", "listings")))
    and ROWS[name].file == "windows"
    and ROWS[name].unit == "1"
]
# What is switched off (set to 0); what then has no say; variables that only echo it.
SWITCHES = {
    "burn cuts": (["company.burn_cut_runway"], ["company.burn_cut_floor"], []),
    "price step": (["company.price_step"], ["company.price_step_month"], []),
    "answer to price": (["segment.elasticity"], ["segment.adjust_months"], []),
    "rounds": (
        # Sales of shares ask for so many months too, and offered rounds have the same luck.
        ["company.round_runway", "company.equity_runway", "company.round_offers"],
        [
            *("company.round_months", "company.round_share", "market.luck_open", "market.luck_normal"),
            *("market.luck_shut", "market.odds_normal", "market.odds_burn", "market.odds_price"),
        ],
        [],
    ),
    "renegotiation": (["contract.renegotiable"], ["market.renegotiation_runway"], []),
    "jumps": (["market.gpu_jump_chance"], ["market.gpu_jump_size", "market.gpu_jump_up"], []),
    "sentiment": (["market.sentiment"], ["market.large_company"], ["market.large_failure"]),
    "floating rates": (["loan.floating"], ["market.base_rate", "market.spread_shut"], ["market.spread"]),
    "covenants": (
        ["loan.min_cash", "loan.max_ltv", "loan.min_dscr"],
        ["loan.cure_months", "loan.cross_default"],
        [],
    ),
    "pledges": (
        ["pledge.amount", "pledge.of_purchases"],
        ["pledge.first_month", "pledge.months", "pledge.unless_shut"],
        [],
    ),
    "commitments": (["commitment.amount"], ["commitment.first_month", "commitment.last_month"], []),
    "common demand": (
        ["segment.common_loading"],
        ["market.common_volatility", "market.common_persistence"],
        ["market.common"],
    ),
    "GPU index": (
        ["fleet.indexed", "market.spot_market", "contract.recontract_months"],
        ["market.gpu_volatility", "market.gpu_drift", "market.gpu_reversion"],
        ["market.gpu_log", "market.gpu_index"],
    ),
    "effect on GDP": (["market.gdp_multiplier"], ["market.domestic_share", "market.gdp_lag"], []),
    "demand and GDP": (
        ["segment.gdp_loading"],
        ["market.gdp_multiplier", "market.domestic_share", "market.gdp_lag"],
        ["market.gdp", "market.gdp_gap", "market.gdp_effect"],
    ),
    "windows": (
        ["market.windows"],
        [
            *("market.credit_window", "market.shares_window", "market.windows_common", "market.usual_losses"),
            *WINDOWS,
        ],
        ["market.credit_window", "market.shares_window"],
    ),
    "offered rounds": (
        ["company.round_offers"],
        [
            *(
                "company.round_age",
                "company.share_sold",
                "market.share_sold_deviation",
                "market.offers_score",
            ),
            "market.offers_runway",
            *("market.offers_6", "market.offers_12", "market.offers_18", "market.offers_36"),
        ],
        ["company.round_age"],
    ),
    "lasting luck": (["market.odds_appetite"], ["market.appetite_half_life"], ["company.appetite"]),
    "shocks to growth": (["segment.growth_volatility"], ["segment.growth_common"], []),
    "mix of users": (
        ["segment.use_spread"],
        [
            *("segment.use_worth", "segment.plan_cap", "segment.cap_level", "segment.cap_response"),
            "segment.withheld_felt",
        ],
        [],
    ),
    "caps of plans": (["segment.plan_cap"], ["segment.cap_level", "segment.cap_response"], []),
    "full markets": (["segment.potential"], ["segment.market_number"], []),
    "breaks of demand": (["segment.break_hazard"], ["segment.break_size", "segment.break_spread"], []),
    "values by earnings": (
        ["company.market_value", "company.target_margin"],
        [
            *("company.outlook_half_life", "company.beta", "company.window_loading", "company.price_impact"),
            *("company.value_volatility", "company.value_half_life", "market.discount_rate"),
        ],
        [],
    ),
    "prices of all shares": (["market.index_volatility", "market.index_drift"], ["company.beta"], []),
    "shocks of capex plans": (["fleet.capex_volatility", "fleet.capex_noise"], ["fleet.capex_common"], []),
    "pull of demand on capex": (
        ["fleet.capex_pressure", "fleet.capex_catch_up", "fleet.capex_orders"],
        ["fleet.capex_lag"],
        [],
    ),
    "confidence": (
        ["company.confidence_value", "company.confidence_burden"],
        ["company.burden_tolerance", "company.confidence_lag"],
        [],
    ),
    "cuts of staff": (["company.target_runway"], ["company.staff_cut"], []),
    "wealth effect": (["segment.wealth_loading"], ["market.wealth_lag"], ["market.wealth"]),
}


def another(rng: np.random.Generator, name: str, values: np.ndarray) -> np.ndarray:
    """Other valid values of a parameter."""
    row = ROWS[name]
    if row.unit in ("flag", "code"):
        return row.low + row.high - values
    width = min(row.high - row.low, 10.0)
    return np.clip(row.low + rng.uniform(0.1, 1.0, values.shape) * width, row.low, row.high)


@pytest.mark.parametrize("switch", SWITCHES)
@settings(max_examples=tries(4), deadline=None, derandomize=True)
@given(inputs=hostile_worlds(), numbers=st.integers(0, 2**32 - 1), seed=st.integers(0, 2**64 - 1))
def test_what_is_switched_off_has_no_say(switch, inputs, numbers, seed):
    off, silent, echoes = SWITCHES[switch]
    rng = np.random.default_rng(numbers)
    inputs = inputs | {name: np.zeros_like(inputs[name]) for name in off}
    changed = inputs | {name: another(rng, name, inputs[name]) for name in silent}
    one, other = (run(world, months=MONTHS, paths=PATHS, seed=seed) for world in (inputs, changed))
    np.testing.assert_array_equal(other.failed_month, one.failed_month)
    np.testing.assert_array_equal(other.cause, one.cause)
    for key, series in one.series.items():
        if ".".join(key) not in echoes:
            np.testing.assert_array_equal(other.series[key], series, err_msg=".".join(key))


@pytest.mark.parametrize("switch", SWITCHES)
def test_where_it_is_on_it_has_a_say(switch):
    """The same changes matter in some world in which nothing is switched off: the law above is not about nothing."""
    off, silent, _echoes = SWITCHES[switch]
    assert any(matters(number, silent) for number in range(1000))
    assert all(name in ROWS for name in off)


def matters(number: int, silent: list[str]) -> bool:
    rng = np.random.default_rng(number)
    inputs = arrays(rng, sizes_of(rng))
    changed = inputs | {name: another(rng, name, inputs[name]) for name in silent}
    one, other = (
        run(world, months=MONTHS, only=["company.cash", "market.gdp_effect"]) for world in (inputs, changed)
    )
    return any((other.series[key] != series).any() for key, series in one.series.items())
