"""Phase 2: rules. A rule is a condition, how long it holds, and actions on levers.

When: all programs (conditions and amounts) are evaluated first, on the state as it is: variables of the month before, regimes and the rest of phase 1 of this month,
parameters as the world gives them, whatever rules moved. Then levers are set back and moved. So no rule sees what another does in the same month.

    holds_t = condition of month t (while)
    holds_t = within n months from the first month of the condition (for n months)
    active_t = holds_(t - delay); never before month 1 + delay
    lever = clamp(world's value * product of scales + sum of additions, range of its row)
    lever = clamp(what a set says, range of its row)

- Programs are made of numbers, variables, parameters, the month, sums, products and so on. Division by 0 gives 0; a logarithm is that of at least 1e-300; a power of a base
  below 0 is that of 0 (1 to the power 0, else 0); results are kept within +-1e300. What is not 0 is true.
- `lag k` of an expression is its value here k months ago, in months up to k that of month 1.
- `mod` is what is left of a division, of the sign of the divisor; 0 where that is 0.
- `summed`, `lowest` and `highest` of an expression are its sum, least and greatest value in the months so far, this one included.
- `chance p` is 1 if `u < p`, with u of word 0 of stream 7. `uniform` is such a u, `normal` the first normal of words 0 and 1; each has an address of its own.
- A rule that holds for n months may begin anew after these if it says `again`, in the very next month if the condition is (still) true.
- A parameter that is a lever is at the world's value at the start of phase 2, each month. It stays where it is moved until phase 2 of the next month: what phase 1 reads
  (chances of regimes and windows, common demand, GPU index, sentiment) acts on the regimes of the month after.
- A variable that the table calls writable is moved from where it is, by the same formula, in every month in which a rule is active, and stays. It is clamped to its range
  (`writable` of its row in `_core.table()`), regime, window and months are rounded, and what follows from it follows as under "Set from outside" below. Nothing of a company that has failed moves; cash
  comes from `capital` or goes there and is no flow of the month; `burn`, `runway`, `debt`, `spread` and `gpu_index` follow. A list price is moved before the factor `list_level` on it.
- Three or more amounts that meet on one lever are sorted by value before they are multiplied or added, so that the order of rules does not change a bit.
- Rules may also make one party pay another ([payments](payments.md)), turn a loan into shares ([conversions](conversions.md)), and hand a fleet to another owner ([transfers](transfers.md)).
- Two sets with different values on one lever on one path in one month are a conflict: the run is void, and says which and where (the first path, in it the first month, whatever the threads).
- Then `spread` is that of the regime (of the credit window, where windows move) anew, and what is posted for contracts with dead companies is the `substitution_premium` of this month.
- What follows from a lever at the start does not move: `revenue0`, `growth0`, values of month 0, weights of contracts. `segment.revenue` moved is the demand of the month, also in activity.
- `substitutable` counts for `capability` as it was when the supplier died, for bills as it is now.
- What worlds forbid, rules and hosts cannot bring about either. Shares of what a segment loses (`recapture.share`) that add up to more than 1 are all divided by their sum, so that nobody
  gains what was not lost. So are the two chances to leave a regime, what loans ask of fleets that are pledged more than once (page [estate](estate.md)), shares of the orders of a fleet, and fractions of a company that stakes are.
- More cash may be taken than there is (a sum or a product below 0). The company then pays what it has at once, to `capital`, and owes the rest this month (a host's: in the next), to `capital`,
  with unsecured debt (rank 4). That part is an outflow of the month. What it cannot pay makes it fail, with cause `cash`; `capital` has a claim on its estate, and pays nothing. A set is kept within the range.
- Actions that scale by the number 1 or add the number 0 move nothing, and leave all bits as they are. So does a rule that is never active, except that the loop skips what a world does not use
  (a contract that is only price times use, a price list that never moves, ...) and cannot skip what a rule might move: then sums may round otherwise in the last bit.
- What month 1 sees of month 0 is on the page [start](start.md).

Set from outside: between two months a host may set the variables that the table calls writable ([month by month](../simulation.md)); the next month starts from them.

- A host may also move parameters that are levers. Then that is where they stand at the start of phase 2, in place of the world's value, until it moves them again.
- What follows from a variable follows at once, the rest with the month. Cash comes from `capital` or goes there (`capital -= new - old`), so the ledger stays balanced, and is no cash flow of any month.
- `burn` and `runway` follow `cash` and `smooth_flow`; `debt_i` is the sum of its `balance`s, `spread` that of `regime`, `gpu_index = exp(gpu_log)`.
- Nothing of a company that has failed can be set. Prices, values and gauges stay those of the month that is over.
- The chain of phase 1 goes on from the regime and the window that were set.
- `list_price` and `passed` are posted next month; `list` then grows from what was set by its trend, `passed` moves towards its target.

Feedbacks and their switches: a feedback is switched off by neutral values of the parameters that steer it; no code of the month knows of switches.

- `cashcade feedbacks` (also `cashcade loops`) lists all with one line each; the table in `python/cashcade/world/feedbacks.py` says which parameters become what.
- A world leaves feedbacks out with `[world] without = [...]` or names the only ones that stay, `[world] feedbacks = [...]` (also `loops`).
- A run leaves out further ones with `without=` (`--without vendor-finance`), and its `feedbacks=` (also `loops=`) says which stay whatever the world says.

Tests: tests/oracle/test_rules.py, tests/oracle/test_levers.py, tests/properties/test_rules.py, tests/simulation/test_moved.py, tests/simulation/test_set.py, tests/theory/test_loops.py
"""

import functools
import math
import operator
from dataclasses import dataclass

import numpy as np
from cashcade import _core

from spec.conversions import convert
from spec.limits import whole
from spec.liquidity import seen
from spec.payments import payment
from spec.regimes import by_regime
from spec.rounding import LEAST_FLOW
from spec.transfers import transfer
from spec.windows import credit_regime
from spec.world import State, World

LARGEST, LEAST = 1e300, 1e-300

SCALE, ADD, SET, PAY, CONVERT, PASS = range(6)
PARAMETERS, VARIABLES = _core.table().parameters, _core.table().variables
NAMES = [name for name, _takes in _core.operations()]
TAKES = dict(_core.operations())


@dataclass(frozen=True)
class RuleActivity:
    """What rules did on a path."""

    first: list[int]
    months: list[int]
    amount: list[float]
    conflict: tuple[int, int, int] | None


def limited(value: float) -> float:
    """A result within its limits."""
    return max(-LARGEST, min(LARGEST, value))


def quotient(a: float, b: float) -> float:
    """A quotient, nothing where the divisor is nothing."""
    return 0.0 if b == 0 else a / b


def remainder(a: float, b: float) -> float:
    """What is left of a division, nothing where the divisor is nothing."""
    return 0.0 if b == 0 else a % b


def exponential(a: float) -> float:
    """The exponential within its limits."""
    return math.exp(a) if a < 690.0 else LARGEST


def power(a: float, b: float) -> float:
    """A power of a base that is not negative."""
    if a <= 0:
        return float(b == 0)
    return exponential(b * math.log(max(LEAST, a)))


APPLIED = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": quotient,
    "mod": remainder,
    "neg": operator.neg,
    "abs": abs,
    "min": min,
    "max": max,
    "exp": exponential,
    "log": lambda a: math.log(max(LEAST, a)),
    "pow": power,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
    "and": lambda a, b: a != 0 and b != 0,
    "or": lambda a, b: a != 0 or b != 0,
    "not": lambda a: a == 0,
    "choose": lambda c, a, b: a if c != 0 else b,
}
KEPT = {"summed": "add", "lowest": "min", "highest": "max"}
FOLDED = {"total": "add", "least": "min", "greatest": "max", "any": "or", "all": "and"}

Members = list[float]
"""Values of a node: one, or one for each member of a group."""


def spread(values: list, width: int) -> list:
    """One value for all members, or one for each."""
    return values * (width // len(values))


class Rules:
    """The rules of one path, and what it remembers of them."""

    def __init__(self, arrays: dict[str, np.ndarray], world: World, draw: int) -> None:
        self.arrays = {name: array.tolist() for name, array in arrays.items()}
        constants = self.arrays["constants"]
        self.constants = constants[draw if len(constants) > 1 else 0]
        self.world = {
            (row.entity, row.name): self.parameter(world, row.entity, row.name) for row in PARAMETERS
        }
        self.past: list[list[Members]] = []  # values of each node, month by month
        self.holds: list[list[bool]] = [[] for _ in self.arrays["rule"]]  # without delay
        self.active: list[list[bool]] = [[] for _ in self.arrays["rule"]]
        self.amount = [0.0] * len(self.arrays["action"])
        self.conflict: tuple[int, int, int] | None = None

    @staticmethod
    def parameter(world: World, entity: str, name: str) -> list[float]:
        """Copy of a parameter."""
        values = getattr(getattr(world, entity), name)
        return [values] if entity == "market" else list(values)

    def activity(self) -> RuleActivity:
        """What became of it."""
        first = [active.index(True) + 1 if True in active else 0 for active in self.active]
        return RuleActivity(first, [sum(active) for active in self.active], self.amount, self.conflict)

    def act(self, world: World, state: State, t: int) -> None:
        """Judge all rules, then put levers back and move them."""
        self.past.append([])
        for code, *operands in self.arrays["node"]:
            self.past[-1].append(self.value(state, t, NAMES[code], operands))
        for r, rule in enumerate(self.arrays["rule"]):
            self.judge(r, rule, t)
        for (entity, name), values in self.world.items():
            owner = getattr(world, entity)
            setattr(owner, name, values[0] if entity == "market" else list(values))
        moves = [action for action in self.arrays["action"] if action[1] < PAY]
        for key in sorted({tuple(action[2:5]) for action in moves}):
            self.move(world, state, t, key)
        acting = [action[1:] for action in self.arrays["action"] if self.active[action[0]][-1]]
        amounts = [(how, *ends, self.past[-1][amount][0]) for how, *ends, amount in acting]
        convert(world, state, [(loan, at) for how, _, loan, _, at in amounts if how == CONVERT])
        transfer(world, state, [(f, g, share) for how, _, f, g, share in amounts if how == PASS])
        state.payments = [
            payment(state, *ends, self.past[-1][amount][0] if self.active[r][-1] else 0.0)
            for r, how, *ends, amount in self.arrays["action"]
            if how == PAY
        ]
        state.market.spread = by_regime(world, "spread", credit_regime(world, state))
        state.market.gpu_index = math.exp(state.market.gpu_log)

    def group(self, number: int) -> list[int]:
        """Members of a group."""
        first, end = self.arrays["group"][number : number + 2]
        return self.arrays["member"][first:end]

    def value(self, state: State, t: int, name: str, operands: list[int]) -> Members:
        """The values of a node now."""
        taken = [self.past[-1][k] for k in operands[: TAKES[name]]]
        if not taken:
            return self.leaf(state, t, name, *operands[:2])
        if name in KEPT:
            so_far = [values[operands[0]] for values in self.past]
            both = functools.partial(self.apply, KEPT[name])
            return [functools.reduce(both, each) for each in zip(*so_far, strict=True)]
        if name == "lag":
            return self.past[max(0, t - 1 - operands[1])][operands[0]]
        if name in FOLDED:
            return [functools.reduce(functools.partial(self.apply, FOLDED[name]), taken[0])]
        if name in ("chance", "chances"):
            places = [operands[1]] if name == "chance" else self.group(operands[1])
            width = max(len(places), len(taken[0]))
            each = zip(spread(places, width), spread(taken[0], width), strict=True)
            return [self.happens(state, t, place, chance) for place, chance in each]
        width = max(len(values) for values in taken)
        return [self.apply(name, *row) for row in zip(*(spread(each, width) for each in taken), strict=True)]

    def leaf(self, state: State, t: int, name: str, first: int, second: int) -> Members:
        """The values of a node that takes none."""
        if name == "constant":
            return [self.constants[first]]
        if name == "month":
            return [float(t)]
        if name.rstrip("s") in ("uniform", "normal"):
            addresses = self.group(first) if name.endswith("s") else [first]
            return [self.luck(state, t, place, name.rstrip("s")) for place in addresses]
        places = self.group(second) if name.endswith("s") else [second]
        if name.startswith("variable"):
            values = state.read(VARIABLES[first].entity, VARIABLES[first].name)
        else:
            values = self.world[PARAMETERS[first].entity, PARAMETERS[first].name]
        return [float(values[place]) for place in places]

    def luck(self, state: State, t: int, place: int, name: str) -> float:
        """A random number of the month."""
        address = self.arrays["address"][place]
        if name == "normal":
            return state.luck.pair("rule", address, t, 0)[0]
        return state.luck.uniforms("rule", address, t)[0]

    def happens(self, state: State, t: int, place: int, chance: float) -> float:
        """Whether luck has it."""
        return float(state.luck.uniforms("rule", self.arrays["address"][place], t)[0] < chance)

    @staticmethod
    def apply(name: str, *operands: float) -> float:
        """One operation."""
        return limited(float(APPLIED[name](*operands)))

    def judge(self, r: int, rule: list[int], t: int) -> None:
        """Whether a rule is active this month, and its amounts if that is new."""
        condition, hold, months, delay, again = rule
        true, before = self.past[-1][condition][0] != 0, self.holds[r]
        if hold == 0:
            before.append(true)
        else:
            starts = self.starts(before, months)
            holding = bool(starts) and t < starts[-1] + months
            before.append(holding or (true and (bool(again) or not starts)))
        self.active[r].append(t > delay and before[t - 1 - delay])
        if self.active[r][-1] and sum(self.active[r]) == 1:
            for a, action in enumerate(self.arrays["action"]):
                if action[0] == r:
                    self.amount[a] = self.past[-1][action[5]][0]

    @staticmethod
    def starts(holds: list[bool], months: int) -> list[int]:
        """Months in which a rule that holds for some months began to."""
        starts: list[int] = []
        for t, hold in enumerate(holds, 1):
            if hold and (not starts or t >= starts[-1] + months):
                starts.append(t)
        return starts

    def move(self, world: World, state: State, t: int, key: tuple[int, int, int]) -> None:
        """Move one lever from where it is."""
        kind, place, entity = key
        acting = {how: self.acting(key, how) for how in (SCALE, ADD, SET)}
        if not any(acting.values()):
            return
        row = (VARIABLES if kind else PARAMETERS)[place]
        owner, name, unit = row.entity, row.name, row.unit
        low, high = row.writable if kind else (row.low, row.high)
        values = self.read(state, owner, name) if kind else self.parameter(world, owner, name)
        moved = values[entity] * math.prod(amount for _, amount in acting[SCALE])
        moved += sum(amount for _, amount in acting[ADD])
        floor = -high if (owner, name) == ("company", "cash") else low
        moved = max(floor, min(high, moved))
        if acting[SET]:
            moved = max(low, min(high, self.set(acting[SET], t)))
        moved = whole(moved) if unit in ("code", "flag") or (kind and unit == "month") else moved
        if kind == 0:
            self.write(world, owner, name, entity, moved)
        elif self.may(world, state, owner, entity):
            self.push(world, state, (owner, name), entity, moved)

    @staticmethod
    def read(state: State, owner: str, name: str) -> list[float]:
        """Where a variable is moved from; a list price before the factor on it."""
        return list(state.list) if name == "list_price" else state.read(owner, name)

    @staticmethod
    def write(where: World | State, owner: str, name: str, entity: int, value: float) -> None:
        """Write a parameter or a variable."""
        if owner == "market":
            setattr(where.market, name, value)
        else:
            getattr(getattr(where, owner), name)[entity] = value

    def push(self, world: World, state: State, key: tuple[str, str], entity: int, value: float) -> None:
        """Write a variable, and what follows from it at once."""
        company = state.company
        before = state.read(*key)[entity]
        if key == ("company", "cash"):
            state.levied[entity] += max(0.0, -value)
            value = max(0.0, value)
            state.pay("capital", entity, value - before)
            state.cash_before[entity] = company.cash[entity]
        else:
            self.write(state, *key, entity, value)
        if key == ("company", "list_price"):
            state.list[entity] = value
        if key[1] in ("cash", "smooth_flow") and value != before:
            burn = -company.smooth_flow[entity]
            burn = company.burn[entity] = burn if burn > LEAST_FLOW * state.size0[entity] else 0.0
            company.runway[entity] = seen(state, entity)
        if key == ("loan", "balance"):
            i = world.loan.borrower[entity]
            company.debt[i] = sum(state.loan.balance[e] for e in world.where("loan", "borrower", i))

    def acting(self, key: tuple[int, int, int], how: int) -> list[tuple[int, float]]:
        """Actions of a kind on a lever whose rules are active, with their amounts."""
        return [
            (a, self.past[-1][amount][0])
            for a, (r, kind, *target, amount) in enumerate(self.arrays["action"])
            if kind == how and tuple(target) == key and self.active[r][-1]
        ]

    def set(self, acting: list[tuple[int, float]], t: int) -> float:
        """Where a lever is set; two that differ are a conflict."""
        first, value = acting[0]
        other = next((a for a, amount in acting if amount != value), None)
        if other is not None and self.conflict is None:
            self.conflict = (t, first, other)
        return value

    @staticmethod
    def may(world: World, state: State, owner: str, entity: int) -> bool:
        """What belongs to a dead company stays."""
        if owner == "loan":
            return state.alive(world.loan.borrower[entity])
        return owner != "company" or state.alive(entity)
