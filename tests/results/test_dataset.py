"""The labelled dataset against the arrays it is made from."""

import numpy as np
import pytest
from cashcade import _core
from cashcade.results.layout import build_dataset, linked_pairs
from cashcade.words.rows import variables


def test_series_are_moments_and_quantiles(made):
    source, _ = made()
    dataset = build_dataset(source)
    kept = make_kept(made)
    cash = dataset["company_cash_mean"]
    assert cash.dims == ("month", "company")
    np.testing.assert_allclose(cash, kept.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(dataset["company_cash_std"], kept.std(axis=0, ddof=1), rtol=1e-9)
    quantile = dataset["company_cash_quantile"]
    assert quantile.dims == ("month", "company", "quantile")
    np.testing.assert_allclose(quantile.sel(quantile=0.05), np.quantile(kept[:40], 0.05, axis=0))


def make_kept(made):
    """Cash of all 64 paths, `[paths, months, companies]`."""
    return made(keep=64)[1]["kept"][0]


def test_units_meanings_and_market_without_dimension(made):
    dataset = build_dataset(made()[0])
    table = variables()
    assert dataset["company_cash_mean"].attrs["units"] == "USD"
    assert table["company.cash"].meaning in dataset["company_cash_mean"].attrs["long_name"]
    assert dataset["market_capex_gdp_mean"].dims == ("month",)
    assert all("units" in values.attrs for values in dataset.data_vars.values())


def test_months_have_numbers_and_dates(made):
    dataset = build_dataset(made()[0])
    assert dataset["month"].to_numpy().tolist() == list(range(1, 13))
    assert str(dataset["date"].to_numpy()[0])[:10] == "2025-09-01"
    assert str(dataset["date"].to_numpy()[-1])[:10] == "2026-08-01"


def test_outcomes_are_those_of_the_core(made):
    source, answer = made(first_path=48)
    dataset = build_dataset(source)
    assert dataset["path"].to_numpy().tolist() == list(range(48, 112))
    assert dataset["path_draw"].to_numpy().tolist() == [path // 4 for path in range(48, 112)]
    for name in ("failed_month", "cause", "trigger", "debt_at_failure"):
        np.testing.assert_array_equal(dataset[name], answer[name])
    assert dataset["cause"].attrs["flag_meanings"].split() == _core.causes()


def test_draws_of_which_no_path_was_finished_do_not_count(made):
    source, _ = made(unfinished=range(10, 64))
    assert build_dataset(source).attrs["draws"] == 3


def test_unfinished_paths_are_left_out(made):
    source, _ = made(unfinished=(2, 50), keep=10)
    dataset = build_dataset(source)
    assert dataset.attrs["paths"] == dataset.sizes["path"] == 62
    assert dataset.attrs["draws"] == 16
    assert dataset.attrs["interrupted"] == 1
    assert dataset.attrs["quantile_paths"] == dataset.sizes["sample"] == 39
    assert dataset["kept_path"].to_numpy().tolist() == [0, 1, 3, 4, 5, 6, 7, 8, 9]
    kept = made(keep=64)[1]["kept"][0]
    np.testing.assert_allclose(dataset["company_cash_mean"], np.delete(kept, [2, 50], axis=0).mean(axis=0))
    np.testing.assert_array_equal(dataset["company_cash"], np.delete(kept, 2, axis=0)[:9])
    np.testing.assert_allclose(
        dataset["company_cash_quantile"].sel(quantile=0.5), np.median(np.delete(kept, 2, axis=0)[:39], axis=0)
    )


def test_full_series_on_request_only(made):
    assert "company_cash" not in build_dataset(made()[0])
    dataset = build_dataset(made(keep=64)[0])
    assert dataset["company_cash"].dims == ("kept_path", "month", "company")
    assert dataset["market_capex_gdp"].dims == ("kept_path", "month")
    assert dataset.attrs["quantile_paths"] == 40


def test_no_sample_no_quantiles(made):
    dataset = build_dataset(made(quantiles=(), sample=0)[0])
    assert not [name for name in dataset if str(name).endswith("_quantile")]
    assert dataset.attrs["quantile_paths"] == 0


def test_single_path_has_no_spread(made):
    dataset = build_dataset(made(paths=1, sample=1)[0])
    assert dataset["company_cash_std"].isnull().all()
    assert dataset["company_cash_mean"].notnull().all()


def test_numbers_of_the_start_by_draw_only_where_drawn(made):
    dataset = build_dataset(made()[0])
    assert dataset["company_cash_start"].dims == ("draw", "company")
    assert dataset["company_debt_start"].dims == ("company",)
    assert dataset["company_debt_start"].to_numpy().tolist() == [10.0, 90.0, 0.0, 0.0]
    assert build_dataset(made(paths=4, sample=4)[0])["company_cash_start"].dims == ("company",)


def test_linked_pairs_once_inside_and_sorted(made):
    arrays = made()[0].inputs.arrays
    arrays |= {
        "fleet.owner": np.array([3], np.int32),
        "order.fleet": np.array([0, 0], np.int32),
        "order.vendor": np.array([2, 3], np.int32),
    }
    # contracts 0-1, 3-0; loans 1-2, 1-outside, 0-2; stakes 2-0, outside-3; orders 3-2 and one of its own
    assert linked_pairs(arrays).tolist() == [[0, 1], [0, 2], [0, 3], [1, 2], [2, 3]]


def test_recorded_about_the_run(made):
    attributes = build_dataset(made(first_path=16)[0]).attrs
    expected = {
        "world": "made-up",
        "seed": 3,
        "months": 12,
        "paths": 64,
        "first_path": 16,
        "draws": 16,
        "replicates": 4,
    }
    assert expected.items() <= attributes.items()
    assert attributes["imbalance"] == pytest.approx(1e-15)
