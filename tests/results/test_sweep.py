"""Sweeps: runs for scenarios, tables and seeds as one job, which goes on where it was after it was killed."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import cashcade as cc
import pandas as pd
import pytest
import xarray as xr
from cashcade.rules import Change, Scenario

from tests.effort import tries

TINY = str(Path(__file__).parent / "tiny.toml")
FIRST = cc.load_world(TINY).companies[0].id
POOR = Scenario("poor", "All are poor", changes=(Change("company.*.cash", scale=0.2),))
RUN = {"months": 12, "threads": 1, "record": ["company.cash"], "quantiles": ()}
ALL = {
    "scenarios": {"as it is": [], "poor": [POOR]},
    "parameters": [None, {f"company.{FIRST}.cash": [1e6, 1e9]}],
    "seeds": [3, 1],
    "replicates": 8,
    **RUN,
}
KILLED = tries(6)

KILLS = """
import json, os, random, signal, sys, time
import zarr  # not used before the fork: threads do not survive it
import cashcade as cc

world, out, kills = sys.argv[1], sys.argv[2], int(sys.argv[3])
case, chance, killed = cc.Case(world), random.Random(11), 0
while True:
    process = os.fork()
    if not process:
        cc.sweep(case, **json.loads(sys.argv[4]), out=out, resume=True)
        os._exit(0)
    if killed < kills:
        time.sleep(chance.uniform(0.02, 0.5))
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    if not status:
        break
    killed += 1
print(killed)
"""


def content(place):
    """A digest of all that a folder holds, but for what a killed process left half written."""
    files = {str(file.relative_to(place)): file for file in place.rglob("*") if file.is_file()}
    held = [(name, file.read_bytes()) for name, file in files.items() if not name.startswith(".")]
    return hashlib.sha256(repr(sorted(held)).encode()).hexdigest()


def bits(result):
    dataset = result.dataset.copy()
    for name in ("seconds", "job"):
        dataset.attrs.pop(name, None)
    return dataset


def test_a_sweep_is_its_runs_one_by_one():
    found, told = cc.sweep(TINY, **ALL), []
    assert [run[:3] for run in found] == [
        (scenario, table, seed) for scenario in ("as it is", "poor") for table in (0, 1) for seed in (3, 1)
    ]
    for run in found:
        alone = cc.run(
            TINY,
            scenarios=ALL["scenarios"][run.scenario],
            parameters=ALL["parameters"][run.table],
            seed=run.seed,
            replicates=8,
            **RUN,
        )
        xr.testing.assert_identical(bits(run.result), bits(alone))
    again = cc.sweep(TINY, seeds=[5], paths=16, **RUN, progress=lambda *done: told.append(done))
    assert (again.runs[0].scenario, told) == ("world", [(1, 1)])


def test_outcomes_of_all_runs_stand_in_one_table():
    found = cc.sweep(TINY, **{**ALL, "parameters": ALL["parameters"][1:]})
    table = found.outcomes([FIRST, "systemic"])
    assert table.columns.tolist() == [
        "scenario",
        "table",
        "seed",
        "paths",
        f"outcome.{FIRST}",
        "outcome.systemic",
    ]
    assert table["paths"].tolist() == [16] * 4
    draws = found.by_draw(FIRST)
    assert draws[["scenario", "seed", "draw"]].to_numpy().tolist() == [
        [scenario, seed, draw] for scenario in ("as it is", "poor") for seed in (3, 1) for draw in (0, 1)
    ]
    means = draws.groupby(["scenario", "seed"], sort=False)[f"outcome.{FIRST}"].mean()
    pd.testing.assert_series_equal(means.reset_index(drop=True), table[f"outcome.{FIRST}"])
    assert set(draws[f"company.{FIRST}.cash"]) == {1e6, 1e9}


def test_a_sweep_in_a_folder_is_the_same_and_is_read_again(tmp_path, monkeypatch):
    found = cc.sweep(TINY, **ALL, out=tmp_path / "sweep")
    before = content(tmp_path / "sweep")
    index = json.loads((tmp_path / "sweep" / "sweep.json").read_text())
    assert index[5] == {"file": "1-0-1.zarr", "scenario": "poor", "table": 0, "seed": 1}
    assert {path.name for path in (tmp_path / "sweep").iterdir()} == {
        "sweep.json",
        *(row["file"] for row in index),
    }
    for run, alone in zip(found, cc.sweep(TINY, **ALL), strict=True):
        xr.testing.assert_identical(bits(run.result), bits(alone.result))
    monkeypatch.setattr("cashcade.case.case.compute_in_turn", lambda _: pytest.fail("run again"))
    again = cc.sweep(TINY, **ALL, out=tmp_path / "sweep", resume=True)
    pd.testing.assert_frame_equal(again.by_draw(FIRST), found.by_draw(FIRST))
    assert content(tmp_path / "sweep") == before


def test_a_sweep_may_grow(tmp_path, monkeypatch):
    part = {**ALL, "scenarios": {"as it is": []}, "parameters": [None], "seeds": [3]}
    cc.sweep(TINY, **part, out=tmp_path / "sweep")
    ran = []
    real = cc.Case._stored

    def stored(self, found, plan, means, out, *, resume):
        ran.append((out.name, out.exists()))
        return real(self, found, plan, means, out, resume=resume)

    monkeypatch.setattr(cc.Case, "_stored", stored)
    cc.sweep(TINY, **ALL, out=tmp_path / "sweep", resume=True)
    cc.sweep(TINY, **ALL, out=tmp_path / "whole")
    assert ran[0] == ("0-0-3.zarr", True)
    assert not any(there for _, there in ran[1:])
    assert content(tmp_path / "sweep") == content(tmp_path / "whole")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_sweep_that_is_killed_again_and_again_ends_in_the_same_bytes(tmp_path):
    how = {"seeds": [1, 2, 3], "paths": 160, "chunk": 16, **RUN}
    cc.sweep(TINY, **how, out=tmp_path / "straight")
    words = [sys.executable, "-c", KILLS, TINY, str(tmp_path / "killed"), str(KILLED), json.dumps(how)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603
    assert int(done.stdout) == KILLED
    assert content(tmp_path / "killed") == content(tmp_path / "straight")


def test_what_is_no_sweep_or_another_is_refused(tmp_path):
    out, small = tmp_path / "sweep", {"paths": 16, "seeds": [1], **RUN}
    cc.sweep(TINY, **small, out=out)
    with pytest.raises(cc.ArgumentError, match=r"0-0-1.zarr' holds another run: paths 16 \(wanted 32\)"):
        cc.sweep(TINY, **{**small, "paths": 32}, out=out, resume=True)
    with pytest.raises(cc.ArgumentError, match=r"0-0-1.zarr is scenario 'world' \(wanted 'poor'\)"):
        cc.sweep(TINY, **small, scenarios={"poor": [POOR]}, out=out, resume=True)
    (out / "sweep.json").write_text("[")
    with pytest.raises(cc.ArgumentError, match=r"sweep.json' is damaged"):
        cc.sweep(TINY, **small, out=out, resume=True)
    (out / "sweep.json").unlink()
    with pytest.raises(cc.ArgumentError, match="what stands there is no sweep"):
        cc.sweep(TINY, **small, out=out)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"seeds": 3}, "seeds is a int, wanted a list"),
        ({"seeds": []}, "seeds is empty"),
        ({"seeds": [1, 1]}, r"seeds holds \[1, 1\], wanted each once"),
        ({"seeds": [-1]}, "seeds is -1, wanted a whole number"),
        ({"parameters": {"company.lab.cash": [1.0]}}, "parameters is a dict, wanted a list"),
        ({"scenarios": ["poor"]}, "wanted lists by name"),
        ({"out": "nowhere/sweep"}, "there is no folder 'nowhere'"),
    ],
)
def test_what_makes_no_sweep_is_told(how, said):
    with pytest.raises(cc.ArgumentError, match=said):
        cc.sweep(TINY, months=1, paths=1, **how)
