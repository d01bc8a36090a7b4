"""Networks by name, labelled results, refusals, and the interpreter left free."""

import threading
import time

import numpy as np
import pandas as pd
import polars as pl
import pytest
from cashcade import clearing, contagion
from cashcade.errors import CashcadeError, InputError
from numpy.testing import assert_allclose
from scipy.sparse import csr_array

LINKS = {
    "debtor": ["lab", "app", "app", "cloud"],
    "creditor": ["cloud", "lab", "cloud", "lab"],
    "amount": [20.0, 5.0, 24.0, 10.0],
}
CASH = {"lab": 10.0, "app": 10.0, "cloud": 10.0}


@pytest.mark.parametrize(
    "table", [LINKS, pd.DataFrame(LINKS), pl.DataFrame(LINKS)], ids=["columns", "pandas", "polars"]
)
@pytest.mark.parametrize("cash", [CASH, pd.Series(CASH)], ids=["by name", "series"])
def test_labelled_in_labelled_out(table, cash):
    result = clearing.eisenberg_noe(table, cash)
    assert result.payments.dims == ("node",)
    assert list(result.payments.node.values) == ["lab", "app", "cloud"]
    assert result.default_set == ["app"]
    assert result.rounds_of_default == [["app"]]
    assert_allclose(result.payments.sel(node="app"), 10.0)
    assert_allclose(result.payment_sensitivities().sel(node="app", node_of_cash="app"), 1.0)
    assert_allclose(result.payment_sensitivities({"app": 2.0}).sel(node="app"), 2.0)
    assert result.payments_by_rank.dims == ("node", "rank")


def test_names_label_a_matrix():
    result = clearing.eisenberg_noe([[0, 2], [1, 0]], {"b": 0.5, "a": 0.0}, names=["a", "b"])
    assert result.default_set == ["a"]
    stress = contagion.debtrank([[0, 1], [1, 0]], {"a": 1.0, "b": 2.0})
    assert stress.stress.dims == ("node_shocked", "node")
    assert stress.stress.sel(node_shocked="a", node="b") == 0.5


def test_holdings_by_name():
    holdings = pd.DataFrame({"issuer": ["lab"], "owner": ["cloud"], "share": [0.5]})
    result = clearing.elsinger([LINKS], CASH, equity_of_row_owned_by_column=holdings)
    plain = clearing.eisenberg_noe(LINKS, CASH)
    assert_allclose(
        result.equity.sel(node="cloud"), plain.equity.sel(node="cloud") + plain.equity.sel(node="lab") / 2
    )


REFUSED = {
    "unknown creditor": (
        {**LINKS, "creditor": ["clout", "lab", "cloud", "lab"]},
        CASH,
        "Did you mean 'cloud'",
    ),
    "missing column": ({"debtor": [], "creditor": []}, CASH, "no column 'amount'"),
    "link without node": (LINKS, {"lab": 1.0}, "which is no node"),
    "no names": (LINKS, [1.0, 2.0, 3.0], "pass `names`"),
    "negative amount": ({**LINKS, "amount": [1.0, -2.0, 1.0, 1.0]}, CASH, "row of node 'app'.*-2.0"),
    "self claim": ({**LINKS, "creditor": ["lab", "lab", "cloud", "lab"]}, CASH, "node 'lab' to itself"),
    "negative cash": (LINKS, {**CASH, "app": -1.0}, "`outside_assets` of node 'app' is -1.0"),
    "words": (LINKS, {**CASH, "app": "much"}, "not an array of numbers"),
    "sparse shape": (csr_array((2, 3)), [1.0, 1.0], "square"),
    "sparse loop": (csr_array(np.eye(2)), [1.0, 1.0], "node 0 to itself"),
    "sparse NaN": (csr_array([[0.0, np.nan], [0.0, 0.0]]), [1.0, 1.0], "nan"),
}


@pytest.mark.parametrize(("network", "cash", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_refusals_name_the_thing_at_fault(network, cash, message):
    with pytest.raises(InputError, match=message) as caught:
        clearing.eisenberg_noe(network, cash)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, CashcadeError)


def test_more_refusals():
    owed = [[0, 1], [1, 0]]
    with pytest.raises(InputError, match="`names` holds 'a' twice"):
        clearing.eisenberg_noe(owed, 1.0, names=["a", "a"])
    with pytest.raises(InputError, match="2 nodes but there are 1 names"):
        clearing.eisenberg_noe(owed, 1.0, names=["a"])
    with pytest.raises(InputError, match="systems"):
        clearing.eisenberg_noe([owed, owed], np.ones((3, 2)))
    with pytest.raises(InputError, match=r"`vector` is 'gratest'.*Did you mean 'greatest'"):
        clearing.eisenberg_noe(owed, 1.0, vector="gratest")
    with pytest.raises(InputError, match="belong to each other completely"):
        clearing.elsinger([owed], 1.0, equity_of_row_owned_by_column=owed)
    with pytest.raises(InputError, match="hard_ranks"):
        clearing.elsinger([owed], 1.0, hard_ranks=2)
    with pytest.raises(InputError, match=r"one per link|one sparse"):
        clearing.eisenberg_noe(csr_array(owed), 1.0, amounts_by_system=np.ones((2, 5)))
    with pytest.raises(InputError, match=r"`equity` of node 1 is 0.0"):
        contagion.debtrank(owed, [1.0, 0.0])


def test_sensitivities_need_a_single_system():
    result = clearing.eisenberg_noe([[0, 1], [1, 0]], np.ones((2, 2)))
    with pytest.raises(InputError, match="one system"):
        result.payment_sensitivities()


def test_the_interpreter_is_free_during_a_call():
    n = 200_000
    rng = np.random.default_rng(1)
    debtor, creditor = rng.integers(0, n, (2, 10 * n))
    keep = debtor != creditor
    owed = csr_array((rng.exponential(size=keep.sum()), (debtor[keep], creditor[keep])), shape=(n, n))
    due = np.asarray(owed.sum(axis=1)).ravel()
    ticks = []
    done = threading.Event()

    def tick():
        while not done.wait(0.001):
            ticks.append(time.perf_counter())

    thread = threading.Thread(target=tick)
    thread.start()
    begin = time.perf_counter()
    clearing.eisenberg_noe(owed, rng.uniform(0, 0.5, n) * due, 0.2 * due)
    end = time.perf_counter()
    done.set()
    thread.join()
    inside = [t for t in ticks if begin < t < end]
    assert max(np.diff([begin, *inside, end])) < 0.5 * (end - begin)
