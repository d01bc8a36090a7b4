"""Worlds that several questions are asked of."""

NOISY = """
[world]
name = "noisy"
date = 2025-08-31
[market]
common_volatility = 0.3
[[company]]
id = "burner"
cash = { value = 10.0, low = 5.0, high = 15.0 }
fixed_cost = { value = 2.0, low = 1.0, high = 3.0 }
[[segment]]
seller = "burner"
revenue = 1.0
common_loading = 1.0
volatility = 0.2
[[loan]]
borrower = "burner"
lender = "capital"
balance = 1.0
rate = 0.0
maturity = 100
"""
"""Demand, cash and cost are uncertain: a company that fails by luck and by parameters."""
