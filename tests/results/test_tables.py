"""Summary, failures, losses, contagion and cascade against counting path by path."""

import io

import numpy as np
import pandas as pd
import pytest
from cashcade import _core
from cashcade.errors import ArgumentError
from cashcade.results.contagion import WITHIN, set_off
from cashcade.results.layout import build_dataset
from cashcade.results.result import Result
from cashcade.results.runway import Flows, runway_at_start
from cashcade.results.statistics import standard_error
from cashcade.results.summary import horizons
from cashcade.results.text import report
from rich.console import Console

COMPANIES = ["lab", "cloud", "bank", "shop"]
LINKED = {(0, 1), (0, 2), (0, 3), (1, 2)}


@pytest.fixture
def paths(result):
    """Failures path by path: a list of (month, cause, trigger) by company."""
    dataset = result.dataset
    stacked = [dataset[name].to_numpy().astype(int) for name in ("failed_month", "cause", "trigger")]
    return [
        list(zip(*(values[path] for values in stacked), strict=True)) for path in range(dataset.sizes["path"])
    ]


def test_chance_of_failure_by_month(result, paths):
    summary = result.summary()
    assert summary.index.tolist() == COMPANIES
    for place, company in enumerate(COMPANIES):
        failed = [0 < path[place][0] <= 12 for path in paths]
        assert summary.loc[company, "failed_12"] == pytest.approx(np.mean(failed))
        error = standard_error(np.array(failed), np.arange(64) // 4)
        assert summary.loc[company, "failed_12_se"] == pytest.approx(float(error))


@pytest.mark.parametrize(
    ("months", "expected"),
    [(6, (6,)), (12, (12,)), (18, (12, 18)), (36, (12, 24, 36)), (60, (12, 24, 36, 60))],
)
def test_horizons(months, expected):
    assert horizons(months) == expected


def test_main_cause_and_median_month(result, paths):
    summary, causes = result.summary(), _core.causes()
    for place, company in enumerate(COMPANIES):
        hits = [path[place] for path in paths if path[place][0]]
        assert summary.loc[company, "median_month"] == np.median([month for month, _, _ in hits])
        counts = pd.Series([causes[cause] for _, cause, _ in hits]).value_counts()
        assert counts[summary.loc[company, "main_cause"]] == counts.max()
        assert summary.loc[company, "main_cause_share"] == pytest.approx(counts.max() / len(hits))


def test_company_that_never_fails(made):
    source, _ = made()
    source.outcome.failed_month[:, 2] = 0
    summary = Result(lambda: build_dataset(source)).summary()
    assert summary.loc["bank", "failed_12"] == 0.0
    assert summary.loc["bank", "main_cause"] is None or pd.isna(summary.loc["bank", "main_cause"])
    assert np.isnan(summary.loc["bank", "median_month"])


def test_cash_and_runway_of_the_start(result, made):
    source, answer = made()
    summary = result.summary()
    np.testing.assert_allclose(summary["cash"], source.inputs.arrays["company.cash"].mean(axis=0))
    flows = Flows(*(series[:40, 0] for series in answer["kept"][-4:]))  # recorded last; a sample of 40
    months = runway_at_start(source.inputs.arrays, flows, np.arange(40) // 4)
    np.testing.assert_array_equal(summary["runway"], np.median(months, axis=0))


def test_runway_is_unknown_without_sample(made):
    summary = Result(lambda: build_dataset(made(quantiles=(), sample=0)[0])).summary()
    assert summary["runway"].isna().all()


def test_failures_row_by_row(result, paths):
    table, causes = result.failures(), _core.causes()
    expected = [
        (number, COMPANIES[place], month, causes[cause], COMPANIES[trigger] if trigger >= 0 else None)
        for number, path in enumerate(paths)
        for place, (month, cause, trigger) in enumerate(path)
        if month
    ]
    given = [
        (row.path, row.company, row.month, row.cause, row.trigger if isinstance(row.trigger, str) else None)
        for row in table.itertuples()
    ]
    assert given == expected
    assert table.loc[table["company"] == "cloud", "debt"].eq(90.0).all()


def test_losses_by_hand(made):
    source, answer = made(sample=64)
    table = Result(lambda: build_dataset(source)).losses()
    month, loss = answer["failed_month"].astype(int), answer["kept"][4][:, -1]
    lives = {borrower: (month[:, 2] == 0) | (month[:, 2] >= month[:, borrower]) for borrower in (0, 1)}
    bank = loss[:, 0] * lives[1] + loss[:, 2] * lives[0]
    capital = loss.sum(axis=1) - bank
    draw = np.arange(64) // 4
    assert (capital > loss[:, 1] + 1e-9).any(), "the example has a bank that fails before its borrowers"
    assert table.loc["bank", "credit"] == pytest.approx(bank.mean())
    assert table.loc["bank", "credit_se"] == pytest.approx(float(standard_error(bank, draw)))
    assert table.loc["bank", "credit_95"] == pytest.approx(np.quantile(bank, 0.95))
    assert table.loc["bank", "equity"] == pytest.approx(7.0 * ((month[:, 0] > 0) & lives[0]).mean())
    assert table.loc["capital", "equity_95"] == pytest.approx(np.quantile(3.0 * (month[:, 3] > 0), 0.95))
    assert table.loc["capital", "total"] == pytest.approx((capital + 3.0 * (month[:, 3] > 0)).mean())
    assert table.loc["bank", "total"] == pytest.approx(answer["kept"][3][:, -1, 2].mean())
    assert table.loc["bank", "exposure"] == 47.0
    assert table.loc["capital", "exposure"] == 63.0


def test_claims_by_hand(made):
    source, answer = made(sample=64)
    result = Result(lambda: build_dataset(source))
    table, losses = result.claims(), result.losses()
    month, loss = answer["failed_month"].astype(int), answer["kept"][4][:, -1]
    lives = {borrower: (month[:, 2] == 0) | (month[:, 2] >= month[:, borrower]) for borrower in (0, 1)}
    assert list(table) == ["secured", "unsecured", "subordinated", "stakes", "bills"]
    assert table.loc["bank", "secured"] == pytest.approx((loss[:, 0] * lives[1]).mean())
    assert table.loc["bank", "unsecured"] == pytest.approx((loss[:, 2] * lives[0]).mean())
    assert table.loc["bank", "subordinated"] == 0.0
    assert table.loc["capital", "secured"] == pytest.approx((loss[:, 0] * ~lives[1]).mean())
    assert table.loc["capital", "subordinated"] == pytest.approx(loss[:, 1].mean())
    np.testing.assert_allclose(table.iloc[:, :3].sum(axis=1), losses["credit"], rtol=1e-12)
    np.testing.assert_array_equal(table["stakes"], losses["equity"])
    whole = np.maximum(losses["total"], losses["credit"] + losses["equity"])
    np.testing.assert_allclose(table.sum(axis=1), whole, rtol=1e-12)


def test_claims_of_a_result_that_was_saved_without_ranks_are_together(made):
    dataset = build_dataset(made()[0])
    old = Result(lambda: dataset.drop_vars("loan_rank"))
    assert list(old.claims()) == ["loans", "stakes", "bills"]
    np.testing.assert_array_equal(old.claims()["loans"], old.losses()["credit"])
    without = dataset.drop_vars([name for name in dataset if str(name).startswith("loan_")])
    table = Result(lambda: without).claims()
    assert (table[["secured", "unsecured", "subordinated"]] == 0.0).all(axis=None)


def test_losses_of_few_sampled_paths_keep_the_mean_of_all(made):
    source, _ = made(sample=16)
    table = Result(lambda: build_dataset(source)).losses()
    total = made(keep=64)[1]["kept"][4][:, -1].sum(axis=1).mean()
    assert table["credit"].sum() == pytest.approx(total), "what one does not lose another does"


def test_error_of_losses_is_scaled_from_the_sample_to_all_paths(made):
    few = Result(lambda: build_dataset(made(sample=16)[0])).losses()
    alone = Result(lambda: build_dataset(made(paths=16, sample=16)[0])).losses()
    assert few.loc["bank", "credit_se"] == pytest.approx(alone.loc["bank", "credit_se"] / 2)
    assert few.loc["bank", "credit_95"] == pytest.approx(alone.loc["bank", "credit_95"])


def test_losses_are_sorted_and_unknown_without_sample(made):
    table = Result(lambda: build_dataset(made(quantiles=(), sample=0)[0])).losses()
    assert table["total"].is_monotonic_decreasing
    assert table["credit_se"].isna().all()
    assert table["credit"].notna().all()


def test_contagion_counts(result, paths):
    table = result.contagion()
    for first in range(4):
        for then in range(4):
            times, followed, triggered, usual = count_pair(paths, first, then)
            pair = (COMPANIES[first], COMPANIES[then])
            tied = tuple(sorted((first, then))) in LINKED
            if first == then or not times or not (tied or triggered):
                assert pair not in table.index
                continue
            row = table.loc[pair]
            assert (row["linked"], row["times"], row["followed"], row["triggered"]) == (
                tied,
                times,
                followed,
                triggered,
            )
            assert row["conditional"] == pytest.approx(followed / times)
            assert row["unconditional"] == pytest.approx(usual)
            assert 0 <= row["conditional_se"] < 0.5


def count_pair(paths, first, then):
    """The definitions of `Result.contagion`, path by path."""
    risk = [path for path in paths if at_risk(path, first, then)]
    followed = [path for path in risk if path[then][0] and 0 <= path[then][0] - path[first][0] <= WITHIN]
    triggered = [path for path in followed if path[then][2] == first]
    usual = []
    for path in risk:
        month = path[first][0]
        alive = [other[then][0] for other in paths if other[then][0] == 0 or other[then][0] >= month]
        usual.append(np.mean([0 < failed <= month + WITHIN for failed in alive]))
    return len(risk), len(followed), len(triggered), np.mean(usual) if usual else np.nan


def at_risk(path, first, then):
    month = path[first][0]
    return month > 0 and path[first][2] != then and (path[then][0] == 0 or path[then][0] >= month)


def test_cascade_by_brute_force(result, paths):
    debt = result.dataset["debt_at_failure"].to_numpy().sum(axis=1) >= 10.0
    links = np.array([has_chain(path) for path in paths])
    table = result.cascade()
    assert 0 < links.mean() < debt.mean() < 1, "the example can tell them apart"
    for kind, expected in {"debt": debt, "links": links, "systemic": debt | links}.items():
        assert table.loc[kind, "chance"] == expected.mean()
        assert table.loc[kind, "se"] == pytest.approx(float(standard_error(expected, np.arange(64) // 4)))


def has_chain(path):
    months = [month for month, _, _ in path]
    for trio in ((0, 1, 2), (0, 1, 3), (0, 2, 3), (1, 2, 3)):
        fallen = [months[place] for place in trio]
        ties = sum(
            tuple(sorted(pair)) in LINKED
            for pair in ((trio[0], trio[1]), (trio[0], trio[2]), (trio[1], trio[2]))
        )
        if min(fallen) and max(fallen) - min(fallen) <= WITHIN and ties >= 2:
            return True
    return False


def test_uncertainty(result, made):
    table = result.uncertainty()
    assert table.columns.tolist() == ["failed", "draws", "luck", "draws_share", "draws_share_se"]
    assert table["draws_share"].between(0, 1).all()
    with pytest.raises(ArgumentError, match="replicates=4"):
        Result(lambda: build_dataset(made(replicates=1)[0])).uncertainty()
    with pytest.raises(ArgumentError, match="1 to 12"):
        result.uncertainty(13)


def test_series_of_one_company(result):
    table = result.series("company.cash", company="lab")
    assert table.index.name == "month"
    assert table.columns.tolist() == ["date", "mean", "std", "q5", "q50", "q95"]
    np.testing.assert_allclose(table["mean"], result.dataset["company_cash_mean"].sel(company="lab"))
    np.testing.assert_allclose(
        table["q95"], result.dataset["company_cash_quantile"].sel(company="lab", quantile=0.95)
    )


def test_series_of_all_and_of_the_market(result):
    table = result.series("company.cash")
    assert table.index.names == ["company", "month"]
    pd.testing.assert_frame_equal(table.loc["bank"], result.series("company.cash", company="bank"))
    assert result.series("market.capex_gdp").index.name == "month"


@pytest.mark.parametrize(
    ("name", "chosen", "message"),
    [
        ("company.chas", {}, "Did you mean 'company.cash'"),
        ("company.debt", {}, "recorded variable 'company.debt'"),
        ("company.cash", {"company": "lap"}, "Did you mean 'lab'"),
        ("company.cash", {"loan": "lab-bank"}, "chosen by a company; got loan"),
        ("market.capex_gdp", {"company": "lab"}, "there is one market"),
    ],
)
def test_series_errors(result, name, chosen, message):
    with pytest.raises(ArgumentError, match=message):
        result.series(name, **chosen)


def test_how_many_failures_another_set_off(made, result, paths):
    """A ratio of sums over draws, with the error of such a ratio."""
    found = set_off(result.dataset)
    fails = np.array([sum(month > 0 for month, _, _ in path) for path in paths])
    caused = np.array([sum(month > 0 and trigger >= 0 for month, _, trigger in path) for path in paths])
    assert (found.failures, found.share) == (fails.sum(), caused.sum() / fails.sum())
    residual = (caused - found.share * fails).reshape(16, 4).sum(axis=1)
    assert found.se == pytest.approx(np.sqrt(16 / 15 * np.square(residual).sum()) / fails.sum())
    assert found.draws == len({place // 4 for place, count in enumerate(fails) if count})
    source, _ = made()
    source.outcome.failed_month[:] = 0
    assert set_off(build_dataset(source)).failures == 0


def test_only_pairs_that_the_model_knows_of_are_printed(made):
    """All fail in month 3; only on the first path is one the reason of another."""
    source, _ = made()
    source.outcome.failed_month[:] = 3
    source.outcome.trigger[:] = -1
    printed = shown(source)
    assert "< 19 % of 256 failures are set off by another" in printed, "3 / 16 draws"
    assert "sets off that of" not in printed
    source.outcome.trigger[0, 1] = 0
    table = shown(source).partition("Whose failure sets off whose")[2].partition("% of 256 failures")[0]
    assert [line.split()[:4] for line in table.splitlines() if line.startswith("lab")] == [
        ["lab", "cloud", "1", "64"]
    ]
    assert "bank" not in table
    assert len(Result(lambda: build_dataset(source)).contagion()) > 1, "the others are in the full table"


def shown(source):
    screen = Console(width=200, file=io.StringIO(), force_terminal=False)
    for section in report(Result(lambda: build_dataset(source)), 200):
        screen.print(section)
    return screen.file.getvalue()
