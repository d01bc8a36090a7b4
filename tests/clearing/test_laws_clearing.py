"""Laws of clearing vectors, on small random networks."""

import numpy as np
import pytest
from cashcade import clearing
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array

from .strategies import AMOUNTS, SHARES, Network, matrices, networks, solvent_shares, vectors

CLOSE = {"atol": 1e-9, "rtol": 1e-9}
NO_COSTS = st.just(1.0)


def clear(network, **more):
    args, recovery = network.arguments()
    return clearing.rogers_veraart(*args, **recovery, **more)


def shares_of(network):
    due = network.owed.sum(axis=1) + network.owed_outside
    return np.divide(network.owed, due[:, None], out=np.zeros_like(network.owed), where=due[:, None] > 0), due


def plain_map(network, payments, in_default):
    """What each node pays given what the others pay, for a given set of defaulters."""
    share, due = shares_of(network)
    received = share.T @ payments
    net = network.alpha * network.cash + network.beta * received
    return np.where(in_default, np.minimum(net, due), due)


def plain_greatest(network):
    """The greatest clearing vector by rounds of fictitious default and NumPy's linear solver."""
    share, due = shares_of(network)
    down = np.zeros(due.size, dtype=bool)
    payments = due.copy()
    while True:
        gross = network.cash + share.T @ payments
        new = ~down & (due - gross > 1e-11 * due)
        if not new.any():
            return payments, down
        down |= new
        keep = network.beta[:, None] * share.T
        system = np.eye(due.size) - np.where(down[:, None] & down[None, :], keep, 0.0)
        fixed = np.where(down, network.alpha * network.cash + keep @ np.where(down, 0.0, due), due)
        payments = np.linalg.solve(system, fixed)


@given(networks())
def test_payments_are_a_fixed_point(network):
    result = clear(network)
    again = plain_map(network, result.payments, result.in_default)
    assert_allclose(result.payments, again, **CLOSE)
    gross = network.cash + result.received
    assert_array_equal(result.in_default, result.liabilities - gross > 1e-10 * result.liabilities)
    assert result.residual <= 1e-9


@given(networks())
def test_rounds_and_payments_equal_a_plain_implementation(network):
    payments, down = plain_greatest(network)
    result = clear(network)
    assert_allclose(result.payments, payments, **CLOSE)
    assert_array_equal(result.in_default, down)


@given(networks())
def test_the_least_is_a_fixed_point_below_the_greatest(network):
    greatest, least = clear(network), clear(network, vector="least")
    assert (least.payments <= greatest.payments + 1e-9).all()
    assert_allclose(least.payments, plain_map(network, least.payments, least.in_default), **CLOSE)
    assert greatest.unique == least.unique
    assert bool(greatest.unique) == bool(np.allclose(greatest.payments, least.payments, **CLOSE))


@given(networks(recovery=NO_COSTS))
def test_equities_are_the_same_in_all_vectors_without_costs(network):
    assert_allclose(clear(network).equity, clear(network, vector="least").equity, **CLOSE)


@given(networks(recovery=NO_COSTS), st.floats(0.0, 1.0))
def test_no_vector_between_is_above_the_greatest(network, share):
    """Iterating from any vector below leads to one that is no greater."""
    start = share * (network.owed.sum(axis=1) + network.owed_outside)
    weights, due = shares_of(network)
    change = np.inf
    while change > 1e-14:
        before, start = start, np.minimum(due, network.cash + weights.T @ start)
        change = np.abs(start - before).max()
    assert (start <= clear(network).payments + 1e-9).all()


@given(networks(), st.data())
def test_more_cash_or_recovery_never_lowers_a_payment(network, data):
    more = {
        "cash": network.cash + data.draw(vectors(AMOUNTS, network.cash.size), label="more cash"),
        "alpha": np.maximum(network.alpha, data.draw(vectors(SHARES, network.cash.size), label="more alpha")),
        "beta": np.maximum(network.beta, data.draw(vectors(SHARES, network.cash.size), label="more beta")),
    }
    before = clear(network)
    for name, values in more.items():
        after = clear(network._replace(**{name: values}))
        assert (after.payments >= before.payments - 1e-9).all()
        assert not (after.in_default & ~before.in_default).any()


@given(networks())
def test_liability_is_limited(network):
    result = clear(network)
    assert (result.payments >= 0).all()
    assert (result.payments <= result.liabilities + 1e-12).all()
    assert (result.equity >= 0).all()
    unpaid = result.liabilities - result.payments > 1e-9
    assert (result.equity[unpaid] == 0).all()


@given(networks())
def test_money_is_conserved(network):
    result = clear(network)
    share, due = shares_of(network)
    outside = np.divide(network.owed_outside, due, out=np.zeros_like(due), where=due > 0) * result.payments
    total = result.equity.sum() + outside.sum() + result.default_cost.sum()
    assert_allclose(total, network.cash.sum(), **CLOSE)
    assert_allclose(result.received, share.T @ result.payments, **CLOSE)
    assert_allclose(result.loss, network.owed.sum(axis=0) - result.received, atol=1e-8)


@given(networks(), st.randoms(use_true_random=False))
def test_labels_do_not_matter(network, random):
    order = list(range(network.cash.size))
    random.shuffle(order)
    moved = Network(network.owed[np.ix_(order, order)], *(v[order] for v in network[1:]))
    assert_allclose(clear(moved).payments, clear(network).payments[order], **CLOSE)
    assert_array_equal(clear(moved).round, clear(network).round[order])


@given(networks(), st.sampled_from([2.0**-20, 0.5, 4.0, 2.0**30]))
def test_currency_does_not_matter(network, unit):
    scaled = network._replace(
        owed=network.owed * unit, cash=network.cash * unit, owed_outside=network.owed_outside * unit
    )
    assert_allclose(clear(scaled).payments, clear(network).payments * unit, rtol=1e-9, atol=1e-9 * unit)
    assert_array_equal(clear(scaled).in_default, clear(network).in_default)


@given(networks())
def test_dense_sparse_and_tables_agree(network):
    args, recovery = network.arguments()
    dense = clearing.rogers_veraart(*args, **recovery)
    sparse = clearing.rogers_veraart(csr_array(network.owed), *args[1:], **recovery)
    names = [f"n{k}" for k in range(network.cash.size)]
    debtor, creditor = np.nonzero(network.owed)
    table = {
        "debtor": [names[k] for k in debtor],
        "creditor": [names[k] for k in creditor],
        "amount": network.owed[debtor, creditor],
    }
    by_name = clearing.rogers_veraart(table, *args[1:], names=names, **recovery)
    for other in (sparse, by_name):
        assert_allclose(other.payments, dense.payments, **CLOSE)
        assert_array_equal(other.round, dense.round)
    assert list(by_name.payments.node.values) == names


@given(networks(largest=5), st.data())
def test_a_batch_is_a_loop(network, data):
    size = network.cash.size
    cash = np.array([data.draw(vectors(AMOUNTS, size), label=f"cash of system {k}") for k in range(3)])
    scale = np.array([1.0, 0.5, 2.0])
    batches = [
        (clear(network._replace(cash=cash)), [network._replace(cash=row) for row in cash]),
        (
            clear(network._replace(owed=scale[:, None, None] * network.owed, cash=cash)),
            [network._replace(owed=s * network.owed, cash=row) for s, row in zip(scale, cash, strict=True)],
        ),
    ]
    for batch, systems in batches:
        for k, system in enumerate(systems):
            alone = clear(system)
            assert_array_equal(np.asarray(batch.payments)[k], alone.payments)
            assert_array_equal(batch.round[k], alone.round)
            assert batch.default_set[k] == alone.default_set
            assert_allclose(batch.amplification[k], alone.amplification)
            assert batch.unique[k] == alone.unique


@given(networks(largest=5), st.data())
def test_amounts_by_system_of_one_structure(network, data):
    sparse = csr_array(network.owed)
    factors = data.draw(vectors(AMOUNTS, 2), label="factor of each system")
    amounts = factors[:, None] * sparse.data
    batch = clearing.eisenberg_noe(sparse, network.cash, network.owed_outside, amounts_by_system=amounts)
    for k, factor in enumerate(factors):
        alone = clearing.eisenberg_noe(network.owed * factor, network.cash, network.owed_outside)
        assert_allclose(batch.payments[k], alone.payments, **CLOSE)


@given(networks())
def test_an_isolated_node_changes_nothing(network):
    wider = Network(np.pad(network.owed, (0, 1)), *(np.append(v, 0.5) for v in network[1:]))
    wider.owed_outside[-1] = 0.0
    assert_allclose(clear(wider).payments[:-1], clear(network).payments, **CLOSE)
    assert clear(wider).payments[-1] == 0.0


@given(networks(recovery=NO_COSTS, largest=5), st.data())
def test_payments_are_concave_in_cash(network, data):
    other = data.draw(vectors(AMOUNTS, network.cash.size), label="other cash")
    middle = clear(network._replace(cash=(network.cash + other) / 2)).payments
    ends = (clear(network).payments + clear(network._replace(cash=other)).payments) / 2
    assert (middle >= ends - 1e-9).all()


@given(networks(largest=5))
def test_sensitivities_are_differences(network):
    result = clear(network)
    step = 1e-6
    matrix = np.asarray(result.payment_sensitivities())
    for node in range(network.cash.size):
        if network.cash[node] > step:
            less = clear(network._replace(cash=network.cash - step * (np.arange(network.cash.size) == node)))
            if (less.in_default == result.in_default).all():
                assert_allclose((result.payments - less.payments) / step, matrix[:, node], atol=1e-4)


@given(st.integers(1, 5), st.data())
def test_senior_claims_are_paid_before_junior_ones(size, data):
    ranks = [data.draw(matrices(size, f"rank {k}"), label=f"owed in rank {k}") for k in range(3)]
    holdings = data.draw(solvent_shares(size), label="holdings")
    cash = data.draw(vectors(AMOUNTS, size), label="cash")
    hard = data.draw(st.integers(0, 3), label="hard ranks")
    recovery = data.draw(SHARES, label="recovery")
    both = [
        clearing.elsinger(
            ranks,
            cash,
            equity_of_row_owned_by_column=holdings,
            hard_ranks=hard,
            alpha=recovery,
            beta=recovery,
            vector=vector,
        )
        for vector in ("greatest", "least")
    ]
    assert (both[1].equity <= both[0].equity + 1e-8).all()
    for result in both:
        check_waterfall(result, ranks, holdings, cash, recovery)


def check_waterfall(result, ranks, holdings, cash, recovery):
    due = np.stack([rank.sum(axis=1) for rank in ranks], axis=1)
    paid = result.payments_by_rank
    for senior in range(2):
        unpaid = due[:, senior] - paid[:, senior] > 1e-8
        assert (paid[unpaid, senior + 1 :] <= 1e-8).all()
    share = np.divide(paid, due, out=np.ones_like(paid), where=due > 0)
    received = sum(rank.T @ share[:, k] for k, rank in enumerate(ranks)) + holdings.T @ result.equity
    assert_allclose(result.received, received, atol=1e-7)
    assets = np.where(result.in_default, recovery, 1.0) * (cash + received)
    assert_allclose(assets, paid.sum(axis=1) + result.equity, atol=1e-7)


@given(networks(recovery=NO_COSTS))
def test_families_agree_where_they_overlap(network):
    plain = clearing.eisenberg_noe(network.owed, network.cash, network.owed_outside)
    assert_array_equal(plain.payments, clear(network).payments)
    nobody = np.zeros_like(network.owed)
    ranked = clearing.elsinger(
        [nobody, network.owed],
        network.cash,
        [0.0, network.owed_outside],
        equity_of_row_owned_by_column=nobody,
    )
    assert_allclose(ranked.payments, plain.payments, **CLOSE)
    share, due = shares_of(network)
    crossed = clearing.xos(
        due, network.cash, equity_of_column_owned_by_row=nobody, debt_of_column_owned_by_row=share.T
    )
    assert_allclose(crossed.payments, plain.payments, atol=1e-8)


@pytest.mark.parametrize("length", [2, 3, 10, 65, 500, 3000])
@pytest.mark.parametrize("leak", [0.0, 1e-4, 0.1])
def test_cycles_of_any_length(length, leak):
    """Each node has half of what leaks, so each pays half of what it owes (all of it when nothing leaks)."""
    ring = csr_array(
        (np.ones(length), (np.arange(length), np.roll(np.arange(length), -1))), shape=(length,) * 2
    )
    result = clearing.eisenberg_noe(ring, leak / 2, leak)
    expected = (1 + leak) * (0.5 if leak else 1.0)
    assert_allclose(result.payments, expected, rtol=1e-6)
    assert result.unique == (leak > 0)


@pytest.mark.parametrize("length", [1, 2, 64, 5000])
def test_chains_of_any_length(length):
    chain = csr_array(
        (np.ones(length - 1), (np.arange(length - 1), np.arange(1, length))), shape=(length,) * 2
    )
    cash = np.zeros(length)
    cash[0] = 0.25
    owed_outside = np.zeros(length)
    owed_outside[-1] = 1.0
    result = clearing.eisenberg_noe(chain, cash, owed_outside)
    assert_allclose(result.payments, 0.25)
    assert result.rounds_of_default == [[k] for k in range(length)]


@settings(max_examples=20)
@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_large_sparse_networks_equal_a_plain_iteration(exponent, seed):
    n = 4**exponent
    rng = np.random.default_rng(seed)
    debtor, creditor = rng.integers(0, n, (2, 5 * n))
    keep = debtor != creditor
    owed = csr_array((rng.exponential(size=keep.sum()), (debtor[keep], creditor[keep])), shape=(n, n))
    due = np.asarray(owed.sum(axis=1)).ravel() * 1.2
    cash = rng.uniform(0, 0.6, n) * due
    result = clearing.eisenberg_noe(owed, cash, due / 6)
    share = csr_array(owed.multiply(np.divide(1.0, due, out=np.zeros(n), where=due > 0)[:, None])).T
    payments = due
    for _ in range(400):
        payments = np.minimum(due, cash + share @ payments)
    assert_allclose(result.payments, payments, rtol=1e-9, atol=1e-9)
    assert result.residual < 1e-9


@settings(max_examples=40)
@given(
    st.integers(3, 150),
    st.integers(0, 2**32 - 1),
    st.floats(0.5, 3.0),
    st.sampled_from([0.0, 0.05, 0.3]),
    st.sampled_from([1.0, 0.7]),
)
def test_many_defaulters_at_once_equal_one_after_another(n, seed, spread, leak, recovery):
    """Two ranks, the first of them empty, are cleared lazily; one rank in sweeps, or by elimination if few fall.

    The wider the spread, the more depends on few large debtors, and the worse is the guess of who may fall.
    """
    rng = np.random.default_rng(seed)
    size = np.exp(spread * rng.normal(size=n))
    owed = rng.exponential(size=(n, n)) * size * size[:, None]
    np.fill_diagonal(owed, 0.0)
    cash, outside = rng.uniform(0.0, 1.0, n) * owed.sum(axis=1), leak * owed.sum(axis=1)
    recovered = {"alpha": recovery, "beta": recovery}
    lazily = clearing.elsinger([0.0 * owed, owed], cash, [0.0, outside], **recovered)
    for network in (owed, csr_array(owed)):
        at_once = clearing.rogers_veraart(network, cash, outside, **recovered)
        assert_array_equal(at_once.round, lazily.round)
        assert_allclose(at_once.payments, lazily.payments, rtol=1e-10, atol=1e-10 * owed.sum())
        assert at_once.residual <= 1e-12 * owed.sum()


def test_amounts_that_cannot_be_added_up_are_refused():
    with pytest.raises(ValueError, match="too large to add up"):
        clearing.eisenberg_noe(np.array([[0.0, 1e308, 1e308], [0, 0, 0], [0, 0, 0]]), np.ones(3))
