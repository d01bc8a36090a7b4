"""The same numbers, bit for bit, however the run is cut into pieces."""

import numpy as np
import pytest
from cashcade import _core
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import tries
from tests.oracle.compiled import Paths, run
from tests.oracle.generate import arrays, hostile_worlds, sizes_of

MONTHS = 12
PATHS = 40
seeds = st.integers(0, 2**64 - 1)
UNITS = [row.unit for row in _core.table().variables]
FAILURES = ("failed_month", "cause", "trigger", "debt_at_failure")


def assert_same(one: Paths, other: Paths, paths: slice = slice(None)) -> None:
    """`other` has the bits of those `paths` of `one`."""
    for key, series in other.series.items():
        np.testing.assert_array_equal(series, one.series[key][paths], err_msg=".".join(key))
    for name in FAILURES:
        np.testing.assert_array_equal(getattr(other, name), getattr(one, name)[paths], err_msg=name)


@settings(max_examples=tries(10), deadline=None, derandomize=True)
@given(
    inputs=hostile_worlds(),
    seed=seeds,
    first=st.integers(0, PATHS - 1),
    count=st.integers(1, PATHS),
    threads=st.integers(1, 5),
)
def test_any_subset_of_the_paths_on_any_threads(inputs, seed, first, count, threads):
    whole = run(inputs, months=MONTHS, paths=PATHS, seed=seed)
    count = min(count, PATHS - first)
    part = run(inputs, months=MONTHS, paths=count, first_path=first, seed=seed, threads=threads)
    assert_same(whole, part, slice(first, first + count))


@settings(max_examples=10, deadline=None, derandomize=True)
@given(inputs=hostile_worlds(), seed=seeds)
def test_a_shorter_run_is_the_beginning_of_a_longer_one(inputs, seed):
    longer = run(inputs, months=MONTHS, paths=3, seed=seed)
    shorter = run(inputs, months=MONTHS // 2, paths=3, seed=seed)
    for key, series in shorter.series.items():
        np.testing.assert_array_equal(series, longer.series[key][:, : MONTHS // 2], err_msg=".".join(key))


@pytest.mark.parametrize("far", [2**32 - 3, 2**40], ids=["across the low word", "in the high word"])
def test_paths_far_out_are_paths_like_others(far):
    inputs = world_of(3)
    whole = run(inputs, months=MONTHS, paths=8, first_path=far, seed=3)
    assert_same(whole, run(inputs, months=MONTHS, paths=2, first_path=far + 5, seed=3), slice(5, 7))
    assert (whole["company.cash"][0] != whole["company.cash"][1]).any()


def test_draws_are_blocks_of_replicates():
    """Path p has the parameters of draw p div replicates and the luck of path p."""
    draws, replicates = 3, 5
    one = world_of(8)
    factors = np.random.default_rng(8).uniform(0.5, 1.5, (draws, 1))
    many = dict(one)
    for name in ("company.fixed_cost", "company.cash", "segment.revenue", "market.base_rate"):
        many[name] = np.ascontiguousarray(one[name] * factors)
    whole = run(many, months=MONTHS, paths=draws * replicates, replicates=replicates, seed=4)
    for draw in range(draws):
        single = {
            name: values[[draw]] if values.shape[0] == draws else values for name, values in many.items()
        }
        single |= {name: values for name, values in one.items() if values.ndim == 1}
        first = draw * replicates
        part = run(single, months=MONTHS, paths=replicates, first_path=first, seed=4)
        assert_same(whole, part, slice(first, first + replicates))


def world_of(number: int) -> dict[str, np.ndarray]:
    """One hostile world with several companies."""
    rng = np.random.default_rng(number)
    return arrays(rng, sizes_of(rng) | {"company": 5, "segment": 4})


def raw(inputs, *, threads, keep, first=0, paths=200, dispatch=True):
    everything = list(range(len(_core.table().variables)))
    return _core.run(
        inputs,
        months=MONTHS,
        paths=paths,
        first_path=first,
        seed=11,
        replicates=1,
        first_draw=0,
        threads=threads,
        record=everything,
        last=everything,
        keep=keep,
        dispatch=dispatch,
    )


SUMS = ("sum", "square", "last_sum")


def test_sums_do_not_depend_on_threads_or_on_what_is_kept():
    inputs = world_of(21)
    one, two = raw(inputs, threads=1, keep=0), raw(inputs, threads=2, keep=7)
    for name in SUMS:
        for ours, theirs in zip(one[name], two[name], strict=True):
            np.testing.assert_array_equal(ours, theirs, err_msg=name)
    np.testing.assert_array_equal(one["failed_month"], two["failed_month"])
    assert [series.shape[0] for series in two["kept"]] == [7] * len(two["kept"])


def test_what_is_kept_does_not_depend_on_how_much():
    inputs = world_of(21)
    few, many = raw(inputs, threads=2, keep=7), raw(inputs, threads=2, keep=200)
    for ours, theirs in zip(few["kept"], many["kept"], strict=True):
        np.testing.assert_array_equal(ours, theirs[:7])


def test_sums_of_parts_add_up_to_the_bit():
    inputs = world_of(21)
    whole = raw(inputs, threads=2, keep=0)
    parts = [
        raw(inputs, threads=1, keep=0, first=first, paths=count)
        for first, count in ((130, 70), (0, 33), (33, 97))
    ]
    for name in SUMS:
        for place, wanted in enumerate(whole[name]):
            np.testing.assert_array_equal(sum(part[name][place] for part in parts), wanted, err_msg=name)


def test_the_least_common_instructions_give_the_same_bits():
    inputs = world_of(21)
    one, two = raw(inputs, threads=1, keep=50), raw(inputs, threads=1, keep=50, dispatch=False)
    for ours, theirs in zip(one["kept"], two["kept"], strict=True):
        np.testing.assert_array_equal(ours, theirs)


def total(bins: np.ndarray) -> np.ndarray:
    """Sum over the bins, fine to coarse."""
    return bins[..., ::-1].sum(axis=-1)


# What the finest bin can tell apart: of squares, half a dollar or a millionth.
RESOLUTION = {"sum": (1e-9, 1e-9), "square": (0.5, 5e-11)}


def test_sums_are_the_sums_of_the_paths():
    paths = 200
    found = raw(world_of(21), threads=2, keep=paths)
    assert len(found["kept"]) == len(UNITS)
    for place, (series, unit) in enumerate(zip(found["kept"], UNITS, strict=True)):
        for values, name in ((series, "sum"), (series**2, "square")):
            finest = paths * RESOLUTION[name][0 if unit.startswith("USD") else 1]
            summed, size = total(found[name][place]), np.abs(values).sum(axis=0)
            wrong = np.abs(summed - values.sum(axis=0)) > 1e-12 * size + finest
            assert not wrong.any(), (name, place)
            if name == "sum":
                np.testing.assert_array_equal(total(found["last_sum"][place])[0], summed[-1])


def test_another_seed_is_another_future():
    inputs = world_of(21)
    one, other = (run(inputs, months=MONTHS, paths=2, seed=seed) for seed in (1, 2**32 + 1))
    assert (one["company.cash"] != other["company.cash"]).any()
