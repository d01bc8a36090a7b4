"""Arrays of rules from nested tuples, as a compiler of rules would write them.

An expression is a number, `("company.cash", 0)` for a variable, `("parameter", "company.payout", 0)`, `"month"`,
`("lag", expression, months)`, `("chance", address, expression)`, or `(operation, *expressions)`; of a group a list stands
in place of the entity or address, as in `("total", ("company.cash", [0, 2]))`.
"""

import numpy as np
from cashcade import _core

CODES = {name: code for code, (name, _takes) in enumerate(_core.operations())}
VARIABLES = {row.full_name: row.place for row in _core.table().variables}
PARAMETERS = {row.full_name: row.place for row in _core.table().parameters}
HOW = {"scale": 0, "add": 1, "set": 2, "pay": 3, "convert": 4, "transfer": 5}


class Book:
    """Rules to be, one by one."""

    def __init__(self) -> None:
        self.constants: list[float] = []
        self.nodes: list[tuple[int, int, int, int]] = []
        self.groups: list[list[int]] = []
        self.addresses: list[int] = []
        self.rules: list[tuple[int, ...]] = []
        self.actions: list[tuple[int, ...]] = []

    def rule(self, when, *actions, months=0, delay=0, again=False) -> "Book":
        """Add a rule: `months` 0 holds while `when` does; actions are (how, "entity.name", entity, amount).

        A payment is ("pay", rank, (payer, payee), amount), a conversion ("convert", 0, (loan, 0), value), a
        transfer ("transfer", 0, (from, to), share).
        """
        hold = int(months > 0)
        self.rules.append((self.node(when), hold, max(1, months), delay, int(again)))
        for how, target, entity, amount in actions:
            if how in {"pay", "convert", "transfer"}:
                rule = len(self.rules) - 1
                self.actions.append((rule, HOW[how], target, *entity, self.node(amount)))
                continue
            kind, place = (0, PARAMETERS[target]) if target in LEVERS else (1, VARIABLES[target])
            rule = len(self.rules) - 1
            self.actions.append((rule, HOW[how], kind, place, entity, self.node(amount)))
        return self

    def node(self, expression) -> int:
        """Number of the node of an expression, after those of its parts."""
        match expression:
            case int() | float():
                self.constants.append(float(expression))
                node = self.add("constant", len(self.constants) - 1)
            case "month":
                node = self.add("month")
            case ("lag", of, months):
                node = self.add("lag", self.node(of), months)
            case ("chance", luck, of):
                operation = "chances" if isinstance(luck, list) else "chance"
                node = self.add(operation, self.node(of), self.luck(luck))
            case ("uniform" | "normal" | "uniforms" | "normals" as operation, luck):
                node = self.add(operation, self.luck(luck))
            case ("parameter", name, entity):
                node = self.read("parameter", PARAMETERS[name], entity)
            case (name, entity) if name in VARIABLES:
                node = self.read("variable", VARIABLES[name], entity)
            case (operation, *operands):
                node = self.add(operation, *[self.node(operand) for operand in operands])
        return node

    def luck(self, luck: int | list[int]) -> int:
        """Place of an address, or the group of the places of several."""
        first = len(self.addresses)
        if not isinstance(luck, list):
            self.addresses.append(luck)
            return first
        self.addresses += luck
        return self.group([*range(first, len(self.addresses))])

    def read(self, source: str, place: int, entity: int | list[int]) -> int:
        """Number of the node of a row of the table."""
        if isinstance(entity, list):
            return self.add(f"{source}s", place, self.group(entity))
        return self.add(source, place, entity)

    def group(self, members: list[int]) -> int:
        """Number of a group."""
        self.groups.append(members)
        return len(self.groups) - 1

    def add(self, operation: str, *operands: int) -> int:
        """Append a node."""
        first, second, third, *_ = (*operands, 0, 0, 0)
        self.nodes.append((CODES[operation], first, second, third))
        return len(self.nodes) - 1

    def ordered(self, places: list[int]) -> "Book":
        """The same rules in another order, with their actions."""
        other = Book()
        other.constants, other.nodes = self.constants, self.nodes
        other.groups, other.addresses = self.groups, self.addresses
        other.rules = [self.rules[place] for place in places]
        other.actions = [
            (new, *action[1:])
            for new, place in enumerate(places)
            for action in self.actions
            if action[0] == place
        ]
        return other

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays."""
        return {
            "node": table(self.nodes, 4),
            "constants": np.array([self.constants]),
            "group": np.cumsum([0, *map(len, self.groups)]).astype(np.int32),
            "member": np.array([each for group in self.groups for each in group], dtype=np.int32),
            "address": np.array(self.addresses, dtype=np.uint32),
            "rule": table(self.rules, 5),
            "action": table(self.actions, 6),
        }


LEVERS = {row.full_name: (row.low, row.high) for row in _core.table().parameters if row.lever}
WRITABLE = [row.full_name for row in _core.table().variables if row.writable]


def table(rows: list[tuple[int, ...]], width: int) -> np.ndarray:
    """Rows of whole numbers."""
    return np.array(rows, dtype=np.int32).reshape(len(rows), width)


SPANS = {"USD": 4e6, "USD/month": 2e6, "months": 12.0, "1/year": 0.3}
LIMITS = {row.full_name: row.writable for row in _core.table().variables}
UNITS = {row.full_name: row.unit for row in (*_core.table().parameters, *_core.table().variables)}
FIRST = {row.entity: row.name for row in reversed(_core.table().parameters)}


def count(inputs: dict[str, np.ndarray], target: str) -> int:
    """How many entities a row of the table has."""
    entity = target.partition(".")[0]
    return inputs[f"{entity}.{FIRST[entity]}"].shape[-1]


def amount(rng: np.random.Generator, how: str, target: str) -> float:
    """A number that moves a lever, near where worlds have it."""
    if how == "scale":
        return rng.uniform(0.2, 1.8)
    low, high = LEVERS[target] if target in LEVERS else LIMITS[target]
    width = min(high - low, SPANS.get(UNITS[target], 2.0))
    if how == "add":
        return rng.choice([-1.0, 1.0]) * rng.uniform(0.2, 0.8) * width
    return max(low, -width) + rng.uniform(0.05, 0.95) * width


def number(rng: np.random.Generator, inputs: dict[str, np.ndarray], depth: int):
    """An expression of a continuous value."""
    kind = rng.integers(8) if depth else rng.integers(2)
    if kind == 0:
        return rng.uniform(-2.0, 2.0)
    if kind == 1:
        name = str(rng.choice(READ))
        places = count(inputs, name)
        return (name, int(rng.integers(places))) if places else rng.uniform(0.0, 2.0)
    below = [number(rng, inputs, depth - 1) for _ in range(2)]
    if kind == 2:
        return ("lag", below[0], int(rng.integers(1, 5)))
    if kind == 3:
        return ("choose", flag(rng, inputs, depth - 1), *below)
    if kind == 4:
        return (str(rng.choice(["neg", "abs", "log"])), below[0])
    return (str(rng.choice(["add", "sub", "mul", "div", "min", "max"])), *below)


def flag(rng: np.random.Generator, inputs: dict[str, np.ndarray], depth: int):
    """A condition; what is compared never ties but by design."""
    kind = rng.integers(6) if depth else rng.integers(3)
    if kind == 0:
        return ("chance", int(rng.integers(1000)), rng.uniform(0.1, 0.9))
    if kind == 1:
        return (str(rng.choice(["eq", "ne"])), ("market.regime", 0), float(rng.integers(3)))
    if kind == 2:
        return (str(rng.choice(["lt", "le", "gt", "ge"])), "month", float(rng.integers(1, 12)))
    if kind == 3:
        return (str(rng.choice(["lt", "le", "gt", "ge"])), number(rng, inputs, depth - 1), rng.normal())
    if kind == 4:
        return ("not", flag(rng, inputs, depth - 1))
    return (str(rng.choice(["and", "or"])), *(flag(rng, inputs, depth - 1) for _ in range(2)))


READ = (
    *("segment.trend", "segment.response", "company.price", "company.activity", "company.growth"),
    *("market.gpu_log", "market.common", "market.spread", "company.cash", "loan.balance", "fleet.plan"),
)


CHANCE_OF_PAYMENT = 0.3
SECTORS = (-2, -3, -4)


def payment(rng: np.random.Generator, inputs: dict[str, np.ndarray]):
    """One party pays another, at least one of them a company."""
    companies = count(inputs, "company.cash")
    payer = int(rng.integers(companies))
    others = [*SECTORS, *(i for i in range(companies) if i != payer)]
    ends = [payer, int(rng.choice(others))]
    rng.shuffle(ends)
    share = ("mul", float(rng.uniform(0.0, 0.3)), ("company.cash", payer))
    return ("pay", int(rng.integers(2, 6)), (int(ends[0]), int(ends[1])), share)


CHANCE_OF_CONVERSION = 0.2
CHANCE_OF_TRANSFER = 0.3


def conversion(rng: np.random.Generator, inputs: dict[str, np.ndarray]):
    """A loan turns into shares, at a value that may be nothing."""
    loan = int(rng.integers(count(inputs, "loan.balance")))
    return ("convert", 0, (loan, 0), float(rng.choice([0.0, rng.uniform(0.0, 2e7)])))


def transfers(rng: np.random.Generator, inputs: dict[str, np.ndarray]):
    """A fleet passes to another of its class, if there is one."""
    classes = inputs["fleet.class"][0].tolist()
    alike = [(f, g) for f, of in enumerate(classes) for g, to in enumerate(classes) if f != g and of == to]
    chosen = [alike[place] for place in rng.integers(len(alike), size=2)] if alike else []
    return [("transfer", 0, ends, float(rng.uniform(0.0, 1.2))) for ends in chosen]


def random_book(rng: np.random.Generator, inputs: dict[str, np.ndarray], rules: int) -> Book:
    """Rules at random, on levers that the world has; each lever is set by one rule at most."""
    book, set_before = Book(), set()
    targets = [target for target in (*LEVERS, *WRITABLE) if count(inputs, target)]
    for _ in range(rules):
        actions = []
        for target in rng.choice(targets, rng.integers(1, 4), replace=False):
            entity = int(rng.integers(count(inputs, target)))
            how = str(rng.choice(["scale", "add", "set"]))
            how = "scale" if how == "set" and (target, entity) in set_before else how
            set_before.add((target, entity))
            actions.append((how, str(target), entity, amount(rng, how, str(target))))
        if rng.random() < CHANCE_OF_PAYMENT:
            actions.append(payment(rng, inputs))
        if count(inputs, "loan.balance") and rng.random() < CHANCE_OF_CONVERSION:
            actions.append(conversion(rng, inputs))
        if rng.random() < CHANCE_OF_TRANSFER:
            actions += transfers(rng, inputs)
        hold = {
            "months": int(rng.integers(0, 6)),
            "delay": int(rng.integers(0, 4)),
            "again": bool(rng.integers(2)),
        }
        book.rule(flag(rng, inputs, 3), *actions, **hold)
    return book
