"""Pictures of a result show the numbers of its tables, and words that can be read."""

from itertools import pairwise

import cashcade as cc
import numpy as np
import pandas as pd
import pytest
from cashcade import pictures
from cashcade.errors import ArgumentError
from cashcade.pictures.canvas import SURE, days, spread
from cashcade.pictures.measures import measure_of
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from tests.pictures.reading import areas, edges, lines, overlaps

DRAWINGS = {
    "exits": lambda result: result.plot.exits(result.dataset["company"].to_numpy()[0]),
    "all exits": lambda result: result.plot.exits(),
    "survival": lambda result: result.plot.survival(),
    "cash": lambda result: result.plot.cash(result.dataset["company"].to_numpy()[0]),
    "fan": lambda result: result.plot.fan("market.capex_gdp"),
    "gauges": lambda result: result.plot.gauges(),
    "economy": lambda result: result.plot.economy(),
    "cascade": lambda result: result.plot.cascade(),
    "network": lambda result: result.plot.network(),
    "damage": lambda result: result.plot.network("damage"),
    "losses": lambda result: result.plot.losses(),
}


def test_areas_of_exits_are_the_table_and_add_up(shipped):
    table = shipped.standing("cursor")
    ax = shipped.plot.exits("cursor")
    names = [str(each.get_label()) for each in ax.collections]
    assert set(names) == set(table.columns) - {"date"}
    assert "open" in names
    assert any(name.startswith("failed: ") for name in names)
    drawn = [edges(each) for each in ax.collections]
    for name, (low, high) in zip(names, drawn, strict=True):
        assert_allclose(high - low, 100 * table[name], atol=1e-9)
    assert_allclose(drawn[0][0], 0)
    assert_allclose(drawn[-1][1], 100)
    for below, above in pairwise(drawn):
        assert_allclose(below[1], above[0])


def test_survival_draws_the_table_with_its_interval(tiny):
    table = tiny.survival().loc["lab"]
    ax = tiny.plot.survival(["lab"])
    assert_allclose(lines(ax)["lab"], 100 * table["alive"])
    low, high = areas(ax, "lab")[0]
    assert_allclose(low, np.clip(100 * (table["alive"] - SURE * table["se"]), 0, 100), atol=1e-9)
    assert_allclose(high, np.clip(100 * (table["alive"] + SURE * table["se"]), 0, 100), atol=1e-9)


def test_edges_of_a_fan_are_the_quantiles(tiny):
    table = tiny.series("company.cash", company="lab")
    size = measure_of("USD", table[["q5", "q95"]].to_numpy()).size
    ax = tiny.plot.cash("lab")
    assert size == 1e9
    assert_allclose(lines(ax)["q50"], table["q50"] / size)
    for low, high in (("q5", "q95"), ("q25", "q75")):
        drawn = areas(ax, f"{low} to {high}")[0]
        assert_allclose(drawn, table[[low, high]].to_numpy().T / size)
    assert ax.get_ylabel() == "bn USD"


def test_data_points_are_drawn_and_counted(tiny):
    table = tiny.series("market.ai_revenue")
    dates = pd.DatetimeIndex(table["date"])
    data = pd.Series([table["q50"].iloc[0], 10 * table["q95"].max(), 1.0], dates[[0, 5, 5]])
    data.index = data.index[:2].append(pd.DatetimeIndex(["2019-01-31"]))
    ax = tiny.plot.against("market.ai_revenue", data)
    (points,) = [line for line in ax.lines if line.get_label() == "data"]
    size = measure_of("USD/month", [data.max()]).size
    assert_allclose(points.get_ydata(), data / size)
    assert_allclose(points.get_xdata(), days(data.index))
    assert "1 of 2 data points" in pictures.alt_text(ax)


def test_a_cascade_has_a_row_for_each_failure_of_its_path(shipped):
    failures = shipped.failures()
    counted = failures.groupby("path").agg(hops=("trigger", "count"), size=("company", "size"))
    most = counted.sort_values(["hops", "size"], ascending=False, kind="stable").index[0]
    some = failures[failures["path"] == most]
    ax = shipped.plot.cascade()
    (points,) = ax.collections
    dates = days(shipped.dataset["date"].to_numpy())
    assert_allclose(points.get_offsets()[:, 0], dates[np.sort(some["month"]) - 1])
    assert ax.get_title(loc="left").startswith(f"Path {most}: {len(some)} failure")
    arrows = [each for each in ax.texts if each.arrow_patch is not None]
    assert len(arrows) == some["trigger"].notna().sum()
    names = dict(
        zip(shipped.dataset["company"].to_numpy(), shipped.dataset["company_name"].to_numpy(), strict=True)
    )
    assert {label.get_text() for label in ax.get_yticklabels()} == {names[each] for each in some["company"]}


def test_the_network_has_a_point_for_each_company_and_a_line_for_each_tie(tiny):
    kept = tiny.dataset
    ax = tiny.plot.network()
    points = next(each for each in ax.collections if each.get_label() == "companies")
    debt = kept["company_debt_start"].to_numpy()
    failed = (kept["failed_month"].to_numpy() > 0).mean(axis=0)
    assert_allclose(points.get_array(), 100 * failed)
    sizes = points.get_sizes()
    assert sizes.argmax() == debt.argmax()
    assert len(sizes) == 4
    assert_allclose(np.hypot(*points.get_offsets().T), 1)
    thin = [line for line in ax.lines if line.get_linewidth() == 0.9]
    assert len(thin) == kept.sizes["link"]


def test_bars_of_losses_are_the_table(shipped):
    table = shipped.losses().head(10)
    ax = shipped.plot.losses()
    widths = {part.get_label(): [bar.get_width() for bar in part] for part in ax.containers}
    total = np.sum([*widths.values()], axis=0)
    size = measure_of("USD", table[["total", "total_95"]].to_numpy()).size
    claims = shipped.claims().head(10)
    for name in ("secured", "unsecured"):
        assert_allclose(widths[f"{name} loans"], claims[name] / size)
        assert claims[name].any()
    assert_allclose(widths["stakes"], table["equity"] / size)
    # A holder that has failed books no more losses: then `total` is less than its parts.
    assert_allclose(total, np.maximum(table["total"], table["credit"] + table["equity"]) / size)
    assert_allclose(ax.lines[0].get_xdata(), table["total_95"] / size)


def test_the_economy_draws_medians_and_says_what_it_needs(tiny):
    upper, _ = tiny.plot.economy().axes
    heights = [line.get_ydata() for line in upper.lines]
    wanted = [tiny.series(name)["q50"] for name in ("market.ai_revenue", "market.ai_capex")]
    largest = max(float(tiny.series(name)["q95"].max()) for name in ("market.ai_revenue", "market.ai_capex"))
    size = measure_of("USD/month", [largest]).size
    assert_allclose(heights, [each / size for each in wanted])
    poor = cc.run("tests/results/tiny.toml", months=2, paths=8)
    with pytest.raises(
        ArgumentError, match=r"market.ai_capex was not recorded; run with record=\['market.ai_capex'"
    ):
        poor.plot.economy()


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("world", ["tiny", "shipped"])
def test_no_words_meet_and_none_are_cut_off(name, world, request):
    figure = DRAWINGS[name](request.getfixturevalue(world)).get_figure(root=True)
    assert len(figure.axes)
    assert overlaps(figure) == []


@pytest.mark.parametrize("name", DRAWINGS)
def test_each_says_in_words_what_it_shows(name, tiny):
    alt = pictures.alt_text(DRAWINGS[name](tiny))
    assert alt.endswith(".")
    assert any(letter.isdigit() for letter in alt)


def test_given_axes_are_drawn_on(tiny):
    ax = Figure().add_subplot()
    assert tiny.plot.survival(ax=ax) is ax
    page = Figure()
    assert tiny.plot.gauges(["market.gpu_index"], figure=page) is page
    assert len(page.axes) == 1


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda plot: plot.exits("labb"), "lab"),
        (lambda plot: plot.survival(list("abcdefg")), "there are 7 companies, wanted 1 to 6"),
        (lambda plot: plot.fan("company.cash"), "company.cash is of a company; say of which, such as 'lab'"),
        (
            lambda plot: plot.fan("company.capex", "lab"),
            r"run with record=\['company.capex', ...\] to draw this",
        ),
        (lambda plot: plot.cascade(10_000), "path is 10000, wanted a path of the run: 0 to 199"),
        (lambda plot: plot.network("size"), "by is 'size', wanted one of debt, damage"),
        (lambda plot: plot.against("market.gpu_index", pd.Series([1.0])), "data has no dates"),
    ],
)
def test_what_cannot_be_drawn_says_why(tiny, draw, message):
    with pytest.raises(ArgumentError, match=message):
        draw(tiny.plot)


def test_a_run_without_quantiles_says_so():
    bare = cc.run("tests/results/tiny.toml", months=2, paths=8, quantiles=())
    with pytest.raises(ArgumentError, match="the run has no quantiles"):
        bare.plot.cash("lab")


@pytest.mark.parametrize(
    ("places", "wanted"),
    [
        ([0.5], [0.5]),
        ([0.2, 0.8], [0.2, 0.8]),
        ([0.5, 0.5], [0.45, 0.55]),
        ([0.52, 0.5, 0.51], [0.61, 0.41, 0.51]),
        ([0.0, 0.0], [0.0, 0.1]),
        ([1.0, 1.0, 0.3], [0.9, 1.0, 0.3]),
    ],
)
def test_labels_move_apart_by_the_least(places, wanted):
    assert_allclose(spread(places, 0.1, 0.0, 1.0), wanted, atol=1e-12)


def test_too_many_labels_share_the_room():
    assert_allclose(spread([0.5] * 11, 0.2, 0.0, 1.0), np.linspace(0, 1, 11))
