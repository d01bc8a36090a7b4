"""Phase 6: firms manage: staff and capex plans shrink where cash will not last, and a young firm may hibernate.

    base = smoothed (as smooth_flow) net_cash_flow + uncommitted capex paid + discretionary + severance_paid - F * (1 - staff)
    planned = uncommitted capex wanted + discretionary wanted, both before any of this
    F = fixed_cost * fixed_level
    need = planned - base
    lasts = min(120, max(0, cash - minimum_cash) / need), 120 if need is no more than 1e-12 of the size of the company at the start (with sees_lines: liquidity)
    eased = min(1, lasts / target_runway), 1 where that is 0
    cut = min(staff_cut, max(0, -base) / F)
    staff += (1 - (1 - eased) * cut - staff) / staff_lag, from 1
    hibernates, from lasts < hibernation_runway with segment and trade revenue * (1 - variable_cost) >= bills, to lasts >= 2 * hibernation_runway
    staff = min(staff, hibernation_floor) while it hibernates
    severance_paid = severance * F * max(0, fall of staff)
    costs = F * staff + severance_paid + the rest
    ordered += (eased - ordered) / order_months, from 1, of a fleet; always 1 where that is 0
    committed capex = committed * ordered * capex wanted
    the rest of capex wanted *= eased, 0 while it hibernates
    list *= exp(repricing * (1 - eased) * lacking), in the next month
    lacking = min(1, max(0, margin_wanted - (1 - variable_cost - bills / sales))), 0 without sales;  sales = segment and trade revenue
    research *= hibernation_floor while it hibernates, and so what it wants to spend

When: first of all spending. Cash, `base`, `planned` and F are those of the month before (F of month 1: that of the start); sales and bills are those of the month.

- Cash above the minimum counts as far as it is more than rounding (spare, [prorata](prorata.md)).
- `need` is what the company would burn if it kept all its plans: so it does not fall because plans are cut or because cash at its minimum allows no more, and cuts do not undo themselves.
  An owner whose cash is at its minimum and whose plans are more than it earns wants no uncommitted capex; it builds again as cash comes back, and rests where what it builds is what it earns.
  An owner that earns its plans is not touched.
- `base` is what it earns before whatever can wait, with all staff at work. Staff is cut for what that lacks alone, so what can wait waits first.
- What is committed stays owed (rank 3), but it was ordered when there was money: with `order_months` an owner that lacks it orders less, and what cannot be cut runs off, as it comes back with the money. Without,
  `committed` of any plan is owed, however large the plan has become and however little cash there is.
- Severance is cost, rank 1, and is paid for hibernation too: a firm that owes much of it does not live to see its lower cost.
- Who hibernates keeps its sales; that they need no effort for so long is an assumption. It falls asleep only if what it sells covers what that costs, for else sleep does not help. Staff comes back with its lag.
- In month 1 nothing is known, and nothing is cut. Of the dead, `severance_paid` and `hibernates` are 0 from the month after, and `staff` stays.
- Who loses money on what it sells, and has none left, asks more for it: the founding case, where dearer models made Cursor ask 200 dollars a month. Users leave as their `elasticity` says ([demand](demand.md)); with one
  above 0 use falls, and so do bills. Prices raised so stay raised, and nobody lowers them because money is there again.
- `staff` is not a level of prices: `fixed_level` runs on. A licensed shell ([exits](exits.md)) plans what it planned.

Units: `target_runway`, `hibernation_runway`, `staff_lag`, `order_months`, `severance` months (the last of cost); the rest shares.

Off: `target_runway` 0 and `hibernation_floor` 1; `staff_cut` 0 for staff alone, `repricing` 0 for prices, `order_months` 0 for orders.

Source: investment that follows cash where outside money is dear: Fazzari, Hubbard and Petersen (1988); cash as a buffer: Bates, Kahle and Stulz (2009). About half of the internet firms of the dot-com years were alive
five years later, mostly small: Goldfarb, Kirsch and Miller (2007).

Tests: tests/theory/test_retrenchment.py
"""

from spec.limits import LONGEST_RUNWAY, exp
from spec.liquidity import lasts
from spec.prorata import spare
from spec.rounding import LEAST, LEAST_FLOW
from spec.world import State, World

WAKES = 2.0


def decide(world: World, state: State, i: int) -> None:
    """Decide what a living company cuts, before anything else of its spending."""
    plan, company = world.company, state.company
    lasts = runway(world, state, i)
    target, fixed = plan.target_runway[i], plan.fixed_cost[i] * company.fixed_level[i]
    eased = state.eased[i] = min(1.0, lasts / target) if target > 0 else 1.0
    short = max(0.0, -state.base[i])
    cut = short / fixed if short < plan.staff_cut[i] * fixed else plan.staff_cut[i]
    before = company.staff[i]
    staff = before + (1.0 - (1.0 - state.eased[i]) * cut - before) / plan.staff_lag[i]
    company.hibernates[i] = float(sleeps(world, state, i, lasts))
    if company.hibernates[i]:
        staff, state.eased[i] = min(staff, plan.hibernation_floor[i]), 0.0
    company.staff[i] = staff
    state.raised[i] = exp(plan.repricing[i] * (1.0 - eased) * lacking(world, state, i))
    company.severance_paid[i] = plan.severance[i] * fixed * max(0.0, before - staff)


def lacking(world: World, state: State, i: int) -> float:
    """Gross margin that lacks, nothing without sales."""
    sales = state.company.segment_revenue[i] + state.company.trade_revenue[i]
    if sales <= max(LEAST, LEAST_FLOW * state.size0[i]):
        return 0.0
    margin = 1.0 - world.company.variable_cost[i] - state.company.bills[i] / sales
    return min(1.0, max(0.0, world.company.margin_wanted[i] - margin))


def runway(world: World, state: State, i: int) -> float:
    """Months that cash above the minimum would last if all plans were kept."""
    need = state.planned[i] - state.base[i]
    free = spare(world, state, i)
    alone = min(LONGEST_RUNWAY, free / need) if need > LEAST_FLOW * state.size0[i] else LONGEST_RUNWAY
    return lasts(state, i, (free, need), alone)


def sleeps(world: World, state: State, i: int, lasts: float) -> bool:
    """Whether a company hibernates this month."""
    plan, company = world.company, state.company
    if plan.hibernation_floor[i] >= 1.0:
        return False
    if company.hibernates[i]:
        return lasts < WAKES * plan.hibernation_runway[i]
    sales = company.segment_revenue[i] + company.trade_revenue[i]
    margin = sales * (1.0 - plan.variable_cost[i]) - company.bills[i]
    return lasts < plan.hibernation_runway[i] and margin >= -LEAST_FLOW * state.size0[i]


def rest(world: World, state: State, i: int) -> None:
    """Note the discretionary plan, and leave the floor of it to who hibernates."""
    state.planned[i] = state.wanted[i]
    if state.company.hibernates[i]:
        state.company.research[i] *= world.company.hibernation_floor[i]
        state.wanted[i] *= world.company.hibernation_floor[i]


def ease(world: World, state: State, f: int) -> None:
    """Note the uncommitted capex of a fleet, and leave what its owner still wants of it."""
    owner, wanted = world.fleet.owner[f], state.fleet.wanted[f]
    months = world.fleet.order_months[f]
    if months > 0 and state.alive(owner):
        state.ordered[f] += (state.eased[owner] - state.ordered[f]) / max(1.0, months)
    state.owed_capex[f] = world.fleet.committed[f] * state.ordered[f] * wanted
    state.planned[owner] += wanted - state.owed_capex[f]
    state.fleet.wanted[f] = state.owed_capex[f] + state.eased[owner] * (wanted - state.owed_capex[f])


def note(world: World, state: State, i: int, t: int) -> None:
    """Smooth the cash flow of a living company before what could be put off, had all staff been kept."""
    company = state.company
    fleets = world.where("fleet", "owner", i)
    built = sum(state.fleet.capex[f] - state.owed_capex[f] for f in fleets)
    fixed = world.company.fixed_cost[i] * company.fixed_level[i]
    flow = company.net_cash_flow[i] + built + company.discretionary[i]
    flow += company.severance_paid[i] - fixed * (1.0 - company.staff[i])
    state.base[i] = flow if t == 1 else state.base[i] + (flow - state.base[i]) / 3.0
