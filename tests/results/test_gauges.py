"""Numbers of the user's own: measured each month like a variable, and moving nothing."""

import cashcade as cc
import numpy as np
import pytest
from cashcade.rules import add, companies, company, market, number

RUN = {"months": 8, "paths": 40, "seed": 3, "keep_paths": True}
WORLD = "ai-2025-08"


def each(result, key):
    """A series `[path, month]` of the market."""
    return result.dataset[key].to_numpy()


@pytest.fixture(scope="module")
def result():
    own = {
        "ai_gap": market.ai_capex - market.ai_revenue,
        "gap_share": (market.ai_capex - market.ai_revenue) / market.ai_capex,
        "all_cash": companies().cash.sum(),
        "was_cash": companies().cash.sum().lag(2),
        "poorest": companies().runway.min(),
        "failures": companies().failed.count(),
        "crisis": market.ai_revenue < market.ai_capex,
    }
    return cc.run(WORLD, record=["company.cash", "market.ai_capex", "market.ai_revenue", own], **RUN)


def test_it_is_what_the_variables_say_at_the_end_of_the_month(result):
    capex, revenue = each(result, "market_ai_capex"), each(result, "market_ai_revenue")
    np.testing.assert_array_equal(each(result, "market_ai_gap"), capex - revenue)
    np.testing.assert_array_equal(each(result, "market_gap_share"), (capex - revenue) / capex)
    np.testing.assert_array_equal(each(result, "market_crisis"), revenue < capex)


def test_a_sum_over_companies_adds_them_in_their_order(result):
    cash = result.dataset["company_cash"].transpose("company", "kept_path", "month").to_numpy()
    np.testing.assert_array_equal(each(result, "market_all_cash"), sum(cash[1:], start=cash[0]))
    failed = result.dataset["failed_month"].to_numpy()
    months = np.arange(1, RUN["months"] + 1)
    wanted = ((failed[:, None, :] > 0) & (failed[:, None, :] <= months[:, None])).sum(axis=2)
    np.testing.assert_array_equal(each(result, "market_failures"), wanted)


def test_its_past_is_that_of_ends_of_months(result):
    cash = each(result, "market_all_cash")
    np.testing.assert_array_equal(each(result, "market_was_cash"), cash[:, [0, 0, 0, 1, 2, 3, 4, 5]])


def test_it_has_mean_deviation_quantiles_unit_and_meaning(result):
    table = result.series("market.ai_gap")
    values = each(result, "market_ai_gap")
    np.testing.assert_allclose(table["mean"], values.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(table["std"], values.std(axis=0, ddof=1), rtol=1e-9)
    np.testing.assert_array_equal(table["q50"], np.quantile(values, 0.5, axis=0))
    attributes = result.dataset["market_ai_gap_mean"].attrs
    assert attributes["units"] == "USD/month"
    assert attributes["long_name"] == "Mean over paths: market.ai_capex - market.ai_revenue"
    assert result.dataset["market_gap_share_mean"].attrs["units"] == "1"
    assert result.dataset["market_crisis_mean"].attrs["units"] == "flag"


def test_nothing_else_changes(result):
    plain = cc.run(WORLD, record=["company.cash", "market.ai_capex", "market.ai_revenue"], **RUN)
    for name, array in plain.dataset.items():
        np.testing.assert_array_equal(result.dataset[name].to_numpy(), array.to_numpy(), err_msg=name)
    assert plain.dataset.attrs["rules"] == result.dataset.attrs["rules"]


def test_it_stands_beside_rules_and_in_chunks():
    rule = cc.Rule("cheaper", market.ai_capex > number(0, "USD/month"), add(company("openai").cash, 1e6))
    case = cc.Case(WORLD, rules=[rule])
    record = [{"rich": companies().cash.max()}]
    one = case.run(record=record, **RUN)
    other = case.run(record=record, executor="processes", chunk=16, threads=1, **RUN)
    np.testing.assert_array_equal(each(one, "market_rich"), each(other, "market_rich"))
    assert "market_rich" not in case.run(**RUN).dataset


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"Gap": market.ai_capex}, "'Gap' is no name; wanted letters, digits and _, such as ai_gap"),
        ({"ai_capex": market.ai_capex}, '"market.ai_capex" is there already; choose another name'),
        ({"cash": companies().cash}, "which has a value for each of companies\\(\\); make it one by"),
        ({"gap": "market.ai_capex"}, "wanted one such as market.ai_capex - market.ai_revenue"),
        ({"state": market.funding}, "wanted one such as"),
    ],
)
def test_what_is_no_number_is_an_error(own, message):
    with pytest.raises(cc.ArgumentError, match=message):
        cc.run(WORLD, record=["company.cash", own], months=1, paths=1)


def test_who_is_not_in_the_world_is_an_error():
    with pytest.raises(cc.RuleError, match=r'record: "x": .*has no company "opnai"'):
        cc.run(WORLD, record=[{"x": company("opnai").cash}], months=1, paths=1)
