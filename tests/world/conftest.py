"""A world of three companies with every kind of entry, and settings of hypothesis."""

import pytest
from cashcade.world import World

TEXT = """
[world]
name = "small"
title = "Three companies"
date = 2025-08-31

[sources.filing]
title = "Quarterly filing"
url = "https://example.org/filing"
date = "2025-08"

[market]
base_rate = { value = 0.043, low = 0.04, high = 0.05, source = "filing", kind = "estimate" }
gpu_drift = { choices = [-0.2, 0.1], weights = [1, 3] }

[[company]]
id = "lab"
name = "A lab"
archetype = "frontier-lab"
tags = ["lab", "private"]
cash = { mean = 1e9, sd = 2e8, source = "filing", as_of = 2025-06-30, confidence = "high", unit = "USD" }
fixed_cost = 5e7

[[company]]
id = "app"
cash = 100_000_000
source = "filing"

[[company]]
id = "cloud"
cash = 1e10

[[segment]]
seller = "app"
revenue = 1e7

[[segment]]
id = "api"
seller = "lab"
revenue = { value = 2e7, source = "assumption" }

[[recapture]]
from = "app"
to = "api"
share = 0.5

[[contract]]
customer = "app"
supplier = "lab"
what = "API"
usage = 5e6
follows = "research"
commitments = [
  { amount = 4e6, last_month = "2026-08" },
  { amount = { value = 6e6, low = 5e6, high = 7e6 }, first_month = 13 },
]

[[contract]]
customer = "app"
supplier = "lab"
what = "training"
price_linked = { value = false, source = "filing" }
commitments = 1e6

[[loan]]
borrower = "cloud"
lender = "capital"
balance = 1e9
maturity = { value = 2029-05-15, source = "filing" }
rank = { value = "secured", source = "filing" }
amortisation = "schedule"
repayments = [ { month = "2027-05", amount = 4e8 }, { month = 45, amount = 6e8 } ]

[[stake]]
holder = "cloud"
issuer = "lab"
fraction = 0.25

[[pledge]]
investor = "capital"
company = "lab"
amount = 5e9
first_month = { value = "2026-01", low = "2025-10", high = "2026-06" }

[[fleet]]
owner = "cloud"
class = "building"
capex = 1e8
orders = [ { vendor = "lab", share = 0.4 } ]
"""


@pytest.fixture
def text() -> str:
    return TEXT


@pytest.fixture
def world() -> World:
    return World.from_text(TEXT)
