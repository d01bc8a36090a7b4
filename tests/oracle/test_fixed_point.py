"""The oracle's clearing gives the published vectors."""

import pytest

from spec.fixed_point import Claim, clear
from tests.reference.cases import CLEARING, by_name

UNSECURED = 4


@pytest.mark.parametrize("case", CLEARING, ids=by_name)
def test_payments_and_defaults_of_the_case(case):
    count = len(case["cash"])
    claims = [
        Claim(i, j, UNSECURED, case["owed"][i][j], ("loan", i)) for i in range(count) for j in range(count)
    ] + [Claim(i, "capital", UNSECURED, case["owed_outside"][i], ("loan", i)) for i in range(count)]
    found = clear(dict(enumerate(case["cash"])), dict.fromkeys(range(count), 1.0 - case["kept"]), claims)
    paid = [sum(found.paid(claim) for claim in claims if claim.debtor == i) for i in range(count)]
    assert paid == pytest.approx(case["payments"], abs=1e-9)
    assert sorted(found.defaulted) == case["defaults"]


def test_seniority_is_absolute():
    """Reference case Seniority_only_two_layers_one_default (Elsinger 2009)."""
    senior, junior = 2, 4
    claims = [
        Claim(0, 1, senior, 6.0, ("loan", 0)),
        Claim(1, 2, senior, 4.0, ("loan", 1)),
        Claim(0, 2, junior, 8.0, ("loan", 2)),
        Claim(1, 0, junior, 2.0, ("loan", 3)),
    ]
    found = clear({0: 5.0, 1: 1.0, 2: 0.0}, dict.fromkeys(range(3), 0.0), claims)
    assert [found.paid(claim) for claim in claims] == pytest.approx([6.0, 4.0, 1.0, 2.0], abs=1e-12)
    assert found.defaulted == {0}


def test_soft_ranks_give_way_without_default():
    claims = [
        Claim(0, "suppliers", 1, 4.0, ("costs", 0)),
        Claim(0, "suppliers", 6, 3.0, ("discretionary", 0)),
    ]
    claims += [Claim(0, "suppliers", 7, 2.0, ("fleet", 0)), Claim(0, "capital", 8, 1.0, ("payout", 0))]
    found = clear({0: 6.0}, {0: 0.5}, claims)
    assert [found.paid(claim) for claim in claims] == [4.0, 2.0, 0.0, 0.0]
    assert found.defaulted == set()
