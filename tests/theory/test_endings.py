"""Contracts that rules end, or have not signed yet: nothing is used, owed or paid under them."""

import cashcade as cc
import numpy as np
import pytest
from cashcade.errors import RuleError
from cashcade.rules import Rule, company, contract, contracts, end, for_good, month
from cashcade.world import World

TERMS = {"use": {}, "commitments": {"commitments": 5e6}, "share": {"revenue_share": 0.1}}


def world(**terms):
    """A customer with sales, and two suppliers."""
    builder = World.builder("two", "2025-08-31")
    builder.company(id="customer", cash=1e9)
    builder.segment(seller="customer", revenue=1e7)
    for name, usage in (("one", 3e6), ("other", 1e6)):
        builder.company(id=name, cash=1e8)
        builder.contract(customer="customer", supplier=name, usage=usage, **terms)
    return builder.build()


def bills(given, *rules):
    """What is billed under each contract, month by month."""
    result = cc.run(given, rules=rules, months=8, paths=2, seed=1, record=["contract.bill", "company.cash"])
    assert result.dataset.attrs["imbalance"] <= 1e-12
    found = result.dataset["contract_bill_mean"].to_numpy()
    cash = result.series("company.cash", company="one")["mean"].to_numpy()
    np.testing.assert_allclose(cash, 1e8 + np.cumsum(found[:, 0]), rtol=1e-12)
    return found


@pytest.mark.parametrize("terms", TERMS)
def test_nothing_is_billed_from_the_end_on(terms):
    given = world(**TERMS[terms])
    plain = bills(given)
    assert plain.min() > 0
    ended = bills(given, Rule("x", month == 4, end(contract("customer", "one")), hold=for_good()))
    assert ended[:, 0].tolist() == [*plain[:3, 0].tolist(), *[0.0] * 5]
    np.testing.assert_allclose(ended[:, 1], plain[:, 1], rtol=1e-12)


@pytest.mark.parametrize("terms", TERMS)
def test_what_is_not_signed_yet_is_as_if_it_began_later(terms):
    given = world(**TERMS[terms])
    later = bills(given, Rule("x", (month == 4).count_so_far() == 0, end(contracts(customer="customer"))))
    assert later[:3].tolist() == [[0.0, 0.0]] * 3
    np.testing.assert_allclose(later[3:], bills(given)[3:], rtol=1e-12)


def test_a_rule_of_each_ends_its_own():
    each = contracts(customer="customer")
    found = bills(world(), Rule("x", each.stated.usage > 2e6, end(each)))
    assert found[:, 0].tolist() == [0.0] * 8
    assert found[:, 1].min() > 0
    rule = Rule("x", each.supplier.runway < 3, end(each))
    assert rule.explain().endswith("when runway of its supplier is below 3 months, it ends.")


def test_only_contracts_end():
    for given in (company("a"), contract("a", "b").customer, "a->b", contract("a", "b").stated):
        with pytest.raises(RuleError, match="wanted contracts, such as"):
            end(given)
