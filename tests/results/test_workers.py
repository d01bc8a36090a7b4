"""Workers that die: what they were about is run again, or the error says what is lost."""

import os
import signal
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
