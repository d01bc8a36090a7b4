"""Runs that are kept as they go on: killed at any moment they go on where they were, and end in the same bytes."""

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cashcade as cc
import numpy as np
import pytest
import xarray as xr
from cashcade.case import case as module
from cashcade.results import storage
from cashcade.runs import executors

from tests.effort import tries

TINY = str(Path(__file__).parent / "tiny.toml")
RUN = {
    "months": 12,
    "paths": 80,
    "seed": 1,
    "threads": 1,
    "chunk": 16,
    "record": ["company.cash"],
    "quantiles": (),
}
KILLED = tries(6)

KILLS = """
import json, os, random, signal, sys, time
import h5netcdf, zarr  # not used before the fork: threads do not survive it
import cashcade as cc

world, out, kills = sys.argv[1], sys.argv[2], int(sys.argv[3])
case, chance, how = cc.Case(world), random.Random(7), json.loads(sys.argv[4])
killed = 0
while True:
    process = os.fork()
    if not process:
        case.run(**how, out=out, resume=True)
        os._exit(0)
    if killed < kills:
        time.sleep(chance.uniform(0.01, 0.12))
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    if not status:
        break
    killed += 1
print(killed)
"""


def content(place):
    """A digest of a file, or of all that a folder holds."""
    files = sorted(place.rglob("*")) if place.is_dir() else [place]
    held = [(str(file.relative_to(place)), file.read_bytes()) for file in files if file.is_file()]
    return hashlib.sha256(repr(held).encode()).hexdigest()


def stopped(out, monkeypatch, after, **how):
    """Run until so many chunks are finished, and stop as a killed process would; gives the numbers of calls."""
    calls = []
    real = executors.compute

    def compute(*arguments):
        calls.append(arguments)
        if len(calls) > after:
            raise SystemExit
        return real(*arguments)

    monkeypatch.setattr(executors, "compute", compute)
    with pytest.raises(SystemExit):
        cc.run(TINY, **{**RUN, **how}, out=out)
    monkeypatch.undo()


@pytest.mark.parametrize("suffix", [".zarr", ".nc"])
def test_the_same_run_is_the_same_file_however_it_was_cut(tmp_path, suffix):
    one, other = tmp_path / f"one{suffix}", tmp_path / f"other{suffix}"
    first = cc.run(TINY, **RUN, out=one)
    with ThreadPoolExecutor(2) as pool:
        second = cc.run(TINY, **{**RUN, "chunk": 32}, executor=pool, out=other)
    assert content(one) == content(other)
    assert sorted(tmp_path.iterdir()) == [one, other], "no chunks are left"
    plain = cc.run(TINY, **RUN).dataset
    assert "seconds" not in first.dataset.attrs
    xr.testing.assert_equal(plain, first.dataset)
    xr.testing.assert_identical(cc.Result.load(one).dataset, second.dataset)
    assert "80 paths." in str(first), "the pace is not known"


def test_only_the_chunk_under_way_is_lost(tmp_path, monkeypatch):
    out, straight = tmp_path / "run.zarr", tmp_path / "straight.zarr"
    cc.run(TINY, **RUN, out=straight)
    stopped(out, monkeypatch, after=3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.zarr.chunks", "straight.zarr"]
    told, ran = [], []
    real = executors.compute
    monkeypatch.setattr(executors, "compute", lambda *given: ran.append(given[1].first_path) or real(*given))
    found = cc.run(
        TINY, **RUN, out=out, resume=True, progress=lambda done, wanted: told.append((done, wanted))
    )
    assert ran == [48, 64]
    assert told[-1] == (80, 80)
    assert content(out) == content(straight)
    assert found.parameters().shape == cc.run(TINY, **RUN).parameters().shape


def test_workers_of_an_executor_keep_their_chunks_too(tmp_path, monkeypatch):
    out, straight = tmp_path / "run.zarr", tmp_path / "straight.zarr"
    cc.run(TINY, **RUN, out=straight)
    stopped(out, monkeypatch, after=2)
    with ThreadPoolExecutor(2) as pool:
        told = []
        how = {"executor": pool, "progress": lambda done, _: told.append(done)}
        cc.run(TINY, **RUN, **how, out=out, resume=True)
    assert told == [48, 64, 80]
    assert content(out) == content(straight)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_run_that_is_killed_again_and_again_ends_in_the_same_bytes(tmp_path):
    out, straight = tmp_path / "run.zarr", tmp_path / "straight.zarr"
    how = {**RUN, "months": 36, "paths": 640, "keep_paths": True}
    cc.run(TINY, **how, out=straight)
    words = [sys.executable, "-c", KILLS, TINY, str(out), str(KILLED), json.dumps(how)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603
    assert int(done.stdout) == KILLED
    assert content(out) == content(straight)
    left = {path.name for path in tmp_path.iterdir()} - {"run.zarr", "straight.zarr"}
    assert not any(name.endswith(".chunks") for name in left), left


def test_a_finished_run_is_read_and_not_run(tmp_path, monkeypatch):
    out = tmp_path / "run.zarr"
    first = cc.run(TINY, **RUN, out=out)
    monkeypatch.setattr(module, "compute_in_turn", lambda _: pytest.fail("run again"))
    found = cc.run(TINY, **RUN, out=out, resume=True)
    xr.testing.assert_identical(found.dataset, first.dataset)
    assert found.world is not None


def test_a_finished_run_whose_chunks_were_not_taken_away_is_read(tmp_path, monkeypatch):
    out = tmp_path / "run.zarr"
    monkeypatch.setattr("cashcade.runs.store.Store.remove", lambda _: None)
    cc.run(TINY, **RUN, out=out)
    monkeypatch.undo()
    assert len(list(tmp_path.iterdir())) == 2
    cc.run(TINY, **RUN, out=out, resume=True)
    assert list(tmp_path.iterdir()) == [out]


def test_without_resume_all_is_run_anew(tmp_path, monkeypatch):
    out = tmp_path / "run.zarr"
    cc.run(TINY, **{**RUN, "seed": 2}, out=out)
    before = content(out)
    stopped(out, monkeypatch, after=2)
    assert content(out) == before, "what is there stays until the new one is whole"
    told = []
    cc.run(TINY, **RUN, out=out, progress=lambda done, _: told.append(done))
    assert 16 in told
    assert content(out) != before


def test_a_run_that_replaces_another_is_resumed(tmp_path, monkeypatch):
    out = tmp_path / "run.zarr"
    cc.run(TINY, **{**RUN, "seed": 2}, out=out)
    stopped(out, monkeypatch, after=2)
    assert cc.run(TINY, **RUN, out=out, resume=True).dataset.attrs["seed"] == 1


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"seed": 2}, r"another run: seed 2 \(wanted 1\)"),
        ({"months": 13}, r"another run: months 13 \(wanted 12\)"),
        ({"quantiles": (0.5,)}, "a run of other parameters, rules or records"),
    ],
)
@pytest.mark.parametrize("finished", [True, False])
def test_another_run_is_recognised(tmp_path, monkeypatch, other, said, finished):
    out = tmp_path / "run.zarr"
    if finished:
        cc.run(TINY, **{**RUN, **other}, out=out)
    else:
        stopped(out, monkeypatch, after=1, **other)
    name = "run.zarr'" if finished else "run.zarr.chunks'"
    with pytest.raises(
        cc.ArgumentError, match=rf"Cannot resume: .*{name} holds {said}.*leave resume=True out"
    ):
        cc.run(TINY, **RUN, out=out, resume=True)


def test_a_table_with_other_values_is_another_run(tmp_path):
    out, how = tmp_path / "run.zarr", {"months": 2, "out": tmp_path / "run.zarr", "resume": True}
    name = "company." + cc.load_world(TINY).companies[0].id + ".cash"
    cc.run(TINY, parameters={name: [1e9, 2e9]}, **how)
    with pytest.raises(cc.ArgumentError, match="a run of other parameters, rules or records"):
        cc.run(TINY, parameters={name: [1e9, 3e9]}, **how)
    assert out.exists()


def test_a_damaged_store_is_recognised(tmp_path, monkeypatch):
    out = tmp_path / "run.zarr"
    stopped(out, monkeypatch, after=3)
    chunks = tmp_path / "run.zarr.chunks"
    chunk = chunks / "16-32.chunk"
    whole = chunk.read_bytes()
    for damaged in (whole[:-1], whole[:70], b"", whole[:99] + b"\x00" + whole[100:] + b"!"):
        chunk.write_bytes(damaged)
        with pytest.raises(cc.ArgumentError, match=r"16-32.chunk' is damaged. Delete it, and it is computed"):
            cc.run(TINY, **RUN, out=out, resume=True)
    chunk.unlink()
    (chunks / "job.json").write_text("{")
    with pytest.raises(cc.ArgumentError, match=r"job.json' is damaged, or not there"):
        cc.run(TINY, **RUN, out=out, resume=True)
    (chunks / "job.json").unlink()
    with pytest.raises(cc.ArgumentError, match=r"job.json' is damaged, or not there"):
        cc.run(TINY, **RUN, out=out, resume=True)
    cc.run(TINY, **RUN, out=out)
    next(path for path in out.rglob("c/*") if path.is_file()).unlink()
    with pytest.raises(cc.ArgumentError, match="it is damaged, or was not written to the end"):
        cc.run(TINY, **RUN, out=out, resume=True)


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    out = tmp_path / "run.zarr"
    stopped(out, monkeypatch, after=2)
    before = content(tmp_path)

    def full(_place):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "_sync", full)
    with pytest.raises(cc.WriteError, match=r"Cannot write .*32-48.chunk: No space left on device"):
        cc.run(TINY, **RUN, out=out, resume=True)
    assert content(tmp_path) == before
    monkeypatch.undo()
    assert cc.run(TINY, **RUN, out=out, resume=True).dataset.sizes["path"] == 80


def test_ctrl_c_keeps_finished_chunks(tmp_path):
    out = tmp_path / "run.zarr"

    def stop(done, _wanted):
        if done >= 48:
            raise KeyboardInterrupt

    found = cc.run(TINY, **RUN, out=out, progress=stop)
    assert found.interrupted
    assert 48 <= found.dataset.sizes["path"] < 80
    assert not out.exists()
    again = cc.run(TINY, **RUN, out=out, resume=True)
    np.testing.assert_array_equal(again.dataset["failed_month"], cc.run(TINY, **RUN).dataset["failed_month"])


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"resume": True}, 'out is not given; wanted where the run is, out="run.zarr"'),
        ({"out": "run.csv"}, "wanted a name that ends in .zarr or .nc"),
        ({"out": "nowhere/run.zarr"}, "there is no folder 'nowhere'"),
        ({"out": "run.zarr", "resume": True, "seed": None}, "give the seed of the run to resume"),
    ],
)
def test_what_cannot_be_kept_is_told_first(tmp_path, monkeypatch, how, said):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "compute", lambda *_: pytest.fail("run already"))
    with pytest.raises(cc.ArgumentError, match=said):
        cc.run(TINY, **{**RUN, **how})
    assert not list(tmp_path.iterdir())
