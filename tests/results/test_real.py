"""`run` on the real core: subsets, executors, interrupts."""

import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cashcade as cc
import numpy as np
import pytest

TINY = Path(__file__).parent / "tiny.toml"


@pytest.fixture(scope="module")
def whole():
    """200 paths from number 0, in one call."""
    return cc.run(TINY, paths=200, seed=4, keep_paths=50, months=24).dataset


def same(one, other):
    """Whether two datasets are the same to the bit, but for how long they took."""
    return one.drop_attrs().identical(other.drop_attrs())


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_do_not_matter(whole, threads):
    assert same(whole, cc.run(TINY, paths=200, seed=4, keep_paths=50, months=24, threads=threads).dataset)


@pytest.mark.parametrize("executor", ["threads", "spawned", "processes"])
def test_executors_do_not_matter(whole, executor):
    arguments = {"paths": 200, "seed": 4, "keep_paths": 50, "months": 24, "chunk": 48}
    if executor == "processes":
        assert same(whole, cc.run(TINY, executor=executor, **arguments).dataset)
        return
    make = ThreadPoolExecutor(3) if executor == "threads" else ProcessPoolExecutor(1, get_context("spawn"))
    with make as workers:
        assert same(whole, cc.run(TINY, executor=workers, **arguments).dataset)


@pytest.mark.parametrize(("first", "paths"), [(0, 200), (16, 64), (37, 5), (199, 1)])
def test_any_subset_of_the_paths_is_the_same(whole, first, paths):
    part = cc.run(
        TINY, paths=paths, first_path=first, seed=4, replicates=4, keep_paths=True, months=24
    ).dataset
    for name in ("failed_month", "cause", "trigger", "debt_at_failure", "path_draw"):
        np.testing.assert_array_equal(part[name], whole[name].sel(path=part["path"]))
    common = part["kept_path"][part["kept_path"] < 50]
    np.testing.assert_array_equal(
        part["company_cash"].sel(kept_path=common), whole["company_cash"].sel(kept_path=common)
    )


def test_moments_are_those_of_the_paths():
    dataset = cc.run(TINY, paths=100, keep_paths=True, months=6).dataset
    for name in ("company_cash", "company_runway", "market_gpu_index"):
        kept = dataset[name].to_numpy()
        np.testing.assert_allclose(dataset[f"{name}_mean"], kept.mean(axis=0), rtol=1e-12)
        np.testing.assert_allclose(dataset[f"{name}_std"], kept.std(axis=0, ddof=1), rtol=1e-6, atol=1e-3)


def test_failed_companies_are_consistent_with_their_series():
    result = cc.run(
        TINY, paths=300, keep_paths=True, months=36, record=["company.alive", "company.cash"], seed=2
    )
    dataset = result.dataset
    alive = dataset["company_alive"].to_numpy()
    failed = dataset["failed_month"].to_numpy()
    months = np.arange(1, 37)[:, np.newaxis]
    expected = (failed[:, np.newaxis, :] == 0) | (failed[:, np.newaxis, :] > months)
    np.testing.assert_array_equal(alive.astype(bool), expected)
    assert (failed > 0).any()


def test_stated_errors_are_the_spread_over_seeds():
    case = cc.Case(TINY)
    runs = [case.run(paths=64, seed=seed, months=36, quantiles=(), record=[]) for seed in range(300)]
    summaries = [result.summary().loc["app"] for result in runs]
    spread = np.std([row["failed_36"] for row in summaries], ddof=1)
    stated = np.sqrt(np.mean([row["failed_36_se"] ** 2 for row in summaries]))
    assert stated == pytest.approx(spread, rel=5 / np.sqrt(2 * 300)), (
        "five standard errors of a standard deviation"
    )


class CtrlC:
    """Presses Ctrl-C a little after a run first reports paths that are done, however long it took to begin."""

    def __init__(self):
        self.begun, self.pressed, self.rest = time.perf_counter(), 0.0, 0.0

    def __call__(self, done, wanted):
        if done and not self.pressed:
            self.pressed = time.perf_counter()
            self.rest = (self.pressed - self.begun) * (wanted - done) / done
            main = threading.main_thread().ident
            threading.Timer(0.2, signal.pthread_kill, (main, signal.SIGINT)).start()

    def since(self):
        """Seconds since it was pressed."""
        return time.perf_counter() - self.pressed


@pytest.mark.parametrize("executor", [None, "threads", "processes"])
def test_interrupt_keeps_what_is_finished(executor):
    """It ends within seconds; on a machine that is busy, within a part of the time that the rest would have taken."""
    workers, chunk = (ThreadPoolExecutor(2) if executor == "threads" else None), 2_000 if executor else None
    press = CtrlC()
    result = cc.run(
        TINY,
        paths=1_000_000,
        months=600,
        seed=4,
        record=[],
        quantiles=(),
        executor=workers or executor,
        chunk=chunk,
        progress=press,
    )
    assert press.since() < max(10.0, 0.1 * press.rest)
    assert result.interrupted
    finished = result.dataset["path"].to_numpy()
    assert 0 < finished.size < 1_000_000
    again = cc.run(TINY, paths=64, months=600, seed=4, record=[], quantiles=()).dataset
    common = finished[finished < 64]
    np.testing.assert_array_equal(
        again["failed_month"].sel(path=common), result.dataset["failed_month"].sel(path=common)
    )


def test_import_is_light():
    code = "import sys, cashcade; print([name for name in sys.argv[1:] if name in sys.modules])"
    heavy = ["numpy", "xarray", "pandas", "pydantic", "cyclopts", "rich"]
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"


def test_public_names_are_there_and_documented():
    assert {"run", "load_world", "Result", "World"} <= set(dir(cc))
    assert (
        len([name for name in cc.__all__ if not name.endswith("Error")]) <= 41
    )  # one a question, one a list of records
    for name in cc.__all__:
        assert getattr(cc, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'rum'"):
        cc.rum  # noqa: B018
