"""Companies, loans and contracts that a scenario brings."""

import cashcade as cc
import numpy as np
import pytest
from cashcade.rules import Change, Scenario
from cashcade.world import Company, Contract, Loan, Segment

WORLD = cc.World.from_text("""
[world]
name = "plain"
date = 2025-08-31

[[company]]
id = "shop"
cash = 5e7
fixed_cost = 1e6

[[company]]
id = "bank"
cash = 1e9
""")

ENTRANT = (
    Company(id="mill", cash=1e7, fixed_cost=2e6),
    Segment(id="flour", seller="mill", revenue=1e6),
    Contract(customer="shop", supplier="mill", usage=5e5),
    Loan(borrower="mill", lender="bank", balance=1e7, rate=0.12, maturity=120),
)
ENTRY = Scenario("entry", "A mill opens", adds=ENTRANT)
SIZE = {"months": 24, "paths": 4, "seed": 1, "replicates": 1}


def test_a_world_that_says_it_itself_gives_the_same_bits():
    written = cc.World.from_text(
        WORLD.to_toml()
        + """
[[company]]
id = "mill"
cash = 1e7
fixed_cost = 2e6

[[segment]]
id = "flour"
seller = "mill"
revenue = 1e6

[[contract]]
customer = "shop"
supplier = "mill"
usage = 5e5

[[loan]]
borrower = "mill"
lender = "bank"
balance = 1e7
rate = 0.12
maturity = 120
"""
    )
    ours, theirs = cc.run(WORLD, scenarios=[ENTRY], **SIZE), cc.run(written, **SIZE)
    for name in ("company_cash_mean", "company_revenue_mean", "failed_month", "loan_balance_mean"):
        if name in theirs.dataset:
            np.testing.assert_array_equal(ours.dataset[name].to_numpy(), theirs.dataset[name].to_numpy())
    assert ours.dataset["company"].to_numpy().tolist() == ["shop", "bank", "mill"]
    assert (ours.dataset["failed_month"].sel(company="mill") > 0).all()
    assert ours.dataset.attrs["scenarios"] == "entry"


def test_the_world_itself_stays_as_it_is():
    assert WORLD.adding(ENTRANT).sections()["company"][:2] == WORLD.companies
    assert len(WORLD.companies) == 2
    assert WORLD.adding(()) is WORLD


def test_changes_meet_what_a_scenario_brings():
    richer = Scenario("rich", "A rich mill", adds=ENTRANT, changes=[Change("company.mill.cash", scale=10.0)])
    assert cc.Case(WORLD, scenarios=[richer]).world.companies[2].cash == 1e8


def test_settings_in_the_world_are_kept():
    assert cc.Case(WORLD.with_({"company.shop.cash": 6e7}), scenarios=[ENTRY]).changed == (
        "company.shop.cash=6e+07",
    )


def test_a_case_with_other_numbers_keeps_what_joined():
    case = cc.Case(WORLD, scenarios=[ENTRY]).with_({"company.mill.cash": 1e6})
    assert [company.id for company in case.world.companies] == ["shop", "bank", "mill"]
    assert case.world.companies[2].cash == 1e6


def test_two_sides_are_compared_by_the_companies_they_share():
    found = cc.compare(WORLD, ["baseline", ENTRY], paths=4, months=24, seed=1, replicates=1)
    assert set(found.failed_by(24).index.get_level_values("company")) == {"shop", "bank"}


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ((Company(id="shop", cash=1.0),), "shop"),
        ((Loan(borrower="shop", lender="nobody", balance=1.0, maturity=12),), "nobody"),
    ],
)
def test_what_does_not_fit_is_named_with_the_scenario(entries, words):
    with pytest.raises(cc.WorldError, match=words) as caught:
        cc.Case(WORLD, scenarios=[Scenario("odd", "Odd", adds=entries)])
    assert "scenario odd" in str(caught.value)


def test_what_is_no_entry_is_refused():
    with pytest.raises(cc.RuleError, match=r'scenario "odd": .* is no entry of a world; write Company'):
        Scenario("odd", "Odd", adds=["mill"])
    with pytest.raises(cc.ArgumentError, match=r"adding: .* is no entry of a world"):
        WORLD.adding([3])
