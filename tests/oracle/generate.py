"""Hostile worlds as input arrays: poor companies, many links, every parameter moved.

Numbers come from a continuous generator, so that no decision of the model stands on an exact tie (two
programmes may then differ by a rounding and both be right). Hypothesis chooses how many entities there are
of each kind and the seed of the numbers: a failing world shrinks to the few entities that matter.
"""

from collections.abc import Collection

import numpy as np
from cashcade import _core
from hypothesis import strategies as st

from tests.oracle.build import FIRST_ADDRESS

MOST = {
    "company": 6,
    "segment": 6,
    "recapture": 4,
    "contract": 8,
    "commitment": 6,
    "loan": 6,
    "repayment": 4,
    "stake": 4,
    "pledge": 3,
    "fleet": 4,
    "order": 6,
}
LONGEST = 36
SCALE = 1e6
AMOUNTS = ("USD", "USD/month", "USD/sqrt(month)")
# Half-widths of what is drawn for units whose table bounds are too wide to be hostile in an interesting way.
SPANS = {"1/year": 2.0, "1/sqrt(year)": 0.8, "months": 24.0, "month": LONGEST, "1": 3.0}
RANGES = {
    "company.price_lag": (1.0, 6.0),
    "company.price_step": (-0.5, 2.0),
    "company.round_runway": (0.0, 24.0),
    "company.valuation_multiple": (0.0, 20.0),
    "segment.growth_half_life": (0.5, 48.0),
    "segment.adjust_months": (1.0, 8.0),
    "loan.rate": (0.0, 0.3),
    "loan.cure_months": (0.0, 3.0),
    "loan.max_ltv": (0.2, 3.0),
    "fleet.age_span": (1.0, 30.0),
    "fleet.book_life": (1.0, 30.0),
    "fleet.economic_life": (1.0, 30.0),
    "fleet.capex_growth_half_life": (0.5, 48.0),
    "fleet.capex_of_revenue": (0.0, 0.3),
    "fleet.lag": (1.0, 9.0),
    "fleet.capacity_revenue": (0.0, 20.0),
    "market.gpu_clearing": (0.0, 2.0),
    "contract.recontract_months": (0.0, 9.0),
    "market.gdp_multiplier": (0.0, 10.0),
    "market.gdp_lag": (1.0, 6.0),
    "market.wealth_lag": (1.0, 6.0),
    "segment.gdp_loading": (-2.0, 3.0),
    "segment.wealth_loading": (-0.3, 0.5),
    "contract.replace_months": (0.0, 9.0),
    "contract.tier": (0.3, 3.0),
    "contract.price_half_life": (0.5, 24.0),
    "contract.intensity_half_life": (0.5, 24.0),
    "fleet.tolerance": (0.05, 2.0),
    "fleet.capex_of_backlog": (0.0, 0.3),
    "fleet.capex_valuation": (0.0, 2.0),
    "fleet.capex_pressure": (0.0, 1.0),
    "fleet.capex_catch_up": (0.0, 1.0),
    "fleet.order_months": (0.0, 12.0),
    "contract.payment_months": (0.0, 4.0),
    "fleet.capex_orders": (0.0, 1.0),
    "market.depth_cash": (0.0, 1.0),
    "market.depth_shut": (0.1, 1.0),
    "fleet.patience_hazard": (0.0, 0.5),
    "company.staff_lag": (1.0, 6.0),
    "company.sudden_failure": (0.0, 0.3),
    "company.wound_up": (0.0, 24.0),
    "company.severance": (0.0, 4.0),
    "company.hibernation_runway": (0.0, 12.0),
    "market.base_rate": (0.0, 0.1),
    "market.common_persistence": (-0.9, 0.95),
    "market.common_volatility": (0.0, 0.1),
    "market.impact_half_life": (0.5, 24.0),
    "market.dry_powder": (0.0, 30 * SCALE),
    "market.dry_powder_inflow": (0.0, 30 * SCALE),
    "market.dry_powder_lag": (1.0, 24.0),
    "company.equity_runway": (0.0, 24.0),
    "company.cost_growth_half_life": (0.0, 24.0),
    "loan.draw_runway": (0.0, 24.0),
    "loan.customer_spread": (0.0, 0.2),
    "loan.max_leverage": (0.0, 0.5),
    "market.spread_leverage": (0.0, 0.2),
    "market.leverage_free": (0.0, 1.0),
    "market.refinance_leverage": (0.0, 2.0),
    "market.refinance_spread": (0.0, 10.0),
    "market.tightening": (0.0, 2.0),
    "market.tightening_spread": (0.0, 0.2),
    "market.workout_open": (0.2, 1.0),
    "market.workout_normal": (0.2, 1.0),
    "market.workout_shut": (0.2, 1.0),
    "market.workout_months": (1.0, 12.0),
    "market.backstop": (0.1, 0.8),
    "market.backstop_size": (0.0, 10 * SCALE),
    "market.gdp_start": (1e9, 1e10),
    "segment.use_spread": (0.2, 1.8),
    "segment.plan_cap": (0.3, 6.0),
    "segment.cap_level": (0.3, 2.0),
    "segment.use_worth": (0.0, 1.5),
    "segment.potential": (SCALE, 40 * SCALE),
    "segment.market_number": (0.0, 3.0),
    "segment.growth_volatility": (0.0, 1.5),
    "segment.break_hazard": (0.0, 3.0),
    "segment.break_size": (0.0, 2.0),
    "market.index_volatility": (0.0, 0.5),
    "market.index_drift": (-0.5, 0.5),
    "market.discount_rate": (0.02, 0.4),
    "company.market_value": (0.0, 300 * SCALE),
    "company.outlook_half_life": (1.0, 48.0),
    "company.value_half_life": (1.0, 48.0),
    "company.beta": (-1.0, 3.0),
    "company.window_loading": (0.0, 2.0),
    "company.price_impact": (0.0, 2.0),
    "market.large_company": (0.0, 20 * SCALE),
    "market.retry_months": (0.0, 9.0),
    "market.appetite_half_life": (0.5, 24.0),
    "market.share_sold_deviation": (0.0, 1.5),
    "market.usual_losses": (0.0, 60 * SCALE),
    "market.windows_common": (0.0, 1.0),
    "market.depth_gpu": (SCALE, 50 * SCALE),
    "market.depth_building": (SCALE, 50 * SCALE),
    "market.depth_power": (SCALE, 50 * SCALE),
}
SILENT = 0.3  # chance that a world is silent about a parameter that has a default
UNUSED = 0.1  # chance that nobody in a world speaks about it: what nobody uses is skipped
SELDOM = 0.5  # the same for what switches a mechanism on, so that most worlds have some of them and not all
MECHANISMS = {
    *(
        "fleet.limits",
        "fleet.relet",
        "fleet.capacity_revenue",
        "market.gpu_clearing",
        "market.spot_market",
        "company.own_compute",
        "contract.recontract_months",
        "fleet.patience_hazard",
    ),
    *("segment.gdp_loading", "segment.wealth_loading", "contract.replace_months"),
    *("company.use_cap", "contract.tier", "contract.price_trend", "contract.routed_cost", "recapture.pull"),
    *("contract.cut_first", "fleet.capex_of_backlog", "fleet.capex_valuation", "fleet.construction"),
    *("segment.hosted", "market.pay_on_delivery", "company.repricing"),
    *("market.spread_leverage", "market.refinance_leverage", "market.refinance_spread", "market.tightening"),
    *(
        "market.tightening_spread",
        "loan.draw_runway",
        "loan.customer_spread",
        "loan.max_leverage",
        "loan.draw_unless_shut",
        "loan.converts",
    ),
    *("company.cost_growth_half_life", "market.sees_lines"),
    *("market.windows", "market.usual_losses"),
    *("company.round_offers", "market.odds_margin", "market.odds_commitments", "market.odds_appetite"),
    *("market.retry_months", "market.needed_discount", "market.offers_runway"),
    *("company.market_value", "company.target_margin", "company.value_volatility"),
    *("segment.growth_path", "segment.growth_volatility", "segment.growth_common", "segment.break_hazard"),
    *("segment.potential", "segment.use_spread", "segment.plan_cap", "segment.cap_response"),
    *("fleet.capex_volatility", "fleet.capex_noise", "fleet.capex_pressure", "fleet.capex_orders"),
    *("fleet.capex_catch_up", "fleet.order_months", "contract.payment_months"),
    *("company.sudden_failure", "company.wound_up"),
    *("company.target_runway", "company.staff_cut", "company.hibernation_floor"),
    *("company.confidence_value", "company.confidence_burden", "market.depth_cash", "market.depth_shut"),
    *(
        "market.workout_open",
        "market.workout_normal",
        "market.workout_shut",
        "market.backstop",
        "loan.guaranteed",
    ),
    *(
        "market.dry_powder",
        "company.equity_runway",
        "pledge.of_purchases",
        "loan.draw_purchases",
        "pledge.chance",
    ),
}
LIMIT = 0.05  # chance that a share is exactly none or all
SELDOM_WOUND_UP = 0.2  # chance that a company may be wound up by order
CHAIN = 0.5  # chance that each company borrows from the next one, so that losses travel far
TIED = 0.5  # chance that a loan belongs to no contract
OWN = 0.8  # chance that the borrower of one that does supplies it
SHARED = (("order", "share", "fleet"), ("recapture", "share", "from"), ("stake", "fraction", "issuer"))


@st.composite
def sizes(draw) -> dict[str, int]:
    """How many entities of each kind; none whose targets are missing."""
    counts = {"company": draw(st.integers(1, MOST["company"]), label="companies"), "market": 1}
    for entity, most in MOST.items():
        if entity != "company":
            counts[entity] = draw(st.integers(0, most), label=f"{entity} rows")
    return possible(counts)


def possible(counts: dict[str, int]) -> dict[str, int]:
    """Drop entities that would point nowhere."""
    alone = counts["company"] < 2
    counts = dict(counts)
    for link in [*_core.table().links, *_core.table().links]:
        if counts[link.target] == 0 and not link.outside:
            counts[link.entity] = 0
    for entity in ("contract", "order", "stake", "pledge"):
        counts[entity] = 0 if alone else counts[entity]
    counts["recapture"] = 0 if counts["segment"] < 2 else counts["recapture"]
    counts["commitment"] = 0 if counts["contract"] == 0 else counts["commitment"]
    return counts


def sizes_of(rng: np.random.Generator) -> dict[str, int]:
    """Sizes at random, for tests that need no shrinking."""
    counts = {entity: int(rng.integers(most + 1)) for entity, most in MOST.items()}
    return possible(counts | {"company": max(1, counts["company"]), "market": 1})


@st.composite
def hostile_worlds(draw) -> dict[str, np.ndarray]:
    """Input arrays of a small, poor, dense world."""
    counts = draw(sizes(), label="sizes")
    return arrays(np.random.default_rng(draw(st.integers(0, 2**32 - 1), label="numbers")), counts)


def arrays(
    rng: np.random.Generator, counts: dict[str, int], on: Collection[str] = ()
) -> dict[str, np.ndarray]:
    """Input arrays for given sizes; what is to be `on` is spoken about, and flags of it are set."""
    inputs = {}
    for row in _core.table().parameters:
        key, count = row.full_name, counts[row.entity]
        values = [parameter(rng, row) for _ in range(count)]
        unused = row.default is not None and rng.random() < (SELDOM if key in MECHANISMS else UNUSED)
        if unused and key not in on:
            values = [row.default] * count
        if key in on and row.unit == "flag":
            values = [1.0] * count
        inputs[key] = np.array([values])
    add_links(rng, inputs, counts)
    for entity, first in FIRST_ADDRESS.items():
        inputs[f"{entity}.address"] = first + rng.permutation(counts[entity]).astype(np.uint32)
    for entity, name, by in SHARED:
        share_out(inputs, entity, name, by)
    make_poor(rng, inputs)
    return inputs


def beside(target: str) -> set[str]:
    """Give what switches on the mechanisms of the file of the model that a parameter or variable belongs to."""
    table = _core.table()
    files = {row.full_name: row.file for row in table.parameters}
    home = next(row.file for row in [*table.parameters, *table.variables] if row.full_name == target)
    return {key for key in MECHANISMS if files[key] == home}


def parameter(rng: np.random.Generator, row: _core.Parameter) -> float:
    """One value inside the table's bounds; now and then what a silent world means."""
    if row.default is not None and rng.random() < SILENT:
        return row.default
    if row.words:
        return float(rng.choice([code for _, code in row.words]))
    if row.unit == "flag":
        return float(rng.integers(2))
    return number(rng, row.full_name, row.unit, (row.low, row.high))


def number(rng: np.random.Generator, key: str, unit: str, bounds: tuple[float, float]) -> float:
    """One value of a quantity that may take any value between its bounds."""
    if unit == "fraction" and rng.random() < LIMIT:
        return float(rng.integers(2))
    if key in RANGES:
        return rng.uniform(*RANGES[key])
    if unit in AMOUNTS:
        return SCALE * rng.exponential(2.0)
    if key.startswith("market.") and unit == "fraction":
        return min(1.0, rng.exponential(0.15))
    span = SPANS.get(unit, 1.0)
    return rng.uniform(max(bounds[0], -span), min(bounds[1], span))


def add_links(rng: np.random.Generator, inputs: dict[str, np.ndarray], counts: dict[str, int]) -> None:
    """Point every row somewhere, never to itself."""
    for link in _core.table().links:
        least = -1 if link.outside else 0
        places = rng.integers(least, max(counts[link.target], least + 1), counts[link.entity])
        inputs[link.full_name] = places.astype(np.int32)
    tie_loans(rng, inputs)
    if counts["loan"] and rng.random() < CHAIN:
        inputs["loan.lender"][:] = (inputs["loan.borrower"] + 1) % counts["company"]
    for entity, one, other, kind in PAIRS:
        part(rng, inputs[f"{entity}.{one}"], inputs[f"{entity}.{other}"], counts[kind])
    part_orders(rng, inputs, counts["company"])


def tie_loans(rng: np.random.Generator, inputs: dict[str, np.ndarray]) -> None:
    """Half of the loans belong to no contract; the supplier of most others borrows, and builds for commitments."""
    contracts = inputs["loan.contract"]
    contracts[rng.random(len(contracts)) < TIED] = -1
    own = (contracts >= 0) & (rng.random(len(contracts)) < OWN)
    inputs["loan.borrower"][own] = inputs["contract.supplier"][contracts[own]]
    if own.any():
        for link, ends in (("commitment.contract", contracts), ("fleet.owner", inputs["loan.borrower"])):
            moved = rng.random(len(inputs[link])) < OWN
            inputs[link][moved] = rng.choice(ends[own], moved.sum())


PAIRS = (
    ("contract", "customer", "supplier", "company"),
    ("loan", "borrower", "lender", "company"),
    ("stake", "issuer", "holder", "company"),
    ("pledge", "company", "investor", "company"),
    ("recapture", "from", "to", "segment"),
)


def part(rng: np.random.Generator, one: np.ndarray, other: np.ndarray, count: int) -> None:
    """Move the second end of a link off the first."""
    same = one == other
    other[same] = (one[same] + rng.integers(1, max(count, 2), same.sum())) % count if count > 1 else -1


def part_orders(rng: np.random.Generator, inputs: dict[str, np.ndarray], companies: int) -> None:
    """No company buys equipment from itself."""
    if len(inputs["order.fleet"]):
        owners = inputs["fleet.owner"][inputs["order.fleet"]]
        part(rng, owners, inputs["order.vendor"], companies)


def share_out(inputs: dict[str, np.ndarray], entity: str, name: str, by: str) -> None:
    """Shares of one whole add up to one at most."""
    shares, wholes = inputs[f"{entity}.{name}"][0], inputs[f"{entity}.{by}"]
    for whole in set(wholes.tolist()):
        total = shares[wholes == whole].sum()
        shares[wholes == whole] /= max(1.0, total * (1.0 + 1e-12))


def make_poor(rng: np.random.Generator, inputs: dict[str, np.ndarray]) -> None:
    """Cash for months, not years; fixed cost near what sales leave; some bear small losses only."""
    count = inputs["company.cash"].shape[1]
    sales, bills = np.zeros(count), np.zeros(count)
    np.add.at(sales, inputs["segment.seller"], inputs["segment.revenue"][0])
    np.add.at(sales, inputs["contract.supplier"], inputs["contract.usage"][0])
    np.add.at(bills, inputs["contract.customer"], inputs["contract.usage"][0])
    inputs["company.variable_cost"] *= 0.3
    left = np.maximum(0.0, sales * (1.0 - inputs["company.variable_cost"][0]) - bills)
    inputs["company.fixed_cost"][0] = left * rng.uniform(0.3, 1.1, count)
    inputs["company.cash"][0] = rng.uniform(0.0, 12.0, count) * (
        0.2 * SCALE + bills + inputs["company.fixed_cost"][0]
    )
    inputs["company.cost_volatility"] *= 0.1
    inputs["company.discretionary_cost"] *= 0.2
    inputs["company.minimum_cash"] *= rng.integers(0, 2, count)
    inputs["company.wound_up"] *= rng.random(count) < SELDOM_WOUND_UP
    strong = rng.random(count) < 0.4
    inputs["company.loss_capacity"] *= 0.2
    inputs["loan.balance"] *= 2.0
    inputs["loan.refinance_chance"] *= 0.5
    inputs["company.loss_capacity"][0][strong] = 1e17
