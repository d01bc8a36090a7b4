"""Pictures of the page as SVG and tables as HTML; all text is escaped, no colour stands alone."""

import math
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import pandas as pd

from cashcade.explore.model import Hop, Numbers
from cashcade.results.figures import money
from cashcade.results.gauges import TITLES, drawn
from cashcade.results.text import NONE
from cashcade.words.names import one_line
from cashcade.world.ring import ring

COLOURS = {"now": "#0072b2", "A": "#0072b2", "B": "#d55e00"}
"""Colours of a setting alone and of two, which colour-blind people tell apart."""

FALLEN, WHOLE, LOSS = "#b2182b", "#8a9ba8", "#e08214"
"""Colours of companies that failed, of the others, and of losses on their way."""

_RADIUS, _SIZE = 190, 700
"""Pixels of the ring of companies, and of the picture, which has room for their names."""


def _text(text: str) -> str:
    return escape(one_line(text))


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def failures(sides: Mapping[str, Numbers], names: Mapping[str, str], months: int) -> str:
    """Give a table of who fails and leaves how often, with bars, most often first, for each setting."""
    every = dict.fromkeys(each for n in sides.values() for each in n.failing)
    most = {each: max(n.failing.get(each, (0.0, 0.0))[0] for n in sides.values()) for each in every}
    order = sorted(every, key=most.__getitem__, reverse=True)
    longest = max(most.values(), default=0.0) or 1.0
    head = "".join(f"<th>fails, {side}, %</th><th>leaves, {side}, %</th>" for side in sides)
    rows = []
    for each in order:
        cells = "".join(
            f"<td class='n'>{_chance(n, each, longest, COLOURS[side])}</td>"
            f"<td class='n'>{_percent(n.leaving[each]) if each in n.leaving else NONE}</td>"
            for side, n in sides.items()
        )
        rows.append(f"<tr><th scope='row'>{_text(names[each])}</th>{cells}</tr>")
    said = ", ".join(f"{side}: {n.paths:,} paths" for side, n in sides.items())
    cascade = "; ".join(
        f"{side} {_percent(n.systemic[0])} ±{_percent(n.systemic[1])} %" for side, n in sides.items()
    )
    return (
        f"<p>Within {months} months ({said}). Chance of a systemic cascade: <b>{cascade}</b>.</p>"
        f"<div class='scroll'><table><thead><tr><th>Company</th>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _chance(numbers: Numbers, company: str, longest: float, colour: str) -> str:
    """Give a bar and a chance with its error; nothing of a company that only the other setting has."""
    if company not in numbers.failing:
        return NONE
    share, error = numbers.failing[company]
    return f"{_bar(share / longest, colour)}{_percent(share)} ±{_percent(error)}"


def _bar(share: float, colour: str) -> str:
    return (
        "<svg width='70' height='10' aria-hidden='true'>"
        f"<rect width='{70 * min(share, 1.0):.1f}' height='10' fill='{colour}'/></svg> "
    )


def differences(table: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Give a table of what happens how much more often in B than in A; only what is above twice its error."""
    known = {**names, "systemic": "Systemic cascade", "failed-debt": "Share of debt that fails"}
    sure = table[table["difference"].abs() > 2 * table["se"]]
    order = sure["difference"].abs().sort_values(ascending=False, kind="stable").index
    rows = "".join(
        f"<tr><th scope='row'>{_text(known[str(name)])}</th><td class='n'>"
        f"{100 * sure.loc[name, 'difference']:+.1f} ±{_percent(sure.loc[name, 'se'])}</td></tr>"
        for name in order
    )
    if not rows:
        return "<p>On the same luck, A and B do not differ by more than twice their errors.</p>"
    head = "<thead><tr><th>On the same luck</th><th>B less A, points</th></tr></thead>"
    return f"<div class='scroll'><table>{head}<tbody>{rows}</tbody></table></div>"


def gauges(sides: Mapping[str, Numbers]) -> str:
    """Give a small line by month for each gauge, for one or two settings, with its first and last value."""
    return "<div class='gauges'>" + "".join(_gauge(name, sides) for name in TITLES) + "</div>"


def _gauge(name: str, sides: Mapping[str, Numbers]) -> str:
    every = [value for n in sides.values() for value in n.gauges[name]]
    low, high = min(every), max(every)
    span = (high - low) or 1.0
    lines, said = [], []
    for side, n in sides.items():
        values = n.gauges[name]
        step = 180 / max(len(values) - 1, 1)
        points = " ".join(f"{step * k:.1f},{52 - 48 * (v - low) / span:.1f}" for k, v in enumerate(values))
        dash = "stroke-dasharray='5 3'" if side == "B" else ""
        lines.append(
            f"<polyline points='{points}' fill='none' stroke='{COLOURS[side]}' stroke-width='2' {dash}/>"
        )
        said.append(f"{side} {values[0]:,.3g} to {values[-1]:,.3g}")
    label = _text(f"{drawn(name).label}: {'; '.join(said)}")
    return (
        f"<figure><figcaption>{_text(drawn(name).label)}</figcaption>"
        f"<svg viewBox='0 0 180 56' role='img' aria-label='{label}'>{''.join(lines)}</svg>"
        f"<div>{_text('; '.join(said))}</div></figure>"
    )


def network(
    names: Mapping[str, str],
    ties: Sequence[tuple[str, str]],
    chances: Mapping[str, float],
    hops: Sequence[Hop] = (),
) -> str:
    """Give the companies on a ring: shaded by the chance of failure, or in a cascade up to its last hop.

    In a cascade the failed are squares, and lines show what the last one cost whom.
    """
    where = _places(list(chances), ties)
    fallen = {hop.company for hop in hops}
    parts = [
        f"<line x1='{where[a][0]:.0f}' y1='{where[a][1]:.0f}' x2='{where[b][0]:.0f}' y2='{where[b][1]:.0f}' "
        "stroke='#8a9ba8' stroke-opacity='0.35'/>"
        for a, b in ties
    ]
    if hops:
        parts += _losses(hops[-1], where)
    most = max(chances.values(), default=0.0) or 1.0
    for each, (x, y, turn) in where.items():
        share = chances[each] / most
        shade = 0.12 + 0.88 * share
        if hops:
            fill, shade = (FALLEN, 1.0) if each in fallen else (WHOLE, 1.0)
        else:
            fill = FALLEN
        parts.append(_node(x, y, fill, shade, square=each in fallen))
        parts.append(_name(names[each], turn, bold=bool(hops) and hops[-1].company == each))
    said = (
        f"Network after {len(hops)} failures of the path"
        if hops
        else "Network: the darker, the more likely a company fails"
    )
    half = _SIZE // 2
    return (
        f"<figure><figcaption>{said}</figcaption><svg viewBox='{-half} {-half} {_SIZE} {_SIZE}' role='img' "
        f"aria-label='{said}' font-size='13' fill='currentColor'>{''.join(parts)}</svg></figure>"
    )


def _places(ids: Sequence[str], ties: Sequence[tuple[str, str]]) -> dict[str, tuple[float, float, float]]:
    """Give where each company stands, and its angle: the tied near one another."""
    places = {each: number for number, each in enumerate(ids)}
    pairs = np.array([[places[a], places[b]] for a, b in ties], dtype=np.int64).reshape(-1, 2)
    order = ring(pairs, len(ids)).tolist()
    turns = {ids[place]: 2 * math.pi * number / len(ids) for number, place in enumerate(order)}
    return {each: (_RADIUS * math.cos(turn), _RADIUS * math.sin(turn), turn) for each, turn in turns.items()}


def _node(x: float, y: float, fill: str, shade: float, *, square: bool) -> str:
    style = f"fill='{fill}' fill-opacity='{shade:.2f}' stroke='currentColor'"
    if square:
        return f"<rect x='{x - 9:.0f}' y='{y - 9:.0f}' width='18' height='18' {style}/>"
    return f"<circle cx='{x:.0f}' cy='{y:.0f}' r='9' {style}/>"


def _name(name: str, turn: float, *, bold: bool) -> str:
    left = math.cos(turn) < 0
    degrees = math.degrees(turn) + (180 if left else 0)
    anchor, shift = ("end", -(_RADIUS + 16)) if left else ("start", _RADIUS + 16)
    weight = "font-weight='bold'" if bold else ""
    return (
        f"<text transform='rotate({degrees:.1f})' x='{shift}' y='4' text-anchor='{anchor}' {weight}>"
        f"{_text(name if len(name) <= 17 else name[:16] + '…')}</text>"
    )


def _losses(hop: Hop, where: Mapping[str, tuple[float, float, float]]) -> list[str]:
    cost = _costs(hop)
    most = max(cost.values(), default=0.0) or 1.0
    x, y, _ = where[hop.company]
    return [
        f"<line x1='{x:.0f}' y1='{y:.0f}' x2='{where[each][0]:.0f}' y2='{where[each][1]:.0f}' "
        f"stroke='{LOSS}' stroke-width='{1.5 + 6 * amount / most:.1f}'/>"
        for each, amount in cost.items()
        if each in where
    ]


def _costs(hop: Hop) -> dict[str, float]:
    """Give what a failure costs each: what is written off, or what is left unpaid where that is more."""
    return {
        each: max(hop.unpaid.get(each, 0.0), hop.lost.get(each, 0.0)) for each in {**hop.lost, **hop.unpaid}
    }


def story(hops: Sequence[Hop], names: Mapping[str, str], start: pd.Timestamp) -> str:
    """Give the failures of a path as a list, the last one in bold, with amounts."""
    if not hops:
        return "<p>Nobody has failed yet.</p>"
    items = []
    for number, hop in enumerate(hops, 1):
        date = (start + pd.DateOffset(months=hop.month)).strftime("%B %Y")
        why = f"{hop.cause}, by the failure of {names[hop.behind]}" if hop.behind else hop.cause
        text = f"<b>{_text(names[hop.company])}</b> fails in {date} ({_text(why)})"
        text += f", owing {money(hop.debt)} USD." if hop.debt else "."
        text += _listed("Leaves unpaid", hop.unpaid, names) + _listed("Written off by", hop.lost, names)
        mark = " class='now'" if number == len(hops) else ""
        items.append(f"<li{mark}>{text}</li>")
    return f"<ol>{''.join(items)}</ol>"


def _listed(what: str, amounts: Mapping[str, float], names: Mapping[str, str]) -> str:
    if not amounts:
        return ""
    some = [f"{_text(names.get(each, each))} {money(amount)}" for each, amount in list(amounts.items())[:4]]
    rest = sum(list(amounts.values())[4:])
    if rest:
        some.append(f"others {money(rest)}")
    return f"<br/>{what}: {', '.join(some)} (USD)."
