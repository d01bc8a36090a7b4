"""Phase 2: loans that rules turn into shares of their borrowers.

    price_k = max(at, 1e-6 * sum of balances of the borrower that convert in the month, 1e-300)
    shares_k += balance / price_k / diluted
    converted_k += balance
    diluted = max(1e-100, diluted / (1 + sum of balance / price_k over what converts))
    part of the borrower that the lender holds for it = shares_k * diluted
    balance_k = undrawn_k = breach_k = 0

When: after levers are moved, for each active rule that converts the loan; all loans of a borrower at the value before any of them. `at` is the value of all older shares together, the valuation of the borrower
unless the rule says otherwise: who converts B at V holds B / (V + B), and every older share is V / (V + B) of what it was.

- Shares of the start are 1; `diluted` is the part that they still are ([value](value.md)), and later rounds and issues dilute those of lenders as all others. Where nothing is left for older shares, lenders share by what they converted.
- Nothing is due, drawn or tested under the loan any more. No cash moves, and nobody loses: the books of the lender show for its shares what the loan was. Later they share what holders of common stakes
  get ([estate](estate.md), [deals](deals.md)), and the lender writes `converted` off where it would write off a stake. What is the share of a lender outside, or of one that has failed, is that of `capital`.
- Loans of a company that has failed, or was sold, stay. Two rules that convert one loan in a month do so at the higher value.
- A value that follows from expected earnings is net of debt, so it rises by what converts in the same month.

Units: USD; `shares` and `diluted` parts of the shares of the start.

Off: no rule converts.

Source: an exchange of debt for equity at fair value, in which the difference to the carrying amount is nobody's gain (IFRIC 19).

Tests: tests/theory/test_conversions.py, tests/oracle/test_rules.py
"""

from spec.world import State, World

LEAST_PRICE = 1e-6
LEAST = 1e-300
LEAST_PART = 1e-100


def convert(world: World, state: State, offers: list[tuple[int, float]]) -> None:
    """Turn loans into shares, of all offers (loan and value) the best for each."""
    prices: dict[int, float] = {}
    for e, at in offers:
        prices[e] = max(at, 0.0, prices.get(e, 0.0))
    for i in world.each("company"):
        if not state.alive(i) or i in state.exits.bought:
            continue
        loans = [e for e in world.where("loan", "borrower", i) if e in prices and state.loan.balance[e] > 0]
        total = sum(state.loan.balance[e] for e in loans)
        before, issued = state.company.diluted[i], 0.0
        for e in loans:
            balance = state.loan.balance[e]
            price = max(prices[e], LEAST_PRICE * total, LEAST)
            state.loan.shares[e] += balance / price / before
            state.loan.converted[e] += balance
            issued += balance / price
            state.loan.balance[e] = state.loan.undrawn[e] = state.loan.breach[e] = 0.0
        if loans:
            state.company.diluted[i] = max(LEAST_PART, before / (1.0 + issued))
            owed = world.where("loan", "borrower", i)
            state.company.debt[i] = sum(state.loan.balance[e] for e in owed)


def holders(world: World, state: State, i: int) -> list[tuple[int, float]]:
    """Lenders that hold shares of a company for what they lent it, with their parts of it."""
    diluted, loans = state.company.diluted[i], world.where("loan", "borrower", i)
    return [(world.loan.lender[e], state.loan.shares[e] * diluted) for e in loans if state.loan.shares[e] > 0]
