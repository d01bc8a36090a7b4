"""Totals of the world against what was published."""

import ai_facts as facts
import pytest
from ai_facts import Fact
from ai_opening import Opening, number
from cashcade.world import World

from cashcade_ai.sourced import inputs

FOUR = ("microsoft", "alphabet", "amazon", "meta")


def inside(value: float, fact: Fact, tolerance: float = 0.0) -> bool:
    slack = tolerance * max(abs(fact.low), abs(fact.high))
    return fact.low - slack <= value <= fact.high + slack


def test_capex_of_the_four_over_gdp(world: World, opening: Opening) -> None:
    capex = sum(opening.capex(company) for company in FOUR)
    assert inside(12 * capex / number(world.market.gdp_start), facts.FOUR_CAPEX_TO_GDP)


@pytest.mark.parametrize("company", facts.CAPEX)
def test_capex_is_a_third_of_the_quarter(opening: Opening, company: str) -> None:
    given = opening.least_capex(company) if company in FOUR else opening.capex(company)
    assert given == pytest.approx(facts.CAPEX[company], rel=0.001)


@pytest.mark.parametrize("company", FOUR)
def test_capex_of_the_four_is_carried_to_the_date(opening: Opening, company: str) -> None:
    carried = inputs().query("mechanism == 'T12' and field == 'capex'").set_index("target").loc[company]
    assert opening.capex(company) == pytest.approx(carried["value"], rel=0.001)
    assert opening.least_capex(company) == pytest.approx(carried["low"], rel=0.001)


@pytest.mark.parametrize("company", facts.REVENUE)
def test_revenue_is_that_of_the_quarter(opening: Opening, company: str) -> None:
    assert inside(opening.revenue(company), facts.REVENUE[company], 0.015)


@pytest.mark.parametrize("company", facts.OPERATING_CASH_FLOW)
def test_operating_cash_flow_is_that_of_the_quarters(opening: Opening, company: str) -> None:
    assert inside(opening.operating_cash_flow(company), facts.OPERATING_CASH_FLOW[company])


def test_openai(opening: Opening) -> None:
    assert inside(opening.revenue("openai"), facts.OPENAI_REVENUE)
    assert inside(opening.burn("openai"), facts.OPENAI_BURN)


def test_anthropic(opening: Opening) -> None:
    assert inside(opening.revenue("anthropic"), facts.ANTHROPIC_REVENUE)
    assert inside(opening.burn("anthropic"), facts.ANTHROPIC_BURN)


def test_burn_of_xai(opening: Opening) -> None:
    assert inside(
        opening.burn("xai"), Fact(0.8e9, 13e9 / 12, "a fifth less than a billion a month; plan for 2025")
    )


def test_nvidia(opening: Opening) -> None:
    other = opening.segments("nvidia") - next(
        number(segment.revenue)
        for segment in opening.world.segments
        if segment.id == "nvidia-gaming-and-others"
    )
    assert inside(opening.equipment("nvidia") + other, facts.NVIDIA_DATA_CENTRE, 0.15)
    assert inside(opening.revenue("nvidia"), facts.NVIDIA_REVENUE, 0.15)


def test_two_customers_of_anthropic(world: World) -> None:
    paid = {contract.id: number(contract.usage) for contract in world.contracts}
    assert 1.15e9 <= 12 * (paid["cursor-anthropic"] + paid["microsoft-anthropic"]) <= 1.45e9


@pytest.mark.parametrize("name", facts.CONTRACTS)
def test_commitments_add_up(world: World, name: str) -> None:
    contract = next(one for one in world.contracts if one.id == name)
    total = sum(
        number(row.amount) * (number(row.last_month) - number(row.first_month) + 1)
        for row in contract.commitments
    )
    assert total == pytest.approx(facts.CONTRACTS[name], rel=0.001)


def filed(world: World) -> list[str]:
    return [
        loan.id
        for loan in world.loans
        if loan.id and loan.borrower == "coreweave" and loan.source == "coreweave-debt"
    ]


def test_tranches_of_coreweave_add_up_to_the_filed_total(world: World) -> None:
    balances = [number(loan.balance) for loan in world.loans if loan.id in filed(world)]
    assert len(balances) == 6
    assert sum(balances) == facts.COREWEAVE_PRINCIPAL.low


def test_tranches_of_coreweave_fall_due_as_filed(world: World) -> None:
    due = dict.fromkeys(range(2025, 2032), 0.0)
    for loan in world.loans:
        if loan.id in filed(world):
            for month, amount in repayments(loan):
                due[2025 + (month + 7) // 12] += amount
    for year, amount in facts.COREWEAVE_DUE.items():
        assert due[year] == pytest.approx(amount, rel=1e-5)


def repayments(loan) -> list[tuple[int, float]]:
    last, balance = int(number(loan.maturity)), number(loan.balance)
    match loan.amortisation:
        case "schedule":
            return [(int(number(row.month)), number(row.amount)) for row in loan.repayments]
        case "linear":
            return [(month, balance / last) for month in range(1, last + 1)]
    return [(last, balance)]
