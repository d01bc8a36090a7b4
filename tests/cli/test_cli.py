"""The command: what it prints, what it refuses, how it ends."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import cashcade as cc
import jsonschema
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from cashcade import __main__ as cli
from cashcade import _core
from cashcade.commands.app import GROUPS, app
from cashcade.plugin import find_plugins
from cashcade.plugin.offers import Catalogue
from cashcade.runs import executors
from cashcade.words.rows import variables
from cashcade.world.switches import loops

TINY = str(Path(__file__).parents[1] / "results" / "tiny.toml")
COMPANIES = ["lab", "cloud", "bank", "app"]
NUMBER = {"type": ["number", "null"]}
SOME_LOSS = {"type": "object", "required": ["expected", "se", "q95"], "additionalProperties": NUMBER}
CHANCE = {"type": "object", "required": ["chance", "se"], "additionalProperties": NUMBER}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "world",
        "run",
        "companies",
        "holders",
        "contagion",
        "system",
        "firings",
        "exits",
        "written",
    ],
    "properties": {
        "world": {"required": ["name", "title", "date", "hash"]},
        "run": {
            "required": ["months", "paths", "draws", "replicates", "seed", "imbalance", "seconds", "cashcade"]
        },
        "companies": {
            "items": {
                "required": [
                    "company",
                    "name",
                    "draws_share",
                    "cash",
                    "runway",
                    "failed",
                    "main_cause",
                    "median_month",
                ],
                "properties": {
                    "cash": {"type": "number"},
                    "failed": {
                        "minItems": 3,
                        "items": {"required": ["month", "chance", "se"], "additionalProperties": NUMBER},
                    },
                    "main_cause": {"type": ["string", "null"]},
                },
            }
        },
        "holders": {
            "items": {
                "required": ["holder", "exposure", "credit", "equity", "total", "claims"],
                "properties": {
                    "credit": SOME_LOSS,
                    "equity": SOME_LOSS,
                    "total": SOME_LOSS,
                    "claims": {"required": ["secured", "unsecured", "subordinated", "stakes", "bills"]},
                },
            }
        },
        "contagion": {"items": {"required": ["first", "then", "linked", "conditional", "unconditional"]}},
        "system": {
            "required": ["cascade", "failed_debt_share", "gauges"],
            "properties": {"cascade": {"additionalProperties": CHANCE}},
        },
        "exits": {"items": {"required": ["door", "company", "effect", "median_month", "main_buyer"]}},
        "firings": {"items": {"required": ["rule", "action", "lever", "entity", "fired", "amount", "unit"]}},
        "written": {"items": {"type": "string"}},
    },
}


PRESSES_CTRL_C = """
import os, signal, sys, threading
from cashcade.runs import executors
from cashcade.__main__ import main

def press():
    os.kill(os.getpid(), signal.SIGINT)

run = executors._core.run
def run_and_press(*inputs, **arguments):
    pressed = threading.Event()
    def told(done, wanted):
        if done and not pressed.is_set():
            pressed.set()
            press()
    return run(*inputs, **(arguments | {"progress": told}))

executors._core.run = run_and_press
sys.exit(main(sys.argv[1:]))
"""
"""A program that runs the command and presses Ctrl-C once the first paths are finished, however long they take."""


def command(*words, **options):
    """Start the command in a process of its own."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-m", "cashcade", *words], **(pipes | options))  # noqa: S603


def test_table_names_each_company_with_chance_and_error(capsys):
    assert cli.main(["run", TINY, "--paths", "400", "--seed", "1"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    for company in ("Lab Inc.", "cloud", "bank", "app"):
        assert [line for line in shown.out.splitlines() if line.startswith(company)]
    assert "12 m, %" in shown.out
    assert " ±" in shown.out
    assert "400 paths (100 draws of the parameters x 4), seed 1" in shown.out
    for section in ("lenders", "Systemic cascade on", "imbalance", "paths/s", "Capex over GDP"):
        assert section in shown.out


@pytest.mark.parametrize("width", ["60", "80", "100", "200"])
def test_table_fits_the_terminal(capsys, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    assert cli.main(["run", TINY, "--paths", "64"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines) <= int(width)
    assert all(any(line.startswith(name) for line in lines) for name in ("Lab", "cloud", "bank", "app"))


def test_json_is_one_document_and_nothing_else(capsys):
    assert cli.main(["run", TINY, "--paths", "64", "--json"]) == 0
    shown = capsys.readouterr()
    content = json.loads(shown.out)
    jsonschema.validate(content, SCHEMA)
    assert shown.err == ""
    assert [row["company"] for row in content["companies"]] == COMPANIES
    summary = cc.run(TINY, paths=64).summary()
    for row in content["companies"]:
        assert row["failed"][2]["chance"] == summary.loc[row["company"], "failed_36"]
    assert content["world"]["name"] == "tiny"
    assert content["run"]["paths"] == 64


def test_same_seed_same_words(capsys):
    documents = []
    for threads in ("1", "2"):
        assert cli.main(["run", TINY, "--paths", "64", "--json", "--threads", threads]) == 0
        content = json.loads(capsys.readouterr().out)
        content["run"].pop("seconds")
        documents.append(content)
    assert documents[0] == documents[1]


@pytest.mark.parametrize("suffix", [".nc", ".zarr", ".parquet"])
def test_out_is_written_and_named(capsys, tmp_path, suffix):
    out = tmp_path / f"results{suffix}"
    words = ["run", TINY, "--paths", "32", "--months", "12", "--out", str(out), "--keep-paths", "8"]
    assert cli.main([*words, "--record", "company.cash,segment.volume", "--record", "loan.balance"]) == 0
    assert f"Written: {out}" in capsys.readouterr().out
    if suffix == ".parquet":
        assert set(pd.read_parquet(out)["variable"]) >= {"company.cash", "segment.volume", "loan.balance"}
    elif suffix == ".nc":
        with xr.open_dataset(out) as dataset:
            assert dataset["segment_volume"].shape == (8, 12, 2)


def test_output_without_market_series(capsys):
    assert cli.main(["run", TINY, "--paths", "32", "--record", "company.cash"]) == 0
    shown = capsys.readouterr().out
    assert "Capex over GDP" not in shown
    assert "Systemic cascade on" in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "no-such-world"], "no-such-world"),
        (["run", "gone.toml"], "gone.toml"),
        (["run", TINY, "--paths", "0"], "paths is 0"),
        (["run", TINY, "--paths", "many"], "many"),
        (["run", TINY, "--months", "-3"], "months is -3"),
        (["run", TINY, "--pahts", "3"], "--pahts"),
        (["run", TINY, "--seed", "1.7"], "--seed: given 1.7, wanted a whole number"),
        (["run", TINY, "--months", "1.5"], "--months: given 1.5, wanted a whole number"),
        (["run", TINY, "--threads", "nan"], "--threads: given nan, wanted a whole number"),
        (["run", TINY, "--paths", "1e99"], "--paths: given 1e99, wanted a whole number"),
        (["run", TINY, "--max-memory", "nan"], "--max-memory is nan, wanted a number of GB above 0"),
        (["run", TINY, "--max-memory", "inf"], "--max-memory is inf"),
        (["run", TINY, "--max-memory=-1"], "--max-memory is -1.0"),
        (["run", TINY, "--max-memory", "0"], "--max-memory is 0.0"),
        (["run", TINY, "--block", "cashcade-ia"], 'Did you mean "cashcade-ai"?'),
        (["validate", TINY, "--block", "cashcade-ia"], 'Did you mean "cashcade-ai"?'),
        (["run", TINY, "--shock", "gpu-slump:fall=0.5,fall=0.6"], "fall is given twice"),
        (["run", TINY, "--seed", "1", "--seed", "2"], "multiple times"),
        (["run", TINY, "--shock", "gpu-slump:fall=44"], "For 44 % write 0.44."),
        (["run", TINY, "--set", "lab.cash=1e10"], "such as company.lab.cash"),
        (["breakeven", TINY, "company.lab.cash", "lab@24", "<=", "0.05"], "Put a condition in quotes"),
        (["run", "gone.xlsx"], "given a file that is not there, wanted a workbook .xlsx"),
        (["run", TINY, "--record", "company.chas"], "Did you mean 'company.cash'"),
        (["run", TINY, "--out", "results.txt"], ".parquet"),
        (["run", TINY, "--out", "gone/results.nc"], "no folder"),
        (["run", TINY, "--paths", "10000000", "--keep-paths", "10000000"], "Ways out"),
        (["run"], "WORLD"),
        (["rum"], "rum"),
        (["validate", "gone.toml"], "gone.toml"),
        (["validate", __file__], "TOML"),
    ],
)
def test_user_errors_are_one_message_and_code_2(capsys, words, message):
    assert cli.main(words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert message in shown.err
    assert shown.err.startswith("cashcade: ")
    assert "Traceback" not in shown.err


def test_a_file_that_cannot_be_written_is_a_user_error(capsys, tmp_path):
    (tmp_path / "folder.nc").mkdir()
    assert cli.main(["run", TINY, "--paths", "8", "--out", str(tmp_path / "folder.nc")]) == 2
    assert "folder.nc" in capsys.readouterr().err


def test_bad_world_lists_every_problem(capsys, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text(
        Path(TINY).read_text().replace('seller = "app"', 'seller = "ap"').replace("rate = 0.09", "rate = 9")
    )
    assert cli.main(["run", str(bad)]) == 2
    message = capsys.readouterr().err
    assert "2 problems" in message
    assert 'Did you mean "app"' in message


def test_loops_are_listed_and_left_out(capsys):
    assert cli.main(["loops"]) == 0
    listed = capsys.readouterr().out
    assert all(loop.name in listed and loop.kind in listed for loop in loops())
    few = ["run", TINY, "--paths", "16", "--months", "2", "--quiet"]
    assert cli.main([*few, "--without", "sentiment,routing", "--without", "fire-sale"]) == 0
    assert "Without: fire-sale, sentiment, routing" in capsys.readouterr().out
    assert cli.main([*few, "--without", "routing", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["run"]["without"] == "routing"
    assert cli.main([*few, "--without", "root"]) == 2
    assert "Unknown feedback 'root'" in capsys.readouterr().err


def test_archetypes_are_listed_and_shown(capsys):
    assert cli.main(["archetypes"]) == 0
    assert "neocloud" in capsys.readouterr().out
    assert cli.main(["archetypes", "neocloud"]) == 0
    assert "| `backlog` | USD | must be given |" in capsys.readouterr().out
    assert cli.main(["archetypes", "neoclod"]) == 2
    assert "Did you mean 'neocloud'?" in capsys.readouterr().err


def test_a_shock_takes_per_cent(capsys):
    assert cli.main(["run", TINY, "--paths", "4", "--quiet", "--shock", "gpu-slump:fall=44%"]) == 0
    assert "With: gpu-slump(fall=0.44)" in capsys.readouterr().out


def test_a_workbook_of_results_is_no_world(tmp_path, capsys):
    assert cli.main(["run", TINY, "--paths", "4", "--quiet", "--out", str(tmp_path / "r.xlsx")]) == 0
    capsys.readouterr()
    assert cli.main(["run", str(tmp_path / "r.xlsx")]) == 2
    (message,) = capsys.readouterr().err.splitlines()
    assert "r.xlsx: given the tables of a result, wanted tables of a world, such as companies" in message


def test_parameters_of_an_entity_are_listed_with_unit_and_default(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert cli.main(["parameters", "contract"]) == 0
    listed = [line.split("  ") for line in capsys.readouterr().out.splitlines()]
    rows = {cells[0]: [cell.strip() for cell in cells[1:] if cell.strip()] for cells in listed}
    assert rows["contract.substitutable"][:4] == ["fraction", "0", "1", "0.5"]
    assert rows["contract.customer"][:2] == ["a company", "must be given"]
    assert rows["contract.usage"][:4] == ["USD/month", "0", "no limit", "0"]
    assert {name.partition(".")[0] for name in rows} - {"Parameter"} == {"contract"}
    assert cli.main(["parameters", "contrac"]) == 2
    assert "Did you mean 'contract'?" in capsys.readouterr().err
    assert cli.main(["parameters"]) == 0
    every = capsys.readouterr().out
    assert all(f"{row.entity}.{row.name}" in every for row in _core.table().parameters)


def test_worlds_and_variables_and_schema_and_validate(capsys):
    assert cli.main(["worlds"]) == 0
    capsys.readouterr()
    assert cli.main(["variables"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in variables())
    assert cli.main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert cli.main(["validate", TINY]) == 0
    assert "company: 4" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["run", "--help"], []])
def test_help_and_version(capsys, words):
    assert cli.main(words) == 0
    shown = capsys.readouterr().out
    assert (cc.__version__ if words == ["--version"] else "cashcade") in shown


def test_the_help_lists_every_command_in_one_group_in_the_order_of_the_groups(capsys):
    grouped = [name for names in GROUPS.values() for name in names]
    assert len(grouped) > 25
    assert set(app) - set(grouped) == {"loops", "-h"}, "other names of feedbacks and --help"
    assert cli.main(["--help"]) == 0
    shown = capsys.readouterr().out
    listed = re.findall(rf"^│ ({'|'.join(grouped)}) ", shown, flags=re.MULTILINE)
    assert listed == grouped
    titles = re.findall(r"^╭─ (.*?) ─", shown, flags=re.MULTILINE)
    assert titles == [*GROUPS]


def test_quiet_shows_no_bar_and_a_pipe_neither():
    process = command("run", TINY, "--paths", "64", "--quiet")
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_interrupt_prints_what_is_finished_and_ends_with_130():
    words = ["run", TINY, "--paths", "2000000", "--months", "1200", "--json", "--record", "company.cash"]
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", PRESSES_CTRL_C, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    output, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (130, "")
    content = json.loads(output)
    assert content["run"]["interrupted"] is True
    assert 0 < content["run"]["paths"] < 2_000_000


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_interrupt_before_anything_is_finished():
    process = command("run", TINY, "--paths", "64")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode in {130, -signal.SIGINT}, errors


@pytest.mark.parametrize("words", [["worlds"], ["archetypes"], ["validate", TINY]])
def test_every_command_can_go_on_without_a_plugin(install, capsys, words):
    install("broken", "import no_such_module", "0.7")
    block = ["--block", "broken"]
    if words[0] != "validate":  # a world that names no archetype needs no plugin
        assert cli.main(words) == 2
        assert 'plugin "broken 0.7"' in capsys.readouterr().err
    assert cli.main([*words, *block]) == 0


UNTOLD = "before all results were printed; the rest is lost"


@pytest.mark.parametrize(
    ("where", "words", "lost"),
    [
        ("cashcade.case.case.compile_world", [], "before there was a result"),
        ("cashcade.case.case.build_dataset", [], UNTOLD),
        ("cashcade.case.case.build_dataset", ["--json"], UNTOLD),
        ("cashcade.commands.running.document", ["--json"], UNTOLD),
        (
            "cashcade.commands.running.document",
            ["--json", "--out", "x.nc"],
            f"{UNTOLD}, and x.nc is not written",
        ),
        ("cashcade.results.text._system", ["--out", "x.nc"], f"{UNTOLD}, and x.nc is not written"),
        ("cashcade.results.save.all_series", ["--out", "x.parquet"], "while writing x.parquet"),
        ("h5netcdf.File", ["--out", "x.nc"], "while writing x.nc"),
    ],
)
def test_an_interrupt_says_what_is_lost(capsys, monkeypatch, tmp_path, *, where, words, lost):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(where, interrupted)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["run", TINY, "--paths", "8", "--months", "3", *words]) == cli.INTERRUPTED
    shown = capsys.readouterr()
    assert shown.err == f"cashcade: interrupted {lost}\n"
    assert ("8 paths" in shown.out) == ("writing" in lost or "text" in where)
    assert list(tmp_path.iterdir()) == []


def test_a_run_above_the_memory_given_is_refused(capsys):
    assert cli.main(["run", TINY, "--paths", "64", "--max-memory", "0.00001"]) == 2
    message = capsys.readouterr().err
    assert "above the limit of 10 kB" in message
    assert "raise max_memory" in message


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_a_reader_that_leaves_is_no_error():
    reader, writer = os.pipe()
    os.close(reader)
    process = command("variables", stdout=writer)
    os.close(writer)
    _, errors = process.communicate(timeout=60)
    assert errors == ""
    assert process.returncode == cli.BROKEN_PIPE


CATALOGUE = Catalogue(find_plugins())
SHIPPED = {
    name: offer
    for name, offer in CATALOGUE.offers.items()
    if offer.plugin and offer.plugin.name.startswith("cashcade-")
}
"""All that the plugins of this repository offer."""


def test_exit_scenarios_are_shipped():
    assert len([offer for offer in SHIPPED.values() if offer.kind == "exit scenario"]) >= 4


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_whatever_is_shipped_is_printed(capsys, name):
    """Few paths and months: most doors are never taken, most rules never act, most companies never fail."""
    assert cli.main(["run", "ai-2025-08", "--scenario", name, "--paths", "16", "--months", "3"]) == 0
    shown = capsys.readouterr().out
    assert f"With: {name}" in shown
    assert not re.search(r"\b(nan|None)\b", shown)
    parts = CATALOGUE.parts(SHIPPED[name])
    doors = [given for given in parts.given if given.kind == "door"]
    assert f"Exits: {', '.join(parts.exits) or 'normal-window'}\n" in shown, (
        "those of the world, unless replaced"
    )
    assert ("\nWho leaves" in shown) == (bool(doors) or not parts.exits)


def test_a_door_that_nobody_takes_has_no_buyer():
    """In every version of pandas what is missing of words is None."""
    result = cc.run("ai-2025-08", scenarios=["normal-window"], paths=8, months=1)
    exits, summary = result.exits(), result.summary()
    never = exits["taken_1"] == 0
    assert never.any()
    assert [buyer for buyer in exits["main_buyer"][never] if buyer is not None] == []
    assert [cause for cause in summary["main_cause"][summary["failed_1"] == 0] if cause is not None] == []
    assert exits["main_buyer"].dtype == summary["main_cause"].dtype == object


def test_whole_numbers_may_be_written_with_a_power_of_ten(capsys):
    assert cli.main(["run", TINY, "--paths", "1.6e1", "--months", "2.0", "--seed", "1e0"]) == 0
    assert "16 paths" in capsys.readouterr().out
    result = cc.run(TINY, paths=1.6e1, months=2.0, seed=np.float64(1), keep_paths=8.0)
    attributes = result.dataset.attrs
    assert [attributes[name] for name in ("paths", "months", "seed")] == [16, 2, 1]
    assert all(type(attributes[name]) is int for name in ("paths", "months", "seed"))


@pytest.mark.parametrize(
    "given", [{"seed": 1.7}, {"months": 1.5}, {"paths": np.nan}, {"paths": True}, {"paths": "16"}]
)
def test_other_numbers_are_refused_in_python_too(given):
    with pytest.raises(cc.ArgumentError, match="wanted a whole number"):
        cc.run(TINY, **given)


@pytest.mark.parametrize("limit", [np.nan, np.inf, -1.0, 0, True, "4e9"])
@pytest.mark.parametrize("call", [cc.run, cc.Simulation])
def test_a_limit_of_memory_is_a_number_above_zero(call, limit):
    with pytest.raises(cc.ArgumentError, match=r"max_memory is .*, wanted a number of bytes above 0"):
        call(TINY, max_memory=limit)


def test_the_example_of_the_help_works(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "240")
    assert cli.main(["run", "--help"]) == 0
    example = re.search(r"(api-price-rise:[\w=.,]+)", capsys.readouterr().out)[1]
    assert example == "api-price-rise:rise=0.5,months=12"
    assert cli.main(["run", "ai-2025-08", "--shock", example, "--paths", "16", "--months", "2"]) == 0


def test_a_typo_in_an_argument_is_the_users_and_not_the_plugins(capsys):
    words = ["run", "ai-2025-08", "--paths", "16", "--months", "2", "--shock"]
    assert cli.main([*words, "api-price-rise:seller=opnai"]) == 2
    message = capsys.readouterr().err
    assert 'Did you mean "openai"? It was given as seller=opnai.' in message
    assert "block" not in message


def test_numbers_are_set_on_the_command_line(capsys, tmp_path):
    given = ["run", TINY, "--paths", "16", "--months", "3", "--set", "company.lab.cash=10 bn"]
    given += ["--set", "company.*.tax_rate=0.2"]
    assert cli.main([*given, "--out", str(tmp_path / "set.nc")]) == 0
    assert "Set: company.lab.cash=1e+10 'company.*.tax_rate=0.2'" in capsys.readouterr().out
    assert cli.main([*given, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["run"]["changed"] == "company.lab.cash=1e+10 'company.*.tax_rate=0.2'"
    cash = {row["company"]: row["cash"] for row in printed["companies"]}
    assert cash["lab"] == 1e10
    kept = cc.Result.load(tmp_path / "set.nc").dataset.attrs
    assert (kept["changed"], kept["world_hash"]) == (printed["run"]["changed"], printed["world"]["hash"])


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("company.lab.cash=-1", 'company[1] "lab".cash: given -1, wanted a number from 0 to'),
        ("company.lba.cash=1", 'Did you mean "lab"?'),
        ("company.z*.cash=1", "There are: lab, cloud, bank, app"),
        ("company.lab.cahs=1", 'unknown field of a company "cahs". Did you mean "cash"?'),
        ("company.lab.cash", "wanted PATH=VALUE such as company.openai.cash=1e10"),
    ],
)
def test_settings_that_do_not_fit_are_told_with_the_way_out(capsys, setting, said):
    assert cli.main(["run", TINY, "--paths", "16", "--months", "3", "--set", setting]) == 2
    assert said in capsys.readouterr().err


def test_a_company_is_wound_up_by_order(capsys):
    given = ["run", TINY, "--paths", "64", "--months", "12", "--json"]
    assert cli.main([*given, "--kill", "lab@6"]) == 0
    killed = json.loads(capsys.readouterr().out)
    rows = {row["company"]: row for row in killed["companies"]}
    assert rows["lab"]["failed"][-1]["chance"] == 1.0
    assert rows["lab"]["median_month"] == 6
    assert rows["lab"]["main_cause"] == "wound_up"
    assert killed["run"]["changed"] == "company.lab.wound_up=6"
    assert cli.main([*given, "--kill", "lab@2026-02"]) == 0
    dated = json.loads(capsys.readouterr().out)
    assert dated["companies"] == killed["companies"]
    assert dated["run"]["changed"] == "company.lab.wound_up=2026-02"


def test_the_death_of_a_company_is_a_side(capsys):
    given = [
        "compare",
        TINY,
        "baseline",
        "app@2",
        "*@2",
        "--paths",
        "64",
        "--months",
        "12",
        "--json",
        "--of",
        "app,bank",
    ]
    assert cli.main(given) == 0
    rows = json.loads(capsys.readouterr().out)["comparison"]
    alone, all_of_them = (
        {row["outcome"]: row for row in rows if row["side"] == side} for side in ("app@2", "*@2")
    )
    assert (alone["app"]["mean"], alone["bank"]["mean"]) == (1.0, alone["bank"]["base"])
    assert (all_of_them["app"]["mean"], all_of_them["bank"]["mean"]) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("lab", "the order is 'lab', wanted COMPANY@MONTH such as openai@12"),
        ("lab@", "wanted COMPANY@MONTH such as openai@12"),
        ("lab@0", "wanted COMPANY@MONTH such as openai@12, from month 1 on"),
        ("lab@-3", "from month 1 on"),
        ("lab@1.5", "given 1.5, wanted a month of the run"),
        ("lab@2000", "given 2000, wanted a month of the run"),
        ("lab@soon", "given 'soon', wanted a month of the run"),
        ("lba@12", 'Did you mean "lab"?'),
    ],
)
def test_orders_that_do_not_fit_are_told_with_the_way_out(capsys, order, said):
    assert cli.main(["run", TINY, "--paths", "16", "--months", "3", "--kill", order]) == 2
    assert said in capsys.readouterr().err


def test_every_command_that_takes_a_world_lets_it_be_changed():
    commands = {name: app[name].assemble_argument_collection() for name in app if not name.startswith("-")}
    options = {name: {word for each in given for word in each.names} for name, given in commands.items()}
    takers = {name for name, given in options.items() if "WORLD" in given}
    assert takers == {
        *("run", "compare", "sensitivity", "breakeven", "stress", "circular", "explain"),
        *("rank", "swap", "map", "walls", "backlog", "forecasts", "feedbacks", "loops", "plot"),
        *("runway", "lead", "payoff", "interactions", "explore"),
    }
    shown = takers - {"explore"}  # there levers are moved on the page
    assert all({"--set", "--kill"} <= options[name] for name in shown)


def content(folder):
    """Give the bytes of each file in a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


RESUMED = ("--months", "12", "--paths", "80", "--seed", "3", "--threads", "1", "--resume")


def test_a_run_that_was_stopped_goes_on(capsys, tmp_path, monkeypatch):
    out, straight = tmp_path / "run.zarr", tmp_path / "straight.zarr"
    assert cli.main(["run", TINY, "--out", str(straight), *RESUMED]) == 0
    printed = capsys.readouterr().out
    assert f"Written: {straight}" in printed
    ran, real = [], executors.compute

    def at_most(count):
        def compute(*given):
            if len(ran) == count:
                raise KeyboardInterrupt
            ran.append(given[1].first_path)
            return real(*given)

        return compute

    monkeypatch.setattr(executors, "compute", at_most(3))
    assert cli.main(["run", TINY, "--out", str(out), *RESUMED]) == 130
    assert "Written" not in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.zarr.chunks", "straight.zarr"]
    monkeypatch.setattr(executors, "compute", at_most(5))
    assert cli.main(["run", TINY, "--out", str(out), *RESUMED]) == 0
    assert ran == [0, 16, 32, 48, 64]
    assert capsys.readouterr().out == printed.replace("straight.zarr", "run.zarr")
    assert content(out) == content(straight)
    assert cli.main(["run", TINY, "--out", str(out), *RESUMED, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] == [str(out)]
    assert len(ran) == 5, "what is finished is read"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--resume",), "resume is True, and out is not given"),
        (("--resume", "--out", "run.parquet"), "wanted a name that ends in .zarr or .nc"),
        (("--resume", "--out", "run.zarr", "--seed", "4"), "holds another run: seed 3 (wanted 4)"),
    ],
)
def test_what_cannot_be_resumed_is_said(capsys, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["run", TINY, "--out", "run.zarr", *RESUMED]) == 0
    assert cli.main(["run", TINY, *RESUMED[:4], *words]) == 2
    assert message in capsys.readouterr().err
