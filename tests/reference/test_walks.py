"""Reference cases of ruin: walks by unit steps and claims that come at random, each run by the loop itself.

Steps come from rules: `chance` is a coin of the loop. A walk of whole dollars (millions here) that is ruined when it
hits 0 starts half a dollar lower, since a company fails below 0.
"""

import math

import cashcade as cc
import numpy as np
from cashcade.rules import Rule, chance, company, segment, set_to, where

from tests.theory.statistics import assert_chance

MILLION = 1e6
GAMBLER = company("gambler")


def alone(cash: float, fixed_cost: float) -> cc.World:
    """One company with a segment, whose revenue rules move."""
    builder = cc.World.builder("alone", "2025-08-31")
    builder.company(id="gambler", cash=cash * MILLION, fixed_cost=fixed_cost * MILLION)
    builder.segment(seller="gambler", revenue=fixed_cost * MILLION)
    return builder.build()


def after_months(start: int, up: float, months: int) -> float:
    """Chance that a walk by unit steps has hit 0 within `months`."""
    standing, ruined = np.zeros(start + months + 2), 0.0
    standing[start] = 1.0
    for _ in range(months):
        moved = np.zeros_like(standing)
        moved[1:] += up * standing[:-1]
        moved[:-1] += (1.0 - up) * standing[1:]
        ruined, moved[0] = ruined + moved[0], 0.0
        standing = moved
    return ruined


def test_unit_walk_over_every_path_there_is():
    """Case unit_walk_ruin_by_month_12: of the 2^12 ways up and down, 397 in 1024 touch 0."""
    months = 12
    ways = np.arange(2**months)
    with cc.Simulation(alone(2.5, 1.0), paths=len(ways), levers=["segment.revenue"]) as simulation:
        for month in range(months):
            up = (ways >> month) & 1
            simulation.set("segment.revenue", 2.0 * MILLION * up[:, None])
            simulation.step()
        failed = simulation.failed_month[:, 0] > 0
    assert failed.sum() * 1024 == 397 * len(ways)


def test_unit_walk_by_chance():
    """The same case by coins of the loop, and the gambler of case gamblers_ruin without a cap.

    He is ruined for certain if he plays for ever; what the chance is by month 1200 is known exactly.
    """
    paths = 10_000
    for start, up, months in ((3, 0.5, 12), (10, 0.49, 1200)):
        coin = Rule("coin", True, set_to(segment("gambler").revenue, where(chance(up), 2 * MILLION, 0.0)))
        made = cc.run(alone(start - 0.5, 1.0), rules=[coin], months=months, paths=paths, quantiles=())
        ruined = int((made.dataset["failed_month"].to_numpy() > 0).sum())
        assert_chance(ruined, paths, after_months(start, up, months), f"ruin by month {months}")
    assert after_months(3, 0.5, 12) == 0.3876953125
    assert after_months(10, 0.49, 1200) < after_months(10, 0.49, 20_000) < 1.0


def test_gamblers_ruin_with_a_cap():
    """Case gamblers_ruin_infinite_and_capped: chance of ruin before 20, and how long it takes on average."""
    paths, months, cap = 5_000, 1200, 19.5 * MILLION
    playing = GAMBLER.cash < cap - 0.25 * MILLION
    step = where(playing, where(chance(0.49), 2 * MILLION, 0.0), 1 * MILLION)
    rule = Rule("play", True, set_to(segment("gambler").revenue, step))
    with cc.Simulation(alone(9.5, 1.0), rules=[rule], paths=paths, seed=5) as simulation:
        ended = np.zeros(paths)
        for month in range(1, months + 1):
            simulation.step()
            cash = simulation.get("company.cash")[:, 0]
            over = (simulation.failed_month[:, 0] > 0) | (cash >= cap - 1.0)
            ended[over & (ended == 0)] = month
            if (ended > 0).all():
                break
        ruined = simulation.failed_month[:, 0] > 0
    assert (ended > 0).all()
    assert_chance(int(ruined.sum()), paths, 0.598700477027629, "ruin before the cap")
    error = ended.std(ddof=1) / math.sqrt(paths)
    assert abs(ended.mean() - 98.70047702762899) < 5 * error


def exponential(name: str, mean: float) -> object:
    """An exponential number out of coins: its binary digits are independent.

    The digit of weight w is 1 with chance 1 / (1 + exp(w)); weights from 2^-9 to 8 leave out less than
    a thousandth of the mean below, and a chance of e^-16 above.
    """
    weights = 2.0 ** np.arange(-9, 4)
    digits = [where(chance(1.0 / (1.0 + math.exp(w)), name=f"{name} {w}"), mean * w, 0.0) for w in weights]
    return sum(digits[1:], digits[0])


def test_ruin_by_claims_at_random():
    """Case CramerLundberg_exponential_claims: looked at after each claim, when alone it can be ruined.

    A month of the loop is the time from one claim to the next: premium of 1.25 times an exponential time comes
    in, an exponential claim goes out. Digits that are left out shift the mean step by 2^-10 of 0.25; the chance
    of ruin after 500 claims is below 0.1 % (Chernoff, of the walk tilted by the adjustment coefficient 0.2).
    """
    paths = 6_000
    premium = Rule("premium", True, set_to(segment("gambler").revenue, exponential("wait", 1.25 * MILLION)))
    claim = Rule("claim", True, set_to(GAMBLER.fixed_cost, exponential("claim", MILLION)))
    made = cc.run(alone(10.0, 1.0), rules=[premium, claim], months=500, paths=paths, seed=11, quantiles=())
    found = (made.dataset["failed_month"].to_numpy() > 0).mean()
    wanted = 0.10826822658929017
    error = math.sqrt(wanted * (1.0 - wanted) / paths)
    late = wanted * math.exp(0.1 * 10.0) * (0.8 / 0.81) ** 500
    assert late < 0.001
    assert -4.5 * error - late < found - wanted < 4.5 * error
