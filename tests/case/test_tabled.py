"""Parameters as a table: a draw a row, checked, and the same run where they are those of a run."""

import cashcade as cc
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from cashcade.errors import ArgumentError, WorldError
from cashcade.world import World

TEXT = """
[world]
name = "two"
date = 2025-08-31

[[company]]
id = "lab"
cash = { value = 100.0, low = 50.0, high = 150.0, shared = "purse" }
fixed_cost = 10.0

[[company]]
id = "app"
cash = { value = 40.0, low = 20.0, high = 80.0, shared = "purse" }
fixed_cost = { value = 5.0, low = 4.0, high = 8.0 }
"""


def two() -> World:
    return World.from_text(TEXT)


def cash_left(**chosen) -> np.ndarray:
    """Cash at the end of a month of `[paths, companies]`; nothing comes in."""
    result = cc.run(two(), months=1, record=["company.cash"], keep_paths=True, quantiles=(), **chosen)
    return result.dataset["company_cash"].to_numpy()[:, 0]


@pytest.mark.parametrize("kind", [dict, pd.DataFrame, pl.DataFrame, pa.table], ids=lambda kind: kind.__name__)
def test_a_row_is_a_draw(kind):
    table = {"company.lab.cash": [60.0, 70.0, 90.0], "company.*.fixed_cost": [1.0, 2.0, 3.0]}
    left = cash_left(parameters=kind(table), replicates=2)
    assert left.shape == (6, 2)
    np.testing.assert_allclose(left[:, 0], np.repeat([59.0, 68.0, 87.0], 2))


def test_what_no_column_names_is_drawn_as_ever():
    drawn = cc.run(two(), months=1, paths=8, replicates=2, seed=3).parameters()
    found = cc.run(two(), months=1, parameters={"company.lab.fixed_cost": [1.0] * 4}, replicates=2, seed=3)
    pd.testing.assert_frame_equal(found.parameters()[drawn.columns], drawn)


def test_ranges_that_share_an_assumption_lie_as_far_up():
    """150 is the end of the first range, so the other is at its end too; at the first's mode it is at its own mode's level."""
    left = cash_left(parameters={"shared.purse": [50.0, 75.0, 150.0], "company.*.fixed_cost": [0.0] * 3})
    np.testing.assert_allclose(left[:, 0], [50.0, 75.0, 150.0])
    # An eighth of the first lies below 75; of the second, an eighth of its area below 20 + sqrt(60 * 20 / 8).
    np.testing.assert_allclose(left[:, 1], [20.0, 20.0 + np.sqrt(60.0 * 20.0 / 8.0), 80.0])


def test_the_table_of_a_run_is_the_same_run():
    case = cc.Case("ai-2025-08", scenarios=["normal-window"])
    whole = case.run(months=12, paths=24, replicates=4, seed=5)
    again = case.run(months=12, parameters=whole.parameters(), replicates=4, seed=5)
    assert whole.parameters().columns.str.startswith("number.").any(), "rules have ranges too"
    np.testing.assert_array_equal(again.dataset["failed_month"], whole.dataset["failed_month"])
    np.testing.assert_allclose(
        again.dataset["company_cash_mean"], whole.dataset["company_cash_mean"], rtol=1e-9
    )


def test_a_part_of_the_paths_and_many_workers_are_the_same():
    case = cc.Case(two())
    table = {"company.lab.cash": np.linspace(50.0, 150.0, 16)}
    sizes = {"months": 8, "replicates": 4, "seed": 2}
    whole = case.run(parameters=table, **sizes).dataset["failed_month"].to_numpy()
    late = case.run(parameters=table, first_path=48, **sizes).dataset["failed_month"].to_numpy()
    np.testing.assert_array_equal(late, whole[48:])
    spread = case.run(parameters=table, executor="processes", chunk=16, **sizes)
    np.testing.assert_array_equal(spread.dataset["failed_month"], whole)


def test_outcomes_stand_beside_parameters():
    """With so much cash the lab dies in month 6, in month 11, and lives beyond the run."""
    table = {"company.lab.cash": [55.0, 105.0, 155.0]}
    found = cc.run(two(), months=12, parameters=table, replicates=3).by_draw(["lab", "systemic"])
    assert found["company.lab.cash"].tolist() == [55.0, 105.0, 155.0]
    assert found["outcome.lab"].tolist() == [1.0, 1.0, 0.0]
    assert found["paths"].tolist() == [3, 3, 3]
    assert found.index.name == "draw"


def test_the_record_says_what_was_given():
    result = cc.run(two(), months=2, parameters={"company.lab.cash": [60.0, 70.0]})
    assert result.dataset.attrs["parameters"] == "company.lab.cash, 2 rows"
    assert result.dataset.attrs["changed"] == ""


def test_columns_keep_their_names_and_what_is_left_of_an_assumption_keeps_its_own():
    """The lab leaves the purse that it shares with the app; a column of one value is a parameter too."""
    run = {"months": 1, "seed": 3}
    shared = cc.run(two(), parameters={"shared.purse": [60.0, 70.0]}, **run).parameters()
    assert shared["shared.purse"].tolist() == [60.0, 70.0]
    table = {"company.lab.cash": [60.0, 70.0], "company.lab.tax_rate": [0.1, 0.1]}
    left = cc.run(two(), parameters=table, **run)
    assert {name: left.parameters()[name].tolist() for name in table} == table
    drawn = cc.run(two(), paths=2, replicates=1, keep_paths=True, record=["company.cash"], **run)
    np.testing.assert_array_equal(
        left.parameters()["shared.purse"], left.dataset["company_cash_start"].sel(company="app")
    )
    np.testing.assert_array_equal(
        left.parameters()["shared.purse"], drawn.dataset["company_cash_start"].sel(company="app")
    )


def test_a_world_is_checked_anew_only_for_what_it_does_not_state(monkeypatch):
    """Values within stated ranges are sound as the world is, and the result is of the world that was given."""
    world, asked = two(), []
    real = World.with_

    def with_(self, values):
        asked.append(values)
        return real(self, values)

    monkeypatch.setattr(World, "with_", with_)
    assert cc.run(world, months=1, parameters={"company.lab.cash": [50.0, 150.0]}).world is world
    assert asked == []
    assert cc.run(world, months=1, parameters={"company.lab.cash": [50.0, 151.0]}).world is world
    assert asked == [{"company.lab.cash": {"value": 50.0, "low": 50.0, "high": 151.0}}]


def test_months_are_whole():
    text = TEXT + '[[loan]]\nborrower = "app"\nlender = "capital"\nbalance = 1.0\nmaturity = 12\n'
    table = {"loan.*.maturity": [12, 13.5, 14]}
    with pytest.raises(ArgumentError, match=r"parameters: loan\..*\.maturity is 13.5, wanted whole months"):
        cc.run(World.from_text(text), months=1, parameters=table)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (3, "parameters is a int, wanted a table"),
        ({}, "different length, or none"),
        ({"company.lab.cash": []}, "different length, or none"),
        (
            {"company.lab.cash": [1.0], "company.app.cash": [1.0, 2.0]},
            r"company.lab.cash: 1, company.app.cash: 2",
        ),
        ({"company.lap.cash": [1.0]}, "column 'company.lap.cash': .*Did you mean"),
        ({"company.lab.cash": ["much"]}, "holds what is no number"),
        ({"company.lab.cash": [1.0, np.nan]}, "has nan in row 1, wanted a finite number"),
        ({"company.lab.cash": [[1.0], [2.0]]}, "has 2 axes, wanted one"),
        ({"company.lab.cash": [1.0], "company.*.cash": [1.0]}, "company.lab.cash is in two columns"),
        ({"company.lab.priority": [1.0]}, "unknown field"),
        ({"shared.purses": [60.0]}, "names no assumption. Did you mean"),
        ({"shared.purse": [40.0]}, "has values outside the first of them; give a column to each"),
    ],
)
def test_what_is_no_table_of_parameters_is_refused(table, said):
    with pytest.raises(ArgumentError, match=said):
        cc.run(two(), months=1, parameters=table)


def test_a_value_beyond_its_bounds_is_refused():
    with pytest.raises(WorldError, match=r'"lab".tax_rate: given 7, wanted a number from 0 to 1'):
        cc.run(two(), months=1, parameters={"company.lab.tax_rate": [0.1, 7.0]})


def test_words_and_flags_are_refused():
    with pytest.raises(ArgumentError, match="is a word or a flag; make a case for each"):
        cc.run("ai-2025-08", months=1, parameters={"fleet.*.limits": [0.0, 1.0]})


def test_a_number_of_paths_that_the_table_has_not_is_refused():
    table = {"company.lab.cash": [60.0, 70.0]}
    with pytest.raises(
        ArgumentError, match="paths is 10, and parameters has 2 rows of 3 paths each, which leaves 6"
    ):
        cc.run(two(), months=1, parameters=table, replicates=3, paths=10)
    with pytest.raises(ArgumentError, match="first_path is 6, and parameters has 2 rows of 3 paths each"):
        cc.run(two(), months=1, parameters=table, replicates=3, first_path=6)
