"""Small worlds made by hand, one for each part of the month; `shows` proves that the part was really at work."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tests.oracle.build import world
from tests.oracle.simulate import Outcome


@dataclass(frozen=True)
class Case:
    """A world, how long to run it, and what must be seen in the oracle's outcome."""

    name: str
    inputs: dict[str, np.ndarray]
    months: int
    shows: Callable[[Outcome], bool]


def rich(**more) -> dict:
    """A company that will not fail."""
    return {"cash": 1e9, **more}


LIVELY_MARKET = {
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
    world(company=[rich()], segment=[{"seller": 0, "revenue": 5e6, "common_loading": 1.5}], market=[LIVELY_MARKET]),
    60,
    lambda o: set(o.series["market", "regime"].ravel()) == {0.0, 1.0, 2.0} and np.ptp(o.series["market", "gpu_log"]) > 0.3,
)

PRICES = Case(
    "a price rise passes down a chain of three, with lags, service cuts and routing",
    world(
        company=[
            rich(price_step=0.6, price_step_month=3.4, price_trend=-0.2),
            rich(pass_through=0.7, price_lag=2.5, service_cut=0.4),
            rich(pass_through=1.3, price_lag=1.0, price_trend=0.1),
        ],
        segment=[
            {"seller": 1, "revenue": 7e6, "elasticity": 1.1, "adjust_months": 4.0},
            {"seller": 2, "revenue": 9e6, "elasticity": 0.4},
        ],
        contract=[
            {"customer": 1, "supplier": 0, "usage": 4e6, "routing": 0.3},
            {"customer": 2, "supplier": 1, "usage": 3e6, "routing": 1.2, "intensity_trend": 0.5},
            {"customer": 2, "supplier": 0, "usage": 1e6, "price_linked": 0.0, "routing": 2.0},
        ],
    ),
    18,
    lambda o: o.series["company", "price"][-1, 2] > 1.05 and o.series["segment", "response"][-1, 0] < 0.95,
)

DEMAND = Case(
    "demand moves to a rival when the price rises and when the seller dies",
    world(
        company=[{"cash": 15e6, "fixed_cost": 12e6, "price_step": 0.5}, rich(), rich()],
        segment=[
            {"seller": 0, "revenue": 7e6, "growth": 0.8, "elasticity": 1.5, "volatility": 0.3, "ai_share": 0.4},
            {"seller": 1, "revenue": 3e6, "growth": -0.5, "growth_long": 0.1, "growth_half_life": 5.0, "volatility": 0.2},
            {"seller": 2, "revenue": 2e6, "common_loading": -0.7},
        ],
        recapture=[{"from": 0, "to": 1, "share": 0.5}, {"from": 0, "to": 2, "share": 0.3}, {"from": 1, "to": 2, "share": 0.2}],
        market=[LIVELY_MARKET],
    ),
    24,
    lambda o: 1 < o.failed_month[0] < 20 and o.series["segment", "volume"][-1, 1] > 1.5,
)

BILLS = Case(
    "take-or-pay, renegotiation, revenue shares and drivers of use",
    world(
        company=[
            {"cash": 40e6, "fixed_cost": 6e6, "discretionary_cost": 5e6, "discretionary_growth": -0.6, "burn_cut_runway": 12.0},
            rich(price_trend=0.2),
            rich(),
        ],
        segment=[{"seller": 0, "revenue": 16e6, "growth": -0.9}],
        contract=[
            {"customer": 0, "supplier": 1, "usage": 5e6, "renegotiable": 0.6, "revenue_share": 0.1},
            {"customer": 0, "supplier": 2, "usage": 4e6, "follows": 1.0, "intensity_trend": -0.3},
            {"customer": 1, "supplier": 2, "usage": 2e6, "follows": 2.0},
        ],
        commitment=[
            {"contract": 0, "amount": 4e6, "last_month": 9.0},
            {"contract": 0, "amount": 12e6, "first_month": 4.0},
            {"contract": 1, "amount": 3e6, "first_month": 2.0, "last_month": 5.0},
        ],
    ),
    20,
    lambda o: o.cause[0] == "commitment" and o.series["company", "runway"][o.failed_month[0] - 2, 0] < 3.0,
)

DEAD_SUPPLIER = Case(
    "the death of a supplier costs capability and brings substitutes",
    world(
        company=[{"cash": 5e6, "fixed_cost": 10e6}, rich(pass_through=0.5), rich()],
        segment=[{"seller": 1, "revenue": 8e6}, {"seller": 2, "revenue": 5e6}],
        contract=[
            {"customer": 1, "supplier": 0, "usage": 5e6, "substitutable": 0.4, "routing": 0.7},
            {"customer": 2, "supplier": 0, "usage": 2e6, "substitutable": 0.9, "price_linked": 0.0, "revenue_share": 0.2},
            {"customer": 2, "supplier": 1, "usage": 1e6},
        ],
        commitment=[{"contract": 0, "amount": 6e6}],
        market=[{"substitution_premium": 1.4}],
    ),
    12,
    lambda o: o.failed_month[0] > 0 and o.series["company", "capability"][-1, 1] < 0.8,
)

SPENDING = Case(
    "costs, tax, payouts and cuts of research",
    world(
        company=[
            {"cash": 60e6, "fixed_cost": 4e6, "fixed_cost_growth": 0.4, "variable_cost": 0.3, "cost_volatility": 1e6,
             "discretionary_cost": 9e6, "burn_cut_runway": 10.0, "minimum_cash": 10e6},
            {"cash": 9e6, "fixed_cost": 1e6, "variable_cost": 0.2, "tax_rate": 0.25, "payout": 0.6, "minimum_cash": 12e6},
        ],
        segment=[{"seller": 0, "revenue": 9e6}, {"seller": 1, "revenue": 4e6, "growth": 0.3, "growth_long": 0.2}],
    ),
    30,
    lambda o: o.series["company", "research"][:, 0].min() < 0.8 and o.series["company", "payout"][:, 1].max() > 0
    and o.series["company", "tax"][:, 1].max() > 0,
)  # fmt: skip

FLEETS = Case(
    "vintages are built, depreciate, retire and are bought again",
    world(
        company=[{"cash": 30e6, "minimum_cash": 5e6, "fixed_cost": 1e6}, rich(variable_cost=0.4), rich()],
        segment=[{"seller": 0, "revenue": 9e6, "growth": 0.3, "volatility": 0.4}],
        fleet=[
            {"owner": 0, "cost": 50e6, "age_span": 20.0, "economic_life": 14.0, "book_life": 17.4, "capex": 3e6,
             "capex_growth": 0.9, "capex_growth_long": -0.2, "capex_growth_half_life": 4.0, "refresh": 0.8, "lag": 1.0,
             "committed": 0.25},
            {"owner": 0, "cost": 20e6, "age_span": 6.0, "economic_life": 40.0, "capex": 1e6, "capex_of_revenue": 0.2,
             "lag": 3.0, "class": 1.0, "indexed": 0.0, "ai_share": 0.3},
        ],
        order=[{"fleet": 0, "vendor": 1, "share": 0.7}, {"fleet": 0, "vendor": 2, "share": 0.2},
               {"fleet": 1, "vendor": 2, "share": 0.5}],
        market=[LIVELY_MARKET],
    ),
    36,
    lambda o: (o.series["fleet", "capex"] < o.series["fleet", "wanted"] - 1.0).any()
    and (o.series["fleet", "capex"] > o.series["fleet", "wanted"] - 1.0).any(),
)  # fmt: skip

LOANS = Case(
    "every way to repay, floating rates, draws and refinancing",
    world(
        company=[rich(), {"cash": 30e6, "minimum_cash": 8e6}],
        segment=[{"seller": 1, "revenue": 1e6}],
        fleet=[{"owner": 0, "capex": 5e6}],
        loan=[
            {"borrower": 0, "lender": -1, "balance": 12e6, "rate": 0.09, "amortisation": 2.0, "maturity": 12.0},
            {"borrower": 0, "lender": 1, "balance": 8e6, "rate": 0.03, "floating": 1.0, "amortisation": 1.0, "maturity": 20.0,
             "interest_only": 4.6, "rank": 2.0},
            {"borrower": 0, "lender": 1, "balance": 6e6, "rate": 0.05, "amortisation": 3.0, "maturity": 9.0, "rank": 5.0},
            {"borrower": 0, "lender": -1, "balance": 7e6, "rate": 0.05, "maturity": 5.0, "refinance_chance": 0.97,
             "refinance_months": 4.0},
            {"borrower": 0, "lender": 1, "balance": 1e6, "undrawn": 40e6, "draw_share": 0.8, "rate": 0.08, "amortisation": 2.0,
             "maturity": 15.0, "refinance_chance": 0.0},
            {"borrower": 0, "lender": -1, "balance": 3e6, "amortisation": 2.0, "maturity": 7.0},
        ],
        repayment=[{"loan": 2, "amount": 1e6, "month": 2.0}, {"loan": 2, "amount": 2e6, "month": 2.0},
                   {"loan": 2, "amount": 9e6, "month": 7.0}],
        market=[LIVELY_MARKET],
    ),
    24,
    lambda o: o.series["loan", "maturity"][-1, 3] > 5 and o.series["company", "drawn"][:, 0].max() > 0,
)  # fmt: skip

COVENANTS = Case(
    "broken covenants call loans, and called loans call others",
    world(
        company=[{"cash": 22e6, "fixed_cost": 2e6, "default_cost": 0.4}, {"cash": 50e6, "fixed_cost": 3e6}, rich()],
        segment=[{"seller": 1, "revenue": 4e6, "growth": -0.8}],
        fleet=[{"owner": 1, "cost": 40e6, "economic_life": 30.0}],
        loan=[
            {"borrower": 0, "lender": 2, "balance": 15e6, "rate": 0.1, "maturity": 30.0, "min_cash": 14e6, "cure_months": 1.0},
            {"borrower": 0, "lender": -1, "balance": 5e6, "rate": 0.1, "maturity": 30.0, "cross_default": 1.0, "rank": 2.0},
            {"borrower": 1, "lender": 2, "balance": 20e6, "maturity": 30.0, "max_ltv": 1.2, "fleet_collateral": 0.9, "rank": 2.0},
            {"borrower": 1, "lender": 2, "balance": 4e6, "rate": 0.2, "amortisation": 1.0, "maturity": 30.0, "min_dscr": 1.3,
             "cure_months": 3.0},
        ],
    ),
    18,
    lambda o: o.cause[0] == "covenant" and o.series["loan", "accelerated"][-1].sum() >= 3,
)  # fmt: skip

FUNDING = Case(
    "pledges and rounds, with own and common luck",
    world(
        company=[
            {"cash": 20e6, "fixed_cost": 14e6, "round_runway": 12.0, "round_months": 6.0, "growth_premium": 1.5},
            {"cash": 40e6, "fixed_cost": 8e6, "round_runway": 12.0, "round_share": 0.1, "last_valuation": 7e8},
            {"cash": 70e6, "minimum_cash": 10e6},
        ],
        segment=[{"seller": 0, "revenue": 5e6, "growth": 1.0, "volatility": 0.5}, {"seller": 1, "revenue": 4e6, "volatility": 0.3}],
        pledge=[
            {"investor": 2, "company": 0, "amount": 30e6, "first_month": 2.0, "months": 6.4},
            {"investor": 2, "company": 1, "amount": 90e6, "first_month": 3.0, "months": 4.0, "unless_shut": 1.0},
            {"investor": -1, "company": 1, "amount": 5e6, "first_month": 5.0},
        ],
        market=[LIVELY_MARKET | {"odds_normal": 2.0, "odds_shut": 0.5}],
    ),
    36,
    lambda o: (o.series["company", "raised"][:, :2] > 0).any(axis=0).all() and o.series["company", "down_rounds"].max() > 0,
)  # fmt: skip

RANKS = Case(
    "one company pays its ranks in part, the soft ones of its creditors give way",
    world(
        company=[
            {"cash": 1e6, "fixed_cost": 2e6, "default_cost": 0.2},
            {"cash": 1e6, "fixed_cost": 3.5e6, "discretionary_cost": 4e6, "default_cost": 0.1},
            {"cash": 4e6, "payout": 0.9, "default_cost": 0.5},
            {"cash": 4e6, "minimum_cash": 1e6},
        ],
        segment=[{"seller": 0, "revenue": 6e6, "growth": -5.0, "growth_long": -2.0}, {"seller": 1, "revenue": 1e6},
                 {"seller": 2, "revenue": 2e6}],
        contract=[{"customer": 0, "supplier": 1, "usage": 3e6}, {"customer": 0, "supplier": 2, "usage": 1e6}],
        commitment=[{"contract": 0, "amount": 3e6}, {"contract": 1, "amount": 1e6}],
        loan=[
            {"borrower": 0, "lender": 3, "balance": 5e6, "rate": 0.12, "amortisation": 1.0, "maturity": 12.0, "rank": 2.0},
            {"borrower": 1, "lender": 2, "balance": 6e6, "rate": 0.12, "amortisation": 1.0, "maturity": 9.0},
            {"borrower": 2, "lender": 3, "balance": 6e6, "amortisation": 1.0, "maturity": 8.0, "rank": 5.0},
        ],
        fleet=[{"owner": 1, "capex": 1e6, "committed": 0.3}, {"owner": 3, "capex": 2e6}],
        order=[{"fleet": 0, "vendor": 3, "share": 1.0}, {"fleet": 1, "vendor": 2, "share": 0.5}],
    ),
    12,
    lambda o: "contagion" in o.cause and (o.failed_month > 0).sum() >= 2,
)  # fmt: skip

RING = Case(
    "a ring of debts in which all fail together",
    world(
        company=[{"cash": 1.1e6, "default_cost": 0.4}, {"cash": 0.7e6, "default_cost": 0.1}, {"cash": 0.4e6, "default_cost": 0.6}],
        loan=[
            {"borrower": 0, "lender": 1, "balance": 9e6, "maturity": 2.0, "refinance_chance": 0.0},
            {"borrower": 1, "lender": 2, "balance": 8e6, "maturity": 2.0, "refinance_chance": 0.0, "rank": 2.0},
            {"borrower": 2, "lender": 0, "balance": 7e6, "maturity": 2.0, "refinance_chance": 0.0, "rank": 5.0},
            {"borrower": 0, "lender": 2, "balance": 3e6, "maturity": 2.0, "refinance_chance": 0.0, "rank": 2.0},
        ],
    ),
    4,
    lambda o: sorted(o.failed_month) == [2, 2, 2],
)  # fmt: skip

LOSSES = Case(
    "losses go through three balance sheets, by loans, stakes and unpaid bills",
    world(
        company=[
            {"cash": 5e6, "fixed_cost": 2.2e6, "default_cost": 0.5},
            {"cash": 20e6, "loss_capacity": 4e6, "default_cost": 0.3},
            {"cash": 30e6, "loss_capacity": 9e6, "default_cost": 0.2},
            {"cash": 9e6, "loss_capacity": 2e6},
            rich(loss_capacity=1e6),
        ],
        loan=[
            {"borrower": 0, "lender": 1, "balance": 9e6, "maturity": 50.0, "collateral": 2e6, "rank": 2.0},
            {"borrower": 1, "lender": 2, "balance": 60e6, "maturity": 50.0, "rank": 5.0},
            {"borrower": 1, "lender": -1, "balance": 8e6, "maturity": 50.0},
        ],
        stake=[{"holder": 3, "issuer": 2, "fraction": 0.2, "carrying_value": 3e6},
               {"holder": -1, "issuer": 1, "fraction": 0.5, "carrying_value": 1e6}],
        contract=[{"customer": 0, "supplier": 4, "usage": 2e6, "follows": 2.0}],
    ),
    8,
    lambda o: list(o.cause[:4]) == ["cash", "losses", "losses", "losses"] and max(o.rounds) >= 4,
)  # fmt: skip

FIRE_SALE = Case(
    "a forced sale marks down the fleets of others, whose lenders call at once",
    world(
        company=[
            {"cash": 3e6, "fixed_cost": 1e6, "default_cost": 0.3},
            {"cash": 9e6, "default_cost": 0.2},
            {"cash": 70e6, "default_cost": 0.2},
            rich(),
        ],
        fleet=[{"owner": 0, "cost": 60e6, "economic_life": 50.0}, {"owner": 1, "cost": 50e6, "economic_life": 48.0},
               {"owner": 2, "cost": 50e6, "economic_life": 48.0}, {"owner": 3, "cost": 10e6, "class": 2.0}],
        loan=[
            {"borrower": 1, "lender": 3, "balance": 20e6, "maturity": 60.0, "fleet_collateral": 1.0, "max_ltv": 0.9, "rank": 2.0,
             "cure_months": 0.0},
            {"borrower": 2, "lender": 3, "balance": 20e6, "maturity": 60.0, "fleet_collateral": 1.0, "max_ltv": 0.9, "rank": 2.0,
             "cure_months": 0.0},
            {"borrower": 0, "lender": 3, "balance": 30e6, "maturity": 60.0, "fleet_collateral": 0.5, "rank": 2.0},
        ],
        market=[{"depth_gpu": 3e7, "impact_half_life": 4.0, "sentiment": 1.0, "large_company": 25e6, "regime": 0.0}],
    ),
    8,
    lambda o: o.cause[0] == "cash" and o.cause[1] == "covenant" and o.failed_month[1] == o.failed_month[0]
    and o.failed_month[2] == 0 and o.series["loan", "accelerated"][-1, 1] == 1,
)  # fmt: skip

CASES = [
    REGIMES, PRICES, DEMAND, BILLS, DEAD_SUPPLIER, SPENDING, FLEETS, LOANS, COVENANTS, FUNDING, RANKS, RING, LOSSES, FIRE_SALE,
]  # fmt: skip
