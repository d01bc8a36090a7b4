"""Maps of two levers: each point is a run of its own, and where a condition changes break-even agrees."""

import json

import cashcade as cc
import numpy as np
import pytest
from cashcade.commands import execute
from cashcade.errors import ArgumentError
from cashcade.rules import Change
from cashcade.world import World

from tests.questions.worlds import NOISY

WORLD = World.from_text(NOISY)
LEVERS = ("company.burner.cash", "scale segment.*.revenue")
LIMITS = ((2.0, 30.0), (0.5, 2.0))
LUCK = {"paths": 64, "seed": 3}


@pytest.fixture(scope="module")
def found():
    return cc.map(WORLD, *LEVERS, "burner@12 >= 0.5", LIMITS, steps=(5, 3), **LUCK)


def test_each_point_is_a_run(found):
    """To the bit, with the error of its mean."""
    assert len(found.table) == 15
    for (x, y), row in found.table.iterrows():
        case = cc.Case(WORLD).with_({"company.burner.cash": x}).with_([Change("segment.*.revenue", scale=y)])
        result = case.run(months=12, paths=64, seed=3, replicates=4)
        failed = result.dataset["failed_month"].to_numpy()[:, 0] > 0
        assert row["outcome"] == failed.mean()
        assert row["holds"] == (failed.mean() >= 0.5)


def test_break_even_agrees(found):
    """Along the first lever the condition changes where break-even finds it."""
    for y, row in found.table["holds"].unstack("x").iterrows():
        base = cc.Case(WORLD).with_([Change("segment.*.revenue", scale=y)])
        even = cc.breakeven(base, LEVERS[0], "burner@12 >= 0.5", LIMITS[0], points=5, replicates=4, **LUCK)
        holds = row.to_numpy(dtype=bool)
        assert holds[0]
        assert not holds[-1]
        last = row.index[holds.nonzero()[0][-1]]
        first = row.index[np.flatnonzero(~holds)[0]]
        assert last <= even.value < first
        same = even.curve.loc[row.index]
        assert same["outcome"].tolist() == found.table["outcome"].xs(y, level="y").tolist()
        assert same["se"].tolist() == found.table["se"].xs(y, level="y").tolist()


def test_it_is_told(found):
    told = str(found)
    assert told.startswith("burner@12 >= 0.5, outcome in % (64 paths at each point, same luck)\n")
    assert "Across: company.burner.cash. Down: scale segment.*.revenue." in told
    assert f"holds here: at {int(found.table['holds'].sum())} of 15 points" in told
    assert repr(found) == f"<Map of burner@12 >= 0.5 over {LEVERS[0]} and {LEVERS[1]}>"
    assert found.grid.shape == (3, 5)
    assert found.grid.loc[0.5, 30.0] == found.table.loc[(30.0, 0.5), "outcome"]
    high = cc.map(WORLD, *LEVERS, "burner >= 0", LIMITS, steps=2, months=3, **LUCK)
    assert "holds everywhere: at 4 of 4" in str(high)
    low = cc.map(WORLD, *LEVERS, "burner@3 <= 0", ((20.0, 30.0), LIMITS[1]), steps=2, **LUCK)
    assert "holds" in str(low)


def test_a_mean_of_a_variable():
    plain = World.from_text(
        '[world]\nname = "p"\ndate = 2025-08-31\n[[company]]\nid = "a"\ncash = 100.0\nfixed_cost = 1.0\n'
    )
    levers = "company.a.cash", "company.a.fixed_cost"
    found = cc.map(plain, *levers, "company.a.cash@6", ((50, 100), (1, 3)), steps=3, paths=2)
    assert found.unit == "USD"
    assert found.table["outcome"].tolist() == [x - 6 * y for y in (1, 2, 3) for x in (50, 75, 100)]
    assert (found.table["se"] == 0).all()
    assert "holds" not in found.table


def test_two_arguments_of_a_shock_are_one():
    both = cc.map(
        "ai-2025-08",
        "gpu-slump:start",
        "gpu-slump:fall",
        "market.gpu_index@4",
        ((2, 6), (0, 0.5)),
        steps=2,
        paths=8,
    )
    one = cc.map(
        "ai-2025-08",
        "gpu-slump:fall,start=2",
        "scale company.cursor.cash",
        "market.gpu_index@4",
        ((0, 0.5), (1, 2)),
        steps=2,
        paths=8,
    )
    assert both.table.loc[(2, 0.5), "outcome"] == one.table.loc[(0.5, 1), "outcome"]
    assert both.table.loc[(2, 0.5), "outcome"] < both.table.loc[(6, 0.5), "outcome"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"lever_y": LEVERS[0]}, "both levers are company.burner.cash, wanted two different ones"),
        ({"limits": (None, None)}, "company.burner.cash has no limits of its own"),
        ({"limits": ((1.0, 2.0),)}, "wanted two of each"),
        ({"steps": 1}, "steps is 1, wanted a whole number from 2 to 100"),
        ({"steps": (2, 3, 4)}, "wanted two of each"),
        ({"outcome": "burnr"}, "Unknown outcome 'burnr'. Did you mean 'burner'"),
        ({"outcome": "burner@0"}, "the month of the outcome is 0"),
        ({"outcome": ""}, "the outcome is '', wanted one such as"),
    ],
)
def test_what_is_wrong_is_said(wrong, message):
    given = {"lever_x": LEVERS[0], "lever_y": LEVERS[1], "outcome": "burner", "limits": LIMITS, **wrong}
    with pytest.raises(ArgumentError, match=message):
        cc.map(WORLD, **given, paths=4)


def test_the_command(tmp_path, capsys):
    file = tmp_path / "noisy.toml"
    file.write_text(NOISY, encoding="utf-8")
    words = [
        "map",
        str(file),
        *LEVERS,
        "burner",
        "--limits-x",
        "2",
        "30",
        "--steps",
        "2",
        "--months",
        "3",
        "--paths",
        "8",
    ]
    assert execute([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["limits"] == [[2.0, 30.0], [1.0, 0.0]]
    assert [(row["x"], row["y"]) for row in found["map"]] == [
        (2.0, 1.0),
        (30.0, 1.0),
        (2.0, 0.0),
        (30.0, 0.0),
    ]
    assert execute(words) == 0
    assert "Across: company.burner.cash" in capsys.readouterr().out
