"""The world of the benchmark: the rivals' network, said in the words of cashcade.

Where the two models differ, the choices in `tables` keep the work alike:

- Their log demand returns to its mean, ours does not: our volatility gives the same variance, averaged over
  the run.
- Their two common factors and our one have the same loading in all; their noise in prices is noise in our
  costs.
- Their pass-through is an elasticity of the own price in input cost; ours is that number over the input
  share.
- Their regime has two states, ours stays out of the third. Their rounds succeed with a chance that falls with
  runway, ours with the chance that theirs has half-way.
- They clear without ranks and with two default costs, we with ranks and one cost between the two.
- A customer of a dead supplier buys all it used elsewhere, at their premium.
- They let companies leave, we do not yet. All else that a month of cashcade does, it does here too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cashcade
import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

LIFE = 24
MULTIPLE = 10.0


@dataclass(frozen=True, eq=False)
class Network:
    """Arrays by company, contract and loan; amounts in USD, flows per month."""

    demand: Floats
    fixed_cost: Floats
    cash: Floats
    capex_of_revenue: Floats
    elasticity: Floats
    pass_through: Floats
    price_noise: Floats
    persistence: Floats
    own_noise: Floats
    common_noise: Floats
    customer: Places
    supplier: Places
    usage: Floats
    borrower: Places
    lender: Places
    balance: Floats
    repayment: Floats
    monthly_rate: Floats

    @property
    def bought(self) -> Floats:
        """What each company buys of others."""
        return np.bincount(self.customer, self.usage, len(self.cash))

    @property
    def revenue(self) -> Floats:
        """What each company sells at the start."""
        return self.demand + np.bincount(self.supplier, self.usage, len(self.cash))


def of_rivals(model: Mapping[str, Any]) -> Network:
    """Read the arrays that `make` of the rivals' `world.py` returns."""

    def rows(pointers: str) -> Places:
        return np.repeat(np.arange(model["N"]), np.diff(model[pointers]))

    return Network(
        demand=model["D"],
        fixed_cost=model["F"],
        cash=model["cash0"],
        capex_of_revenue=model["kx"],
        elasticity=model["eta"],
        pass_through=model["kap"],
        price_noise=model["nu"],
        persistence=model["phi"],
        own_noise=model["c"],
        common_noise=np.hypot(model["b1"], model["b2"]),
        customer=rows("co_ptr"),
        supplier=model["co_idx"],
        usage=model["co_w"],
        borrower=rows("db_ptr"),
        lender=model["db_idx"],
        balance=model["db_L"],
        repayment=model["db_am"],
        monthly_rate=model["db_r"],
    )


def alone(companies: int, contracts: int, seed: int = 1) -> Network:
    """Draw a network like the rivals', for when they are not here."""
    draw = np.random.default_rng(seed)
    size = 100.0 * draw.lognormal(0.0, 1.0, companies)
    customer = draw.integers(companies, size=contracts)
    supplier = _other(draw.choice(companies, contracts, p=size / size.sum()), customer)
    degree = np.bincount(customer, minlength=companies)[customer]
    usage = 0.4 * size[customer] / degree * draw.uniform(0.5, 1.5, contracts)
    revenue = 0.6 * size + np.bincount(supplier, usage, companies)
    banks = np.argsort(size)[-max(2, companies // 20) :]
    borrower = draw.integers(companies, size=companies)
    anyone = draw.integers(companies, size=companies)
    lender = _other(np.where(draw.random(companies) < 0.7, draw.choice(banks, companies), anyone), borrower)
    balance = revenue[borrower] * draw.uniform(0.5, 3.0, companies)
    repayment = balance / draw.uniform(125.0, 240.0, companies)
    rate = draw.uniform(0.003, 0.008, companies)
    service = balance * rate + repayment
    noise = draw.uniform(0.03, 0.08, companies)
    capex = draw.uniform(0.02, 0.06, companies)
    margin = draw.uniform(-0.04, 0.15, companies)
    balance_of_flows = (
        revenue * (1.0 - capex - margin)
        - np.bincount(customer, usage, companies)
        - np.bincount(borrower, service, companies)
        + np.bincount(lender, service, companies)
    )
    return Network(
        demand=0.6 * size,
        fixed_cost=np.maximum(0.05 * revenue, balance_of_flows),
        cash=revenue * draw.uniform(2.0, 8.0, companies),
        capex_of_revenue=capex,
        elasticity=draw.uniform(0.5, 2.0, companies),
        pass_through=draw.uniform(0.1, 0.5, companies),
        price_noise=draw.uniform(0.01, 0.04, companies),
        persistence=draw.uniform(0.85, 0.95, companies),
        own_noise=0.8 * noise,
        common_noise=0.5 * noise,
        customer=customer,
        supplier=supplier,
        usage=usage,
        borrower=borrower,
        lender=lender,
        balance=balance,
        repayment=repayment,
        monthly_rate=rate,
    )


def world(network: Network, months: int) -> cashcade.World:
    """Give the world for a run of so many months, through the tables that anyone would use."""
    frames = {name: pd.DataFrame(columns) for name, columns in tables(network, months).items()}
    return cashcade.World.from_tables(
        frames, market=pd.DataFrame([MARKET]), name="benchmark", date="2025-08-31"
    )


def run(made: cashcade.World, months: int, paths: int, threads: int) -> cashcade.Result:
    """Run it, keeping what the rivals keep: means, second moments and counts."""
    record = ["company.cash", "company.alive"]
    return cashcade.run(
        made, months=months, paths=paths, seed=1, threads=threads, record=record, quantiles=()
    )


def tables(network: Network, months: int) -> dict[str, dict[str, Any]]:
    """Give the columns of each table."""
    count, revenue = len(network.cash), network.revenue
    ids = np.array([f"company-{number}" for number in range(count)])
    calm = np.sqrt(2.0 / months / (1.0 - np.square(network.persistence)))
    return {
        "companies": _companies(network, ids),
        "segments": {
            "id": ids,
            "seller": ids,
            "revenue": network.demand,
            "volatility": network.own_noise * calm * np.sqrt(12.0),
            "common_loading": network.common_noise * calm,
            "elasticity": network.elasticity,
            "adjust_months": np.ones(count),
        },
        "contracts": {
            "id": [f"contract-{number}" for number in range(len(network.usage))],
            "customer": ids[network.customer],
            "supplier": ids[network.supplier],
            "usage": network.usage,
            "substitutable": np.ones(len(network.usage)),
        },
        "loans": {
            "id": [f"loan-{number}" for number in range(len(network.balance))],
            "borrower": ids[network.borrower],
            "lender": ids[network.lender],
            "balance": network.balance,
            "rate": 12.0 * network.monthly_rate,
            "floating": np.ones(len(network.balance), dtype=bool),
            "amortisation": np.full(len(network.balance), "linear"),
            "maturity": np.round(network.balance / network.repayment),
        },
        "fleets": {
            "id": ids,
            "owner": ids,
            "cost": network.capex_of_revenue * revenue * LIFE,
            "age_span": np.full(count, float(LIFE)),
            "book_life": np.full(count, float(LIFE)),
            "economic_life": np.full(count, float(LIFE)),
            "capex_of_revenue": network.capex_of_revenue,
            "committed": np.ones(count),
            "lag": np.ones(count),
            "indexed": np.zeros(count, dtype=bool),
        },
    }


# Two states; interest and chances of rounds as the rivals have them; nothing that they do not have.
MARKET = {
    "regime": "open",
    "open_to_normal": 0.0,
    "open_to_shut": 0.04,
    "shut_to_open": 0.12,
    "shut_to_normal": 0.0,
    "base_rate": 0.0,
    "spread_open": 0.0,
    "spread_shut": 12.0 * 0.004,
    "common_persistence": 0.0,
    "common_volatility": 1.0,
    "odds_open": float(np.log(0.03 / 0.97)),
    "odds_shut": float(np.log(0.01 / 0.99)),
    "odds_growth": 0.0,
    "odds_burn": 0.0,
    "odds_price": 0.0,
    "luck_open": 0.0,
    "luck_shut": 0.0,
    "value_open": 1.0,
    "value_shut": 1.0,
    "substitution_premium": 1.15,
}


def _companies(network: Network, ids: NDArray[np.str_]) -> dict[str, Any]:
    count, revenue = len(ids), network.revenue
    share = network.bought / revenue
    books = network.capex_of_revenue * revenue * (LIFE + 1) / 2.0
    lent = np.bincount(network.lender, network.balance, count)
    owed = np.bincount(network.borrower, network.balance, count)
    return {
        "id": ids,
        "cash": network.cash,
        "fixed_cost": network.fixed_cost,
        "cost_volatility": network.price_noise * revenue,
        "pass_through": np.minimum(network.pass_through / np.maximum(share, 1e-6), 2.0),
        "tax_rate": np.full(count, 0.22),
        "round_runway": np.full(count, 36.0),
        "round_months": np.full(count, 120.0),
        "round_share": np.full(count, 4.0 / (12.0 * MULTIPLE)),
        "valuation_multiple": np.full(count, MULTIPLE),
        "growth_premium": np.zeros(count),
        "default_cost": np.full(count, 0.15),
        "loss_capacity": np.maximum(network.cash + books + lent - owed + 0.5 * revenue, 0.0),
    }


def _other(place: Places, than: Places) -> Places:
    """Move on by one where the two are the same company."""
    return np.where(place == than, (place + 1) % (place.max() + 1), place)
