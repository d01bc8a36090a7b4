"""What rules cost: a run with 50 active rules against the same without.

`make bench-rules`, or `python benchmarks/rules.py [smoke]`. Both in one process, turn by turn, medians of CPU
and wall time and their ratio; on the small world of the other benchmark and on ai-2025-08. Nearly all rules
are active on nearly all paths in nearly all months: what is asked is asked and what is moved is moved.
"""

import sys

import cashcade as cc
from cases import CASES, OURS
from cashcade.rules import Rule, add, chance, companies, company, market, minimum, month, scale, where
from turns import report
from worlds import alone, world

COUNT = 50
MOST = 1.4
ROUNDS = {"smoke": 1, "full": 9}
AI = {"smoke": (256, 12), "full": (10_000, 36)}
"""Paths and months of ai-2025-08; those of the small world are of its case."""


def rule(number: int, names: list[str]) -> Rule:
    """Give one of ten kinds of rules, about a company."""
    name = names[number % len(names)]
    one, other = company(name), company(names[(number + 1) % len(names)])
    poor = companies().runway.min() < 12 + number
    kinds = (
        (one.runway < 121, scale(one.fixed_cost, 1.001)),
        (month >= 2, scale(one.list_level, 1 + 0.0001 * number)),
        (one.cash.change(3) < 1e12, add(one.minimum_cash, 0.001 * one.cash)),
        (chance(0.9), add(one.cash, 1000.0)),
        ((market.funding == "shut") | (month >= 2), scale(one.pass_through, 0.999)),
        (poor | (month > 1), scale(one.variable_cost, 1.001)),
        (one.cash > 0.0001 * one.stated.cash, scale(one.discretionary_cost, 0.999)),
        (one.runway.lag(6) >= 0, scale(one.tax_rate, where(poor, 0.99, 1.01))),
        (~one.failed, scale(one.list_price, 1.0001)),
        (minimum(one.runway, other.runway) < 121, scale(one.round_share, 1 + 0.001 * market.gpu_index)),
    )
    when, do = kinds[number % len(kinds)]
    return Rule(f"rule-{number}", when, do)


def measure(made: cc.World, paths: int, months: int, rounds: int) -> None:
    """Time a world, and see that the rules are active."""
    rules = [rule(number, [company.id for company in made.companies]) for number in range(COUNT)]

    def run(given: list[Rule]) -> cc.Result:
        return cc.run(made, rules=given, months=months, paths=paths, seed=1, quantiles=())

    active = run(rules).dataset.rule_months.mean("path") / months
    assert active.size == COUNT, "rules for groups"
    share = (
        f"active in {100 * float(active.mean()):.0f} % of months, the least {100 * float(active.min()):.0f} %"
    )
    ways = {"no rules": lambda: run([]), f"{COUNT} rules": lambda: run(rules)}
    report(f"{made.name}, {paths:,} paths, {months} months; {share}", ways, rounds, {f"{COUNT} rules": MOST})


def main(size: str = "full") -> None:
    """Measure both worlds."""
    case = CASES["small" if size == "full" else size]
    made = world(alone(case.companies, case.contracts), case.months)
    measure(made, case.paths[OURS], case.months, ROUNDS[size])
    measure(cc.load_world("ai-2025-08"), *AI[size], ROUNDS[size])


if __name__ == "__main__":
    main(*sys.argv[1:])
