"""The view of an object in a notebook: a heading, a line, and bars drawn as SVG, all escaped."""

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from cashcade.words.names import one_line

MOST_BARS = 12
"""Bars of a picture."""

_LABEL, _BAR, _ROW = 190, 260, 20
"""Pixels for names, for the longest bar, and for a row."""

_COLOURS = ("#0072b2", "#d55e00")
"""Colours above and below zero, which colour-blind people tell apart."""


class Bar(NamedTuple):
    """A bar of a picture.

    Parameters
    ----------
    label
        What it stands for.
    value, error
        How long it is, and the standard error that is drawn on it; NaN for none.
    text
        Its number as people read it.
    """

    label: str
    value: float
    error: float
    text: str


def shown(heading: str, said: Sequence[str], caption: str, bars: Sequence[Bar]) -> str:
    """Give an object as a piece of HTML.

    Parameters
    ----------
    heading
        What it is.
    said
        Lines about it.
    caption
        What the bars show.
    bars
        At most `MOST_BARS` of them are drawn.
    """
    lines = "".join(f"<div>{_text(line)}</div>" for line in said)
    picture = f"<figure style='margin:6px 0'>{_picture(caption, bars[:MOST_BARS])}</figure>" if bars else ""
    left = len(bars) - MOST_BARS
    more = f"<div><small>{left} more are not drawn.</small></div>" if left > 0 else ""
    return f"<div><strong>{_text(heading)}</strong>{lines}{picture}{more}</div>"


def _picture(caption: str, bars: Sequence[Bar]) -> str:
    ends = [side for bar in bars for side in (bar.value - _error(bar), bar.value + _error(bar))]
    low, high = min(0.0, *ends), max(0.0, *ends)
    scale = _BAR / ((high - low) or 1.0)
    rows = "".join(_drawn(bar, number, -low * scale, scale) for number, bar in enumerate(bars))
    said = _text(f"{caption}: " + "; ".join(f"{bar.label} {bar.text}" for bar in bars))
    width, height = _LABEL + _BAR + 130, _ROW * len(bars) + 4
    return (
        f"<figcaption>{_text(caption)}</figcaption><svg role='img' aria-label='{said}' "
        f"viewBox='0 0 {width} {height}' style='width:100%;max-width:{width}px' "
        f"font-size='12' font-family='sans-serif' fill='currentColor'>{rows}</svg>"
    )


def _drawn(bar: Bar, number: int, nought: float, scale: float) -> str:
    top, middle = _ROW * number + 4, _ROW * number + 4 + _ROW // 2 - 2
    zero, end = _LABEL + nought, _LABEL + nought + scale * bar.value
    error = scale * _error(bar)
    label = bar.label if len(bar.label) <= 28 else f"{bar.label[:27]}\u2026"
    whisker = (
        f"<line x1='{end - error:.1f}' x2='{end + error:.1f}' y1='{middle}' y2='{middle}' "
        "stroke='currentColor'/>"
        if error
        else ""
    )
    return (
        f"<text x='{_LABEL - 6}' y='{middle + 4}' text-anchor='end'>{_text(label)}</text>"
        f"<rect x='{min(zero, end):.1f}' y='{top}' width='{abs(end - zero):.1f}' height='{_ROW - 6}' "
        f"fill='{_COLOURS[int(bar.value < 0)]}'/>{whisker}"
        f"<text x='{_LABEL + _BAR + 8}' y='{middle + 4}'>{_text(bar.text)}</text>"
    )


def _error(bar: Bar) -> float:
    return bar.error if math.isfinite(bar.error) else 0.0


def _text(text: str) -> str:
    return escape(one_line(text))
