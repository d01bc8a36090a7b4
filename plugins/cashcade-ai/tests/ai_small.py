"""A small world without luck, in which the effect of a shock can be told by hand."""

import cashcade
import numpy as np
from cashcade.world import World
from numpy.typing import NDArray

MONTHS = 36

TEXT = """
[world]
name = "small"
date = 2025-08-31

[market]
regime = "normal"
normal_to_open = 0.0
normal_to_shut = 0.0
base_rate = 0.04
spread_normal = 0.01
gpu_reversion = 0.1

[[company]]
id = "lab"
tags = ["lab"]
cash = 1e12

[[company]]
id = "rival"
tags = ["lab"]
cash = 1e12

[[company]]
id = "app"
tags = ["app"]
cash = 1e12
pass_through = 0.5
price_lag = 4
service_cut = 0.6

[[company]]
id = "cloud"
tags = ["neocloud"]
cash = 1e12

[[segment]]
id = "chat"
seller = "lab"
revenue = 1e9

[[segment]]
id = "search"
seller = "rival"
revenue = 1e9

[[segment]]
id = "code"
seller = "app"
revenue = 1e8
elasticity = 1.0

[[segment]]
id = "hours"
seller = "cloud"
revenue = 1e8

[[contract]]
id = "tokens"
customer = "app"
supplier = "lab"
usage = 5e7
commitments = [{ amount = 4e7 }]

[[loan]]
id = "bank"
borrower = "cloud"
balance = 1.2e9
lender = "capital"
rate = 0.03
floating = true
maturity = 120

[[loan]]
id = "bond"
borrower = "lab"
balance = 1.2e9
lender = "capital"
rate = 0.06
maturity = 120

[[fleet]]
owner = "cloud"
cost = 1e9
age_span = 1
economic_life = 600
book_life = 600
"""

RECORD = (
    *("company.price", "company.bills", "company.revenue", "company.interest", "company.fleet_value"),
    *(
        "company.list_price",
        "company.passed",
        "company.effective_price",
        "market.gpu_index",
        "segment.volume",
    ),
)


def small(**changes: str) -> World:
    """The world, with some lines otherwise: `elasticity="2.0"`."""
    text = TEXT
    for name, value in changes.items():
        lines = text.splitlines()
        text = "\n".join(f"{name} = {value}" if line.startswith(f"{name} = ") else line for line in lines)
    return World.from_text(text)


def run(world: World, *scenarios: object) -> cashcade.Result:
    return cashcade.run(world, months=MONTHS, paths=16, seed=1, scenarios=scenarios, record=RECORD)


def series(result: cashcade.Result, variable: str, of: str = "") -> NDArray[np.float64]:
    """Mean by month; of a company, segment or the market."""
    found = result.dataset[f"{variable.replace('.', '_')}_mean"]
    return np.asarray(found.sel({variable.split(".", maxsplit=1)[0]: of}) if of else found, dtype=float)
