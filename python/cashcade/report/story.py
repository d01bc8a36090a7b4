"""The answer of a report in three sentences, written from the numbers."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cashcade.report.chart_contagion import followers, pair_of
from cashcade.report.drivers import FEWEST, Driver, phrase
from cashcade.report.side import Side, capital
from cashcade.report.side import row as row_of
from cashcade.results.contagion import set_off
from cashcade.results.figures import chance, digits, money, percent
from cashcade.results.outcomes import SYSTEMIC
from cashcade.words.names import one_line

SELDOM = 0.05
"""Share of failures that others set off, below which that is seldom."""

ALL = 0.995
"""Share that is written in words: it is an estimate."""

LUCKY = 0.5
"""Share of luck in the variance of an outcome from which on it is mostly luck."""


def answer(side: Side) -> tuple[str, str, str]:
    """Say who is likeliest to fail and by when, whom they take along and who loses, and what decides."""
    return _who(side), _along(side), _decides(side, "")


def comparison(sides: Sequence[Side], table: pd.DataFrame) -> tuple[str, str, str]:
    """Say what differs most between sides, who loses on each of them, and what decides on the first."""
    return _most(sides, table), _loses(sides), _decides(sides[0], f" under {sides[0].name}")


def _who(side: Side) -> str:
    sampled = f"{side.paths:,} simulated futures"
    if not side.failing:
        bound = digits(100 * min(3 / side.draws, 1.0), 2)
        return (
            f"In none of {sampled} does a company fail by {side.end}; a chance below {bound} % could not "
            "be told from "
            "none."
        )
    first, *rest = side.failing
    row = row_of(side.summary, first)
    half = f", on half of those by {side.date(row['median_month'])}" if row["chance"] > 0 else ""
    others = [name for name in rest[:2] if side.summary["chance"][name] >= row["chance"] / 4]
    return (
        f"{side.names[first]} is likeliest to fail: on {side.chance(first)} % of {sampled} by {side.end}"
        f"{half}{_next(side, row, others)}."
    )


def _next(side: Side, first: Mapping[str, Any], others: Sequence[str]) -> str:
    """Name those that come next, and say where the first of them is as likely."""
    if not others:
        return ""
    told = [f"{side.names[name]} ({side.chance(name)} %)" for name in others]
    told[0] += ", within the error as likely," if _tied(first, row_of(side.summary, others[0])) else ""
    return f"; next {'come' if len(told) > 1 else 'comes'} {' and '.join(told).rstrip(',')}"


def _tied(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether the chances of two differ by less than two errors of their difference."""
    error = math.hypot(first["se"], second["se"])
    return bool(first["chance"] - second["chance"] < 2 * error)


def _along(side: Side) -> str:
    cascade = row_of(side.cascade, SYSTEMIC)
    systemic = chance(cascade["chance"], cascade["se"], side.draws)
    parts = [_taken(side), f"a systemic cascade comes on {systemic} % of paths", _loser(side)]
    return capital(", ".join(parts[:-1]) + f", and {parts[-1]}.")


def _taken(side: Side) -> str:
    """Say how often a failure sets off another, and which pair stands out."""
    found = set_off(side.dataset)
    if not found.failures:
        return "nobody takes others along"
    share = chance(found.share, found.se, found.draws)
    pairs = followers(side)
    pair = ""
    if len(pairs):
        first, then = pair_of(pairs.index[0])
        row = row_of(pairs, (first, then))
        pair = (
            f"; when {side.names[first]} fails, {side.names[then]} follows within three months on "
            f"{digits(100 * row['conditional'], 2)} % of those paths, against "
            f"{digits(100 * row['unconditional'], 2)} % "
            "usually"
        )
    seldom = "failures seldom set off others" if found.share < SELDOM else "failures set off others"
    return f"{seldom} ({share} % of all failures come so{pair})"


def _loser(side: Side) -> str:
    table = side.losses
    if not len(table) or not (table["total"] > 0).any():
        return "no lender or holder loses anything"
    first = table.iloc[0]
    tail = (
        f", over {money(first['total_95'])} USD on one path in 20" if math.isfinite(first["total_95"]) else ""
    )
    return (
        f"the most is lost by {side.names[str(table.index[0])]}, {money(first['total'])} USD on average{tail}"
    )


def _decides(side: Side, where: str) -> str:
    """Say which assumption moves the likeliest failure most, and how much of it is luck."""
    if not side.failing:
        return "No assumption within its range changes that."
    company = next((each for each in side.failing if side.drivers.get(each)), None)
    if company is None:
        return _unknown(side)
    name, drivers = side.names[company], side.drivers[company]
    if not drivers[0].sure:
        return (
            f"No single assumption decides{where}: over {side.draws:,} draws none goes with the failure of "
            f"{name} more than luck alone would let the strongest of so many{_luck(side, company, ', and')}."
        )
    return (
        f"The assumption that moves the failure of {name} most{where} is {phrase(drivers[0].name)}: "
        f"{_swing(drivers[0])}{_luck(side, company, '; but')}."
    )


def _unknown(side: Side) -> str:
    """Say why nothing is known of assumptions that decide."""
    if side.drivers:
        why = f"{side.names[side.failing[0]]} fails equally often under all its values"
    elif side.world is None:
        why = "a result from a file does not hold its world; run it again"
    elif side.draws < FEWEST:
        why = f"that needs at least {FEWEST} draws of a world with ranges, and there are {side.draws:,}"
    else:
        why = "its world has no ranges"
    return f"Which assumption decides, this report cannot say: {why}."


def _swing(driver: Driver) -> str:
    return (
        f"it comes on {digits(100 * driver.low, 2)} % of paths where it is low and on "
        f"{digits(100 * driver.high, 2)} % where it is high"
    )


def _luck(side: Side, company: str, joint: str) -> str:
    """Say which share of the variance is luck; nothing where that is unknown."""
    share = side.shares[company]
    if not math.isfinite(share):
        return ""
    luck = "nearly all" if 1 - share >= ALL else percent(1 - share)
    if 1 - share >= LUCKY:
        return f"{joint} {luck} of its variance is luck on the way, which no better figure would take away"
    return f"{joint.replace('but', 'and')} luck on the way is only {luck} of its variance"


def _most(sides: Sequence[Side], table: pd.DataFrame) -> str:
    base = sides[0]
    names = {**base.names}
    companies = table[table.index.get_level_values("outcome").isin(list(names))]
    order = companies["difference"].abs().sort_values(ascending=False, kind="stable")
    if not len(order) or order.iloc[0] == 0:
        others = " and ".join(side.name for side in sides[1:])
        return f"On the same luck, {others} changes nobody's chance to fail against {base.name}."
    outcome, other = order.index[0]
    row = companies.loc[(outcome, other)]
    sure = abs(row["difference"]) > 2 * row["se"]
    doubt = "" if sure else ", which luck alone could give"
    systemic = table.loc[(SYSTEMIC, other)]
    return (
        f"On the same luck, {one_line(str(other))} changes most for {names[str(outcome)]}, which fails on "
        f"{digits(100 * row['base'])} % of {base.paths:,} paths under {base.name} and on "
        f"{digits(100 * row['mean'])} % "
        f"under {one_line(str(other))} ({100 * row['difference']:+.1f} ±{100 * row['se']:.1f} "
        f"points{doubt}) by "
        f"{base.end}, and a systemic cascade goes from {digits(100 * systemic['base'])} % to "
        f"{digits(100 * systemic['mean'])} %."
    )


def _loses(sides: Sequence[Side]) -> str:
    totals = [(side, float(side.losses["total"].sum())) for side in sides]
    parts = [f"{money(total)} USD under {side.name} ({_loser(side)})" for side, total in totals]
    return f"Lenders, holders and creditors lose on average {'; '.join(parts)}."
