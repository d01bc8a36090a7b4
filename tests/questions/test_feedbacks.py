"""What feedbacks are measured to do: exact where nothing is by luck, and nothing where they are not."""

import json

import cashcade as cc
import pytest
from cashcade import __main__ as cli
from cashcade.errors import ArgumentError
from cashcade.questions.feedbacks import _kind
from cashcade.rules import Rule, Scenario, Shock, company, for_good, month, scale
from cashcade.world import World
from cashcade.world.feedbacks import FEEDBACKS

WORLD = """
[world]
name = "sure"
date = 2025-08-31
[market]
regime = "open"
open_to_normal = 0
open_to_shut = 0
[[company]]
id = "careful"
cash = 3e6
fixed_cost = 8.2e5
discretionary_cost = 1.8e5
burn_cut_runway = 12
burn_cut_floor = 0
[[company]]
id = "dear"
cash = 1e9
price_step_month = 1
[[company]]
id = "rival"
cash = 1e9
[[segment]]
seller = "careful"
revenue = 1e6
[[segment]]
id = "dear-users"
seller = "dear"
revenue = 1e6
elasticity = 2
adjust_months = 1
[[segment]]
id = "rival-users"
seller = "rival"
revenue = 1e6
[[recapture]]
from = "dear-users"
to = "rival-users"
share = 0.5
"""


@pytest.fixture(scope="module")
def world() -> World:
    return World.from_toml(WORLD)


def test_a_feedback_that_saves_balances(world: World) -> None:
    """A fifth of demand is gone from month 7: without the cut cash lasts 15 months more, with it for good."""
    found = cc.measure_feedbacks(world, names="burn-cuts", paths=8, months=30).loc["burn-cuts"]
    assert (found["kind"], found["outcome"]) == ("balancing", "failures")
    assert (found["response"], found["part"], found["se"]) == (0.0, -1.0, 0.0)
    assert found["errors"] == found["moved"] == -float("inf")


def test_a_feedback_that_ruins_reinforces(world: World) -> None:
    """With the price twice as high as before, users leave where they mind it; half of them go to the rival."""
    rise = Shock(
        "rise",
        "The price doubles",
        build=lambda: Rule("rise", month >= 4, scale(company("dear").list_level, 2), hold=for_good()),
    )
    dearer = Scenario("dearer", "Dearer", shocks=(rise,))
    options = {"scenarios": [dearer], "paths": 8, "months": 12}
    found = cc.measure_feedbacks(world, names=["price-churn", "recapture"], **options)
    revenue = found["outcome"] == "log AI revenue"
    assert revenue.all()
    assert found.loc["recapture", "part"] > 0
    assert found["se"].max() == pytest.approx(0, abs=1e-12)


def test_what_a_world_does_not_have_does_nothing(world: World) -> None:
    found = cc.measure_feedbacks(world, names=["fire-sale", "sentiment"], paths=8, months=9)
    assert found["kind"].tolist() == ["nothing", "nothing"]
    assert (found[["part", "errors", "moved"]] == 0).all(axis=None)


def test_what_the_world_leaves_out_is_not_measured() -> None:
    text = WORLD.replace("date = 2025-08-31", 'date = 2025-08-31\nfeedbacks = ["burn-cuts"]')
    assert cc.measure_feedbacks(World.from_toml(text), paths=4, months=3).index.tolist() == ["burn-cuts"]


@pytest.mark.parametrize(
    ("sizes", "responses", "kind"),
    [
        ({"a": 4.0}, {"a": 9.0}, "reinforcing"),
        ({"a": -4.0}, {"a": -9.0}, "reinforcing"),
        ({"a": 4.0}, {"a": -9.0}, "balancing"),
        ({"a": 2.9}, {"a": 9.0}, "unsure"),
        ({"a": 9.0}, {"a": 2.9}, "unsure"),
        ({"a": 4.0, "b": -4.0}, {"a": 9.0, "b": 9.0}, "mixed"),
        ({"a": 4.0, "b": -2.0}, {"a": 9.0, "b": 9.0}, "reinforcing"),
    ],
)
def test_the_label_is_that_of_what_is_sure(
    sizes: dict[str, float], responses: dict[str, float], kind: str
) -> None:
    assert _kind(sizes, responses, differs=True) == kind
    assert _kind(sizes, responses, differs=False) == "nothing"


def test_a_wrong_name_is_told(world: World) -> None:
    with pytest.raises(ArgumentError, match="fire-sale"):
        cc.measure_feedbacks(world, names=["fire-sail"])


def test_the_command(tmp_path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    file = tmp_path / "sure.toml"
    file.write_text(WORLD, encoding="utf-8")
    given = [
        "feedbacks",
        str(file),
        "--measure",
        "--feedback",
        "burn-cuts,fire-sale",
        "--paths",
        "4",
        "--months",
        "30",
    ]
    assert cli.main(given) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:4] == ["burn-cuts", "balancing", "balancing", "failures"]
    assert lines[2].split() == ["fire-sale", "reinforcing", "nothing"]
    assert cli.main([*given, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["feedbacks"]
    assert [row["kind"] for row in told] == ["balancing", "nothing"]
    assert (told[0]["part"], told[0]["errors"]) == (-1.0, None)
    for words in (["feedbacks", str(file)], ["feedbacks", "--measure"]):
        assert cli.main(words) == cli.USER_ERROR
        assert "give both a world and --measure" in capsys.readouterr().err
    assert cli.main(["feedbacks"]) == 0
    listed = capsys.readouterr().out
    assert "Expected" in listed
    assert all(name in listed for name in FEEDBACKS)
