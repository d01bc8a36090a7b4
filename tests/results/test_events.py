"""Events of one path of a run, with names: they add up to every company's cash, and say what is wrong."""

import cashcade as cc
import numpy as np
import pandas as pd
import pytest
from cashcade.results.events import OUTSIDE

PATHS, MONTHS = 24, 36


@pytest.fixture(scope="module", params=["cold-window", "hot-window"])
def result(request):
    return cc.run(
        "ai-2025-08",
        scenarios=[request.param],
        months=MONTHS,
        paths=PATHS,
        first_path=100,
        seed=3,
        record=["company.cash"],
        keep_paths=True,
    )


def gains(events: pd.DataFrame, companies: np.ndarray) -> np.ndarray:
    """What each company is paid less what it pays, `[months, companies]`."""
    received, spent = (
        events.pivot_table("amount", "month", end, "sum", observed=False) for end in ("payee", "payer")
    )
    net = received.sub(spent, fill_value=0.0)
    return net.reindex(index=range(1, MONTHS + 1), columns=companies, fill_value=0.0).to_numpy()


def test_the_cash_of_every_company_to_the_cent(result):
    dataset = result.dataset
    companies = dataset["company"].to_numpy()
    for path in dataset["kept_path"].to_numpy():
        draw = int(dataset["path_draw"].sel(path=path))
        start = dataset["company_cash_start"].sel(draw=draw).to_numpy()
        cash = np.vstack([start, dataset["company_cash"].sel(kept_path=path).to_numpy()])
        found = gains(result.events(int(path)), companies)
        np.testing.assert_allclose(found, np.diff(cash, axis=0), rtol=0, atol=0.005)


def test_events_tell_the_failures_of_the_result(result):
    failures = result.failures()
    assert len(failures)
    for path in result.dataset["path"].to_numpy():
        events = result.events(int(path))
        fell = events[events["why"] == "failure"]
        wanted = failures[failures["path"] == path]
        told = sorted(zip(fell["month"], fell["payer"], fell["value"], strict=True))
        assert told == sorted(zip(wanted["month"], wanted["company"], wanted["debt"], strict=True))


def test_deals_name_a_buyer_and_holders(result):
    """The price that a buyer pays goes on to holders."""
    events = pd.concat([result.events(int(path)) for path in result.dataset["path"].to_numpy()])
    deals = events[events["why"] == "deal"]
    assert len(deals)
    assert (deals["amount"] > 0).all()
    assert set(events["why"]) >= {
        "segment sale",
        "contract bill",
        "equipment",
        "cost",
        "interest",
        "round",
        "draw",
    }
    assert set(events["payer"].cat.categories) == {*result.dataset["company"].to_numpy(), *OUTSIDE}


@pytest.mark.parametrize("path", [99, 124, True, 100.5, "first"])
def test_a_path_that_is_not_of_the_run(result, path):
    with pytest.raises(cc.ArgumentError, match="wanted a path of the run: 100 to 123"):
        result.events(path)


def test_a_result_from_a_file_has_no_world(result, tmp_path):
    (file,) = result.save(tmp_path / "run.nc")
    with pytest.raises(cc.ArgumentError, match="run anew"):
        cc.Result.load(file).events(100)
