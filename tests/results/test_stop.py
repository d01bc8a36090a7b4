"""Ctrl-C in the middle of what takes long: it ends at once, and what was finished is right."""

import _thread
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import cashcade as cc
import numpy as np
import pytest
from cashcade import _core
from cashcade.compile import compile_world
from cashcade.world.quantity import form_of

from tests.results.rings import ring

GENEROUS = 30.0
"""Seconds of processors, of less than one; to the end of the month each took more than a minute."""


def interrupt(*_):
    raise KeyboardInterrupt


def test_a_run_ends_in_the_middle_of_a_month():
    world = ring(500, links=3)
    begin = time.process_time()
    with pytest.raises(KeyboardInterrupt):
        cc.run(
            world,
            months=36,
            paths=16,
            record=["market.cascade_multiplier"],
            quantiles=(),
            progress=interrupt,
            threads=1,
        )
    assert time.process_time() - begin < GENEROUS


def test_another_thread_stops_a_run():
    begun, stop = threading.Event(), threading.Event()

    def heed(done, _wanted):
        if done:
            begun.set()
        if stop.is_set():
            raise KeyboardInterrupt

    other = threading.Thread(target=lambda: begun.wait() and stop.set())
    other.start()
    found = cc.run(ring(30), months=1200, paths=2**15, record=[], quantiles=(), progress=heed, threads=1)
    other.join()
    assert found.interrupted
    assert 0 < found.dataset.sizes["path"] < 2**15


def test_a_run_without_a_finished_path_says_so(monkeypatch):
    slow = {"months": 36, "paths": 16, "record": ["market.cascade_multiplier"], "quantiles": (), "threads": 1}
    with pytest.raises(KeyboardInterrupt, match=r"^before any path was finished$"):
        cc.run(ring(500, links=3), progress=interrupt, **slow)
    monkeypatch.setattr("cashcade.runs.executors._finished", interrupt)
    with (
        ThreadPoolExecutor(1) as workers,
        pytest.raises(KeyboardInterrupt, match=r"^before any path was finished$"),
    ):
        cc.run(ring(500, links=3), executor=workers, **slow)


def test_worlds_are_written_without_python_that_takes_ctrl_c_for_a_value(monkeypatch):
    """Unions of pydantic ask for the form of a value, and go on with a warning whatever is raised there."""
    world = ring(40, links=3)
    wanted = world.model_dump_json(), world.to_raw()
    monkeypatch.setattr(form_of, "__code__", interrupt.__code__)  # pydantic holds the function, not its name
    with pytest.raises(KeyboardInterrupt):
        form_of(1.0)
    assert (world.model_dump_json(), world.to_raw()) == wanted


def test_the_core_hands_back_no_sums_where_no_path_was_finished():
    """Sums of thousands of companies over a hundred years take gigabytes: nobody waits for what says nothing."""
    inputs = compile_world(ring(500, links=3), draws=1)
    places = [row.place for row in _core.table().variables if row.entity == "company"]
    found = _core.run(
        inputs.arrays,
        months=1200,
        paths=32,
        first_path=0,
        seed=0,
        replicates=1,
        first_draw=0,
        threads=2,
        record=places,
        last=places[:1],
        keep=0,
        progress=interrupt,
    )
    assert found["interrupted"]
    assert not found["finished"].any()
    assert (found["sum"], found["square"], found["last_sum"]) == ([], [], [])


def test_paths_under_way_leave_no_trace_in_the_sums():
    world = ring(40, links=3)
    arguments = {
        "months": 24,
        "record": ["market.cascade_multiplier", "company.cash"],
        "quantiles": (),
        "threads": 1,
    }

    def after_some(done, _wanted):
        if done:
            raise KeyboardInterrupt

    stopped = cc.run(world, paths=100_000, progress=after_some, **arguments)
    finished = stopped.dataset.sizes["path"]
    assert stopped.interrupted
    assert 0 < finished < 100_000
    whole = cc.run(world, paths=finished, **arguments, replicates=stopped.dataset.attrs["replicates"])
    for name in ("market_cascade_multiplier_mean", "company_cash_mean", "company_cash_std"):
        np.testing.assert_array_equal(stopped.dataset[name], whole.dataset[name])


def test_a_simulation_that_is_interrupted_goes_on_with_the_same_numbers():
    world = ring(120, links=3)
    with cc.Simulation(world, paths=16, threads=1) as simulation:
        begin = time.process_time()
        timer = threading.Timer(0.3, _thread.interrupt_main)
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            simulation.step(1200)
        assert time.process_time() - begin < GENEROUS
        timer.join()
        month = simulation.month
        assert 0 < month < 1200
        found = [simulation.get(name) for name in ("market.cascade_multiplier", "company.cash")]
    with cc.Simulation(world, paths=16, threads=1) as simulation:
        simulation.step(month)
        for name, values in zip(("market.cascade_multiplier", "company.cash"), found, strict=True):
            np.testing.assert_array_equal(simulation.get(name), values)
