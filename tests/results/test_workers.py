"""Workers that die: what they were about is run again, or the error says what is lost; and a real Dask cluster."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cashcade as cc
import pytest
import xarray as xr
from cashcade.runs import executors

TINY = str(Path(__file__).parent / "tiny.toml")
RUN = {"months": 12, "paths": 160, "seed": 1, "chunk": 16, "record": ["company.cash"], "quantiles": ()}

DASK = """
import json, os, signal, sys, threading
import cashcade as cc
from distributed import Client, LocalCluster

def main():
    world, out, how = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        killed = []
        def kill(done, wanted):
            if not killed:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)
        cc.run(world, **how, executor=client.get_executor(), progress=kill, out=out)
        print(len(killed))

if __name__ == "__main__":
    main()
"""


def bits(result):
    return result.dataset.drop_attrs(deep=False)


def dies_once(tables, plan, threads):
    """Run a chunk in a worker; the one that first comes to path 64 dies there."""
    mark = Path(os.environ["CASHCADE_TEST_MARK"])
    if plan.first_path == 64 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return executors.compute(tables, plan, threads, None)


def dies(_tables, _plan, _threads):
    """Die."""
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_what_a_dead_worker_was_about_is_run_again(tmp_path, monkeypatch):
    monkeypatch.setenv("CASHCADE_TEST_MARK", str(tmp_path / "died"))
    monkeypatch.setattr(executors, "_compute_in_worker", dies_once)
    told = []
    found = cc.run(TINY, **RUN, executor="processes", progress=lambda done, _: told.append(done))
    assert (tmp_path / "died").exists()
    assert told == sorted(told)
    assert told[-1] == 160
    xr.testing.assert_identical(bits(found), bits(cc.run(TINY, **RUN)))


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("out", [None, "run.zarr"])
def test_workers_that_die_again_and_again_are_told(tmp_path, monkeypatch, out):
    monkeypatch.setattr(executors, "_compute_in_worker", dies)
    kept = "" if out is None else "Finished chunks are kept, and resume=True goes on. "
    said = rf"A worker died, and 10 of 10 chunks with it, from path 0 on\. .* want of memory\. {kept}Ways out: fewer"
    with pytest.raises(cc.WorkerError, match=said):
        cc.run(TINY, **RUN, executor="processes", out=None if out is None else tmp_path / out)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_broken_executor_of_another_is_told():
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert pool.submit(os.getpid).result() > 0
        with pytest.raises(Exception, match="terminated abruptly"):
            pool.submit(dies, None, None, None).result()
        with pytest.raises(cc.WorkerError, match="A worker died, and 10 of 10 chunks"):
            cc.run(TINY, **RUN, executor=pool)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_killed_worker_of_dask_changes_nothing(tmp_path):
    pytest.importorskip("distributed", reason="needs cashcade[dask]")
    out, straight = tmp_path / "run.zarr", tmp_path / "straight.zarr"
    script = tmp_path / "main.py"
    script.write_text(DASK)
    words = [sys.executable, str(script), TINY, str(out), json.dumps(RUN)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)  # noqa: S603
    assert done.stdout == "1\n", done.stderr
    cc.run(TINY, **RUN, out=straight)
    one, other = (
        {str(file.relative_to(place)): file.read_bytes() for file in place.rglob("*") if file.is_file()}
        for place in (out, straight)
    )
    assert one == other
