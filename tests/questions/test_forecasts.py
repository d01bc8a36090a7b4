"""The register of dated forecasts: exact where nothing is by luck, dated by the calendar, written as it is."""

import json
from pathlib import Path

import cashcade as cc
import pandas as pd
import pytest
from cashcade import __main__ as cli
from cashcade.errors import ArgumentError
from cashcade.questions.forecasts import COLUMNS, forecasts, write_forecasts
from cashcade.world import World

SURE = """
[world]
name = "sure"
date = {date}
[market]
regime = "open"
open_to_normal = 0
open_to_shut = 0
[[company]]
id = "listed"
name = "Listed Inc."
cash = 1e9
public = true
[[company]]
id = "private"
cash = 1e9
[[company]]
id = "poor"
cash = 5.5e6
fixed_cost = 1e6
[[segment]]
seller = "listed"
revenue = 1e8
[[segment]]
seller = "private"
revenue = 2e6
growth = 0.6931471805599453
growth_long = 0.6931471805599453
[[fleet]]
id = "halls"
owner = "listed"
cost = 1e8
capex = 1e7
[[loan]]
borrower = "listed"
lender = "capital"
balance = 4e8
maturity = 120
"""


def sure(date: str = "2025-08-31") -> World:
    return World.from_toml(SURE.format(date=date))


@pytest.fixture(scope="module")
def register() -> pd.DataFrame:
    return cc.forecasts(sure(), months=13, paths=4, seed=3)


def answers(register: pd.DataFrame, measure: str, entity: str) -> pd.DataFrame:
    chosen = register[(register["measure"] == measure) & (register["entity"] == entity)]
    return chosen.set_index("date")


def test_flows_are_those_of_whole_quarters_of_the_calendar(register: pd.DataFrame) -> None:
    for measure, amount in (("revenue", 3e8), ("capex", 3e7)):
        found = answers(register, measure, "listed")
        assert list(found.index) == ["2025-12-31", "2026-03-31", "2026-06-30", "2026-09-30"]
        for name in ("q5", "q25", "q50", "q75", "q95"):
            assert found[name].tolist() == pytest.approx([amount] * 4)
        assert set(found["unit"]) == {"USD"}
        assert found["probability"].isna().all()


def test_run_rates_of_private_companies_are_twelve_times_the_month(register: pd.DataFrame) -> None:
    found = answers(register, "run_rate", "private")["q50"]
    assert found.tolist() == pytest.approx([24e6 * 2 ** (month / 12) for month in (4, 7, 10, 13)], rel=5e-4)
    assert answers(register, "revenue", "private").empty
    assert answers(register, "run_rate", "listed").empty


def test_failures_have_a_probability_by_half_year(register: pd.DataFrame) -> None:
    found = answers(register, "failed", "poor")
    assert found["probability"].to_dict() == {"2025-12-31": 0.0, "2026-06-30": 1.0}
    assert found["se"].tolist() == [0.0, 0.0]
    assert found["question"].iloc[0] == "poor fails by 2025-12-31"
    assert answers(register, "failed", "listed")["probability"].tolist() == [0.0, 0.0]


def test_debt_and_windows(register: pd.DataFrame) -> None:
    assert answers(register, "debt", "listed")["q50"].tolist() == pytest.approx([4e8, 4e8])
    assert "venture_shut" not in set(register["measure"])
    shut = sure().with_({"market.regime": "shut", "market.shut_to_open": 0, "market.shut_to_normal": 0})
    found = answers(cc.forecasts(shut, months=4, paths=4), "venture_shut", "market")
    assert found["probability"].to_dict() == {"2025-12-31": 1.0}


def test_what_is_nought_everywhere_is_no_question(register: pd.DataFrame) -> None:
    assert answers(register, "capex", "poor").empty
    assert answers(register, "debt", "poor").empty
    assert not set(register["measure"]) & {"bought", "licensed", "listed", "raised", "raises", "rent"}


def test_each_row_says_what_it_is_made_of(register: pd.DataFrame) -> None:
    assert tuple(register.columns) == COLUMNS
    about = register[["world", "hash", "version", "seed", "paths"]].drop_duplicates()
    hashed = cc.run(sure(), paths=1).dataset.attrs["world_hash"]
    assert about.to_numpy().tolist() == [["sure", hashed, cc.__version__, 3, 4]]
    keys = register[["measure", "entity", "date"]]
    assert keys.equals(keys.sort_values(["measure", "entity", "date"], ignore_index=True))
    assert not keys.duplicated().any()


@pytest.mark.parametrize(
    ("date", "months", "first"),
    [
        ("2025-09-30", 3, "2025-12-31"),
        ("2025-08-31", 4, "2025-12-31"),
        ("2025-07-31", 5, "2025-12-31"),
        ("2024-11-30", 4, "2025-03-31"),
        ("2023-12-31", 3, "2024-03-31"),
    ],
)
def test_the_first_quarter_lies_wholly_within_the_run(date: str, months: int, first: str) -> None:
    found = answers(cc.forecasts(sure(date), months=months, paths=2), "revenue", "listed")
    assert list(found.index) == [first]
    with pytest.raises(ArgumentError, match=f"months is {months - 1}, and no quarter .* six months"):
        cc.forecasts(sure(date), months=months - 1, paths=2)


def test_files_hold_the_register(register: pd.DataFrame, tmp_path: Path) -> None:
    read = pd.read_csv(write_forecasts(register, tmp_path / "register.csv"), keep_default_na=True)
    pd.testing.assert_frame_equal(read.fillna({"unit": ""}), register, check_dtype=False)
    records = json.loads(write_forecasts(register, tmp_path / "register.json").read_text("utf-8"))
    assert [record["question"] for record in records] == register["question"].tolist()
    first = next(record for record in records if record["measure"] == "revenue")
    assert (first["q50"], first["probability"]) == (3e8, None)
    for name, told in (("register.txt", r"end it in \.csv or \.json"), ("no/register.csv", "no folder")):
        with pytest.raises(ArgumentError, match=told):
            write_forecasts(register, tmp_path / name)


def test_the_command_writes_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    world, target = tmp_path / "sure.toml", tmp_path / "register.csv"
    world.write_text(SURE.format(date="2025-08-31"), encoding="utf-8")
    given = ["forecasts", str(world), "--months", "13", "--paths", "4", "--seed", "3"]
    assert cli.main([*given, "--out", str(target)]) == 0
    assert f"Written: {target}" in capsys.readouterr().out
    expected = write_forecasts(forecasts(sure(), months=13, paths=4, seed=3), tmp_path / "expected.csv")
    assert target.read_text("utf-8") == expected.read_text("utf-8")
    assert cli.main([*given, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(expected.read_text("utf-8").splitlines()) - 1
    assert cli.main(given) == 0
    assert "Revenue of Listed Inc. in the quarter to 2025-12-31" in capsys.readouterr().out
    assert cli.main([*given, "--out", "register.txt"]) == cli.USER_ERROR
    assert "end it in .csv or .json" in capsys.readouterr().err


def test_the_same_seed_gives_the_same_register_on_any_threads() -> None:
    world = sure().with_({"segment.*.volatility": 0.3})
    one, two = (cc.forecasts(world, months=7, paths=64, seed=5, threads=count) for count in (1, 2))
    pd.testing.assert_frame_equal(one, two)
