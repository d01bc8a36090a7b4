"""A small made-up outcome of the core, with known answers: tables are checked without running the model."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from cashcade import _core
from cashcade.results.layout import ENDS, Source
from cashcade.results.outcome import Outcome
from cashcade.results.plan import Plan
from cashcade.results.runway import NEEDS
from cashcade.words.rows import variables
from cashcade.world import World

NAMES = {
    "company": ["lab", "cloud", "bank", "shop"],
    "segment": ["chat"],
    "contract": ["lab-cloud", "shop-lab"],
    "loan": ["cloud-bank", "cloud-capital", "lab-bank"],
    "stake": ["bank-lab", "capital-shop"],
    "fleet": [],
    "market": ["market"],
}


@dataclass
class Inputs:
    """Arrays and names of the made-up world."""

    names: dict[str, list[str]] = field(
        default_factory=lambda: {key: list(value) for key, value in NAMES.items()}
    )
    arrays: dict[str, Any] = field(default_factory=dict)


def make_inputs(draws=1):
    rng = np.random.default_rng(5)
    cash = np.array([[100.0, 50.0, 500.0, 10.0]])
    balance = np.array([[30.0, 60.0, 10.0]])
    if draws > 1:
        cash = cash * rng.uniform(0.5, 1.5, (draws, 1))
    place = lambda *values: np.array(values, dtype=np.int32)  # noqa: E731
    arrays = {
        "company.cash": cash,
        "loan.balance": balance,
        "loan.borrower": place(1, 1, 0),
        "loan.rank": np.array([[2.0, 5.0, 4.0]]),
        "loan.amortisation": np.array([[0.0, 1.0, 3.0]]),
        "loan.maturity": np.array([[4.0, 6.0, 8.0]]),
        "loan.interest_only": np.zeros((1, 3)),
        "repayment.loan": place(2),
        "repayment.month": np.array([[3.0]]),
        "repayment.amount": np.array([[4.0]]),
        "loan.lender": place(2, -1, 2),
        "stake.carrying_value": np.array([[7.0, 3.0]]),
        "stake.holder": place(2, -1),
        "stake.issuer": place(0, 3),
        "contract.customer": place(0, 3),
        "contract.supplier": place(1, 0),
        "pledge.investor": place(),
        "pledge.company": place(),
        "fleet.owner": place(),
        "order.fleet": place(),
        "order.vendor": place(),
    }
    return Inputs(arrays=arrays)


def fake_core(calls, unfinished=()):
    """Something like `_core.run` that notes its arguments in `calls`."""
    table = list(variables().values())

    def run(inputs, **arguments):
        calls.append({"inputs": inputs, **arguments})
        counts = {name: inputs[f"{name}.{parameter}"].shape[1] for name, parameter in FIRST.items()}
        record = [table[place] for place in arguments["record"]]
        kept = ("seed", "first_path", "paths", "months", "keep")
        return make_answer(
            **{name: arguments[name] for name in kept},
            record=record,
            unfinished=list(unfinished),
            counts=counts,
        )

    return run


FIRST = {"company": "cash", "segment": "revenue", "loan": "balance", "fleet": "cost", "market": "regime"}
WORLD = World.from_text(
    '[world]\nname = "made-up"\ndate = 2025-08-31\n'
    + "".join(f'[[company]]\nid = "{name}"\ncash = 1\n' for name in NAMES["company"])
)
COUNTS = {name: len(entries) for name, entries in NAMES.items()}


NOTHING = (
    *("rule_first", "rule_months", "action_first", "watch_first"),
    *("exit_month", "exit_door", "exit_buyer", "exit_price"),
)
"""What has no columns in runs without rules."""


def make_answer(*, seed, first_path, paths, months, record, keep, unfinished=(), counts=COUNTS):
    """What `_core.run` could return; path k is the same whatever else is asked for."""
    companies = len(NAMES["company"])
    rows = range(first_path, first_path + paths)
    luck = [np.random.default_rng((seed, row)) for row in rows]
    failed = np.stack(
        [np.where(g.random(companies) < 0.4, g.integers(1, months + 1, companies), 0) for g in luck]
    )
    cause = np.where(failed > 0, np.stack([g.integers(1, len(_core.causes()), companies) for g in luck]), 0)
    trigger = np.where(cause == 2, np.stack([g.integers(0, companies, companies) for g in luck]), -1)
    debt = np.where(failed > 0, np.array([10.0, 90.0, 0.0, 0.0]), 0.0)
    finished = ~np.isin(np.arange(paths), unfinished)
    series, ends = (
        [
            np.stack(
                [
                    np.random.default_rng((seed, row, variable.place)).normal(
                        5, 2, (months, counts[variable.entity])
                    )
                    for row in rows
                ]
            )
            for variable in wanted
        ]
        for wanted in (record, [variables()[name] for name in ENDS])
    )
    return {
        "finished": finished,
        "interrupted": bool(len(unfinished)),
        "failed_month": failed.astype(np.uint16),
        "cause": cause.astype(np.uint8),
        "trigger": trigger.astype(np.int32),
        "debt_at_failure": debt,
        "failed_share": debt.sum(axis=1) / 100.0,
        "sum": [bins(values[finished]) for values in series],
        "square": [bins(np.square(values[finished])) for values in series],
        "kept": [values[:keep] for values in series],
        "last_sum": [bins(values[finished][:, -1:]) for values in ends],
        "imbalance": 1e-15,
        "conflict": None,
        **dict.fromkeys(NOTHING, np.zeros((paths, 0))),
    }


def bins(values):
    """Exact sums over paths, `[months, entities, 2]`: multiples of 1/16, and the rest."""
    coarse = np.round(values * 16) / 16
    fine = np.round((values - coarse) * 2.0**40) / 2.0**40
    return np.stack([coarse.sum(axis=0), fine.sum(axis=0)], axis=-1)


RECORDED = ("company.cash", "market.capex_gdp", "company.runway", "company.losses", "loan.loss", *NEEDS)


def make_plan(**changes):
    table = variables()
    given = {
        "months": 12,
        "paths": 64,
        "first_path": 0,
        "seed": 3,
        "replicates": 4,
        "record": tuple(table[name] for name in RECORDED),
        "quantiles": (0.05, 0.5, 0.95),
        "sample": 40,
        "keep": 0,
    }
    return Plan(**(given | changes))


def make_source(unfinished=(), **changes):
    plan = make_plan(**changes)
    answer = make_answer(
        seed=plan.seed,
        first_path=plan.first_path,
        paths=plan.paths,
        months=plan.months,
        record=plan.record,
        keep=plan.kept,
        unfinished=unfinished,
    )
    outcome = Outcome.of(answer, plan.first_path)
    return Source(WORLD, make_inputs(plan.draws), plan, outcome, 1.5), answer
