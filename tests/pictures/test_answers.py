"""Pictures of answers show the numbers of their tables."""

import cashcade as cc
import numpy as np
import pandas as pd
import pytest
from cashcade import pictures
from cashcade.errors import ArgumentError
from cashcade.pictures.canvas import SURE
from cashcade.questions import BreakEven, Map, Rank, Swap, Walls
from cashcade.questions.search import Crossing
from numpy.testing import assert_allclose

from tests.pictures.reading import areas, lines, overlaps


def a_break_even(*crossings):
    values = [1e8, 5e8, 1e9, 2e9]
    curve = pd.DataFrame(
        {
            "outcome": [0.4, 0.3, 0.1, 0.05],
            "se": [0.02, 0.02, 0.01, 0.01],
            "holds": [True, True, False, False],
        },
        index=pd.Index(values, name="value"),
    )
    return BreakEven("company.lab.cash", "lab@12 >= 0.2", (1e8, 2e9), curve, "falls", crossings)


def a_map():
    index = pd.MultiIndex.from_product([[1.0, 0.5], [0.0, 0.05, 0.1]], names=["x", "y"])
    table = pd.DataFrame({"outcome": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], "se": 0.01}, index=index)
    table["holds"] = table["outcome"] >= 0.45
    limits = ((1.0, 0.5), (0.0, 0.1))
    names = "scale segment.*.revenue", "add loan.*.rate", "lab@12 >= 0.45"
    return Map(*names, "fraction", limits, 100, table)


def a_swap():
    rows = {
        "demand": [0.1, 0.5, 0.2, 0.1, 0.02, 0.4, -0.1, 0.03, 0.25],
        "money": [0.1, 0.5, 0.4, 0.3, 0.03, 0.2, -0.3, 0.04, 0.75],
        "all": [0.1, 0.5, 0.5, 0.4, 0.03, 0.1, -0.4, 0.04, 1.0],
    }
    columns = ["a", "b", "alone", "alone_difference", "alone_se", "kept", "kept_difference", "kept_se", "way"]
    table = pd.DataFrame(rows, index=columns).T
    table.index = pd.MultiIndex.from_product([["systemic"], rows], names=["outcome", "group"])
    return Swap("boom", "bust", 12, 100, dict.fromkeys(rows, ()), {"systemic": "fraction"}, table)


def some_walls():
    index = pd.MultiIndex.from_product([["bank", "cloud"], [1, 4]], names=["borrower", "month"])
    table = pd.DataFrame({"due": [1e9, 2e9, 3e9, 5e8]}, index=index)
    table["date"] = pd.to_datetime(["2025-09-01", "2025-12-01"] * 2)
    for name, part in {"refinanced": 0.25, "due_high": 2.0, "cash": 1.5, "collateral": 3.0}.items():
        table[name] = part * table["due"]
    return Walls("quarter", "company", 6, 100, table)


def a_rank():
    table = pd.DataFrame({"debt": [5e9, 1e9, -1e8], "debt_se": [1e9, 2e8, 1e8], "debtrank": [0.1, 0.4, 0.0]})
    table.index = pd.Index(["cloud", "lab", "app"], name="company")
    return Rank("debt", 1, 12, 100, table, pd.Series(dtype=float))


def a_sensitivity():
    index = pd.MultiIndex.from_product([["lab", "systemic"], [1, 2]], names=["outcome", "rank"])
    columns = {"share": 0.2, "share_ci": 0.05, "at_low_se": 0.01, "at_high_se": 0.02, "low": 1e9, "high": 2e9}
    table = pd.DataFrame(columns, index=index)
    table.insert(0, "assumption", ["company.lab.cash", "market.growth"] * 2)
    return table.assign(at_low=[0.5, 0.2, 0.1, 0.1], at_high=[0.1, 0.3, 0.2, 0.2])


def test_a_break_even_shows_its_curve_and_crossings():
    ax = a_break_even(Crossing(7e8, 6e8, None, begins=False)).plot()
    drawn = lines(ax)
    assert_allclose(drawn["outcome"], [40, 30, 10, 5])
    assert_allclose(drawn["level"], 20)
    (crossing,) = [line for line in ax.lines if line.get_label() == "crossing"]
    assert_allclose(crossing.get_xdata(), 0.7)
    low, high = areas(ax, "95 %")[0]
    assert_allclose(high - low, 2 * SURE * np.array([2, 2, 1, 1]))
    assert ax.get_title(loc="left") == "lab@12 >= 0.2: up to 0.7 bn USD of company.lab.cash"
    assert ax.get_xlabel() == "company.lab.cash, bn USD"


def test_never_is_an_answer():
    assert a_break_even().plot().get_title(loc="left") == "lab@12 >= 0.2: always within the limits"


def test_a_map_shows_its_grid_and_where_the_condition_holds():
    found = a_map()
    ax = found.plot()
    mesh = next(each for each in ax.collections if each.get_array() is not None)
    assert_allclose(mesh.get_array(), [[40, 10], [50, 20], [60, 30]])
    # Around the cells at (0.5, 0.05) and (0.5, 0.1): below them, and to their right.
    borders = sorted((*line.get_xdata(), *line.get_ydata()) for line in ax.lines)
    assert_allclose(borders, [[0.25, 0.75, 2.5, 2.5], [0.75, 0.75, 2.5, 7.5], [0.75, 0.75, 7.5, 12.5]])


def test_a_swap_shows_both_ways_of_each_group():
    ax = a_swap().plot()
    points = [each.lines[0].get_xdata() for each in ax.containers]
    assert_allclose(points, [[40, 20], [20, 40]])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["money", "demand"]
    assert "bust" in pictures.alt_text(ax)


def test_walls_stack_borrowers():
    ax = some_walls().plot()
    heights = {part.get_label(): [bar.get_height() for bar in part] for part in ax.containers}
    assert heights == {"cloud": [3.0, 0.5], "bank": [1.0, 2.0]}
    assert [bar.get_y() for bar in ax.containers[1]] == [3.0, 0.5]


def test_the_wall_of_one_borrower_shows_what_is_refinanced_cash_and_collateral():
    ax = some_walls().plot("cloud")
    heights = [[bar.get_height() for bar in part] for part in ax.containers]
    assert_allclose(np.sum(heights, axis=0), [3.0, 0.5])
    assert_allclose(heights[0], [0.75, 0.125])
    drawn = lines(ax)
    assert_allclose(drawn["cash before it"], [4.5, 0.75])
    assert_allclose(drawn["collateral"], [9.0, 1.5])


@pytest.mark.parametrize(("by", "wanted"), [(None, [5.0, 1.0, -0.1]), ("debtrank", [40.0, 10.0, 0.0])])
def test_a_rank_shows_its_measure(by, wanted):
    ax = a_rank().plot(by)
    (bars,) = [each for each in ax.containers if len(each) == 3 and hasattr(each[0], "get_width")]
    assert_allclose([bar.get_width() for bar in bars], wanted)


def test_a_tornado_goes_from_low_to_high():
    ax = pictures.tornado(a_sensitivity(), "lab")
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    assert_allclose(bars, [(50, 10), (20, 30)])
    assert any("low up to 1 bn USD, high from 2 bn USD" in each.get_text() for each in ax.texts)
    with pytest.raises(ArgumentError, match="outcome"):
        pictures.tornado(a_sensitivity(), "labb")


def test_a_frontier_shows_value_and_interval():
    table = pd.DataFrame(
        {"value": [0.5, np.nan, 0.8], "low": [0.4, np.nan, 0.7], "high": [0.6, np.nan, np.nan]},
        index=pd.Index([0.0, 0.05, 0.1], name="add loan.*.rate"),
    )
    ax = pictures.frontier(table)
    assert_allclose(lines(ax)["value"], [0.5, 0.8])
    assert_allclose(areas(ax, "95 %")[0], [[0.4, 0.7], [0.6, 0.8]])
    with pytest.raises(ArgumentError, match="nothing breaks within the limits"):
        pictures.frontier(table.iloc[[1]])


def test_a_comparison_shows_differences_and_means(comparison):
    table = comparison.outcomes()
    ax = comparison.plot.outcomes()
    (points,) = ax.containers
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert_allclose(points.lines[0].get_xdata(), 100 * table["difference"].droplevel("side")[names])
    series = comparison.series("company.cash", "lab")
    drawn = lines(comparison.plot.series("company.cash", "lab"))
    assert_allclose(drawn["baseline"], series["base"] / 1e9)
    assert_allclose(drawn[comparison.sides[0]], series["mean"] / 1e9)
    alive = comparison.results["baseline"].survival().loc["lab"]["alive"]
    assert_allclose(lines(comparison.plot.survival("lab"))["baseline"], 100 * alive)


@pytest.mark.parametrize(
    "draw",
    [
        lambda _: a_break_even(Crossing(7e8, 6e8, 8e8, begins=False)).plot(),
        lambda _: a_map().plot(),
        lambda _: a_swap().plot(),
        lambda _: some_walls().plot(),
        lambda _: some_walls().plot("cloud"),
        lambda _: a_rank().plot(),
        lambda _: pictures.tornado(a_sensitivity()),
        lambda comparison: comparison.plot.outcomes(),
        lambda comparison: comparison.plot.series("company.cash", "lab"),
        lambda comparison: comparison.plot.survival("lab"),
    ],
)
def test_no_words_meet(draw, comparison):
    ax = draw(comparison)
    assert overlaps(ax.get_figure(root=True)) == []
    assert pictures.alt_text(ax).endswith(".")


def test_an_answer_that_differs_nowhere_is_not_drawn():
    same = cc.compare("tests/results/tiny.toml", {"one": "baseline", "other": "baseline"}, months=2, paths=8)
    with pytest.raises(ArgumentError, match="no path differs"):
        same.plot.outcomes()
