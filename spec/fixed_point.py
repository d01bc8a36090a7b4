"""The greatest clearing vector with ranks and default costs, by iteration from above.

    pay(0) = everything owed
    pay(n+1) = by rank, pro rata within a rank, of own cash + what others paid in pay(n)
    own cash and receipts of a company in default *= 1 - default_cost

Everybody starts by paying everything. Each sweep lets every company pay what it would if the others paid what they did before. Payments only fall, so the sweeps converge to the greatest payments
possible with the present defaults. Then those that still cannot pay their hard ranks default as well, at their default cost, and the sweeps go on, until nobody new defaults.

Source: Eisenberg and Noe (2001); Rogers and Veraart (2013); ranks after Elsinger (2009).

Tests: tests/oracle/test_fixed_point.py, tests/reference/test_clearing_cases.py
"""

from collections import defaultdict
from dataclasses import dataclass

from spec.rounding import ROUNDING, beyond

LAST_HARD_RANK = 5
SWEEPS = 1_000_000
STILL = 1e-15


@dataclass(frozen=True)
class Claim:
    """`debtor` owes `amount` to `creditor` (a company or the name of a sector)."""

    debtor: int
    creditor: int | str
    rank: int
    amount: float
    what: tuple[str, int]


@dataclass(frozen=True)
class Clearing:
    """Shares paid by (debtor, rank), what each company had to pay with, and who defaulted."""

    share: dict[tuple[int, int], float]
    resources: dict[int, float]
    defaulted: set[int]

    def paid(self, claim: Claim) -> float:
        """Amount paid on a claim."""
        return claim.amount * self.share[claim.debtor, claim.rank]


@dataclass(frozen=True)
class System:
    """Own cash and inflows from outside, default costs, claims, and what is owed by (debtor, rank)."""

    own: dict[int, float]
    default_cost: dict[int, float]
    claims: list[Claim]
    owed: dict[tuple[int, int], float]

    def hard(self, i: int) -> float:
        """What a company must pay not to default."""
        return sum(
            amount for (debtor, rank), amount in self.owed.items() if debtor == i and rank <= LAST_HARD_RANK
        )

    def resources(self, share: dict[tuple[int, int], float]) -> dict[int, float]:
        """What each company has to pay with when these shares are paid."""
        found = dict(self.own)
        for claim in self.claims:
            if claim.creditor in found:
                found[claim.creditor] += claim.amount * share[claim.debtor, claim.rank]
        return found

    def by_rank(self, usable: dict[int, float], defaulted: set[int]) -> dict[tuple[int, int], float]:
        """Shares paid when each company pays its ranks in turn; without default the hard ones in full."""
        left, share = dict(usable), {}
        for debtor, rank in sorted(self.owed):
            amount = self.owed[debtor, rank]
            paid = min(amount, max(0.0, left[debtor]))
            share[debtor, rank] = whole_share(paid / amount) if amount > 0 else 1.0
            if rank <= LAST_HARD_RANK and debtor not in defaulted:
                share[debtor, rank] = 1.0
            left[debtor] -= paid
        return share


def whole_share(share: float) -> float:
    """A share paid, without what rounding leaves of nothing or lacks of all."""
    return 1.0 if share > 1.0 - ROUNDING else beyond(share, 1.0)


def gross(own: dict[int, float], claims: list[Claim], i: int) -> float:
    """What a company is to pay and to receive, and its cash."""
    moves = sum(claim.amount * ((claim.debtor == i) + (claim.creditor == i)) for claim in claims)
    return own[i] + moves


def clear(
    own: dict[int, float],
    default_cost: dict[int, float],
    claims: list[Claim],
    least: dict[int, float] | None = None,
) -> Clearing:
    """Settle `claims` among companies that have `own` cash and inflows from outside.

    A shortfall is one beyond a rounding of what moves, and beyond `least`.
    """
    owed = defaultdict(float)
    for claim in claims:
        owed[claim.debtor, claim.rank] += claim.amount
    system = System(own, default_cost, claims, owed)
    share, defaulted = dict.fromkeys(owed, 1.0), set()
    most = {i: max(ROUNDING * gross(own, claims, i), (least or {}).get(i, 0.0)) for i in own}
    while True:
        share = settle(system, share, defaulted)
        resources = system.resources(share)
        new = {i for i in own if system.hard(i) - resources[i] > most[i]} - defaulted
        if not new:
            return Clearing(share, resources, defaulted)
        defaulted |= new


def settle(system: System, share: dict, defaulted: set[int]) -> dict[tuple[int, int], float]:
    """Sweep until payments stand still for a given set of defaulters."""
    for _ in range(SWEEPS):
        resources = system.resources(share)
        kept = {i: 1.0 - system.default_cost[i] if i in defaulted else 1.0 for i in resources}
        paid = system.by_rank({i: kept[i] * resources[i] for i in resources}, defaulted)
        after = {key: min(share[key], paid[key]) for key in share}
        moved = max((share[key] - after[key] for key in share), default=0.0)
        share = after
        if moved <= STILL:
            return share
    raise ArithmeticError("the clearing does not converge")
