"""The packaged tables keep their rules, and are those of the project where these are at hand."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from cashcade.world import World

from cashcade_ai.sourced import (
    LAST_DAY,
    MECHANISMS,
    TableError,
    check,
    history,
    inputs,
    priors,
    sources,
    windows,
)

PLUGIN = Path(__file__).parents[1]
SHARED = PLUGIN.parents[2] / "shared" / "data"
PACKER = PLUGIN / "tools" / "pack_data.py"

NOT_YET_IN_THE_WORLD = {
    "amd",
    "api-commitments",
    "apps",
    "broadcom",
    "cipher-mining",
    "core-scientific",
    "fleets",
    "gpu-purchases",
    "iren",
    "models",
    "neoclouds",
    "project-loans",
    "softbank-margin-loan",
    "terawulf",
    "tsmc",
}


def packer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pack_data", PACKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def row(**changes: object) -> pd.DataFrame:
    good = {
        "entity": "Nvidia",
        "unit": "USD",
        "as_of": pd.Timestamp("2025-08-29"),
        "low": 1.0,
        "value": 2.0,
        "high": 3.0,
        "confidence": "high",
        "kind": "reported",
        "source": "s1",
    }
    return pd.DataFrame([good | changes])


def test_a_sound_row_passes() -> None:
    assert check(row(), "inputs.csv", ["entity"])["value"].tolist() == [2.0]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"unit": "dollars"}, "unit is 'dollars'"),
        ({"confidence": "sure"}, "confidence is 'sure'; use high, medium or low"),
        ({"kind": "hearsay"}, "kind is 'hearsay'"),
        ({"as_of": pd.Timestamp("2025-10-01")}, "give a date up to 2025-09-30"),
        ({"as_of": pd.NaT}, "give a date up to 2025-09-30"),
        ({"source": " "}, "say where the figure comes from"),
        ({"low": 2.5}, "give low <= value <= high"),
        ({"high": 1.5}, "give low <= value <= high"),
        ({"value": float("nan")}, "give low <= value <= high"),
        ({"entity": None}, "name what the row is about"),
    ],
)
def test_a_wrong_row_is_refused_by_line(changes: dict[str, object], told: str) -> None:
    with pytest.raises(TableError, match=r"inputs\.csv, line 2: ") as refused:
        check(row(**changes), "inputs.csv", ["entity"])
    assert told in str(refused.value)


def test_nothing_is_later_than_september_2025() -> None:
    for table in (history(), windows(), inputs()):
        assert len(table) > 100
        assert table["as_of"].max() <= LAST_DAY


def test_no_third_quarter_of_2025_is_known() -> None:
    flows = history()
    flows = flows[flows["unit"] == "USD/quarter"]
    assert flows["as_of"].max() == pd.Timestamp("2025-08-31")


def test_every_source_is_named_and_used() -> None:
    used = set(history()["source"]) | set(windows()["source"])
    assert used == set(sources().index)
    assert (sources()["title"].str.len() > 5).all()


def test_inputs_go_to_something_of_the_world(world: World) -> None:
    ids = {
        each.id for part in (world.companies, world.segments, world.loans, world.contracts) for each in part
    }
    targets = set(inputs()["target"])
    assert targets - ids <= NOT_YET_IN_THE_WORLD | {"nvidia-coreweave", "aws", "azure"}
    assert {"coreweave-ddtl-3", "nvidia", "oracle-cloud", "openai-oracle"} <= targets & ids


def test_every_listed_company_has_a_market_value() -> None:
    values = inputs().query("field == 'market_value'").set_index("target")
    assert values.loc["nvidia", "value"] == 4_232_570_000_000
    assert values.loc["coreweave", ["low", "high"]].tolist() == [50_140_000_000, 51_520_000_000]
    assert len(values) == 15
    assert set(values["as_of"]) == {pd.Timestamp("2025-08-29")}


def test_checks_of_the_first_month_are_a_month() -> None:
    checks = inputs().query("mechanism == 'T12'")
    assert set(checks["unit"]) == {"USD/month"}
    assert set(checks["field"]) == {"capex", "revenue", "burn", "data_centre_revenue"}
    assert len(checks) == 24


@pytest.mark.parametrize(
    ("target", "entity", "field"),
    [
        ("microsoft", "Microsoft", "capex"),
        ("microsoft", "Microsoft", "revenue"),
        ("alphabet", "Alphabet", "capex"),
        ("amazon", "Amazon", "capex"),
        ("meta", "Meta", "capex"),
        ("nvidia", "Nvidia", "revenue"),
        ("coreweave", "CoreWeave", "revenue"),
    ],
)
def test_checks_start_from_the_last_quarter_and_grow_as_the_last_year(
    target: str, entity: str, field: str
) -> None:
    given = inputs().query("mechanism == 'T12'").set_index(["target", "field"]).loc[(target, field)]
    table = history().set_index(["entity", "metric", "unit"]).sort_index()
    flows = table.loc[(entity, field, "USD/quarter")].sort_values("as_of")["value"].to_numpy()
    growth = flows[-1] / flows[-5]
    wanted = [flows[-1] / 3 * growth**power for power in (0, 0.25, 0.5)]
    assert [given["low"], given["value"], given["high"]] == pytest.approx(wanted, rel=1e-3)


def test_memory_is_an_assumption() -> None:
    recalled = inputs()[inputs()["source"].str.startswith("recall")]
    assert len(recalled) == 42
    assert set(recalled["kind"]) == {"assumption"}


def test_priors_are_of_known_mechanisms() -> None:
    table = priors()
    assert {"M1", "M6", "M7", "M8", "M9"} <= set(table["mechanism"]) <= MECHANISMS
    assert set(table["basis"]) == {"estimate", "assumption"}
    assert not table.duplicated(["mechanism", "parameter", "of"]).any()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the sourced tables are not here")
def test_packaged_tables_are_those_of_the_project() -> None:
    for name, text in packer().pack(SHARED).items():
        packaged = PLUGIN / "src" / "cashcade_ai" / "data" / name
        assert packaged.read_text(encoding="utf-8") == text, name


@pytest.mark.skipif(not SHARED.is_dir(), reason="the sourced tables are not here")
def test_inputs_carry_the_values_of_the_project() -> None:
    tables = {
        name: pd.read_csv(SHARED / "ai" / f"{name}.csv")
        for name in ("market_caps", "covenants", "unit_economics")
    }
    copied = inputs()[inputs()["origin"].str.contains(":")]
    checked = 0
    for row in copied.to_dict("records"):
        name, entity, *middle = str(row["origin"]).split(":")
        table = tables.get(name.removesuffix(".csv"))
        if table is not None:
            who, what = ("borrower", "item") if "item" in table else ("entity", "metric")
            rows = table[(table[who] == entity) & (table[what] == middle[-1])]
            assert row["value"] in rows["value"].tolist(), row["origin"]
            checked += 1
    assert checked > 100
