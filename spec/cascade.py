"""Phase 11: who fails, and whom they take along, to a fixed point within the month.

When: path by path, round by round. All who fail in a round die first, then each is wound up.

    fails next if it lost something this month and losses > loss_capacity
    fails next if a loan with cure_months 0 breaks max_ltv and its balance > max(0, cash)
    fire_sale_class += value before default cost / depth_class, of each sale of a round
    failed_debt = debt at failure of all that failed, cumulative
    failed_share += (1 - failed_share) * F / D
    large_failure = 1 if a company with debt at failure >= large_company failed this month

1. A company that fails is inert for ever; its contracts end ([bills](bills.md)). Its cash is 0. What it leaves is on the page [estate](estate.md).
2. `losses` by company are loans, bills and stakes written off. Lower capacity alone, which a rule may bring, takes nobody down.
3. A breach of `max_ltv` that the company can pay out of cash above zero is left to the covenant test of the next month.
4. Repeat until nothing changes.

- `default_cost` is the share of its assets that a company in default loses ([clearing](clearing.md), [estate](estate.md)); `loan.loss` is what a lender is left with ([guarantee](guarantee.md)).
- Debt at failure is balances after what the clearing of the month paid.
- `depth_class` is as on the page [compute](compute.md) where it moves.
- A mark raised by sales of a round holds for everybody from the next round on. Depths are `depth_gpu`, `depth_building`, `depth_power`; marks are `fire_sale_gpu`, `fire_sale_building`, `fire_sale_power`, and
  shrink by `impact_half_life` ([regimes](regimes.md)).
- Cause of a failure, the first that holds: `contagion` (it would not have fallen short if its debtors had paid in full this month), `covenant` (without acceleration), `maturity` (without the maturing balance),
  `commitment` (without the excess of commitments over usage), `losses` (cascade), else `cash`. Each is tested alone.
- Who ends though it can pay has the cause `wound_up` or `sudden` ([sudden](sudden.md)).
- For contagion the trigger is the company whose single unpaid claim (of any rank) to it is the largest in this clearing, for losses the company whose single write-off (a loan, a bill or a stake) cost it most
  this month; the lowest index among equals, -1 if there is none. Who fails in the cascade by a loan to value has the cause `covenant` and the trigger -1.
- `failed_share`: in a month with failures, `D` is what all companies owe before anything of the month is paid (balances, draws of the month included) and `F` the part of it that those owe who fail in it.
  It is the part of a dollar of debt that failed: debts that failed over debts of the start where these do not change otherwise. More debt of everybody does not change it.
- Systemic cascade of a path: `failed_share` of at least 0.1 at the end of the run, or three companies that fail within three months along links.
- `alive` and `companies_alive` say who has not failed. Who wound down is no large failure.

Units: USD; `depth_class` USD of sales for a log unit of price; `impact_half_life` months.

Off: `loss_capacity` without limit, `depth_class` without limit.

Tests: tests/theory/test_the_dead.py, tests/theory/test_failed_share.py, tests/theory/test_supplier_hit.py, tests/theory/test_loops.py
"""

from spec.covenants import over_value
from spec.estate import wind_up
from spec.fixed_point import LAST_HARD_RANK, Clearing, gross
from spec.fleet import market_value
from spec.groups import release
from spec.limits import whole
from spec.rounding import least_shortfall
from spec.sudden import struck
from spec.world import OUTSIDE, State, World


def cascade(world: World, state: State, settled: Clearing) -> int:
    """Carry out the failures of the month; gives the number of rounds."""
    state.lost_to = [{} for _ in world.each("company")]
    for i in sorted(settled.defaulted):
        cause = cause_of_shortfall(state, i)
        trigger = largest_unpaid(state, i, settled) if cause == "contagion" else OUTSIDE
        mark(world, state, i, cause, trigger)
    ends = struck(world, state)
    for i, cause in ends.items():
        mark(world, state, i, cause, OUTSIDE)
    closing = [i for i in state.exits.closing if state.alive(i)]
    state.exits.closing = []
    for i in closing:
        mark(world, state, i, "wind_down", OUTSIDE)
    for lender, by, lost in state.workout_losses:
        state.lost_to[lender][by] = max(lost, state.lost_to[lender].get(by, 0.0))
    failing, rounds = sorted({*settled.defaulted, *ends, *closing}), 0
    if not failing:
        harmed = {lender for lender, _, _ in state.workout_losses}
        failing = [i for i in sorted(harmed) if state.company.losses[i] > world.company.loss_capacity[i]]
        for i in failing:
            mark(world, state, i, "losses", largest(state.lost_to[i]))
    while failing:
        rounds += 1
        wind_up(world, state, failing)
        failing = []
        for i in [i for i in world.each("company") if state.alive(i)]:
            cause = cause_of_next(world, state, i)
            if cause:
                failing.append(i)
                trigger = largest(state.lost_to[i]) if cause == "losses" else OUTSIDE
                mark(world, state, i, cause, trigger)
    return rounds


def mark(world: World, state: State, i: int, cause: str, trigger: int) -> None:
    """Write down who failed, when and why."""
    state.failed_month[i] = state.month
    state.died[i] = state.month
    state.cause[i] = cause
    state.trigger[i] = trigger
    state.company.alive[i] = 0.0
    for e in world.where("contract", "supplier", i):
        state.substituted[e] = world.contract.substitutable[e]
    state.debt_at_failure[i] = sum(state.loan.balance[e] for e in world.where("loan", "borrower", i))
    release(state, i)


def cause_of_shortfall(state: State, i: int) -> str:
    """The first thing without which a company would have paid, had everybody else paid in full."""
    company = state.company
    had = state.own[i] + sum(claim.amount for claim in state.claims if claim.creditor == i)
    short = had - sum(c.amount for c in state.claims if c.debtor == i and c.rank <= LAST_HARD_RANK)
    least = least_shortfall(state, i, gross(state.own, state.claims, i))
    relief = {
        "contagion": 0.0,
        "covenant": company.accelerated[i],
        "maturity": company.maturing[i],
        "commitment": company.commitment_excess[i],
    }
    return next((cause for cause, amount in relief.items() if short + amount >= -least), "cash")


def largest(amounts: dict[int, float]) -> int:
    """The company with the largest amount; the first of equals."""
    return max(sorted(amounts), key=lambda k: amounts[k], default=OUTSIDE)


def largest_unpaid(state: State, i: int, settled: Clearing) -> int:
    """Who left the largest single claim of a company unpaid in the clearing."""
    unpaid: dict[int, float] = {}
    for claim in state.claims:
        missing = claim.amount - settled.paid(claim)
        if claim.creditor == i and missing > 0:
            unpaid[claim.debtor] = max(missing, unpaid.get(claim.debtor, 0.0))
    return largest(unpaid)


def value_now(world: World, state: State, i: int) -> float:
    """Fleets of a company at the marks of the rounds so far."""
    return sum(market_value(world, state, f) for f in world.where("fleet", "owner", i))


def cause_of_next(world: World, state: State, i: int) -> str:
    """Why a company fails in the next round; nothing if it does not."""
    if any(state.lost_to[i].values()) and state.company.losses[i] > world.company.loss_capacity[i]:
        return "losses"
    for e in world.where("loan", "borrower", i):
        at_once = whole(world.loan.cure_months[e]) == 0 and over_value(
            world, state, e, value_now(world, state, i)
        )
        if at_once and state.loan.balance[e] > max(0.0, state.company.cash[i]):
            return "covenant"
    return ""


def mark_failed_share(world: World, state: State) -> None:
    """Of a dollar of debt that had not failed before, what those owed who fail this month."""
    failed = [state.owed_before[i] for i in world.each("company") if state.failed_month[i] == state.month]
    if sum(failed) > 0:
        state.market.failed_share += (1.0 - state.market.failed_share) * sum(failed) / sum(state.owed_before)


def mark_failures(world: World, state: State) -> None:
    """Count who lives and what has failed, and see whether a large company failed."""
    market = state.market
    market.companies_alive = sum(state.company.alive)
    market.failed_debt = sum(state.debt_at_failure)
    mark_failed_share(world, state)
    failed_now = [i for i in world.each("company") if state.failed_month[i] == state.month]
    market.large_failure = float(
        any(
            state.debt_at_failure[i] >= world.market.large_company
            for i in failed_now
            if state.cause[i] != "wind_down"
        )
    )
