"""Covenants of the loans of the world: those that are known, kept on the first day, felt when GPUs slump."""

import cashcade
import pytest
from cashcade.world import World

from cashcade_ai.sourced import inputs

COLLATERAL = ["coreweave-ddtl-1", "coreweave-ddtl-2"]
LIQUIDITY = ["coreweave-revolver"]
PATHS = 400


def loans_with(world: World, field: str) -> list[str]:
    return sorted(loan.id for loan in world.loans if getattr(loan, field) != 0)


def test_loans_with_covenants(world: World) -> None:
    assert loans_with(world, "max_ltv") == COLLATERAL
    assert loans_with(world, "min_cash") == LIQUIDITY
    assert loans_with(world, "min_dscr") == []


def test_what_has_no_maintenance_covenant_has_none(world: World) -> None:
    free = inputs().query("field == 'maintenance_covenant' and value == 0")["target"]
    assert set(free) == {"coreweave-notes-2030", "coreweave-notes-2031", "xai-debt"}
    for field in ("max_ltv", "min_cash", "min_dscr"):
        assert not set(free) & set(loans_with(world, field))


def test_pledges_of_a_fleet_do_not_exceed_it(world: World) -> None:
    for company in ("coreweave", "nebius", "abilene-jv"):
        shares = [loan.fleet_collateral for loan in world.loans if loan.borrower == company]
        assert sum(getattr(share, "high", share) for share in shares) <= 1.0 + 1e-9


def breaches(*scenarios: object) -> dict[str, list[float]]:
    """Return the share of paths with a breach in each month, by loan."""
    result = cashcade.run(
        "ai-2025-08", scenarios=scenarios, months=9, paths=PATHS, record=["loan.breach"], keep_paths=True
    )
    table = (result.dataset["loan_breach"] > 0).mean("kept_path")
    return {loan: table.sel(loan=loan).to_numpy().tolist() for loan in (*COLLATERAL, *LIQUIDITY)}


@pytest.fixture(scope="module")
def calm() -> dict[str, list[float]]:
    return breaches()


def test_no_covenant_is_broken_on_the_first_day(calm: dict[str, list[float]]) -> None:
    assert [months[0] for months in calm.values()] == [0.0, 0.0, 0.0]


def test_a_slump_of_gpu_prices_breaks_covenants_on_collateral(calm: dict[str, list[float]]) -> None:
    slump = breaches(cashcade.rules.shocks.Use("gpu-slump", {"fall": 0.7, "start": 2}))
    for loan in COLLATERAL:
        assert max(slump[loan]) > max(calm[loan]) + 0.25
