"""The strategies for worlds make what they promise."""

from collections import Counter

import pytest
from cashcade.testing import worlds
from cashcade.testing.strategies import NOISE
from cashcade.world import World
from cashcade.world.kinds import SECTIONS
from cashcade.world.parameter import parameters_of
from cashcade.world.quantity import is_range
from cashcade.world.record import CAPITAL, attributes_of
from hypothesis import HealthCheck, find, given, settings

from tests.effort import FOUND, tries

PROPERTY = settings(max_examples=tries(15), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def values(world: World) -> dict[tuple[str, str, str], object]:
    return {
        (kind, name, field): getattr(record, attributes_of(type(record))[field])
        for kind, name, record in world.records()
        for field in parameters_of(type(record))
    }


@pytest.mark.parametrize("section", SECTIONS)
def test_every_kind_of_entry_appears(section: str) -> None:
    find(worlds(), lambda world: bool(world.sections()[section]), settings=FOUND)


@pytest.mark.parametrize("kind", ["commitment", "repayment", "order"])
def test_every_kind_within_others_appears(kind: str) -> None:
    find(worlds(), lambda world: any(kind == found for found, _, _ in world.records()), settings=FOUND)


@PROPERTY
@given(world=worlds(noise=False))
def test_without_noise_there_is_no_luck(world: World) -> None:
    found = {key: value for key, value in values(world).items() if key[2] in NOISE}
    assert found
    assert set(found.values()) == {0.0}


@PROPERTY
@given(world=worlds(links=False))
def test_without_links_companies_are_alone(world: World) -> None:
    assert not world.contracts
    assert not world.recaptures
    assert not any(fleet.orders for fleet in world.fleets)
    ends = [*(loan.lender for loan in world.loans), *(stake.holder for stake in world.stakes)]
    assert set(ends) <= {CAPITAL}
    assert {pledge.investor for pledge in world.pledges} <= {CAPITAL}


@PROPERTY
@given(world=worlds(companies=(2, 3)))
def test_sizes_are_kept_and_there_are_no_ranges(world: World) -> None:
    assert 2 <= len(world.companies) <= 3
    assert not any(is_range(value) for value in values(world).values())


def test_ranges_of_every_form_appear() -> None:
    forms: Counter[str] = Counter()

    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(world=worlds(ranges=True))
    def count(world: World) -> None:
        forms.update(type(value).__name__[:6] for value in values(world).values())

    count()
    assert {"float", "Stated", "Triang", "Normal", "Choice"} <= set(forms)
