"""Phases 2 and 10: what rules make one party pay another: margin calls, premiums, fines, rents.

    due_p = clamp(amount, 0, 1e17) while the rule is active and the payer lives, else 0
    room += due to the company - due of it
    end += due to the company - due of it

- Amounts are judged in phase 2 with the rule ([rules](rules.md)), and settle in phase 10 with all else ([clearing](clearing.md)): due of a company is a claim on it of the rank that the rule says,
  2 to 5. A payment of a rank that is not paid in full is a default.
- Payers and payees are companies, `households`, `suppliers` and `capital`. Sectors outside pay in full. What is due to a company that has failed goes to `capital`, to which its estate was sold.
- What is left unpaid is a claim on the estate of the payer: with subordinated debt where it is of rank 5, else with unsecured debt; the rest is a loss of the payee.
- Payments are flows of cash of the month. They are no revenue and no cost, and move neither profit nor tax.

Units: USD a month.

Off: no rule pays.

Tests: tests/theory/test_payments.py, tests/oracle/test_rules.py
"""

from spec.fixed_point import Claim
from spec.world import SECTORS, State

LARGEST = 1e17
PARTIES = {-2: "capital", -3: "suppliers", -4: "households"}

Payment = tuple[int | str, int | str, int, float]
"""Payer, payee, rank and amount."""


def payment(state: State, rank: int, payer: int, payee: int, amount: float) -> Payment:
    """What one rule makes one party pay another this month."""
    who, whom = PARTIES.get(payer, payer), PARTIES.get(payee, payee)
    if whom not in SECTORS and not state.alive(whom):
        whom = "capital"
    lives = who in SECTORS or state.alive(who)
    return who, whom, rank, min(LARGEST, max(0.0, amount)) if lives else 0.0


def payment_claims(state: State) -> list[Claim]:
    """What companies are made to pay."""
    return [
        Claim(payer, payee, rank, amount, ("payment", p))
        for p, (payer, payee, rank, amount) in enumerate(state.payments)
        if payer not in SECTORS
    ]


def payments_from_outside(state: State) -> list[tuple[str, int, float]]:
    """What sectors pay to companies: payer, payee and amount."""
    return [
        (payer, payee, amount)
        for payer, payee, _, amount in state.payments
        if payer in SECTORS and payee not in SECTORS
    ]
