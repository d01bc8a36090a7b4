"""Explanations: known by hand where a world is small, and adding up to the cent where it is not."""

import json

import cashcade as cc
import numpy as np
import pandas as pd
import pytest
from cashcade.commands import execute
from cashcade.errors import ArgumentError
from cashcade.results.explain import Explanation
from cashcade.world import World

HEAD = '[world]\nname = "small"\ndate = 2025-08-31\n'

MATURES = (
    HEAD
    + """
[[company]]
id = "lab"
name = "The Lab"
cash = 50.0
fixed_cost = 70.0
default_cost = 0.1

[[company]]
id = "bank"
cash = 1000.0

[[company]]
id = "app"
cash = 500.0

[[contract]]
customer = "app"
supplier = "lab"
usage = 60.0

[[loan]]
borrower = "lab"
lender = "bank"
balance = 240.0
rate = 0.05
maturity = 2
refinance_chance = 0.0
"""
)

ORPHANED = (
    HEAD
    + """
[[company]]
id = "lab"
cash = 100.0
fixed_cost = 70.0

[[company]]
id = "app"
cash = 80.0
fixed_cost = 10.0

[[contract]]
customer = "app"
supplier = "lab"
usage = 60.0
"""
)

REFUSED = (
    HEAD
    + """
[[company]]
id = "lab"
cash = 10.0
fixed_cost = 3.0
round_runway = 12.0
"""
)

MONEY = ("gets", "pays", "comes in", "goes out", "is due")


def explained(text: str, company: str = "lab", months: int = 6) -> Explanation:
    return cc.run(World.from_text(text), months=months, paths=1).explain(company)


def rows(frame: pd.DataFrame) -> list[tuple]:
    return [
        tuple(None if isinstance(cell, float) and np.isnan(cell) else cell for cell in row)
        for row in frame.itertuples(index=False)
    ]


def adds_up(found: Explanation) -> float:
    """What the chain says that was lacking."""
    steps = found.steps
    money = steps[steps["event"].str.split(":").str[0].isin(MONEY)]
    into = money[money["whom"] == found.company]["amount"].sum()
    out = money[money["who"] == found.company]["amount"].sum()
    return float(out - into - steps.loc[0, "amount"])


def test_a_balance_that_matures_by_hand():
    """Cash of 50 and bills of 60 for 70 of cost and 1 of interest: 39; then 60 for 70 and 241 due: short of 212."""
    found = explained(MATURES)
    assert rows(found.steps) == [
        (0, "peak", "lab", "", 50.0, "highest cash"),
        (1, "gets: contract bill", "app", "lab", 60.0, "month 1"),
        (1, "pays: cost", "lab", "suppliers", 70.0, "month 1"),
        (1, "pays: interest", "lab", "bank", pytest.approx(1.0), "month 1"),
        (1, "cash", "lab", "", pytest.approx(39.0), "left before the month of the failure"),
        (2, "matured", "lab", "bank", pytest.approx(240.0), "not refinanced"),
        (2, "comes in: contract bill", "app", "lab", 60.0, "in the month"),
        (2, "is due: cost", "lab", "suppliers", 70.0, "paid"),
        (2, "is due: debt service", "lab", "bank", pytest.approx(241.0), "paid 19.1, unpaid 222"),
        (
            *(2, "default takes", "lab", "suppliers", pytest.approx(9.9)),
            "lost by the default itself, so that more stays unpaid than the shortfall",
        ),
        (2, "fails", "lab", "", pytest.approx(212.0), "maturity"),
    ]
    assert (found.company, found.name, found.month, found.cause, found.behind) == (
        *("lab", "The Lab", 2),
        *("maturity", ""),
    )
    assert found.shortfall == pytest.approx(212.0)
    assert found.debt == pytest.approx(240.0 - 19.1 * 240 / 241)
    assert found.first == "not refinanced"
    assert rows(found.causes) == [
        ("not refinanced", 2, pytest.approx(240.0), True, True),
        ("debt service", 1, pytest.approx(242.0), True, False),
        ("cost beyond sales", 1, pytest.approx(20.0), False, False),
    ]
    text = str(found)
    assert text.startswith("The Lab fails in month 2 on path 0 (maturity).")
    assert "short of 212.00 USD" in text
    assert text.splitlines()[-2] == "First cause: not refinanced."
    lives_not = "On the same luck, with that alone left out, it fails in month 5: there are several causes."
    assert (
        text.splitlines()[-1]
        == f"{lives_not} It lives with all of these left out: not refinanced and cost beyond sales."
    )
    assert repr(found) == "<Explanation of lab on path 0: fails in month 2>"


def test_a_customer_that_is_lost_by_hand():
    """The app pays 60 in month 1 and dies in month 2, owing 60; the lab has 20 left, and 70 of cost in month 3."""
    found = explained(ORPHANED)
    steps = rows(found.steps)
    assert (2, "customer fails", "app", "lab", 60.0, "paid a month before that") in steps
    assert (2, "unpaid: contract bill", "app", "lab", 60.0, "of 60.0 due") in steps
    assert (2, "write-off", "lab", "app", 60.0, "of 60.0") in steps
    assert steps[-1] == (3, "fails", "lab", "", pytest.approx(50.0), "cash")
    assert found.first == "customer lost: app"
    assert rows(found.causes)[:3] == [
        ("customer lost: app", 2, 60.0, True, True),
        ("unpaid bills", 2, 60.0, True, True),
        ("losses", 2, 60.0, True, True),
    ]


def test_a_bill_that_is_not_paid_by_hand():
    """With 55 the lab would have paid month 2 out of the bill of 60 that the app owes: it lacks 15."""
    found = explained(ORPHANED.replace("cash = 100.0", "cash = 65.0"))
    assert (found.month, found.cause, found.behind) == (2, "contagion", "app")
    assert found.shortfall == pytest.approx(15.0)
    assert found.first == "unpaid bills"
    assert rows(found.steps)[-1] == (2, "fails", "lab", "app", pytest.approx(15.0), "contagion")
    assert "(contagion, by the failure of app)" in str(found)


def test_a_failure_in_the_first_month_by_hand():
    found = explained(ORPHANED.replace("cash = 80.0", "cash = 5.0"), "app")
    assert rows(found.steps) == [
        (0, "peak", "app", "", 5.0, "highest cash"),
        (1, "is due: contract bill", "app", "lab", 60.0, "paid 0, unpaid 60.0"),
        (1, "is due: cost", "app", "suppliers", 10.0, "paid 3.50, unpaid 6.50"),
        (
            *(1, "default takes", "app", "suppliers", pytest.approx(1.5)),
            "lost by the default itself, so that more stays unpaid than the shortfall",
        ),
        (1, "fails", "app", "", pytest.approx(65.0), "cash"),
    ]
    assert found.first == "cost beyond sales"


def test_what_is_refused_month_after_month_is_one_step():
    found = explained(REFUSED)
    (refused,) = (step for step in rows(found.steps) if step[1] == "refused: round")
    assert refused == (
        2,
        "refused: round",
        "lab",
        "capital",
        None,
        "2.3 months of runway, asks below 12.0 months; 3 times up to month 4, then 0.3 months",
    )
    assert found.month == 4
    assert found.shortfall == pytest.approx(2.0)
    assert found.first == "no round"
    assert rows(found.causes) == [
        ("no round", 2, None, False, True),
        ("cost beyond sales", 1, 12.0, True, False),
    ]


@pytest.fixture(scope="module", params=["money-trap", "funding-shut", "normal-window"])
def result(request):
    return cc.run("ai-2025-08", scenarios=[request.param], months=48, paths=48, first_path=100, seed=3)


def test_the_chain_adds_up_to_the_cent(result):
    """Of every failure on some paths: the chain is what was lacking, and what the log says was unpaid."""
    failures = result.failures()
    assert len(failures) > 10
    for row in failures.head(20).itertuples():
        found = result.explain(row.company, row.path)
        assert (found.month, found.cause, found.debt) == (row.month, row.cause, row.debt)
        if row.cause in {"losses", "wind_down"}:
            assert found.shortfall == 0
            assert found.first == row.cause
            continue
        if found.shortfall == 0:
            assert row.cause in {"covenant", "sudden", "wound_up"}, (
                "called at once, or ended without a shortfall"
            )
            continue
        assert found.shortfall > 0
        assert adds_up(found) == pytest.approx(found.shortfall, rel=0, abs=0.005)
        assert found.first in {*found.causes["cause"], "cash"}


def test_a_path_alone_is_that_of_the_batch(result):
    row = result.failures().iloc[0]
    text = str(result.explain(row["company"], row["path"]))
    again = cc.run(
        "ai-2025-08",
        scenarios=[result.dataset.attrs["scenarios"]],
        months=48,
        paths=1,
        first_path=int(row["path"]),
        seed=3,
        replicates=int(result.dataset.attrs["replicates"]),
    )
    assert str(again.explain(row["company"])) == text


def test_the_median_path_is_taken(result):
    failures = result.failures()
    company = failures["company"].value_counts().index[0]
    months = np.sort(failures[failures["company"] == company]["month"])
    assert result.explain(company).month == months[(len(months) - 1) // 2]


def test_first_causes_are_counted(result):
    company = result.failures()["company"].value_counts().index[0]
    table = result.why(company, paths=12)
    assert table["first"].sum() == pytest.approx(1)
    assert (table["first"].diff().dropna() <= 0).all()
    assert table["present"].between(0, 1).all()
    few = result.why(company, paths=1)
    assert few["first"].max() == 1


def test_causes_of_one_kind_are_counted_together():
    table = cc.run(World.from_text(ORPHANED), months=6, paths=4).why("lab")
    assert table.loc["customer lost", ["first", "se", "present", "amount"]].to_list() == [1.0, 0.0, 1.0, 60.0]
    assert table.loc["unpaid bills", ["first", "present"]].to_list() == [0.0, 1.0]
    others = ["saved", "first_saved", "together", "needed", "after_other", "other_saved"]
    assert table.loc["customer lost", others].to_list() == [1.0] * 6, (
        "the app is kept alive and pays 60 a month"
    )
    assert table.loc["losses", ["saved", "needed"]].to_list() == [1.0, 0.0]
    assert table.loc["losses", ["first_saved", "after_other"]].isna().all(), "it is the first on no path"


COMMITTED = (
    HEAD
    + """
[[company]]
id = "app"
cash = 50.0

[[company]]
id = "lab"
cash = 10.0

[[contract]]
customer = "app"
supplier = "lab"
usage = 1.0
commitments = [{ amount = 30.0 }]
"""
)

CALLED = MATURES.replace(
    "maturity = 2\nrefinance_chance = 0.0", "maturity = 40\nmin_cash = 45.0\ncure_months = 1"
)


REPAID = MATURES.replace("maturity = 2\nrefinance_chance = 0.0", 'maturity = 4\namortisation = "linear"')
BUILT = (
    HEAD
    + """
[[company]]
id = "lab"
cash = 50.0

[[fleet]]
owner = "lab"
capex = 20.0
committed = 1.0
"""
)
BURNT = HEAD + '[[company]]\nid = "lab"\ncash = 50.0\nfixed_cost = 20.0\n'
DEARER = (
    HEAD
    + """
[[company]]
id = "lab"
cash = 10.0
price_step = 20.0
price_step_month = 2

[[company]]
id = "app"
cash = 50.0
pass_through = 0.0

[[segment]]
seller = "app"
revenue = 6.0

[[contract]]
customer = "app"
supplier = "lab"
usage = 5.0
"""
)
SUDDEN = BURNT.replace("fixed_cost = 20.0", "sudden_failure = 12.0")
ORDERED = BURNT.replace("fixed_cost = 20.0", "wound_up = 2")


@pytest.mark.parametrize(
    ("text", "company", "cause"),
    [
        (MATURES, "lab", "not refinanced"),
        (COMMITTED, "app", "commitments beyond use"),
        (CALLED, "lab", "loan called"),
        (ORPHANED, "lab", "customer lost"),
        (REPAID, "lab", "debt service"),
        (BUILT, "lab", "capex beyond loans"),
        (BURNT, "lab", "cost beyond sales"),
        (DEARER, "app", "dearer input"),
        (SUDDEN, "lab", "sudden"),
        (ORDERED, "lab", "wound_up"),
    ],
)
def test_a_cause_is_left_out_on_the_same_luck(text, company, cause):
    """Each of these companies lives through three months without the one thing that it fails of."""
    table = cc.run(World.from_text(text), months=3, paths=2).why(company)
    assert table["first"].idxmax() == cause
    assert table.loc[cause, "saved"] == 1


def test_refusals_left_out_save_those_who_were_refused():
    """On six of seven failing paths or more that begin with a refusal; on the others several things are at work."""
    result = cc.run("ai-2025-08", months=36, paths=400, seed=1, quantiles=(), record=["company.cash"])
    table = result.why("cursor")
    assert table["first"].idxmax() == "no round"
    assert table.loc["no round", "saved"] >= 6 / 7
    assert table.loc["no round", "together"] >= 0.9


PRESETS = ("funding-shut", "money-trap", "normal-window")


def test_what_is_named_saves_the_company():
    """Of some failures of every company and preset: with all that is named left out, nine of ten live."""
    tried: dict[str, list[tuple[bool, bool]]] = {}
    for preset in PRESETS:
        result = cc.run(
            "ai-2025-08",
            scenarios=[preset],
            months=36,
            paths=128,
            seed=5,
            quantiles=(),
            record=["company.cash"],
        )
        for _, some in result.failures().groupby(["company", "cause"], observed=True):
            found = result.explain(some["company"].iloc[0], int(some["path"].iloc[0]))
            alone = found.needed.lives and len(found.needed.causes) == 1
            named = alone or len(found.needed.causes) > 1
            tried.setdefault(found.first.split(":")[0], []).append((named, found.needed.lives))
    assert len(tried) >= 8
    for cause, each in tried.items():
        assert np.mean([named for named, _ in each]) >= 0.9, cause
    assert np.mean([lives for each in tried.values() for _, lives in each]) >= 0.9


def test_an_explanation_changes_nothing(result):
    company = result.failures()["company"].value_counts().index[0]
    before = result.failures()
    assert str(result.explain(company))
    assert result.failures().equals(before)


@pytest.mark.parametrize(
    ("company", "path", "said"),
    [
        ("lob", None, "Unknown company 'lob'. Did you mean 'lab'"),
        ("lab", 7, "path is 7, wanted a path of the run: 0 to 1"),
        ("bank", None, "bank fails on none of the 2 paths"),
        ("bank", 1, "bank fails on none of the 2 paths"),
    ],
)
def test_what_cannot_be_explained(company, path, said):
    result = cc.run(World.from_text(MATURES), months=3, paths=2)
    with pytest.raises(ArgumentError, match=said):
        result.explain(company, path)


def test_a_path_on_which_it_lives(result):
    failures = result.failures()
    company = failures["company"].iloc[0]
    lives = next(
        path
        for path in result.dataset["path"].to_numpy()
        if path not in failures[failures["company"] == company]["path"].to_list()
    )
    with pytest.raises(ArgumentError, match=f"{company} does not fail on path {lives}; it fails on"):
        result.explain(company, lives)


def test_nobody_fails_for_no_cause():
    result = cc.run(World.from_text(MATURES), months=3, paths=2)
    with pytest.raises(ArgumentError, match="fails on none of the 2 paths"):
        result.why("bank")
    with pytest.raises(ArgumentError, match="paths is 0"):
        result.why("lab", paths=0)


def test_a_result_from_a_file_has_no_world(tmp_path):
    (file,) = cc.run(World.from_text(MATURES), months=3, paths=2).save(tmp_path / "run.nc")
    with pytest.raises(ArgumentError, match="run anew"):
        cc.Result.load(file).explain("lab")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(MATURES)
    return str(path)


def test_the_command(file, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    assert execute(["explain", file, "lab", "--months", "3", "--paths", "2"]) == 0
    said = capsys.readouterr().out
    assert "short of 212.00 USD" in said
    assert execute(["explain", file, "lab", "--months", "3", "--path", "1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["path"] == 1
    assert printed["shortfall"] == pytest.approx(212.0)
    assert [step["event"] for step in printed["steps"]][-1] == "fails"
    assert printed["causes"][0]["cause"] == "not refinanced"
    assert execute(["explain", file, "lab", "--months", "3", "--paths", "4", "--why"]) == 0
    assert "not refinanced" in capsys.readouterr().out
    assert execute(["explain", file, "lab", "--months", "3", "--paths", "4", "--why", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {**printed[0], "amount": round(printed[0]["amount"])} == {
        "cause": "not refinanced",
        "first": 1.0,
        "se": 0.0,
        "present": 1.0,
        "amount": 240,
        "saved": 1.0,
        "first_saved": 1.0,
        "together": 1.0,
        "needed": 1.0,
        "after_other": 0.0,
        "other_saved": None,
    }
    assert execute(["explain", file, "bank", "--months", "3", "--paths", "2"]) == 2
    assert "bank fails on none" in capsys.readouterr().err


def test_the_command_takes_a_path_of_a_batch(capsys):
    result = cc.run("ai-2025-08", months=36, paths=200, seed=1)
    row = result.failures().iloc[-1]
    given = ["explain", "ai-2025-08", str(row["company"]), "--seed", "1", "--path", str(row["path"])]
    assert execute(given) == 0
    assert capsys.readouterr().out.strip() == str(result.explain(row["company"], row["path"])).strip()
