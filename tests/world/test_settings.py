"""One number changed: what a world says otherwise, checked as a file is, and written so that it reads again."""

import datetime as dt
import pickle
import shlex

import cashcade as cc
import pytest
from cashcade.world import World
from cashcade.world.kinds import MODELS
from cashcade.world.parameter import parameters_of
from cashcade.world.paths import pattern_of
from cashcade.world.quantity import Triangular
from cashcade.world.settings import is_setting, joined, setting_text, settings_of
from hypothesis import given
from hypothesis import strategies as st

TEXT = """
[world]
name = "small"
date = 2025-08-31
[[company]]
id = "lab"
cash = { value = 9e9, low = 7e9, high = 12e9 }
tags = ["big"]
[[company]]
id = "cloud"
cash = 1e9
[[contract]]
customer = "lab"
supplier = "cloud"
usage = 4e8
commitments = [{ amount = 3e8 }, { amount = 1e8, last_month = 24 }]
[[loan]]
borrower = "cloud"
lender = "capital"
balance = 6e9
rate = 0.09
maturity = 30
[[fleet]]
owner = "cloud"
cost = 8e9
"""
WORLD = World.from_text(TEXT)


def said(world):
    """Every number of a world by kind, id and field."""
    return {(kind, name, field): value for kind, name, record in world.records() for field, value in record}


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("company.lab.cash", 1e10, [("company", "lab", "cash")]),
        ("company.*.tax_rate", 0.2, [("company", "lab", "tax_rate"), ("company", "cloud", "tax_rate")]),
        ("company[tag=big].tax_rate", 0.2, [("company", "lab", "tax_rate")]),
        ("loan[borrower=cloud].rate", 0.2, [("loan", "cloud->capital", "rate")]),
        ("loan.*.rank", "secured", [("loan", "cloud->capital", "rank")]),
        ("commitment.*.amount", 2e8, [("commitment", f"lab->cloud/{n}", "amount") for n in (1, 2)]),
        ("commitment.lab->cloud/2.last_month", 12, [("commitment", "lab->cloud/2", "last_month")]),
        ("fleet.*.economic_life", 36, [("fleet", "cloud", "economic_life")]),
        ("market.base_rate", 0.01, [("market", "market", "base_rate")]),
    ],
)
def test_nothing_but_what_is_named_changes(path, value, where):
    before, after = said(WORLD), said(WORLD.with_({path: value}))
    held = {"commitments"} if path.startswith("commitment") else set()
    differ = {key for key in before if before[key] != after[key] and key[2] not in held}
    assert differ <= set(where)
    assert {key: after[key] for key in where} == dict.fromkeys(where, value)


def test_ranges_and_dates_are_values_too():
    wanted = {"low": 1.0, "value": 2.0, "high": 3.0}
    for given_range in (wanted, Triangular(**wanted)):
        cash = WORLD.with_({"company.lab.cash": given_range}).companies[0].cash
        assert (cash.low, cash.value, cash.high) == (1.0, 2.0, 3.0)
    for date in (dt.date(2026, 3, 1), "2026-03"):
        assert WORLD.with_({"loan.*.maturity": date}).loans[0].maturity == 7


def test_the_later_of_two_holds():
    both = {"company.*.cash": 1.0, "company.lab.cash": 2.0}
    assert [company.cash for company in WORLD.with_(both).companies] == [2.0, 1.0]
    assert [company.cash for company in WORLD.with_(dict(reversed(both.items()))).companies] == [1.0, 1.0]


def test_a_world_tells_what_was_set():
    world = WORLD.with_({"company.lab.cash": 1e10}).with_({"loan.*.rank": "secured", "loan.*.maturity": 12})
    assert world.changed == ("company.lab.cash=1e+10", "loan.*.rank=secured", "loan.*.maturity=12")
    assert WORLD.changed == ()
    assert WORLD.with_({}) is WORLD
    assert pickle.loads(pickle.dumps(world)).changed == world.changed  # noqa: S301 - our own
    again = WORLD.with_(settings_of(shlex.split(joined(world.changed))))
    assert again == world
    assert World.from_toml(world.to_toml()).companies == world.companies


@pytest.mark.parametrize(
    ("values", "error", "said"),
    [
        ({"company.lba.cash": 1}, cc.ArgumentError, 'company.lba.cash=1: .*Did you mean "lab"?'),
        ({"company.z*.cash": 1}, cc.ArgumentError, r"company.z\*.cash=1: .*There are: lab, cloud\."),
        ({"stake.*.fraction": 1}, cc.ArgumentError, "It has no stakes at all"),
        ({"company[tag=small].cash": 1}, cc.ArgumentError, "the world has no such companies"),
        ({"company.lab.csh": 1}, cc.ArgumentError, 'field of a company "csh". Did you mean "cash"?'),
        ({"compny.lab.cash": 1}, cc.ArgumentError, 'kind of entity "compny". Did you mean "company"?'),
        ({"company[owner=lab].cash": 1}, cc.ArgumentError, 'filter "owner". Known: tag, archetype'),
        ({"company.cash": 1}, cc.ArgumentError, r'which company\? Write "company.\*.cash" for all'),
        ({"cash": 1}, cc.ArgumentError, 'cash=1: wanted a path such as "market.odds_open"'),
        ({"company.lab.cash": None}, cc.ArgumentError, "company.lab.cash is set to nothing, wanted a value"),
        ({1: 1}, cc.ArgumentError, "1 is given as a path, wanted text such as company.openai.cash"),
        ([1], cc.ArgumentError, r"\[1\] is given, wanted values by path"),
        ({"company.lab.cash": -1}, cc.WorldError, r'"lab".cash: given -1, wanted a number from 0 to 1e\+17'),
        ({"company.lab.cash": "10 bn"}, cc.WorldError, r"given '10 bn', wanted a number"),
        (
            {"company.lab.cash": {"value": 1, "unit": "EUR"}},
            cc.WorldError,
            'given unit "EUR", wanted unit "USD"',
        ),
        ({"loan.*.maturity": 1.5}, cc.WorldError, r"maturity: given 1.5, wanted a month of the run"),
        ({"loan.*.lender": "cluod"}, cc.WorldError, 'given unknown id "cluod", .*Did you mean "cloud"?'),
    ],
)
def test_what_does_not_fit_is_told_with_the_way_out(values, error, said):
    with pytest.raises(error, match=said):
        WORLD.with_(values)


def test_a_glob_whose_value_does_not_fit_is_told_once():
    builder = World.builder("many", "2025-08-31")
    for number in range(9):
        builder.company(f"c{number}", cash=1.0)
    with pytest.raises(cc.WorldError) as caught:
        builder.build().with_({"company.*.cash": -1.0})
    assert "given -1 (and 8 more rows alike)" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("company.openai.cash=1e10", "company.openai.cash", 1e10),
        (" company.openai.cash = 10_000 ", "company.openai.cash", 10_000),
        ("company.openai.cash=10 bn", "company.openai.cash", 1e10),
        ("company.openai.cash=$1.5m", "company.openai.cash", 1.5e6),
        ("company.a.tax_rate=21 %", "company.a.tax_rate", 0.21),
        ("company[tag=app].pass_through=0.5", "company[tag=app].pass_through", 0.5),
        ("company.character.ai.cash=1", "company.character.ai.cash", 1),
        ("contract.a->b: API.usage=5", "contract.a->b: API.usage", 5),
        ("contract.a=b->c.usage=5", "contract.a=b->c.usage", 5),
        ("loan.*.rank=secured", "loan.*.rank", "secured"),
        ('loan.*.rank="secured"', "loan.*.rank", "secured"),
        ("loan.*.maturity=2026-03", "loan.*.maturity", "2026-03"),
        ("loan.*.maturity=2026-03-01", "loan.*.maturity", dt.date(2026, 3, 1)),
        ("company.a.private=true", "company.a.private", True),
        (
            "company.a.cash={low = 1, value = 2, high = 3}",
            "company.a.cash",
            {"low": 1, "value": 2, "high": 3},
        ),
        ('company.a.name=b\nx = "c"', "company.a.name", 'b\nx = "c"'),
    ],
)
def test_settings_are_read_as_a_file_says_them(text, path, value):
    assert settings_of([text]) == {path: value}
    assert type(settings_of([text])[path]) is type(value)
    assert is_setting(text)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (
            ["company.openai.cash"],
            "the setting is 'company.openai.cash', wanted PATH=VALUE such as company.openai.cash=1e10",
        ),
        (["company.openai.cash="], "wanted PATH=VALUE"),
        (["cash=3"], "wanted PATH=VALUE"),
        (["company.a.cash=1", "company.a.cash=2"], "company.a.cash is set twice, to 1 and 2"),
        (["company.a.cash=1.234 bn"], "company.a.cash: '1.234 bn' may be 1234000000 or 1234000000000"),
        (
            ["company.a.cash=5 EUR"],
            "company.a.cash: '5 EUR' is given, wanted a figure in USD. A world is in USD",
        ),
        (["company.a.cahs=5 bn"], 'company.a.cahs: unknown field of a company "cahs". Did you mean "cash"?'),
    ],
)
def test_what_is_no_setting_is_refused(texts, said):
    with pytest.raises(cc.ArgumentError) as caught:
        settings_of(texts)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text", ["baseline", "gpu-slump:fall=0.5", "markets=1", "boom,cursor-lost", "company"]
)
def test_names_of_scenarios_are_no_settings(text):
    assert not is_setting(text)


VALUES = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**60), 2**60),
    st.booleans(),
    st.text(st.characters(blacklist_categories=["Cs"]), min_size=1),
    st.dates(),
    st.lists(st.text("abc", min_size=1), min_size=1, max_size=3),
    st.fixed_dictionaries({"low": st.floats(0, 1), "value": st.floats(1, 2), "high": st.floats(2, 3)}),
)


@given(
    path=st.sampled_from(
        ["company.a.cash", "loan.*.rank", "company[tag=x].tags", "commitment.a->b/1.amount"]
    ),
    value=VALUES,
)
def test_a_setting_that_is_written_reads_as_it_was(path, value):
    (read,) = settings_of([setting_text(path, value)]).items()
    assert read == (path, value)
    assert type(read[1]) is type(value) or isinstance(value, int | float)
    (split,) = shlex.split(joined([setting_text(path, value)]))
    assert settings_of([split]) == {path: value}


def test_every_field_of_a_world_can_be_reached():
    """A path and a setting may name any number, figures in its name included."""
    for kind, model in MODELS.items():
        for field in parameters_of(model):
            path = f"market.{field}" if kind == "market" else f"{kind}.*.{field}"
            assert pattern_of(path).field == field
            assert settings_of([f"{path}=1"]) == {path: 1} or parameters_of(model)[field].words
