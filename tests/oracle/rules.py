"""Phase 2: the same arrays of rules as the compiled loop reads, taken one operation at a time."""

import functools
import math
import operator
from dataclasses import dataclass

import numpy as np
from cashcade import _core

from tests.oracle.regimes import by_regime
from tests.oracle.start import LONGEST_RUNWAY
from tests.oracle.world import LEAST_FLOW, State, World, whole

LARGEST, LEAST = 1e300, 1e-300
SCALE, ADD, SET = range(3)
PARAMETERS, VARIABLES = _core.parameters(), _core.variables()
NAMES = [name for name, _takes in _core.operations()]
TAKES = dict(_core.operations())
LIMITS = {f"{row[0]}.{row[1]}": limits for row, limits in zip(VARIABLES, _core.settable(), strict=True)}


@dataclass(frozen=True)
class Fired:
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
FOLDED = {"total": "add", "least": "min", "greatest": "max", "any": "or", "all": "and"}

Members = list[float]
"""Values of a node: one, or one for each member of a group."""


def spread(values: list, width: int) -> list:
    """One value for all members, or one for each."""
    return values * (width // len(values))


class Rules:
    """The rules of one path, and what it remembers of them."""

    def __init__(self, arrays: dict[str, np.ndarray], world: World, draw: int):
        self.arrays = {name: array.tolist() for name, array in arrays.items()}
        constants = self.arrays["constants"]
        self.constants = constants[draw if len(constants) > 1 else 0]
        self.world = {(entity, name): self.parameter(world, entity, name) for entity, name, *_ in PARAMETERS}
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

    def fired(self) -> Fired:
        """What became of it."""
        first = [active.index(True) + 1 if True in active else 0 for active in self.active]
        return Fired(first, [sum(active) for active in self.active], self.amount, self.conflict)

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
        for key in sorted({tuple(action[2:5]) for action in self.arrays["action"]}):
            self.move(world, state, t, key)
        state.market.spread = by_regime(world, "spread", state.market.regime)
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
        places = self.group(second) if name.endswith("s") else [second]
        if name.startswith("variable"):
            entity, field, *_ = VARIABLES[first]
            values = state.read(entity, field)
        else:
            entity, field, *_ = PARAMETERS[first]
            values = self.world[entity, field]
        return [float(values[place]) for place in places]

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
        table = VARIABLES if kind else PARAMETERS
        owner, name, unit, *rest = table[place]
        low, high = LIMITS[f"{owner}.{name}"] if kind else rest[:2]
        values = self.read(state, owner, name) if kind else self.parameter(world, owner, name)
        moved = values[entity] * math.prod(amount for _, amount in acting[SCALE])
        moved += sum(amount for _, amount in acting[ADD])
        floor = -high if (owner, name) == ("company", "cash") else low
        moved = max(floor, min(high, moved))
        if acting[SET]:
            moved = max(low, min(high, self.set(acting[SET], t)))
        moved = whole(moved) if unit in ("code", "flag") else moved
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
            longest = LONGEST_RUNWAY
            company.runway[entity] = min(longest, company.cash[entity] / burn) if burn > 0 else longest
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
