"""The archetypes: each alone is a valid world that behaves as its sources say; any field can be set."""

import re
from collections.abc import Iterator
from pathlib import Path

import cashcade
import numpy as np
import pytest
from cashcade.archetype import Archetype, Figure, Part, page
from cashcade.errors import WorldError
from cashcade.world import World
from cashcade.world.kinds import SECTIONS
from cashcade.world.parameter import parameters_of

from cashcade_ai.archetypes import ARCHETYPES
from cashcade_ai.archetypes.__main__ import main

PAGES = Path(__file__).parents[3] / "docs" / "archetypes"
BY_NAME = {archetype.name: archetype for archetype in ARCHETYPES}
ISSUE = "frontier-lab ai-app hyperscaler neocloud chip-vendor private-lender bank venture-fund"


def alone(name: str, **more: object) -> World:
    """A world of one company, as the example of its archetype with what is given besides."""
    builder = World.builder("alone", "2025-08-31")
    builder.company("it", archetype=name, **{**BY_NAME[name].example, **more})
    return builder.build(archetypes=BY_NAME)


def parts_of(archetype: Archetype) -> tuple[Part, ...]:
    """The parts of the example, with parties where they may be named."""
    numbers = {name: Figure(value, value, value, name) for name, value in archetype.example.items()}
    parties = {party.name: "other" for party in archetype.parties if not party.default}
    more = {name: Figure(0.1, 0.1, 0.1, name) for name in ("pledge", "stake", "debt") if name not in numbers}
    known = {one.name for one in archetype.inputs}
    numbers |= {name: figure for name, figure in more.items() if name in known}
    return archetype.parts(archetype.given("it", numbers, parties))


def figures_of(fields: object) -> Iterator[object]:
    """All values within fields, those of lists too."""
    if isinstance(fields, dict):
        for value in fields.values():
            yield from figures_of(value)
    elif isinstance(fields, list | tuple):
        for value in fields:
            yield from figures_of(value)
    else:
        yield fields


def mean(result: cashcade.Result, variable: str) -> np.ndarray:
    """Mean of a variable of the company by month."""
    return result.dataset[f"company_{variable}_mean"].sel(company="it").to_numpy()


def run(world: World, *record: str) -> cashcade.Result:
    return cashcade.run(world, months=36, paths=512, seed=1, record=[f"company.{name}" for name in record])


def test_all_of_the_issue_are_there() -> None:
    assert set(BY_NAME) == set(ISSUE.split())
    assert set(BY_NAME) <= set(cashcade.archetypes())


@pytest.mark.parametrize("name", BY_NAME)
def test_alone_it_runs_for_three_years(name: str) -> None:
    result = run(alone(name), "cash")
    assert float(result.dataset.attrs["imbalance"]) < 1e-9
    assert float(result.summary().loc["it", "failed_12"]) < 0.02


@pytest.mark.parametrize("archetype", ARCHETYPES, ids=lambda one: one.name)
def test_every_number_has_a_source_or_is_an_assumption(archetype: Archetype) -> None:
    keys = {"assumption", *(citation.key for citation in archetype.citations)}
    used = {source for one in archetype.inputs if one.default for source in one.default.sources}
    found = [value for part in parts_of(archetype) for value in figures_of(dict(part.fields))]
    figures = [value for value in found if isinstance(value, Figure)]
    assert figures
    plain = [value for value in found if isinstance(value, float)]
    assert not plain, "plain numbers say neither source nor reason"
    for figure in figures:
        assert figure.how
        assert set(figure.sources) <= keys
    used |= {source for figure in figures for source in figure.sources}
    assert used >= keys - {"assumption"}, "a citation that nothing names"


@pytest.mark.parametrize("archetype", ARCHETYPES, ids=lambda one: one.name)
def test_any_field_can_be_overridden(archetype: Archetype) -> None:
    for part in parts_of(archetype):
        for field, parameter in parameters_of(SECTIONS[part.section]).items():
            if parameter.words or parameter.unit == "flag":
                continue
            wish = 36.0 if parameter.unit in {"month", "months"} else 0.5
            number = min(parameter.high, max(parameter.low, wish))
            given: dict[str, object] = {field: number}
            more = given if part.name == "company" else {part.name: given}
            if part.name in names_alone(archetype):
                world = alone(archetype.name, **more)
                identity = "it" if part.name == "company" else f"it-{part.name}"
                entries = world.sections()[part.section]
                (entry,) = (one for one in entries if one.id == identity)
                assert getattr(entry, field) == number, f"{part.name}.{field}"


def names_alone(archetype: Archetype) -> set[str]:
    """Names of the parts of the example without any party."""
    numbers = {name: Figure(value, value, value, name) for name, value in archetype.example.items()}
    return {part.name for part in archetype.parts(archetype.given("it", numbers, {}))}


@pytest.mark.parametrize("name", BY_NAME)
def test_an_unknown_input_is_told_with_the_nearest(name: str) -> None:
    one = BY_NAME[name].inputs[1].name
    with pytest.raises(WorldError, match=rf'unknown key .*Did you mean "{re.escape(one)}"'):
        alone(name, **{one + "x": 1.0})


@pytest.mark.parametrize("name", BY_NAME)
def test_the_command_writes_a_page_for_each(name: str, tmp_path: Path) -> None:
    main([str(tmp_path)])
    assert (tmp_path / f"{name}.md").read_text(encoding="utf-8") == page(BY_NAME[name])


@pytest.mark.skipif(not PAGES.exists(), reason="the docs are not part of an installed plugin")
@pytest.mark.parametrize("name", BY_NAME)
def test_the_page_of_archetypes_leads_to_each(name: str) -> None:
    assert f"/archetypes/{name.replace('-', '_')}.py)" in (PAGES / "index.md").read_text(encoding="utf-8")


def test_a_lab_has_the_runway_of_labs() -> None:
    """OpenAI 42 months at the burn of the half year, 26 at the plan; xAI 4."""
    result = cashcade.run(alone("frontier-lab"), months=1, paths=2048, seed=1, keep_paths=True)
    runway = result.dataset["company_runway"].to_numpy().ravel()
    assert np.mean((runway >= 4) & (runway <= 42)) > 0.95
    assert 12 < np.median(runway) < 26


def test_a_lab_burns_what_its_input_says() -> None:
    result = run(alone("frontier-lab", burn_of_revenue=0.6, runway=20), "net_cash_flow")
    assert mean(result, "net_cash_flow")[0] == pytest.approx(-0.6e9, rel=0.1)


def test_a_lab_buys_its_compute_from_the_cloud_named() -> None:
    builder = World.builder("two", "2025-08-31")
    builder.company("lab", archetype="frontier-lab", revenue=1e9, cloud="giant")
    builder.company("giant", archetype="hyperscaler", revenue=2e10)
    world = builder.build(archetypes=BY_NAME)
    bought = {contract.id: contract.usage.value for contract in world.contracts}
    assert bought["lab-serving"] == pytest.approx(0.55e9)
    assert bought["lab-compute"] == pytest.approx(0.7 * 0.85e9)
    result = cashcade.run(world, months=3, paths=64, seed=1, record=["company.bills"])
    assert float(result.dataset["company_bills_mean"].sel(company="lab")[0]) > 1e9


def test_an_app_earns_the_margin_of_apps() -> None:
    """Gross margins of 23 to 40 %, some negative."""
    world = alone("ai-app")
    (company,) = world.companies
    assert 0.6 <= company.variable_cost.value <= 0.85
    result = run(world, "net_cash_flow", "revenue")
    assert -0.35 < mean(result, "net_cash_flow")[0] / mean(result, "revenue")[0] < 0.1


def test_a_giant_pays_for_its_capex_itself() -> None:
    """Microsoft: cash from operations 0.5 of revenue, capex 0.22, the rest to shareholders."""
    result = run(alone("hyperscaler"), "capex", "revenue", "payout", "net_cash_flow")
    share = mean(result, "capex")[:12].sum() / mean(result, "revenue")[:12].sum()
    assert 0.19 < share < 0.35
    assert mean(result, "payout")[1] > 0
    assert np.all(mean(result, "net_cash_flow")[:12] > 0)
    assert float(result.summary().loc["it", "failed_36"]) == 0


def test_commitments_of_a_neocloud_add_up_to_its_backlog() -> None:
    for backlog in (3.01e10, 1.9e10, 5e9):
        (contract,) = alone("neocloud", backlog=backlog).contracts
        owed = sum(one.amount.value * (one.last_month - one.first_month + 1) for one in contract.commitments)
        assert owed == pytest.approx(backlog, rel=0.05 if backlog < 1e10 else 1e-9)


def test_a_neocloud_serves_its_debt_out_of_its_backlog() -> None:
    """CoreWeave: 1.0 billion due in half of 2025, 4.2 in 2026, a billion of interest, of 30.1 of backlog."""
    result = run(alone("neocloud"), "debt_service", "capex", "revenue")
    year = mean(result, "debt_service")[:12].sum()
    assert 0.1 < year / 3.01e10 < 0.2
    assert year < mean(result, "revenue")[:12].sum()
    assert 0.55e9 < mean(result, "capex")[0] < 1.1e9


def test_idle_chips_of_a_neocloud_are_let_again() -> None:
    """Its customers use and owe less after twenty months: a part of what stands idle earns rent."""
    fading = {"take-or-pay": {"intensity_trend": -2.0}, "backlog": 7.6e9}
    kept, lost = (
        run(alone("neocloud", **fading, gpus={"relet": relet}), "revenue", "utilisation")
        for relet in (0.6, 0.0)
    )
    assert mean(kept, "utilisation")[30] < 0.6
    assert mean(kept, "revenue")[30] > 1.2 * mean(lost, "revenue")[30]


def test_a_vendor_earns_the_margin_of_its_filings() -> None:
    """Nvidia: cash from operations of 15.4 to 27.4 billion a quarter."""
    result = run(alone("chip-vendor"), "revenue", "costs", "payout")
    flow = 3 * (mean(result, "revenue") - mean(result, "costs"))[0]
    assert 15.365e9 < flow < 27.414e9
    assert mean(result, "payout")[1] > 0


def test_a_lender_bears_less_than_its_equity() -> None:
    """Leverage of about one: losses of a part of half of its loans."""
    world = alone("private-lender")
    (company,), (debt,) = world.companies, world.loans
    assert 0.1 < company.loss_capacity.value / 1e11 < 0.5
    assert debt.balance.value == pytest.approx(5e10)
    result = run(world, "debt_service", "revenue")
    assert np.all(mean(result, "debt_service") < 0.6 * mean(result, "revenue"))


def test_a_bank_earns_the_return_of_banks() -> None:
    """Return on assets of 1.13 %."""
    result = run(alone("bank"), "revenue", "costs", "tax")
    earned = (mean(result, "revenue") - mean(result, "costs") - mean(result, "tax"))[1:13].sum()
    assert 0.008 < earned / 4e12 < 0.016


def test_a_fund_pays_its_fee_and_its_pledge() -> None:
    builder = World.builder("two", "2025-08-31").market(open_to_shut=0.0, normal_to_shut=0.0)
    builder.company("it", archetype="venture-fund", committed=5e9, backs="lab", pledge=6e8, stake=0.05)
    builder.company("lab", archetype="frontier-lab", revenue=1e9)
    world = builder.build(archetypes=BY_NAME)
    result = run(world, "costs", "pledged")
    assert mean(result, "costs")[0] == pytest.approx(0.02 / 12 * 5e9, rel=0.1)
    assert -mean(result, "pledged").sum() == pytest.approx(6e8, rel=0.02)
    (stake,) = world.stakes
    assert stake.fraction.value == 0.05
