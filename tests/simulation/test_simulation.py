"""`Simulation`: the stepping interface by name."""

import os
import pickle
import signal
import threading

import cashcade as cc
import numpy as np
import pytest
from cashcade.case import Case
from cashcade.runs import memory
from cashcade.runs.executors import bytes_of

MONTHS = 12


@pytest.fixture(scope="module")
def world():
    return cc.load_world("ai-2025-08")


@pytest.fixture
def simulation(world):
    with cc.Simulation(world, paths=24, seed=4, months=MONTHS) as simulation:
        yield simulation


def test_the_same_numbers_as_a_run(world, simulation):
    result = cc.run(
        world, paths=24, seed=4, months=MONTHS, keep_paths=True, record=["company.cash", "loan.balance"]
    )
    for month in range(MONTHS):
        assert simulation.step() == month + 1
        for name, key in (("company.cash", "company_cash"), ("loan.balance", "loan_balance")):
            np.testing.assert_array_equal(simulation.get(name), result.dataset[key].values[:, month])
    np.testing.assert_array_equal(simulation.failed_month, result.dataset.failed_month)
    np.testing.assert_array_equal(simulation.trigger, result.dataset.trigger)
    np.testing.assert_array_equal(simulation.debt_at_failure, result.dataset.debt_at_failure)
    assert ((simulation.cause == "none") == (simulation.failed_month == 0)).all()
    assert simulation.imbalance == result.dataset.imbalance


@pytest.mark.parametrize(
    "left", [{"without": ["vendor-finance"]}, {"feedbacks": ["routing"]}, {"loops": ["routing"]}]
)
def test_feedbacks_are_left_out_as_in_a_run(world, left):
    result = cc.run(world, paths=8, months=3, keep_paths=True, record=["company.cash"], **left)
    with cc.Simulation(world, paths=8, **left) as simulation:
        simulation.step(3)
        np.testing.assert_array_equal(
            simulation.get("company.cash"), result.dataset.company_cash.values[:, -1]
        )


def test_a_part_of_the_paths(world, simulation):
    simulation.step(5)
    with cc.Simulation(world, paths=5, first_path=9, seed=4, replicates=4, threads=1) as part:
        part.step(5)
        np.testing.assert_array_equal(part.get("company.cash"), simulation.get("company.cash")[9:14])
        assert list(part.dataarray("company.cash").path.values) == [9, 10, 11, 12, 13]


def test_numbers_have_names(simulation):
    simulation.step(2)
    cash = simulation.dataarray("company.cash")
    assert cash.dims == ("path", "company")
    assert cash.attrs["units"] == "USD"
    assert int(cash.month) == 2
    openai = simulation.get("company.cash", entities="openai")
    assert openai.shape == (24, 1)
    np.testing.assert_array_equal(cash.sel(company="openai"), openai[:, 0])
    assert simulation.dataarray("market.regime").shape == (24, 1)
    assert simulation.names("company") == tuple(cash.company.values)
    assert simulation.variables["company.cash"].writable
    assert repr(simulation) == "<Simulation of ai-2025-08: 24 paths, seed 4>"


def test_reading_into_an_array(simulation):
    out = np.empty((24, 2))
    assert simulation.get("company.cash", entities=["openai", "anthropic"], out=out) is out
    np.testing.assert_array_equal(
        out, simulation.dataarray("company.cash").sel(company=["openai", "anthropic"])
    )


def test_setting_by_name_and_mask(simulation):
    simulation.step()
    before = simulation.get("company.cash")
    where = np.arange(24) % 2 == 0
    simulation.set("company.cash", 7e9, entities=["openai"], where=where[:, None])
    after = simulation.get("company.cash")
    place = simulation.names("company").index("openai")
    assert (after[where, place] == 7e9).all()
    after[where, place] = before[where, place]
    np.testing.assert_array_equal(after, before)


def test_what_is_read_is_a_copy(simulation):
    simulation.get("company.cash")[:] = 0.0
    assert (simulation.get("company.cash", entities="nvidia") > 0.0).all()


def test_saved_pickled_and_restored_elsewhere(world, simulation):
    simulation.step(3)
    snapshot = pickle.loads(pickle.dumps(simulation.save()))  # noqa: S301 - our own
    simulation.set("market.regime", 2)
    simulation.step(6)
    with cc.Simulation(world, paths=24, seed=4, months=MONTHS) as other:
        other.restore(snapshot)
        assert other.month == 3
        other.step(2)
        simulation.restore(snapshot)
        simulation.step(2)
        for name in simulation.variables:
            np.testing.assert_array_equal(simulation.get(name), other.get(name), err_msg=name)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda s: s.get("company.cahs"), "Did you mean 'company.cash'"),
        (lambda s: s.set("company.runway", 1), "These can: company.cash"),
        (lambda s: s.get("company.cash", entities="openia"), "Did you mean 'openai'"),
        (lambda s: s.get("company.cash", entities=["xai", "xai"]), "twice"),
        (lambda s: s.names("companies"), "Did you mean 'company'"),
        (lambda s: s.set("company.cash", np.ones((24, 3))), r"float64 \(24, 3\), wanted numbers \(24, 26\)"),
        (lambda s: s.set("company.cash", "much"), "wanted numbers"),
        (lambda s: s.set("company.cash", 1, where=np.ones((24, 26))), "true or false"),
        (lambda s: s.set("company.cash", np.nan), "of openai on path 0 would be nan|would be .*nan"),
        (
            lambda s: s.set("company.cash", -1.0, entities="xai"),
            r"company.cash of xai on path 0 would be .*-1.0",
        ),
        (lambda s: s.set("market.regime", 0.5), "whole number from 0 to 2"),
        (lambda s: s.get("company.cash", out=np.ones((24, 26), dtype=np.float32)), "out is float32"),
        (lambda s: s.get("company.cash", out=[1.0]), "out is list"),
        (lambda s: s.step(13), "n is 13, wanted a whole number from 0 to 12"),
        (lambda s: s.step(-1), "n is -1"),
        (lambda s: s.restore("yesterday"), "wanted what save"),
    ],
)
def test_errors_say_what_to_do_and_change_nothing(simulation, ask, said):
    before = simulation.save().numbers
    with pytest.raises(cc.ArgumentError, match=said):
        ask(simulation)
    np.testing.assert_array_equal(before, simulation.save().numbers)


def test_the_end_is_the_end(simulation):
    simulation.step(MONTHS)
    with pytest.raises(cc.ArgumentError, match="ends with month 12"):
        simulation.step()


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"paths": 25}, "of paths 24, this simulation of 25"),
        ({"seed": 5}, "of seed 4"),
        ({"first_path": 4}, "of first_path 0"),
        ({"months": 2}, "of month 3; this simulation ends with month 2"),
    ],
)
def test_a_snapshot_of_other_paths(world, simulation, others, said):
    simulation.step(3)
    snapshot = simulation.save()
    chosen = {"paths": 24, "seed": 4, "months": MONTHS} | others
    with cc.Simulation(world, **chosen) as other, pytest.raises(cc.ArgumentError, match=said):
        other.restore(snapshot)


def test_a_snapshot_of_another_world(simulation):
    snapshot = simulation.save()
    two = cc.World.from_text('[world]\nname = "one"\ndate = 2025-08-31\n[[company]]\nid = "a"\ncash = 1e6\n')
    with (
        cc.Simulation(two, paths=24, seed=4, replicates=4) as other,
        pytest.raises(cc.ArgumentError, match=r"company .* is in one of them only"),
    ):
        other.restore(snapshot)


def test_memory_is_known_before(world, monkeypatch):
    """Before the draws are made, too: they take long, and memory."""
    monkeypatch.setattr(Case, "compiled", None)
    with pytest.raises(cc.MemoryLimitError, match="holds all 1,000,000 paths at once"):
        cc.Simulation(world, paths=1_000_000)


@pytest.mark.parametrize("draws", [1, 2, 5])
@pytest.mark.parametrize("scenarios", [(), ("money-trap",)])
def test_two_draws_tell_what_all_take(world, scenarios, draws):
    case = cc.Case(world, scenarios=scenarios)
    plan = case.plan(months=12, paths=draws, seed=4, replicates=1, first_path=0)
    assert plan.draws == draws
    world_tables, rules = case.compiled(plan).tables
    taken = sum(array.nbytes for array in (*world_tables.values(), *(rules or {}).values()))
    assert bytes_of(case.sketched().tables, draws) == taken


def test_the_estimate_of_memory_is_not_below_what_is_saved(world, monkeypatch):
    said = []
    monkeypatch.setattr(memory, "_readable", lambda size: said.append(size) or "much")
    with pytest.raises(cc.MemoryLimitError):
        cc.Simulation(world, paths=800, max_memory=1)
    with cc.Simulation(world, paths=800) as simulation:
        saved = simulation.save().numbers.nbytes
    assert saved < max(said) < 4 * saved


def test_closed_is_closed(world):
    simulation = cc.Simulation(world, paths=2)
    simulation.close()
    simulation.close()
    with pytest.raises(RuntimeError, match="closed"):
        simulation.step()


def test_threads_of_python_take_turns(simulation):
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(simulation.step())) for _ in range(MONTHS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(1, MONTHS + 1))


def test_interrupted_months_are_finished_later(world):
    with cc.Simulation(world, paths=4_000, seed=4, threads=1) as simulation:
        timer = threading.Timer(0.3, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            simulation.step(1200)
        timer.join()
        month = simulation.month
        assert 0 < month < 1200
        simulation.step()
        with cc.Simulation(world, paths=40, seed=4, replicates=4) as other:
            other.step(month + 1)
            np.testing.assert_array_equal(simulation.get("company.cash")[:40], other.get("company.cash"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_copy_says_so(simulation):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            simulation.step()
        except RuntimeError as error:
            os.write(write, str(error).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert b"forked" in os.read(read, 1000)
