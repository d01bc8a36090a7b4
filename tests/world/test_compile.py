"""Compilation: every name becomes an index, every range a draw with an address of its own."""

from statistics import NormalDist

import cashcade
import numpy as np
import pytest
from cashcade import _core
from cashcade.compile import compile_world
from cashcade.compile.ranges import at_uniforms
from cashcade.testing import worlds
from cashcade.world import Choices, Normal, Triangular, World
from cashcade.world.addresses import addresses
from cashcade.world.parameter import Parameter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.effort import tries

PROPERTY = settings(max_examples=tries(12), deadline=None, suppress_health_check=[HealthCheck.too_slow])
SHARE = Parameter("fraction", 0.0, 1.0)
GRID = (np.arange(10_000) + 0.5) / 10_000


def test_links_are_indices(world: World) -> None:
    arrays = compile_world(world).arrays
    assert arrays["segment.seller"].tolist() == [1, 0]
    assert arrays["contract.customer"].tolist() == [1, 1]
    assert arrays["contract.supplier"].tolist() == [0, 0]
    assert arrays["commitment.contract"].tolist() == [0, 0, 1]
    assert arrays["loan.borrower"].tolist() == [2]
    assert arrays["loan.lender"].tolist() == [-1]
    assert arrays["repayment.loan"].tolist() == [0, 0]
    assert (arrays["recapture.from"].tolist(), arrays["recapture.to"].tolist()) == ([0], [1])
    assert (arrays["stake.holder"].tolist(), arrays["pledge.investor"].tolist()) == ([2], [-1])
    assert (arrays["order.fleet"].tolist(), arrays["order.vendor"].tolist()) == ([0], [0])


def test_values_words_and_flags_are_numbers(world: World) -> None:
    inputs = compile_world(world)
    arrays = inputs.arrays
    assert arrays["company.fixed_cost"].tolist() == [[5e7, 0, 0]]
    assert arrays["contract.follows"].tolist() == [[1, 0]]
    assert arrays["contract.price_linked"].tolist() == [[1, 0]]
    assert arrays["loan.rank"].tolist() == [[2]]
    assert arrays["loan.amortisation"].tolist() == [[3]]
    assert arrays["fleet.class"].tolist() == [[1]]
    assert arrays["commitment.last_month"].tolist() == [[12, 1200, 1200]]
    assert inputs.names["commitment"] == ("app->lab/1", "app->lab/2", "app->lab: training/1")
    assert inputs.counts["company"] == 3
    assert inputs.has_ranges


def test_only_ranges_have_a_row_per_draw(world: World) -> None:
    arrays = compile_world(world, draws=7).arrays
    ranged = {name for name, array in arrays.items() if array.ndim == 2 and len(array) == 7}
    assert ranged == {
        "market.base_rate",
        "market.gpu_drift",
        "company.cash",
        "commitment.amount",
        "pledge.first_month",
    }
    cash = arrays["company.cash"]
    assert len(np.unique(cash[:, 0])) == 7
    assert (cash[:, 1:] == [1e8, 1e10]).all()


@PROPERTY
@given(world=worlds(ranges=True), seed=st.integers(0, 2**64 - 1))
def test_arrays_are_what_the_core_takes(world: World, seed: int) -> None:
    inputs = compile_world(world, draws=4, seed=seed)
    table = _core.table()
    for row in table.parameters:
        array = inputs.arrays[row.full_name]
        assert array.dtype == np.float64
        assert array.shape in {(1, inputs.counts[row.entity]), (4, inputs.counts[row.entity])}
        assert array.flags.c_contiguous
        assert not array.flags.writeable
        assert ((array >= row.low) & (array <= row.high)).all(), row
        if row.unit in {"month", "flag", "code"}:
            assert (array == np.rint(array)).all()
    for row in table.links:
        array = inputs.arrays[row.full_name]
        assert array.dtype == np.int32
        assert array.shape == (inputs.counts[row.entity],)
        assert ((array >= (-1 if row.outside else 0)) & (array < inputs.counts[row.target])).all()
    for entity in ("company", "segment", "loan", "pledge"):
        array = inputs.arrays[f"{entity}.address"]
        assert array.dtype == np.uint32
        assert len(np.unique(array)) == inputs.counts[entity]
    expected = len(table.parameters) + len(table.links) + 4
    assert len(inputs.arrays) == expected


@PROPERTY
@given(world=worlds(ranges=True), first=st.integers(0, 9), count=st.integers(1, 5))
def test_any_subset_of_the_draws_has_the_same_values(world: World, first: int, count: int) -> None:
    whole = compile_world(world, draws=14, seed=3)
    part = compile_world(world, draws=count, seed=3, first_draw=first)
    for name, array in whole.arrays.items():
        wanted = array[first : first + count] if array.ndim == 2 and len(array) == 14 else array
        np.testing.assert_array_equal(part.arrays[name], wanted, err_msg=name)


def test_another_company_does_not_change_anybodys_draws(world: World, text: str) -> None:
    more = World.from_text(text + '\n[[company]]\nid = "new"\ncash = { mean = 1, sd = 1 }\n')
    before, after = compile_world(world, draws=5, seed=1), compile_world(more, draws=5, seed=1)
    np.testing.assert_array_equal(after.arrays["company.cash"][:, :3], before.arrays["company.cash"])
    assert after.arrays["company.address"][:3].tolist() == before.arrays["company.address"].tolist()


def test_seeds_differ(world: World) -> None:
    one, two = (compile_world(world, draws=3, seed=seed).arrays["company.cash"] for seed in (1, 2))
    assert (one[:, 0] != two[:, 0]).all()


def test_a_draw_is_pinned(world: World) -> None:
    """Guards the address of a parameter (BLAKE2s of its path) and the inverse of the truncated normal."""
    address = addresses(["company.lab.cash"])["company.lab.cash"]
    u = _core.uniforms(5, 0, np.array([address], dtype=np.uint32), 0, 1)[0, 0]
    low = NormalDist(1e9, 2e8).cdf(0)
    wanted = NormalDist(1e9, 2e8).inv_cdf(low + u * (1 - low))
    assert compile_world(world, seed=5).arrays["company.cash"][0, 0] == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"draws": 0}, "draws is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**64}, "2\\^64"),
        ({"first_draw": -1}, "first_draw"),
    ],
)
def test_numbers_of_draws_are_checked(world: World, arguments: dict[str, int], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        compile_world(world, **arguments)


def test_triangular_quantiles() -> None:
    values = at_uniforms(Triangular(value=0.2, low=0.1, high=0.6), SHARE, GRID)
    assert values.mean() == pytest.approx((0.1 + 0.2 + 0.6) / 3, abs=1e-6)
    assert values.var() == pytest.approx((0.01 + 0.04 + 0.36 - 0.02 - 0.06 - 0.12) / 18, abs=1e-6)
    assert (np.diff(values) > 0).all()
    assert at_uniforms(Triangular(value=0.2, low=0.2, high=0.2), SHARE, GRID).tolist() == [0.2] * len(GRID)


def test_truncated_normal_quantiles() -> None:
    values = at_uniforms(Normal(mean=0.9, sd=0.2), SHARE, GRID)
    normal = NormalDist()
    a, b = -4.5, 0.5
    mass = normal.cdf(b) - normal.cdf(a)
    assert values.mean() == pytest.approx(0.9 + 0.2 * (normal.pdf(a) - normal.pdf(b)) / mass, abs=1e-5)
    assert 0 <= values.min() < values.max() <= 1
    assert (at_uniforms(Normal(mean=0.9, sd=0), SHARE, GRID) == 0.9).all()


def test_choices_come_by_weight() -> None:
    values = at_uniforms(Choices(choices=(0.1, 0.7, 0.3), weights=(1, 0, 3)), SHARE, GRID)
    found, counts = np.unique(values, return_counts=True)
    assert found.tolist() == [0.1, 0.3]
    assert counts.tolist() == [2500, 7500]
    even = at_uniforms(Choices(choices=(0.1, 0.3)), SHARE, GRID)
    assert np.unique(even, return_counts=True)[1].tolist() == [5000, 5000]


def test_months_are_drawn_whole() -> None:
    values = at_uniforms(Triangular(value=5, low=2, high=10), Parameter("month", 1, 1200), GRID)
    assert set(values.tolist()) == set(range(2, 11))


def test_an_address_does_not_depend_on_who_else_is_there() -> None:
    """This pair shares its hash: both keep it, and so the same luck, as the page of the model says."""
    pair = ["company:c12216", "company:c27241"]
    alone = [addresses([name])[name] for name in pair]
    assert alone[0] == alone[1]
    together = addresses([*pair, "company:c1"])
    assert [together[name] for name in pair] == alone
    assert addresses(reversed([*pair, "company:c1"])) == together
    assert together["company:c1"] != alone[0]


def test_adding_a_company_with_the_same_hash_changes_nobody_s_luck() -> None:
    def cash(*ids: str) -> NDArray[np.float64]:
        rows = "".join(f'[[company]]\nid = "{name}"\ncash = 1e9\ncost_volatility = 1e6\n' for name in ids)
        world = World.from_text(f'[world]\nname = "pair"\ndate = 2025-08-31\n{rows}')
        result = cashcade.run(world, months=6, paths=8, seed=1, record=["company.cash"], keep_paths=True)
        return result.dataset["company_cash"].sel(company="c27241").to_numpy()

    alone = cash("c27241")
    assert len(np.unique(alone)) == alone.size
    assert np.array_equal(cash("c12216", "c27241"), alone)
    assert np.array_equal(cash("c27241", "c12216"), alone)
