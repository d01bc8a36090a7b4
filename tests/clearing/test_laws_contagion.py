"""Laws of contagion without clearing, on small random networks."""

import numpy as np
import pytest
from cashcade import clearing, contagion
from cashcade.errors import InputError
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array

from .strategies import AMOUNTS, SHARES, matrices, networks, solvent_shares, vectors

POSITIVE = st.integers(1, 4000).map(lambda k: k / 64)


@st.composite
def exposures(draw, largest=6):
    size = draw(st.integers(1, largest), label="nodes")
    return (
        draw(matrices(size, "claims"), label="claim of row on column"),
        draw(vectors(POSITIVE, size), label="equity"),
        draw(vectors(SHARES, size), label="initial stress"),
    )


@given(exposures())
def test_linear_debtrank_is_the_least_solution(drawn):
    claims, equity, shock = drawn
    found = contagion.debtrank(claims, equity, initial_stress=shock)
    weights = claims / equity[:, None]
    stress = shock
    change = np.inf
    while change > 1e-15:
        before, stress = stress, shock + weights @ np.minimum(stress, 1.0)
        change = np.abs(stress - before).max()
    assert_allclose(found.stress_uncapped, stress, rtol=1e-7, atol=1e-9)
    assert (found.stress <= 1.0).all()


@given(exposures())
def test_all_shocks_at_once_are_each_alone(drawn):
    claims, equity, _ = drawn
    for kind in ("linear", "single-hit"):
        every = contagion.debtrank(claims, equity, propagation=kind)
        sparse = contagion.debtrank(csr_array(claims), equity, propagation=kind)
        assert_array_equal(every.stress, sparse.stress)
        for node, unit in enumerate(np.eye(equity.size)):
            alone = contagion.debtrank(claims, equity, initial_stress=unit, propagation=kind)
            assert_array_equal(every.stress[node], alone.stress)
            assert_allclose(every.impact[node], alone.impact)


def test_roundings_of_linear_debtrank_do_not_feed_on_each_other():
    """The third shock never ended here, for steps of one unit in the last place."""
    claims = np.array(
        [
            [0.0, 14.28125, 0.0, 0.0, 17.1875, 1.1875],
            [9.828125, 0.0, 3.5625, 1.546875, 5.546875, 3.4375],
            [0.0, 0.90625, 0.0, 0.0, 0.0, 12.6875],
            [4.15625, 0.0, 6.375, 0.0, 49.671875, 0.0],
            [21.734375, 0.0, 3.96875, 0.0, 0.0, 2.09375],
            [0.0, 0.0, 3.0625, 36.375, 4.75, 0.0],
        ]
    )
    equity = np.array([21.609375, 59.703125, 13.8125, 2.640625, 33.921875, 9.109375])
    found = contagion.debtrank(claims, equity, initial_stress=np.eye(6)[2]).stress
    passed = np.minimum(np.eye(6)[2] + claims / equity[:, None] @ found, 1.0)
    assert_allclose(found, passed, rtol=0, atol=1e-14)


@given(exposures())
def test_single_hit_never_exceeds_linear(drawn):
    claims, equity, shock = drawn
    once = contagion.debtrank(claims, equity, initial_stress=shock, propagation="single-hit")
    linear = contagion.debtrank(claims, equity, initial_stress=shock)
    assert (once.stress <= linear.stress + 1e-12).all()


@given(networks(recovery=st.just(1.0)))
def test_valuation_at_maturity_is_clearing(network):
    valued = contagion.network_valuation(
        network.owed, network.cash, network.owed_outside, contagion.AtMaturity()
    )
    cleared = clearing.eisenberg_noe(network.owed, network.cash, network.owed_outside)
    # The iteration of valuations is only as exact as money leaks out of the loops.
    if valued.residual < 1e-13 and cleared.unique:
        assert_allclose(np.maximum(valued.equity, 0.0), cleared.equity, atol=1e-5)


@given(networks(), st.sampled_from(["merton", "black-cox", "furfine", "linear"]), st.data())
def test_valuations_are_fixed_points_in_order(network, kind, data):
    reference = data.draw(vectors(POSITIVE, network.cash.size), label="reference equity")
    valuation = {
        "merton": contagion.Merton(0.3, 0.5),
        "black-cox": contagion.BlackCox(0.3, 0.5),
        "furfine": contagion.Furfine(0.25),
        "linear": contagion.LinearDebtRank(reference),
    }[kind]
    books = network.owed, network.cash, network.owed_outside
    greatest = contagion.network_valuation(*books, valuation)
    least = contagion.network_valuation(*books, valuation, solution="least")
    assert (least.equity <= greatest.equity + 1e-9).all()
    for found in (greatest, least):
        assert found.residual <= 1e-9 or kind == "furfine"
        worth = network.cash - network.owed_outside - network.owed.sum(axis=1) + network.owed.T @ found.factor
        assert_allclose(found.equity, worth, atol=1e-8)


@pytest.mark.parametrize("as_function", [False, True], ids=["built in", "as a function"])
def test_a_nearly_closed_loop_does_not_let_roundings_add_up(as_function):
    """100 000 iterations of sums of differences left the least solution above the greatest by 1e-9 here."""
    owed = np.array([[0.0, 48.609375, 0.0], [8.5625, 0.0, 0.0], [1.515625, 0.140625, 0.0]])
    books = owed, np.array([0.0, 0.0, 31.921875]), np.array([6.8125, 0.03125, 39.546875])
    due = owed.sum(axis=1) + books[2]

    def at_maturity(equity):
        return np.clip(1 + equity / due, 0, 1)

    for valuation in [at_maturity] if as_function else [contagion.Merton(0.3, 0.5), contagion.AtMaturity()]:
        greatest = contagion.network_valuation(*books, valuation)
        least = contagion.network_valuation(*books, valuation, solution="least")
        assert (least.equity <= greatest.equity + 1e-13).all()
        assert max(least.residual, greatest.residual) <= 1e-13


@given(networks())
def test_a_valuation_given_as_a_function_is_the_built_in_one(network):
    due = network.owed.sum(axis=1) + network.owed_outside

    def at_maturity(equity):
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(due > 0, np.clip(1 + equity / due, 0, 1), 1.0)

    books = network.owed, network.cash, network.owed_outside
    own = contagion.network_valuation(*books, at_maturity)
    built_in = contagion.network_valuation(*books, contagion.AtMaturity())
    assert_allclose(own.equity, built_in.equity, atol=1e-6)


def test_a_bad_valuation_is_refused():
    with pytest.raises(InputError, match="valuation"):
        contagion.network_valuation([[0, 1], [1, 0]], 1.0, 1.0, lambda equity: equity + 7)
    with pytest.raises(InputError, match="one value per node"):
        contagion.network_valuation([[0, 1], [1, 0]], 1.0, 1.0, lambda equity: equity[:1])


@given(networks(), SHARES)
def test_furfine_is_the_cascade_of_fixed_recovery(network, recovery):
    found = contagion.furfine(network.owed, network.cash, network.owed_outside, recovery=recovery)
    down = np.zeros(network.cash.size, dtype=bool)
    due = network.owed.sum(axis=1) + network.owed_outside
    while True:
        kept = np.where(down, recovery, 1.0)
        new = network.cash + network.owed.T @ kept - due < -1e-9
        if (new <= down).all():
            break
        down |= new
    near = np.abs(network.cash + network.owed.T @ np.where(down, recovery, 1.0) - due) < 1e-9
    assert (near | (np.asarray(found.failed) == down)).all()


@given(exposures(), SHARES)
def test_threshold_cascades_grow_with_losses(drawn, lgd):
    claims, equity, shock = drawn
    less = contagion.threshold_cascade(claims, equity, shock * equity, loss_given_default=lgd)
    more = contagion.threshold_cascade(claims, equity, shock * equity)
    assert not (less.failed & ~more.failed).any()
    assert_array_equal(more.failed, more.loss >= equity)


@given(networks(recovery=st.just(1.0)), st.data())
def test_losses_of_others_stay_within_the_bound_of_glasserman_and_young(network, data):
    due = network.owed.sum(axis=1) + network.owed_outside
    cash = np.maximum(network.cash, due - network.owed.sum(axis=0))
    bounds = contagion.glasserman_young(network.owed, cash, network.owed_outside)
    node = data.draw(st.integers(0, cash.size - 1), label="node shocked")
    shocked = cash * (np.arange(cash.size) != node)
    result = clearing.eisenberg_noe(network.owed, shocked, network.owed_outside)
    others = [k for k in range(cash.size) if k != node]
    if others and all(result.in_default[k] for k in others):
        assert bounds.contagion_is_possible(node, others) or np.isclose(
            bounds.net_worth[others].sum(), bounds.bound[node]
        )


def test_amplification_bound_of_glasserman_and_young():
    factor = contagion.glasserman_young_amplification(0.01, [100.0, 300.0], [0.2, 0.5])
    assert_allclose(factor, 1 + 0.01 / 0.5)
    with pytest.raises(InputError, match="connectivity"):
        contagion.glasserman_young_amplification(0.01, [100.0], [1.0])


def test_cascades_are_rare_outside_the_window_of_gai_and_kapadia():
    low, high = contagion.gai_kapadia_window(0.04, 0.2)
    assert contagion.gai_kapadia_window(0.3, 0.2) is None
    rng = np.random.default_rng(5)
    sizes = {z: share_reached(rng, z, nodes=2000) for z in (0.5 * low, 3.0, 1.6 * high)}
    assert max(sizes[0.5 * low]) < 0.05
    assert max(sizes[3.0]) > 0.5
    assert max(sizes[1.6 * high]) < 0.05


def share_reached(rng, degree, nodes, trials=10):
    shares = []
    for _ in range(trials):
        links = rng.poisson(degree * nodes)
        creditor, debtor = rng.integers(0, nodes, (2, links))
        creditor, debtor = creditor[creditor != debtor], debtor[creditor != debtor]
        debtors = np.bincount(creditor, minlength=nodes)
        claims = csr_array((0.2 / debtors[creditor], (creditor, debtor)), shape=(nodes, nodes))
        shock = np.where(np.arange(nodes) == rng.integers(nodes), 1.0, 0.0)
        shares.append(contagion.threshold_cascade(claims, 0.04, shock).failed.mean())
    return shares


@given(
    st.integers(1, 5), st.integers(1, 3), st.sampled_from(["linear", "exponential", "square-root"]), st.data()
)
def test_fire_sale_equilibria_are_fixed_and_ordered(holders, markets, impact, data):
    flat = data.draw(vectors(AMOUNTS, holders * markets), label="holdings")
    book = flat.reshape(holders, markets)
    equity = data.draw(vectors(AMOUNTS, holders), label="equity")
    rest = data.draw(vectors(AMOUNTS, holders), label="other assets")
    rate = data.draw(vectors(SHARES, markets), label="impact rate") / 64
    common = {"max_leverage": 10.0, "target_leverage": 8.0, "impact": impact, "impact_rate": rate}
    least = contagion.fire_sale(book, equity, rest, **common)
    greatest = contagion.fire_sale(book, equity, rest, equilibrium="greatest", **common)
    assert (least.discount <= greatest.discount + 1e-9).all()
    for found in (least, greatest):
        sold = np.asarray(found.sold_share) @ book
        assert_allclose(contagion.price_discount(sold, rate, impact), found.discount, atol=1e-7)
        assert_allclose(found.loss, book @ found.discount, atol=1e-9)


@given(st.integers(1, 4), st.data())
def test_spirals_restore_what_they_can(borrowers, data):
    debt = data.draw(vectors(AMOUNTS, borrowers), label="debt")
    units = data.draw(vectors(AMOUNTS, borrowers), label="units")
    common = {"price": 1.0, "max_loan_to_value": 0.75, "impact": "linear", "impact_rate": 1e-3}
    least = contagion.loan_to_value_spiral(debt, units, **common)
    greatest = contagion.loan_to_value_spiral(debt, units, equilibrium="greatest", **common)
    assert (least.sold <= greatest.sold + 1e-9).all()
    for found in (least, greatest):
        partial = (found.sold > 0) & (found.sold < units)
        assert_allclose(np.asarray(found.loan_to_value)[partial], 0.75, rtol=1e-6)
        assert (found.restored | (found.sold == units)).all()


@settings(max_examples=50)
@given(st.integers(1, 6), st.data())
def test_failures_of_organisations(size, data):
    shares = data.draw(solvent_shares(size), label="holdings").T
    assets = data.draw(vectors(AMOUNTS, size), label="assets")
    threshold = data.draw(vectors(AMOUNTS, size), label="threshold")
    cost = data.draw(vectors(AMOUNTS, size), label="cost")
    both = [
        clearing.elliott_golub_jackson(
            shares, assets, failure_threshold=threshold, failure_cost=cost, equilibrium=which
        )
        for which in ("best", "worst")
    ]
    assert not (both[0].failed & ~both[1].failed).any()
    matrix = np.asarray(clearing.dependency_matrix(shares))
    for found in both:
        value = matrix @ (assets - np.where(found.failed, cost, 0.0))
        assert_allclose(found.market_value, value, atol=1e-7)
        clear_cut = np.abs(value - threshold) > 1e-7
        assert_array_equal(np.asarray(found.failed)[clear_cut], (value < threshold)[clear_cut])
