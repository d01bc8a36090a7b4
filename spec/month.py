"""The month in order.

    1   regimes          funding regime, listing window, common demand, GPU index, GDP trend
        windows          four windows for money in their place
        listed           what moves the prices of all shares
    2   rules            conditions are judged, levers are moved
        conversions      loans that become shares
        transfers        fleets that pass to other owners
    2a  confidence       patience with AI capex runs out
        investment       confidence of investors in owners of fleets
    3   prices           list prices, what is passed on, what customers feel
    4   demand           trends (growth: shocks and breaks; saturation: markets fill up), responses (plans: the mix of users), what rivals gain; capacity rations what is sold
    5   bills            activity, use of contracts and the bills for it
        payables         what of earlier bills is due
    6   spending         costs, tax, research, capex plans; backlog; construction for contracts; retrenchment: what is cut; fleets age
    7   covenants        breaches that last call the loan
        project_loans    loans behind contracts: what they pay for, spread, repayment
        credit_lines     draws, by what lenders have
        debt             interest, principal, maturities, refinancing; credit sets spreads, and what lenders refuse
    8   funding          pledges; rounds needed and offered; issues of public shares
    9   exits            doors, buyers and deals
        groups           owners cover the shortfalls of subsidiaries, and take what these do not need
        rescue           workouts and the public backstop
    10  clearing         everything owed this month is settled at once
        payments         what rules make one party pay another
    11  cascade          failures, estates, guarantees and whom they take along
        sudden           ends by luck and by order
    12  marks            runway, growth and values (value: by expected earnings); macroeconomy, listed, vendor_finance, multiplier
        liquidity        runway that sees the end of credit lines
        compute          need and supply of compute, and who finds room

Tests: tests/oracle/test_equal.py, tests/oracle/test_worlds.py, tests/oracle/test_compiled_worlds.py
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spec.bills import bills
from spec.cascade import cascade
from spec.clearing import clearing
from spec.confidence import patience
from spec.covenants import covenants
from spec.credit_lines import credit_lines
from spec.debt import debt
from spec.demand import demand
from spec.doors import Door
from spec.draw import Luck
from spec.exits import exits
from spec.funding import funding
from spec.investment import judge
from spec.listed import move_index
from spec.marks import marks
from spec.payables import fall_due, mark_owed
from spec.prices import prices
from spec.project_loans import project_loans
from spec.regimes import regimes
from spec.rules import RuleActivity, Rules
from spec.spending import spending
from spec.start import start
from spec.world import Exits, State, World


@dataclass(frozen=True)
class Outcome:
    """What a path came to: every variable by (entity, name) as `[months, entities]`, and the failures."""

    series: dict[tuple[str, str], np.ndarray]
    failed_month: np.ndarray
    cause: np.ndarray
    trigger: np.ndarray
    debt_at_failure: np.ndarray
    imbalance: float
    rounds: list[int]
    largest: float
    exits: Exits
    activity: RuleActivity | None

    def __getitem__(self, name: str) -> np.ndarray:
        """Series by "entity.name"."""
        entity, _, field = name.partition(".")
        return self.series[entity, field]


def simulate(
    inputs: dict[str, np.ndarray],
    *,
    months: int,
    seed: int,
    path: int,
    replicates: int = 1,
    doors: Sequence[Door] = (),
    rules: dict[str, np.ndarray] | None = None,
) -> Outcome:
    """Run path `path` of a world for `months` months."""
    world = World(inputs, draw=path // replicates, doors=doors)
    state = start(world, Luck(seed, path))
    book = Rules(rules, world, draw=path // replicates) if rules else None
    history, imbalance, rounds = [], 0.0, []
    for t in range(1, months + 1):
        before, state.gross_flow = state.money(), 0.0
        rounds.append(month(world, state, t, book))
        imbalance = max(imbalance, abs(state.money() - before) / max(state.gross_flow, 1.0))
        history.append(state.snapshot())
    series = {key: np.array([past[key] for past in history], dtype=float) for key in history[0]}
    return Outcome(
        series,
        np.array(state.failed_month),
        np.array(state.cause, dtype=object),
        np.array(state.trigger),
        np.array(state.debt_at_failure),
        imbalance,
        rounds,
        largest=state.largest,
        exits=state.exits,
        activity=book.activity() if book else None,
    )


def month(world: World, state: State, t: int, book: Rules | None) -> int:
    """The phases. Gives the rounds of the cascade."""
    state.month, state.proceeds = t, 0.0
    state.cash_before = list(state.company.cash)
    state.vendor_money = 0.0
    regimes(world, state, t)
    move_index(world, state, t)
    if book:
        book.act(world, state, t)
    patience(world, state, t)
    judge(world, state)
    prices(world, state, t)
    demand(world, state, t)
    bills(world, state, t)
    fall_due(world, state)
    spending(world, state, t)
    covenants(world, state)
    project_loans(world, state, t)
    credit_lines(world, state, t)
    debt(world, state, t)
    funding(world, state, t)
    exits(world, state, t)
    borrowers = [world.where("loan", "borrower", i) for i in world.each("company")]
    state.owed_before = [sum(state.loan.balance[e] for e in loans) for loans in borrowers]
    settled = clearing(world, state)
    rounds = cascade(world, state, settled)
    mark_owed(world, state)
    marks(world, state, t)
    return rounds
