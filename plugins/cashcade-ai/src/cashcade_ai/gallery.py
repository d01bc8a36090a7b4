"""Pictures of a page, made from runs: ``python -m cashcade_ai.gallery docs/pictures.md``.

A page shows a picture as ``![alt](pictures/NAME.png)``. The file is written beside the page, and the alt text
is replaced by what the picture says of itself.
"""

import argparse
import csv
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cashcade as cc
import pandas as pd
from cashcade import pictures
from cashcade.case.case import RECORD
from cashcade.errors import ArgumentError
from cashcade.words.names import choose
from PIL import Image

if TYPE_CHECKING:
    from cashcade.pictures.reach import ResultPictures

WORLD = "ai-2025-08"

DPI = 80
"""Dots of an inch of a picture on a page: the files stay small."""

COLOURS = 256
"""Colours of a picture on a page."""

_PICTURE = re.compile(r"!\[[^\]]*\]\(pictures/(?P<name>[a-z]+)\.png\)")


@cache
def _result() -> cc.Result:
    return cc.run(WORLD, months=36, paths=2_000, seed=1, record=[*RECORD, "market.ai_capex"])


def reported(entity: str, metric: str) -> "pd.Series[float]":
    """Return reported quarters of the history that comes with the package, a month's worth, by date.

    Raises
    ------
    ArgumentError
        There are none.
    """
    text = files("cashcade_ai").joinpath("data/history.csv").read_text(encoding="utf-8")
    wanted = {"entity": entity, "metric": metric, "unit": "USD/quarter"}
    rows = [row for row in csv.DictReader(text.splitlines()) if wanted.items() <= row.items()]
    if not rows:
        raise ArgumentError(f"the history has no quarters of {metric} of {entity}.")
    values = {pd.Timestamp(row["as_of"]): float(row["value"]) / 3 for row in rows}
    return pd.Series(values).sort_index()


OF_RESULT: Mapping[str, Callable[["ResultPictures"], Any]] = {
    "exits": lambda plot: plot.exits("cursor"),
    "survival": lambda plot: plot.survival(),
    "cash": lambda plot: plot.cash("coreweave"),
    "against": lambda plot: plot.against("company.revenue", reported("CoreWeave", "revenue"), "coreweave"),
    "economy": lambda plot: plot.economy(),
    "gauges": lambda plot: plot.gauges(),
    "cascade": lambda plot: plot.cascade(),
    "network": lambda plot: plot.network(),
    "losses": lambda plot: plot.losses(),
}
"""Pictures of one run, by name."""


def _breakeven() -> Any:  # noqa: ANN401 - axes, as all below
    lever, limits = "company.cursor.cash", (1e8, 2e9)
    return cc.breakeven(WORLD, lever, "cursor@24 >= 0.1", limits, points=7, paths=400).plot()


def _map() -> Any:  # noqa: ANN401
    levers, limits = ("scale segment.*.revenue", "add loan.*.rate"), ((1.0, 0.3), (0.0, 0.1))
    return cc.map(WORLD, *levers, "failed-debt@24 >= 0.05", limits, paths=200).plot()


def _tornado() -> Any:  # noqa: ANN401
    return pictures.tornado(cc.sensitivity(WORLD, of="openai", top=5, paths=2_000, months=36))


def _sides() -> Any:  # noqa: ANN401
    return cc.compare(WORLD, ["baseline", "funding-shut", "boom"], paths=400).plot.outcomes()


OF_ANSWERS: Mapping[str, Callable[[], Any]] = {
    "breakeven": _breakeven,
    "map": _map,
    "swap": lambda: cc.swap(WORLD, "boom", "funding-shut", paths=200).plot(),
    "walls": lambda: cc.walls(WORLD, paths=400).plot(),
    "rank": lambda: cc.rank(WORLD, paths=200).plot(),
    "tornado": _tornado,
    "outcomes": _sides,
}
"""Pictures of answers, each of runs of its own, by name."""


def shrink(path: Path) -> None:
    """Write a picture anew with fewer colours, the rare ones among them."""
    with Image.open(path) as given:
        given.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(path, optimize=True)


def drawn(folder: Path, picture: re.Match[str]) -> str:
    """Return the picture as the page shows it, with its file written anew.

    Raises
    ------
    ArgumentError
        There is no picture of that name.
    """
    name = picture["name"]
    choose(name, [*OF_RESULT, *OF_ANSWERS], "picture")
    made = OF_RESULT[name](_result().plot) if name in OF_RESULT else OF_ANSWERS[name]()
    made.get_figure(root=True).set_dpi(DPI)
    shrink(pictures.save(made, folder / f"{name}.png"))
    return f"![{pictures.alt_text(made)}](pictures/{name}.png)"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the pictures of a page, and the page with their alt texts."""
    parser = argparse.ArgumentParser(
        prog="python -m cashcade_ai.gallery", description="Make the pictures of a page from runs."
    )
    parser.add_argument("page", type=Path, metavar="PAGE", help="Markdown file with pictures")
    page = parser.parse_args(arguments).page
    folder = page.parent / "pictures"
    folder.mkdir(exist_ok=True)
    text = page.read_text(encoding="utf-8")
    page.write_text(_PICTURE.sub(partial(drawn, folder), text), encoding="utf-8")


if __name__ == "__main__":
    main()
