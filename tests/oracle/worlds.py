"""Small worlds made by hand, one for each part of a month without debt.

`shows` proves that the part was really at work.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from spec.month import Outcome
from tests.oracle.build import rows, world


@dataclass(frozen=True)
class Case:
    """A world, how long to run it, and what must be seen in the oracle's outcome."""

    name: str
    inputs: dict[str, np.ndarray]
    months: int
    shows: Callable[[Outcome], bool]


LIVELY = {
    "open_to_normal": 0.3,
    "open_to_shut": 0.1,
    "normal_to_open": 0.25,
    "normal_to_shut": 0.25,
    "shut_to_open": 0.2,
    "shut_to_normal": 0.3,
    "common_volatility": 0.05,
    "gpu_volatility": 0.4,
    "gpu_drift": -0.3,
    "gpu_jump_chance": 0.2,
    "gpu_jump_up": 0.4,
}

REGIMES = Case(
    "regimes, listing window, common demand, GPU index",
    world(
        company=rows("cash", (1e9,)),
        segment=rows("seller revenue common_loading", (0, 5e6, 1.5)),
        market=[LIVELY | {"common_persistence": 0.5}],
    ),
    60,
    lambda o: set(o["market.regime"].flat) == {0.0, 1.0, 2.0} and np.ptp(o["market.gpu_log"]) > 0.3,
)

PRICES = Case(
    "a price rise passes down a chain of three, with lags, service cuts and routing",
    world(
        company=rows(
            "cash price_step price_step_month price_trend pass_through price_lag service_cut",
            (1e9, 0.6, 3.4, -0.2, None, None, None),
            (1e9, None, None, None, 0.7, 2.5, 0.4),
            (1e9, None, None, 0.1, 1.3, 1.0, None),
        ),
        segment=rows("seller revenue elasticity adjust_months", (1, 7e6, 1.1, 4.0), (2, 9e6, 0.4, None)),
        contract=rows(
            "customer supplier usage routing intensity_trend price_linked",
            (1, 0, 4e6, 0.3, None, None),
            (2, 1, 3e6, 1.2, 0.5, None),
            (2, 0, 1e6, 2.0, None, 0.0),
        ),
    ),
    18,
    lambda o: o["company.price"][-1, 2] > 1.05 and o["segment.response"][-1, 0] < 0.95,
)

DEMAND = Case(
    "demand moves to a rival when the price rises and when the seller dies",
    world(
        company=rows("cash fixed_cost price_step", (15e6, 12e6, 0.5), (1e9, None, None), (1e9, None, None)),
        segment=rows(
            "seller revenue growth elasticity volatility ai_share growth_long growth_half_life "
            "common_loading",
            (0, 7e6, 0.8, 1.5, 0.3, 0.4, None, None, None),
            (1, 3e6, -0.5, None, 0.2, None, 0.1, 5.0, None),
            (2, 2e6, None, None, None, None, None, None, -0.7),
        ),
        recapture=rows("from to share", (0, 1, 0.5), (0, 2, 0.3), (1, 2, 0.2)),
        market=[LIVELY],
    ),
    24,
    lambda o: 1 < o.failed_month[0] < 20 and o["segment.volume"][-1, 1] > 1.5,
)

BILLS = Case(
    "take-or-pay, renegotiation, revenue shares and drivers of use",
    world(
        company=rows(
            "cash fixed_cost discretionary_cost discretionary_growth burn_cut_runway price_trend",
            (40e6, 6e6, 5e6, -0.6, 12.0, None),
            (1e9, None, None, None, None, 0.2),
            (1e9, None, None, None, None, None),
        ),
        segment=rows("seller revenue growth", (0, 16e6, -0.9)),
        contract=rows(
            "customer supplier usage renegotiable revenue_share follows intensity_trend",
            (0, 1, 5e6, 0.6, 0.1, None, None),
            (0, 2, 4e6, None, None, 1.0, -0.3),
            (1, 2, 2e6, None, None, 2.0, None),
        ),
        commitment=rows(
            "contract amount last_month first_month",
            (0, 4e6, 9.0, None),
            (0, 12e6, None, 4.0),
            (1, 3e6, 5.0, 2.0),
        ),
    ),
    20,
    lambda o: o.cause[0] == "commitment" and o["company.runway"][o.failed_month[0] - 2, 0] < 3.0,
)

DEAD_SUPPLIER = Case(
    "the death of a supplier costs capability and brings substitutes",
    world(
        company=rows("cash fixed_cost pass_through", (5e6, 10e6, None), (1e9, None, 0.5), (1e9, None, None)),
        segment=rows("seller revenue", (1, 8e6), (2, 5e6)),
        contract=rows(
            "customer supplier usage substitutable routing price_linked revenue_share",
            (1, 0, 5e6, 0.4, 0.7, None, None),
            (2, 0, 2e6, 0.9, None, 0.0, 0.2),
            (2, 1, 1e6, None, None, None, None),
        ),
        commitment=rows("contract amount", (0, 6e6)),
        market=[{"substitution_premium": 1.4}],
    ),
    12,
    lambda o: o.failed_month[0] > 0 and o["company.capability"][-1, 1] < 0.8,
)

SPENDING = Case(
    "costs, tax, payouts and cuts of research",
    world(
        company=rows(
            "cash fixed_cost fixed_cost_growth variable_cost cost_volatility discretionary_cost "
            "burn_cut_runway minimum_cash tax_rate payout",
            (60e6, 4e6, 0.4, 0.3, 1e6, 9e6, 10.0, 10e6, None, None),
            (9e6, 1e6, None, 0.2, None, None, None, 12e6, 0.25, 0.6),
        ),
        segment=rows("seller revenue growth growth_long", (0, 9e6, None, None), (1, 4e6, 0.3, 0.2)),
    ),
    30,
    lambda o: (
        o["company.research"][:, 0].min() < 0.8
        and o["company.payout"][:, 1].max() > 0
        and o["company.tax"][:, 1].max() > 0
    ),
)

FLEETS = Case(
    "vintages are built, depreciate, retire and are bought again",
    world(
        company=rows(
            "cash minimum_cash fixed_cost variable_cost",
            (30e6, 5e6, 1e6, None),
            (1e9, None, None, 0.4),
            (1e9, None, None, None),
        ),
        segment=rows("seller revenue growth volatility", (0, 9e6, 0.3, 0.4)),
        fleet=rows(
            "owner cost age_span economic_life book_life capex capex_growth capex_growth_long "
            "capex_growth_half_life refresh lag committed capex_of_revenue class indexed ai_share",
            (0, 50e6, 20.0, 14.0, 17.4, 3e6, 0.9, -0.2, 4.0, 0.8, 1.0, 0.25, None, None, None, None),
            (0, 20e6, 6.0, 40.0, None, 1e6, None, None, None, None, 3.0, None, 0.2, 1.0, 0.0, 0.3),
        ),
        order=rows("fleet vendor share", (0, 1, 0.7), (0, 2, 0.2), (1, 2, 0.5)),
        market=[LIVELY],
    ),
    36,
    lambda o: {True, False} == set((o["fleet.capex"] < o["fleet.wanted"] - 1.0).flat),
)

FUNDING = Case(
    "pledges and rounds, with own and common luck",
    world(
        company=rows(
            "cash fixed_cost round_runway round_months growth_premium round_share last_valuation "
            "minimum_cash",
            (20e6, 14e6, 12.0, 6.0, 1.5, None, None, None),
            (40e6, 8e6, 12.0, None, None, 0.1, 7e8, None),
            (70e6, None, None, None, None, None, None, 10e6),
        ),
        segment=rows("seller revenue growth volatility", (0, 5e6, 1.0, 0.5), (1, 4e6, None, 0.3)),
        pledge=rows(
            "investor company amount first_month months unless_shut",
            (2, 0, 30e6, 2.0, 6.4, None),
            (2, 1, 90e6, 3.0, 4.0, 1.0),
            (-1, 1, 5e6, 5.0, None, None),
        ),
        market=[LIVELY | {"odds_normal": 2.0, "odds_shut": 0.5}],
    ),
    36,
    lambda o: (o["company.raised"].max(axis=0)[:2] > 0).all() and o["company.down_rounds"].max() > 0,
)

PROCESS = Case(
    "growth wanders, in part together, and demand breaks, of the mean and of the median path",
    world(
        company=rows("cash", (1e9,), (1e9,)),
        segment=rows(
            "seller revenue growth growth_long growth_half_life volatility growth_path growth_volatility "
            "growth_common break_hazard break_size break_spread common_loading",
            (0, 5e6, 1.2, 0.3, 18.0, 0.3, None, 0.9, 0.5, 0.9, None, 0.4, 1.0),
            (1, 4e6, 0.2, 0.2, None, 0.2, 1.0, 0.5, 0.3, 1.5, 0.2, None, 1.0),
            (1, 3e6, 0.5, 0.1, 9.0, None, 1.0, None, None, None, None, None, -0.5),
        ),
        market=[LIVELY],
    ),
    48,
    lambda o: (o["segment.breaks"][-1, :2] > 0).all() and np.ptp(o["segment.growth"][:, 1]) > 0.2,
)

SATURATION = Case(
    "two labs fill one market with noise, an app one of its own, and one of them dies",
    world(
        company=rows("cash fixed_cost", (60e6, 16e6), (1e9, None), (1e9, None)),
        segment=rows(
            "seller revenue growth growth_long growth_volatility volatility potential market_number common_loading",
            (0, 5e6, 1.2, -0.4, 0.6, 0.3, 12e6, 1.0, 1.0),
            (1, 4e6, 0.9, 0.3, None, 0.2, 12e6, 1.2, None),
            (2, 3e6, 0.7, 0.7, None, None, 6e6, None, None),
            (2, 2e6, 0.6, 0.6, None, None, None, 1.0, None),
        ),
        recapture=rows("from to share", (0, 1, 0.6)),
        market=[LIVELY],
    ),
    36,
    lambda o: (
        o.failed_month[0] > 0 and o["segment.filled"].max() > 1.0 and (o["segment.filled"][:, 3] == 0).all()
    ),
)

PLANS = Case(
    "an app with a plan at one price meets dearer input: passes on, caps use, and one segment has no plan",
    world(
        company=rows(
            "cash price_step price_step_month pass_through fixed_cost",
            (1e9, 0.8, 4.0, None, None),
            (80e6, None, None, 0.1, 2e6),
            (60e6, 0.2, 8.0, None, None),
        ),
        segment=rows(
            "seller revenue growth volatility elasticity adjust_months use_spread plan_cap cap_response withheld_felt "
            "use_worth cap_level",
            (1, 9e6, 0.5, 0.3, 1.4, 3.0, 1.2, 2.0, 1.0, 2.5, None, None),
            (1, 3e6, 0.2, None, 0.6, None, None, None, None, None, None, None),
            (2, 5e6, None, 0.2, 0.9, 5.0, 0.7, None, None, None, 0.6, None),
            (2, 2e6, None, None, 1.1, None, 1.6, 1.2, None, None, None, 0.8),
        ),
        recapture=rows("from to share", (0, 2, 0.4)),
        contract=rows(
            "customer supplier usage follows routing substitutable",
            (1, 0, 5e6, None, None, None),
            (1, 2, 1e6, None, 0.4, None),
            (2, 0, 3e6, None, None, 0.5),
            (2, 0, 1e6, 1.0, None, None),
        ),
        commitment=rows("contract amount", (0, 4e6)),
        market=[LIVELY],
    ),
    30,
    lambda o: (
        o["segment.mean_use"][-1, 2] > 1.02
        and o["segment.withheld"][-1, 0] > 0.03
        and o["segment.selection"][:, 0].min() < -0.01
        and (o["segment.served_use"][:, 1] == 1.0).all()
    ),
)

VALUES = Case(
    "values by expected earnings: of a giant, a lab, an app with commitments and a neocloud with debt",
    world(
        company=rows(
            "cash public market_value last_valuation target_margin variable_cost value_volatility beta "
            "price_impact equity_runway round_runway fixed_cost price_step price_step_month payout",
            (1e9, 1.0, 3e11, None, None, 0.4, 0.2, 1.4, None, None, None, None, None, None, 0.5),
            (3e9, None, None, 6e10, 0.5, 0.1, 0.5, 1.5, None, None, 24.0, 4e8, 0.4, 8.0, None),
            (9e7, None, None, None, 0.3, None, 0.7, 1.5, None, None, 18.0, 3e7, None, None, None),
            (9e7, 1.0, 4e9, None, 0.4, 0.1, 0.7, 3.0, 0.3, 24.0, None, 6e7, None, None, None),
            (1e9, 1.0, None, None, None, None, None, None, None, None, None, None, None, None, None),
        ),
        segment=rows(
            "seller revenue growth volatility", (0, 1e9, 0.1, 0.1), (1, 2e8, 0.9, 0.3), (2, 5e7, 0.7, 0.4)
        ),
        contract=rows(
            "customer supplier usage follows price_linked",
            (2, 1, 3e7, None, None),
            (1, 0, 9e7, 1.0, None),
            (1, 3, 6e7, None, 0.0),
        ),
        commitment=rows("contract amount first_month last_month", (0, 9e7, 5.0, 40.0), (2, 2e8, 9.0, 69.0)),
        fleet=rows("owner cost capex book_life", (0, 5e9, 3e8, 60.0), (3, 2e9, 5e7, 40.0)),
        loan=rows("borrower lender balance rate maturity", (3, 0, 3e9, 0.09, 60.0)),
        stake=rows("holder issuer fraction preference", (0, 1, 0.3, 1e9)),
        order=rows("fleet vendor share", (1, 0, 0.8)),
        market=[LIVELY | {"index_volatility": 0.25, "index_drift": 0.05}],
    ),
    36,
    lambda o: (
        np.ptp(o["market.index"]) > 0.1
        and o["company.diluted"][-1, 1] < 1
        and o["company.mispricing"][:, 3].min() < -0.01
        and (o["company.valuation"][-1, 3] == 0 or o["company.idle_commitments"].max() > 0)
    ),
)

COMPUTE = Case(
    "landlords and a lab die: machines stay, tenants go to spot, rents follow need over supply",
    world(
        company=rows(
            "cash fixed_cost own_compute discretionary_growth minimum_cash",
            (160e6, 4e6, None, None, None),
            (20e6, 12e6, None, None, None),
            (1e9, None, 1e6, 0.3, 10e6),
            (90e6, 6e6, None, None, 5e6),
        ),
        segment=rows(
            "seller revenue growth volatility", (0, 9e6, -0.4, 0.3), (1, 2e6, 0.2, None), (3, 2e6, None, 0.4)
        ),
        recapture=rows("from to share", (1, 2, 0.4)),
        contract=rows(
            "customer supplier usage substitutable replace_months recontract_months tier follows",
            (0, 1, 5e6, 0.7, 4.0, 6.0, None, None),
            (0, 2, 4e6, None, None, None, 1.2, None),
            (0, 3, 3e6, 1.0, None, 3.0, None, 2.0),
        ),
        fleet=rows(
            "owner cost capacity_revenue economic_life book_life capex lag limits relet indexed",
            (1, 90e6, 1.0, 30.0, 24.0, 1e6, 2.0, None, None, None),
            (2, 60e6, 0.9, 40.0, 50.0, 2e6, 3.0, 1.0, 0.2, None),
            (3, 50e6, 1.1, 25.0, 30.0, 1e6, 1.0, None, 0.1, None),
            (3, 20e6, 0.5, 60.0, 60.0, None, None, None, None, 0.0),
        ),
        market=[
            LIVELY
            | {
                "spot_market": 1.0,
                "salvage": 0.8,
                "gpu_clearing": 0.6,
                "depth_cash": 0.5,
                "depth_shut": 0.4,
                "depth_gpu": 5e7,
            }
        ],
    ),
    36,
    lambda o: (
        (o.failed_month[[0, 1]] > 0).all()
        and o["market.occupancy"].max() > 0
        and o["market.footloose"].max() > 0
        and (o["fleet.capacity"][o.failed_month[1] + 3, 0] > 0)
    ),
)

CONSTRUCTION = Case(
    "what is built for contracts by owners of several fleets, one of whose customers dies",
    world(
        company=rows("cash", (2e9,), (60e6,), (2e9,)),
        segment=rows(
            "seller revenue growth volatility hosted", (0, 9e6, 0.4, 0.2, 0.4), (2, 3e6, None, None, None)
        ),
        contract=rows(
            "customer supplier usage follows intensity_trend",
            (1, 0, 4e6, 2.0, 0.3),
            (2, 0, 2e6, 2.0, None),
            (0, 2, 1e6, 2.0, None),
        ),
        commitment=rows(
            "contract amount first_month last_month",
            (0, 9e6, 8.0, 30.0),
            (1, 6e6, 5.0, 14.0),
            (2, 4e6, 10.0, 33.0),
        ),
        fleet=rows(
            "owner cost capacity_revenue age_span economic_life lag construction refresh capex",
            (0, 80e6, 1.0, 12.0, 20.0, 3.0, 0.5, None, None),
            (0, 60e6, 0.6, 4.0, 14.0, 6.0, 0.25, 0.2, 1e6),
            (2, 60e6, 1.2, 9.0, 18.0, 4.0, 1.0, None, None),
        ),
    ),
    36,
    lambda o: (
        (o.failed_month[1] > 0)
        and (o["fleet.shortfall"].max(axis=0) > 0).all()
        and (o["fleet.shortfall"].min(axis=0) == 0).all()
        and o["fleet.capacity"][10, 0] > o["fleet.capacity"][1, 0]
    ),
)

INVESTMENT = Case(
    "capex plans with shocks, pulled by demand and orders, of owners whose investors lose confidence",
    world(
        company=rows(
            "cash payout confidence_value confidence_burden burden_tolerance confidence_lag",
            (1e10, 0.5, 1.5, 1.0, 0.2, 2.0),
            (1e10, None, 0.8, None, None, None),
            (1e10, None, None, None, None, None),
        ),
        segment=rows(
            "seller revenue growth volatility", (0, 9e6, -0.6, 0.3), (1, 8e6, 0.5, 0.3), (2, 5e6, None, 0.2)
        ),
        contract=rows(
            "customer supplier usage cut_first follows", (0, 1, 2e6, 0.5, 2.0), (1, 2, 3e6, 0.2, None)
        ),
        commitment=rows("contract amount first_month last_month", (0, 2e6, None, 20.0), (1, 4e6, 6.0, 30.0)),
        fleet=rows(
            "owner cost capacity_revenue capex capex_growth capex_growth_long capex_growth_half_life capex_volatility "
            "capex_noise capex_common capex_pressure capex_catch_up capex_orders capex_lag patience_hazard tolerance",
            (0, 90e6, 1.0, 3e6, 0.4, 0.1, 8.0, 0.3, 0.2, 0.4, 0.3, 0.4, None, 4.0, 0.1, 0.5),
            (1, 60e6, 1.2, 2e6, 0.2, None, 5.0, 0.2, None, 0.8, 0.5, None, 0.4, None, None, None),
            (1, 60e6, None, 1e6, None, None, None, None, 0.3, 0.1, None, 0.7, 0.6, 2.0, None, None),
            (2, 80e6, 1.0, 2e6, 0.1, None, None, None, None, None, None, None, None, None, None, None),
        ),
    ),
    36,
    lambda o: (
        o["company.confidence"][-1, 0] < 0.9
        and np.ptp(o["fleet.pull"][:, 2]) > 0.1
        and o["company.bills"][-1, 0] < o["company.bills"][0, 0]
        and (o["fleet.pull"][:, 3] == 0).all()
    ),
)

CASES = [
    PROCESS,
    SATURATION,
    PLANS,
    VALUES,
    COMPUTE,
    INVESTMENT,
    CONSTRUCTION,
    REGIMES,
    PRICES,
    DEMAND,
    BILLS,
    DEAD_SUPPLIER,
    SPENDING,
    FLEETS,
    FUNDING,
]
