"""What rounding leaves of nothing decides nothing.

Sums of amounts are exact to about 1e-15 of what was added up, in whatever order. So a difference counts as nothing where it is small against what it is the difference of.

    difference = difference if difference > 1e-11 * amounts it is the difference of, else 0
    least shortfall = max(1e-11 * what a company pays, receives and has this month, 1e-12 * size)
    size = revenue + use it buys + fixed and discretionary cost of a month + balances it owes and has lent, all at the start

- A shortfall counts if it is more than the least shortfall. Causes of failure, support of a subsidiary and what it gives up are judged alike.
  A company that lacks less lives, pays ranks 1 to 5 in full and ends with 0; `suppliers` pay the rounding, so the ledger stays exact.
- A share paid below 1e-11 is 0, one that lacks less than it of 1 is 1.
- Cash above `minimum_cash` that is to be drawn, pledged or paid for a company is compared with the cash. It must also be more than 1e-12 of that size, and so must
  what is missing of `min_cash` or of a cover.
- Room for uncommitted capex is compared with what is wanted, and with cash and sales. So what rounding leaves of cash buys nothing: AI capex without AI revenue tries patience however little it is.
- What a covenant misses is compared with `min_cash`, with the balance, or with the debt service to be covered.
- A balance left by a repayment is compared with the repayment, and capacity left by a retirement with the capacity before.
- A creditor's loss is compared with what it was owed. Equipment sales that are left are compared with those before a customer did not pay.

Tests: tests/oracle/test_rounding.py
"""

from spec.world import State

LEAST_GAIN = 1e-9
ROUNDING = (
    1e-11  # what is less, of the amounts that it is the difference of, is what rounding leaves of nothing
)
LEAST = 1e-12  # amount by which nothing is divided
LEAST_FLOW = 1e-12  # the same of a difference of flows, of the size of the company at the start


def beyond(rest: float, of: float) -> float:
    """What there is, or nothing where it is a rounding of amounts of this size."""
    return rest if rest > ROUNDING * of else 0.0


def least_shortfall(state: State, i: int, gross: float) -> float:
    """What a shortfall must exceed, of what the company is to pay and to receive, and its cash."""
    return max(ROUNDING * gross, LEAST_FLOW * state.size0[i])
