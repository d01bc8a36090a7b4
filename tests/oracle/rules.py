"""Phase 2: the same arrays of rules as the compiled loop reads, taken one operation at a time."""

import math
import operator
from dataclasses import dataclass

import numpy as np
from cashcade import _core

from tests.oracle.regimes import by_regime
from tests.oracle.world import OUTSIDE, State, World, whole

LARGEST, LEAST = 1e300, 1e-300
SCALE, ADD, SET = range(3)
PARAMETERS, VARIABLES = _core.parameters(), _core.variables()
NAMES = [name for name, _pops in _core.operations()]
POPS = dict(_core.operations())
# Least and greatest value of what rules may write.
LIMITS = {
    "company.cash": (0.0, 1e17),
    "company.smooth_flow": (-1e17, 1e17),
    "company.passed": (0.01, 1e9),
    "segment.trend": (0.0, 1e9),
    "segment.response": (0.0, 1e9),
    "loan.balance": (0.0, 1e17),
    "loan.undrawn": (0.0, 1e17),
    "fleet.plan": (0.0, 1e9),
    "market.regime": (0.0, 2.0),
    "market.listing": (0.0, 1.0),
    "market.common": (-20.0, 20.0),
    "market.gpu_log": (-20.0, 20.0),
}
OWNED = ("company.cash", "company.smooth_flow", "loan.balance", "loan.undrawn")


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


class Rules:
    """The rules of one path, and what it remembers of them."""

    def __init__(self, arrays: dict[str, np.ndarray], world: World, draw: int):
        self.arrays = {name: array.tolist() for name, array in arrays.items()}
        constants = self.arrays["constants"]
        self.constants = constants[draw if len(constants) > 1 else 0]
        self.world = {(entity, name): self.parameter(world, entity, name) for entity, name, *_ in PARAMETERS}
        self.past: list[list[float]] = []  # value of each program, month by month
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
        for k in range(len(self.arrays["program"]) - 1):
            self.past[-1].append(self.value(state, t, k))
        for r, rule in enumerate(self.arrays["rule"]):
            self.judge(r, rule, t)
        for (entity, name), values in self.world.items():
            owner = getattr(world, entity)
            setattr(owner, name, values[0] if entity == "market" else list(values))
        for key in sorted({tuple(action[2:5]) for action in self.arrays["action"]}):
            self.move(world, state, t, key)
        state.market.spread = by_regime(world, "spread", state.market.regime)
        state.market.gpu_index = math.exp(state.market.gpu_log)

    def value(self, state: State, t: int, k: int) -> float:
        """The value of a program now."""
        first, end = self.arrays["program"][k : k + 2]
        stack: list[float] = []
        for code, a, b in self.arrays["code"][first:end]:
            name = NAMES[code]
            operands = [stack.pop() for _ in range(POPS[name])][::-1]
            stack.append(self.apply(state, t, name, (a, b), operands))
        (value,) = stack
        return value

    def apply(self, state: State, t: int, name: str, place: tuple[int, int], operands: list[float]) -> float:
        """One operation."""
        match name:
            case "constant":
                return self.constants[place[0]]
            case "variable":
                entity, field, *_ = VARIABLES[place[0]]
                return float(state.read(entity, field)[place[1]])
            case "parameter":
                entity, field, *_ = PARAMETERS[place[0]]
                return self.world[entity, field][place[1]]
            case "month":
                return float(t)
            case "lag":
                k, months = self.arrays["history"][place[0]]
                return self.past[max(0, t - 1 - months)][k]
            case "chance":
                return float(state.luck.uniforms("rule", self.arrays["address"][place[0]], t)[0] < operands[0])
            case _:
                return limited(float(APPLIED[name](*operands)))

    def judge(self, r: int, rule: list[int], t: int) -> None:
        """Whether a rule is active this month, and its amounts if that is new."""
        condition, hold, months, delay, again = rule
        true, before = self.past[-1][condition] != 0, self.holds[r]
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
                    self.amount[a] = self.past[-1][action[5]]

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
        where = state if kind else world
        values = state.read(owner, name) if kind else self.parameter(world, owner, name)
        moved = values[entity] * math.prod(amount for _, amount in acting[SCALE])
        moved += sum(amount for _, amount in acting[ADD])
        if acting[SET]:
            moved = self.set(acting[SET], t)
        moved = max(low, min(high, moved))
        moved = whole(moved) if unit in ("code", "flag") else moved
        if kind and not self.may(world, state, f"{owner}.{name}", entity):
            return
        if kind and name == "cash":
            state.pay("capital", entity, moved - values[entity])
            state.cash_before[entity] = state.company.cash[entity]
        elif owner == "market":
            setattr(where.market, name, moved)
        else:
            getattr(getattr(where, owner), name)[entity] = moved

    def acting(self, key: tuple[int, int, int], how: int) -> list[tuple[int, float]]:
        """Actions of a kind on a lever whose rules are active, with their amounts."""
        return [
            (a, self.past[-1][amount])
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
    def may(world: World, state: State, key: str, entity: int) -> bool:
        """What belongs to a dead company stays."""
        owner = OUTSIDE
        if key in OWNED:
            owner = entity if key.startswith("company") else world.loan.borrower[entity]
        return state.alive(owner)
