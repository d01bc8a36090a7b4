"""Who is in the world and how they are linked."""

import ai_facts as facts
import pytest
from cashcade.world import World
from cashcade.world.feedbacks import FEEDBACKS, switched_off


def test_everybody_is_there(world: World) -> None:
    assert set(facts.NAMED) <= {company.id for company in world.companies}


def test_github_copilot_is_a_unit_of_microsoft(world: World) -> None:
    sellers = {segment.id: segment.seller for segment in world.segments}
    bought = {(contract.customer, contract.supplier) for contract in world.contracts}
    assert sellers["github-copilot"] == "microsoft"
    assert {("microsoft", "anthropic"), ("microsoft", "openai")} <= bought


def test_apps_buy_from_labs(world: World) -> None:
    labs = {company.id for company in world.companies if "lab" in company.tags}
    for app in (company.id for company in world.companies if "app" in company.tags):
        assert any(contract.customer == app and contract.supplier in labs for contract in world.contracts), (
            app
        )


def test_named_lenders_are_companies_that_can_lose(world: World) -> None:
    lenders = {loan.lender for loan in world.loans} - {"capital"}
    assert lenders == {"private-credit", "banks"}
    capacities = {company.id: company.loss_capacity for company in world.companies}
    assert all(hasattr(capacities[lender], "low") for lender in lenders)


def test_no_contract_is_there_twice(world: World) -> None:
    entries = [(one.customer, one.supplier, one.what) for one in world.contracts]
    assert len(entries) == len(set(entries))


def test_recaptured_shares_leave_something(world: World) -> None:
    total: dict[str, float] = {}
    for link in world.recaptures:
        total[link.from_] = total.get(link.from_, 0.0) + link.share.high
    assert total
    assert max(total.values()) <= 1.0


@pytest.mark.parametrize("name", sorted(FEEDBACKS))
def test_every_loop_of_the_model_acts_in_it(world: World, name: str) -> None:
    assert switched_off(world, [name]) != world
