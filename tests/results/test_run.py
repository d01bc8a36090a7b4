"""`run` around a made-up core: arguments, chunks, memory, what is recorded."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cashcade as cc
import numpy as np
import pytest
from cashcade.case.case import RECORD
from cashcade.results.layout import SAMPLED
from cashcade.results.runway import NEEDS
from cashcade.runs import executors, memory
from cashcade.words.rows import variables

from tests.results.made import fake_core

TINY = Path(__file__).parent / "tiny.toml"
MOMENTS = ("company_cash_mean", "company_cash_std", "market_capex_gdp_mean")
PER_PATH = ("failed_month", "cause", "trigger", "debt_at_failure")


@pytest.fixture
def calls(monkeypatch):
    """The arguments of each call of the made-up core."""
    made = []
    monkeypatch.setattr(executors._core, "run", fake_core(made))
    return made


def test_defaults(calls):
    result = cc.run(TINY, paths=50)
    assert result.dataset.attrs["replicates"] == 4
    assert calls[0]["threads"] == executors.available_cores()
    assert calls[0]["record"] == [variables()[name].place for name in dict.fromkeys((*RECORD, *NEEDS))]
    assert calls[0]["keep"] == 50
    assert calls[0]["seed"] == 0
    assert result.dataset.sizes["month"] == 36


@pytest.mark.usefixtures("calls")
@pytest.mark.parametrize(("paths", "replicates"), [(15, 1), (16, 4)])
def test_default_replicates_need_paths(paths, replicates):
    assert cc.run(TINY, paths=paths).dataset.attrs["replicates"] == replicates


@pytest.mark.usefixtures("calls")
def test_default_replicates_need_ranges(tmp_path):
    text = TINY.read_text().replace("{ value = 9e9, low = 7e9, high = 12e9 }", "9e9")
    certain = tmp_path / "certain.toml"
    certain.write_text(text.replace("{ value = 0.5, low = -0.2, high = 1.2 }", "0.5"))
    assert cc.run(certain, paths=64).dataset.attrs["replicates"] == 1


def test_drawn_arrays_belong_to_the_paths(calls):
    cc.run(TINY, paths=40, first_path=16, replicates=4)
    cc.run(TINY, paths=80, replicates=4)
    few, all_of_them = (call["inputs"]["company.cash"] for call in calls)
    assert few.shape == (10, 4)
    np.testing.assert_array_equal(few, all_of_them[4:14])


def test_seed_none_draws_and_records_one(calls):
    seeds = {cc.run(TINY, paths=1, seed=None).dataset.attrs["seed"] for _ in range(3)}
    assert len(seeds) == 3
    assert {call["seed"] for call in calls} == seeds


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"months": 0}, "months is 0, wanted a whole number from 1 to 1200"),
        ({"months": 12.5}, "months is 12.5"),
        ({"paths": 0}, "paths is 0"),
        ({"paths": True}, "paths is True"),
        ({"paths": 2**24 + 1}, "wanted a whole number from 1 to 16777216"),
        ({"paths": "many"}, "paths is 'many'"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**63}, "seed is 9223372036854775808"),
        ({"replicates": 0}, "replicates is 0"),
        ({"first_path": -16}, "first_path is -16"),
        ({"threads": 0}, "threads is 0"),
        ({"quantiles": (0.5, 1.5)}, "quantiles holds 1.5"),
        ({"quantiles": (float("nan"),)}, "quantiles holds nan"),
        ({"keep_paths": -1}, "keep_paths is -1"),
        ({"record": "company.cash"}, "wanted a list of names"),
        ({"record": ["company.chas"]}, "Did you mean 'company.cash'"),
        ({"executor": "threads"}, "executor is 'threads'"),
        ({"executor": "processes", "chunk": 0}, "chunk is 0"),
        ({"progress": "line"}, "progress is 'line'"),
        ({"max_memory": 0}, "max_memory"),
    ],
)
def test_wrong_arguments_say_what_is_wanted(calls, arguments, message):
    with pytest.raises(cc.CashcadeError, match=message):
        cc.run(TINY, **arguments)
    assert not calls, "refused before anything is computed"


@pytest.mark.usefixtures("calls")
def test_numpy_integers_are_numbers():
    assert cc.run(TINY, months=np.int64(6), paths=np.int32(4)).dataset.sizes["month"] == 6


def test_record_replaces_the_default_but_for_what_tables_need(calls):
    result = cc.run(TINY, paths=4, record=["segment.volume", "segment.volume", "company.runway"])
    table = variables()
    expected = dict.fromkeys(["segment.volume", "company.runway", *SAMPLED, *NEEDS])
    assert calls[0]["record"] == [table[name].place for name in expected]
    assert result.series("segment.volume", segment="chat").shape[0] == 36
    assert not result.summary().empty


def test_without_quantiles_only_what_is_named_is_recorded(calls):
    plain = cc.run(TINY, paths=40, record=["company.cash"], quantiles=())
    assert calls[0]["record"] == [variables()["company.cash"].place]
    usual = cc.run(TINY, paths=40, record=["company.cash"]).losses()
    for mean in ("exposure", "equity", "total"):
        companies = (table[mean].drop("capital").sort_index() for table in (plain.losses(), usual))
        np.testing.assert_array_equal(*companies)


def test_sample_is_limited_by_count_and_memory(calls, monkeypatch):
    assert cc.run(TINY, paths=2001, months=1).dataset.attrs["quantile_paths"] == 2000
    monkeypatch.setattr(memory, "SAMPLE_BYTES", 10**6)
    cc.run(TINY, paths=100, months=60)
    assert calls[1]["keep"] == 10**6 // (8 * 60 * (10 * 4 + 2 + 6)) < 100


def test_memory_is_estimated_and_refused_before_anything(calls):
    with pytest.raises(cc.MemoryLimitError) as caught:
        cc.run(TINY, paths=10_000_000, keep_paths=True)
    message = str(caught.value)
    assert "138 GB for the series of 10,000,000 paths" in message  # 8 bytes x 36 months x 48 series x 1e7
    assert "keep_paths=" in message
    assert "max_memory" in message
    assert not calls


@pytest.mark.usefixtures("calls")
def test_memory_advice_fits():
    with pytest.raises(cc.MemoryLimitError, match="keep_paths=") as caught:
        cc.run(TINY, paths=1000, keep_paths=True, quantiles=(), max_memory=8e6)
    fit = int(str(caught.value).split("keep_paths=")[1].split()[0])
    assert 0 < fit < 1000
    cc.run(TINY, paths=1000, keep_paths=fit, quantiles=(), max_memory=8e6)
    with pytest.raises(cc.MemoryLimitError):
        cc.run(TINY, paths=1000, keep_paths=fit + 1, quantiles=(), max_memory=8e6)


@pytest.mark.usefixtures("calls")
def test_memory_for_quantiles_alone():
    with pytest.raises(cc.MemoryLimitError, match=r"quantiles=\(\)"):
        cc.run(TINY, paths=1000, max_memory=8e6)
    cc.run(TINY, paths=1000, quantiles=(), max_memory=8e6)


def test_memory_of_drawn_parameters_counts(calls):
    # Two arrays with ranges, cash of four companies and growth of two segments, and the core's copy of what is drawn.
    with pytest.raises(cc.MemoryLimitError, match="64 MB for the parameters of 1,000,000 draws"):
        cc.run(TINY, paths=1_000_000, replicates=1, quantiles=(), max_memory=1e8)
    assert not calls


@pytest.mark.usefixtures("calls")
def test_many_paths_alone_are_refused_without_talk_of_keeping():
    with pytest.raises(cc.MemoryLimitError, match="first_path") as caught:
        cc.run(TINY, paths=16_000_000, max_memory=5e8)
    assert "keep_paths=" not in str(caught.value)


@pytest.mark.parametrize("chunk", [None, 16, 40, 1000])
@pytest.mark.parametrize("first_path", [0, 7])
def test_chunks_give_the_same_paths(calls, chunk, first_path):
    whole = cc.run(TINY, paths=150, first_path=first_path, keep_paths=20).dataset
    with ThreadPoolExecutor(2) as executor:
        parts = cc.run(
            TINY, paths=150, first_path=first_path, keep_paths=20, executor=executor, chunk=chunk
        ).dataset
    inner = [call["first_path"] for call in calls[1:]][1:]
    assert all(first % 16 == 0 for first in inner)
    for name in (*PER_PATH, "company_cash", "company_cash_quantile", "path", "path_draw", *MOMENTS):
        np.testing.assert_array_equal(whole[name], parts[name])


def test_progress_is_called(calls):
    seen = []
    with ThreadPoolExecutor(2) as executor:
        cc.run(TINY, paths=150, executor=executor, chunk=48, progress=lambda *state: seen.append(state))
    assert seen[-1] == (150, 150)
    assert 0 < len(seen) <= 4
    cc.run(TINY, paths=4, progress=seen.append)
    assert calls[-1]["progress"] == seen.append


def test_interrupt_between_chunks_keeps_what_is_finished(monkeypatch):
    monkeypatch.setattr(executors._core, "run", fake_core([]))

    def stop(done, _wanted):
        if done >= 64:
            raise KeyboardInterrupt

    with ThreadPoolExecutor(1) as executor:
        result = cc.run(TINY, paths=800, executor=executor, chunk=16, progress=stop)
    assert result.interrupted
    finished = result.dataset.sizes["path"]
    assert 64 <= finished < 800
    whole = cc.run(TINY, paths=800)
    rows = whole.dataset.sel(path=result.dataset["path"])
    np.testing.assert_array_equal(rows["failed_month"], result.dataset["failed_month"])


def test_interrupt_before_any_path_is_an_interrupt(monkeypatch):
    monkeypatch.setattr(executors._core, "run", fake_core([], unfinished=range(8)))
    with pytest.raises(KeyboardInterrupt):
        cc.run(TINY, paths=8)


@pytest.mark.usefixtures("calls")
def test_provenance():
    attributes = cc.run(TINY, paths=4, seed=9).dataset.attrs
    expected = {"world": "tiny", "world_date": "2025-08-31", "cashcade": cc.__version__, "seed": 9}
    assert expected.items() <= attributes.items()
    assert len(attributes["world_hash"]) == 16
    assert attributes["seconds"] > 0


@pytest.mark.usefixtures("calls")
def test_hash_tells_worlds_apart(tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(TINY.read_text().replace("cash = 3e8", "cash = 3.1e8"))
    hashes = [cc.run(path, paths=4).dataset.attrs["world_hash"] for path in (TINY, TINY, other)]
    assert hashes[0] == hashes[1] != hashes[2]
