"""The sheet that pictures are drawn on: colours, axes, titles, labels at the end of lines, and alt texts.

Figures are made without pyplot, so that nothing of the program that asks for a picture changes.
"""

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cashcade.errors import ArgumentError, MissingExtraError, WriteError
from cashcade.pictures.measures import Measure
from cashcade.words.names import one_line
from cashcade.words.places import check_folder

try:
    from matplotlib import rc_context
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
    from matplotlib.figure import Figure, SubFigure
    from matplotlib.ticker import FuncFormatter
except ModuleNotFoundError as error:
    raise MissingExtraError(
        'pictures need matplotlib, which is not installed: pip install "cashcade[plot]".'
    ) from error

Floats = NDArray[np.float64]
Size = tuple[float, float]

BLUE, VERMILLION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
PURPLE, SKY, YELLOW = "#CC79A7", "#56B4E9", "#F0E442"
LINES = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
"""Colours that people with any colour vision tell apart (Okabe and Ito 2008); lines take them in order."""

INK, FAINT, GRID, REST = "#222222", "#666666", "#e3e3e3", "#d9d9d9"
"""Colours of words, of what matters less, of the grid, and of what is left over."""

MAP = "cividis"
"""Colours of a quantity, from low to high."""

SMALL, NORMAL, LARGE = 8.5, 9.5, 12.0
"""Sizes of type, points."""

ROOM = 1.25
"""Height of a line of words, as part of the size of its type."""

WIDTH = 0.54
"""Width of a letter, as part of the size of its type."""

SURE = 1.96
"""Standard errors of the half of an interval of 95 %."""

SUFFIXES = (".svg", ".png")
"""Kinds of files that pictures are written to."""

POINTS = 72.0
"""Points of an inch."""

SHARE = 0.78
"""Part of a figure that its axes take, about."""


class Label(NamedTuple):
    """Words beside a line or an area.

    Attributes
    ----------
    place
        Where the line ends, in the unit of the axis.
    text
        The words.
    colour
        Colour of what they belong to.
    """

    place: float
    text: str
    colour: str


def blank(ax: Axes | None, size: Size = (9.0, 5.0)) -> Axes:
    """Give the axes to draw on: those given, or those of a new figure of a size in inches."""
    axes = sheet(size).add_subplot() if ax is None else ax
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT)
    axes.tick_params(colors=INK, labelsize=SMALL, length=3, color=FAINT)
    axes.set_axisbelow(True)
    return axes


def sheet(size: Size) -> Figure:
    """Give a new figure, in which nothing stands on anything else."""
    return Figure(figsize=size, dpi=100, layout="constrained", facecolor="white")


def plain(text: str) -> str:
    r"""Give words as they are shown: on one line, and `$` no sign of a formula."""
    return one_line(text).replace("$", r"\$")


def finish(ax: Axes, title: str, below: str, alt: str) -> Axes:
    """Say above the picture what is seen, and give the axes their alt text."""
    small = wrapped(ax, below, SMALL)
    ax.set_title(
        wrapped(ax, title, LARGE),
        loc="left",
        fontsize=LARGE,
        fontweight="bold",
        color=INK,
        pad=8 + ROOM * SMALL * 1.05 * (small.count("\n") + 1),
    )
    ax.annotate(
        small, (0, 1), (0, 5), "axes fraction", "offset points", fontsize=SMALL, color=FAINT, va="bottom"
    )
    ax.set_label(alt)
    return ax


def wrapped(ax: Axes, text: str, size: float) -> str:
    """Break words into lines that fit above the axes."""
    letters = int(extent(ax)[0] / (size * WIDTH))
    return textwrap.fill(plain(text), max(letters, 20))


def extent(ax: Axes) -> Size:
    """Give width and height of axes in points, about: what is around them takes its room later."""
    figure = ax.get_figure()
    if figure is None:
        raise RuntimeError("axes without a figure")
    place, box = ax.get_position(), figure.bbox
    points = POINTS / figure.dpi
    return float(box.width * place.width * points), float(box.height * place.height * points)


def alt_text(picture: Axes | Figure | SubFigure) -> str:
    """Give one or two sentences that say from the numbers what a picture shows.

    Parameters
    ----------
    picture
        What a function of pictures gave, or its figure.

    Returns
    -------
    alt
        Empty for a picture of somebody else.
    """
    if isinstance(picture, Axes):
        return str(picture.get_label())
    return " ".join(text for each in picture.axes if (text := alt_text(each)) and not text.startswith("<"))


def by_date(ax: Axes) -> None:
    """Let the horizontal axis show dates: years where a year begins, months between."""
    locator = AutoDateLocator(minticks=4, maxticks=9)  # type: ignore[no-untyped-call] # of matplotlib
    ax.xaxis.set_major_locator(locator)
    formats = ["%Y", "%b", "%d", "%H:%M", "%H:%M", "%S"]
    dates = ConciseDateFormatter(locator, formats=formats, show_offset=False)  # type: ignore[no-untyped-call] # idem
    ax.xaxis.set_major_formatter(dates)
    ax.set_xlabel("Month", fontsize=NORMAL, color=INK)


def days(dates: Any) -> Floats:  # noqa: ANN401 - whatever pandas and NumPy take for dates
    """Give dates as numbers of the axis."""
    numbers = date2num(np.asarray(dates, dtype="datetime64[s]"))  # type: ignore[no-untyped-call] # idem
    return np.asarray(numbers, dtype=np.float64)


def measured(ax: Axes, along: Literal["x", "y"], measure: Measure, words: str) -> None:
    """Let an axis show a quantity with its unit; what is drawn on it is divided by `measure.size`."""
    axis: Axis = ax.xaxis if along == "x" else ax.yaxis
    if measure.unit == "%":
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} %"))
        label = words
    else:
        label = ", ".join(part for part in (words, measure.unit) if part)
    axis.set_label_text(plain(label), fontsize=NORMAL, color=INK)
    ax.grid(visible=True, axis=along, color=GRID, linewidth=0.8)


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move places apart by the least (in squares) that leaves `gap` between them, from `low` to `high`.

    It is the isotonic regression of the places less the gaps before them, by pooling neighbours. Where there
    is no room for all gaps, they shrink.
    """
    count = len(places)
    if not count:
        return []
    gap = min(gap, (high - low) / max(count - 1, 1))
    order = sorted(range(count), key=places.__getitem__)
    pools: list[tuple[float, int]] = []
    for rank, which in enumerate(order):
        pool = (places[which] - gap * rank, 1)
        while pools and pools[-1][0] > pool[0]:
            mean, size = pools.pop()
            pool = ((mean * size + pool[0] * pool[1]) / (size + pool[1]), size + pool[1])
        pools.append(pool)
    flat = [mean for mean, size in pools for _ in range(size)]
    ceiling = high - gap * (count - 1)
    moved = [0.0] * count
    for rank, which in enumerate(order):
        moved[which] = min(max(flat[rank], low), ceiling) + gap * rank
    return moved


def at_the_end(ax: Axes, labels: Sequence[Label]) -> None:
    """Write words to the right of the axes, each as near to its line as the others let it; y is linear."""
    low, high = ax.get_ylim()
    height = extent(ax)[1]
    parts = [(label.place - low) / (high - low) for label in labels]
    for label, part, place in zip(
        labels, parts, spread(parts, ROOM * NORMAL / height, 0.0, 1.0), strict=True
    ):
        ax.annotate(
            plain(label.text),
            (1, min(max(part, 0.0), 1.0)),
            (1 + 18 / extent(ax)[0], place),
            "axes fraction",
            "axes fraction",
            fontsize=NORMAL,
            color=INK,
            va="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": label.colour,
                "linewidth": 2,
                "shrinkA": 2,
                "shrinkB": 0,
                "relpos": (0, 0.5),
            },
        )


def save(picture: Axes | Figure | SubFigure, path: str | Path) -> Path:
    """Write a picture to a file, with its alt text as the description; the same picture gives the same bytes.

    Parameters
    ----------
    picture
        What a function of pictures gave, or its figure.
    path
        `.svg` or `.png`; what is there is replaced.

    Returns
    -------
    path
        Where it is.

    Raises
    ------
    ArgumentError
        Another suffix, or no such folder.
    WriteError
        The system refuses.
    """
    target = check_target(path)
    figure = picture.get_figure(root=True)
    if figure is None:
        raise ArgumentError("the axes belong to no figure, so there is nothing to write.")
    svg = target.suffix == ".svg"
    about = {"Description": alt_text(picture)} | ({"Date": None} if svg else {})
    try:
        with rc_context({"svg.hashsalt": "cashcade"}):
            figure.savefig(target, dpi=figure.dpi, metadata=about)
    except OSError as error:
        raise WriteError(f"{target} cannot be written: {error.strerror or error}.") from error
    return target


def check_target(path: str | Path) -> Path:
    """Check that a picture can be written so, before it is made.

    Raises
    ------
    ArgumentError
        The suffix is none of a picture, or the folder does not exist.
    """
    target = Path(path)
    if target.suffix not in SUFFIXES:
        raise ArgumentError(
            f"{str(path)!r} is no picture: wanted a name that ends in {' or '.join(SUFFIXES)}."
        )
    check_folder(target)
    return target
