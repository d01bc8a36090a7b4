"""A world for one path, and a state that holds every variable; cash moves in `State.pay` alone.

Outside the network stand three sectors, `households`, `suppliers` and `capital`. They never default, and their balances may go either way.
Every flow has a payer and a receiver, so the changes in cash of all companies and sectors sum to zero each month on each path.

    imbalance = largest |change of the sum of all cash| / gross flow of its month, over months and paths

Every run reports it. The gross flow is what is paid, and what was to be paid and is taken back. The change counts beyond the rounding
of adding the balances up (1e-14 of their sizes).

Units: USD.

Tests: tests/properties/test_laws.py
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
from cashcade import _core

from spec.draw import Luck

OUTSIDE = -1
SECTORS = ("households", "suppliers", "capital")


class World:
    """Parameters and links as lists: `world.company.cash[i]`, `world.loan.lender[e]`."""

    def __init__(self, inputs: dict[str, np.ndarray], draw: int = 0, doors: Sequence = ()) -> None:
        self.inputs = inputs
        self.doors = list(doors)
        for row in _core.table().parameters:
            if not hasattr(self, row.entity):
                setattr(self, row.entity, SimpleNamespace())
        for row in _core.table().parameters:
            rows = inputs[row.full_name]
            values = rows[draw if len(rows) > 1 else 0]
            setattr(getattr(self, row.entity), row.name, [float(value) for value in values])
        for row in _core.table().links:
            setattr(getattr(self, row.entity), row.name, [int(place) for place in inputs[row.full_name]])
        for entity in ("company", "segment", "loan", "pledge"):
            getattr(self, entity).address = [int(address) for address in inputs[f"{entity}.address"]]
        first = {row.entity: row.name for row in reversed(_core.table().parameters)}
        self.counts = {entity: len(getattr(getattr(self, entity), name)) for entity, name in first.items()}
        self.market = SimpleNamespace(**{name: values[0] for name, values in vars(self.market).items()})

    def each(self, entity: str) -> range:
        """Places of all entities of a kind."""
        return range(self.counts[entity])

    def where(self, entity: str, link: str, place: int) -> list[int]:
        """Places of the entities of a kind whose `link` points to `place`."""
        return [e for e, target in enumerate(getattr(getattr(self, entity), link)) if target == place]


@dataclass
class Exits:
    """Who left how, and who owns whom ("capital" for a buyer outside)."""

    month: dict[int, int] = field(default_factory=dict)
    door: dict[int, int] = field(default_factory=dict)
    buyer: dict[int, int | str] = field(default_factory=dict)
    price: dict[int, float] = field(default_factory=dict)
    owner: dict[int, int | str] = field(default_factory=dict)
    closing: list[int] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    bought: set[int] = field(default_factory=set)
    supported: int = 0


class State:
    """Every variable of the table, and the ledger, at one point of one path."""

    def __init__(self, world: World, luck: Luck) -> None:
        self.luck = luck
        for row in _core.table().variables:
            if not hasattr(self, row.entity):
                setattr(self, row.entity, SimpleNamespace())
            setattr(getattr(self, row.entity), row.name, [0.0] * world.counts[row.entity])
        self.market = SimpleNamespace(**dict.fromkeys(vars(self.market), 0.0))
        companies = world.counts["company"]
        self.failed_month = [0] * companies
        self.cause = ["none"] * companies
        self.trigger = [-1] * companies
        self.debt_at_failure = [0.0] * companies
        self.died = [0] * companies  # month in which it failed or closed
        self.exits = Exits()
        self.substituted = [0.0] * world.counts["contract"]  # part replaced once the supplier is dead
        self.tier = [1.0] * world.counts["contract"]  # price over what the supplier posts
        self.capped = [0.0] * companies  # share of its use that a company caps
        self.intensity = [1.0] * companies  # use per user of what it sells
        self.common_weights: list[float] = []  # of every shock so far in common demand
        self.common_sum: list[float] = []  # and in the sum of common demand
        self.common_excess = 0.0  # half of what the variance of the sum grows by
        self.windows = SimpleNamespace(
            index=[], losses=0.0, failed=0.0, tries=0.0, refusals=0.0, strain=(0.0, 0.0)
        )
        segments = world.counts["segment"]
        self.wander = [0.0] * segments  # what shocks have done to growth
        self.wander_excess = [0.0] * segments  # half of what the variance of its sum grows by
        self.wander_weights: list[list[float]] = [[] for _ in range(segments)]  # of every shock so far in it
        self.wander_sum: list[list[float]] = [[] for _ in range(segments)]  # and in its sum
        self.first_value: dict[int, dict[str, float]] = {}  # what the value of a company moves from
        self.value_variance = [0.0] * companies  # of its mispricing
        self.value_before = [0.0] * companies  # value of the month before
        self.settles = [1.0] * segments  # what the answer of volume to price settles at
        self.organic_smooth = [0.0] * companies  # organic sales over those of the start, smoothed over a year
        self.organic_recent = [0.0] * companies  # the same over a quarter
        self.base = [0.0] * companies  # smoothed cash flow before what may wait, with all staff
        self.planned = [0.0] * companies  # spending that may wait
        self.raised = [1.0] * companies  # factor on the list price of next month
        self.eased = [1.0] * companies  # part of uncommitted capex that is still wanted
        self.owed_capex = [0.0] * world.counts["fleet"]
        self.ordered = [1.0] * world.counts["fleet"]  # part of what cannot be cut that is still ordered
        self.index_variance = 0.0  # of the shocks that moved prices of shares so far
        self.gross_flow = 0.0
        self.largest = 0.0

    def alive(self, company: int) -> bool:
        """Whether a company, or a sector outside, can take part."""
        lives = self.failed_month[company] == 0 and company not in self.exits.closed
        return company == OUTSIDE or lives

    def pay(self, payer: int | str, receiver: int | str, amount: float) -> None:
        """Move cash; every movement has two ends."""
        self.gross_flow += abs(amount)
        self._add(payer, -amount)
        self._add(receiver, amount)

    def _add(self, who: int | str, amount: float) -> None:
        if isinstance(who, str):
            setattr(self.market, who, getattr(self.market, who) + amount)
        else:
            self.company.cash[who] += amount

    def money(self) -> float:
        """All balances together; nothing creates or destroys them."""
        return sum(self.company.cash) + sum(getattr(self.market, sector) for sector in SECTORS)

    def snapshot(self) -> dict[tuple[str, str], list[float]]:
        """Copy of every variable of the table."""
        rows = _core.table().variables
        return {(row.entity, row.name): self.read(row.entity, row.name) for row in rows}

    def read(self, entity: str, name: str) -> list[float]:
        """Copy of one variable."""
        values = getattr(getattr(self, entity), name)
        return [values] if entity == "market" else list(values)
