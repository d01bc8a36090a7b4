"""Plausibility notes: each has a world that is noted and one, just within, that is not."""

import copy
import subprocess
import sys
from pathlib import Path
from typing import Any

import cashcade as cc
import pytest
from cashcade.__main__ import main
from cashcade.world import World, validate
from cashcade.world.notes import NOTES
from cashcade.world.origin import Origin

BASE: dict[str, Any] = {
    "world": {"name": "base", "date": "2025-08-31"},
    "company": [
        {"id": "a", "cash": 1e8, "fixed_cost": 1e6},
        {"id": "b", "cash": 1e9},
    ],
    "segment": [{"seller": "a", "revenue": 2e6}],
    "contract": [{"customer": "a", "supplier": "b", "usage": 1e6}],
}
LOAN = {"borrower": "a", "lender": "capital", "balance": 6e6, "maturity": 60}
FLEET = {"owner": "a", "cost": 1e7, "age_span": 24, "economic_life": 48}


def world(**changes: dict[str, Any] | list[dict[str, Any]]) -> World:
    """Return the base with fields of "a", of its segment or its contract changed, and with further sections."""
    raw = copy.deepcopy(BASE)
    for section, change in changes.items():
        if isinstance(change, dict):
            raw[section][0] |= change
        else:
            raw[section] = change
    return World.from_raw(raw, Origin())


CASES = {
    "short_runway": (
        {"company": {"cash": 1.9e6, "fixed_cost": 3e6}},
        {"company": {"cash": 2.1e6, "fixed_cost": 3e6}},
        'company "a".cash: cash of 1.9e+06 USD lasts 0.95 months at a burn of 2e+06 USD a month.',
    ),
    "broken_covenants": (
        {"loan": [LOAN | {"min_cash": 1.01e8}]},
        {"loan": [LOAN | {"min_cash": 1e8}]},
        'loan "a->capital".min_cash: covenant 1.01e+08 USD, but "a" has 1e+08 USD on the first day.',
    ),
    "broken_covenants (collateral)": (
        {"loan": [LOAN | {"max_ltv": 0.79, "fleet_collateral": 1.0}], "fleet": [FLEET]},
        # Ages 1 to 24 of 48 months: the fleet is worth 1 - 12.5 / 48 = 0.739583 of its cost.
        {"loan": [LOAN | {"max_ltv": 0.82, "fleet_collateral": 1.0}], "fleet": [FLEET]},
        'loan "a->capital".max_ltv: covenant 0.79, but loan to value is 0.811 on the first day.',
    ),
    "broken_covenants (cover)": (
        # Linear over 60 months with 12 %: 100,000 and 60,000 are due in month 1, out of 80,000.
        {
            "company": {"fixed_cost": 9.2e5},
            "loan": [LOAN | {"amortisation": "linear", "rate": 0.12, "min_dscr": 0.51}],
        },
        {
            "company": {"fixed_cost": 9.2e5},
            "loan": [LOAN | {"amortisation": "linear", "rate": 0.12, "min_dscr": 0.49}],
        },
        'loan "a->capital".min_dscr: covenant 0.51, but debt service is covered 0.5 times in month 1.',
    ),
    "capex_without_finance": (
        {"company": {"cash": 1.1e7}, "fleet": [FLEET | {"capex": 3e6}]},
        {"company": {"cash": 1.3e7}, "fleet": [FLEET | {"capex": 3e6}]},
        'company "a".cash: capex of 3e+06 USD a month, revenue 2e+06 USD, and no credit line, pledge or round.',
    ),
    "no_value": (
        {"company": {"round_runway": 12, "valuation_multiple": 0}},
        {"company": {"round_runway": 12}},
        'company "a".round_runway: fair value 0, as it sells nothing or its multiple is 0, so its rounds bring',
    ),
    "steep_growth": (
        {"segment": {"growth": 3.1}},
        {"segment": {"growth": 3}},
        'segment "a".growth: 3.1 a year, which is 22.2-fold, for growth is logarithmic. To grow by 310% a year',
    ),
    "cost_above_revenue": (
        {"company": {"variable_cost": 1.5, "fixed_cost": 0}},
        {"company": {"variable_cost": 1, "fixed_cost": 0}},
        'company "a".variable_cost: 1.5 dollars of cost for each dollar of revenue.',
    ),
    "yearly_revenue": (
        {"company": {"last_valuation": 5.9e6}},
        {"company": {"last_valuation": 6e6}},
        'company "a".last_valuation: 5.9e+06 USD, but revenue is 2e+06 USD a month, 4.07 times as much in a year.',
    ),
    "yearly_capex": (
        {"fleet": [FLEET | {"capex": 5.1e6}]},
        {"fleet": [FLEET | {"capex": 5e6}]},
        'fleet "a".capex: 5.1e+06 USD a month, 0.51 of all that the fleet cost. Is it the capex of a year?',
    ),
    "yearly_commitment": (
        {"contract": {"commitments": 1.2e7}, "company": {"cash": 1e9}},
        {"contract": {"commitments": [{"amount": 1.2e7, "first_month": 2}]}, "company": {"cash": 1e9}},
        'contract "a->b".commitments: 1.2e+07 USD a month, 12 times the usage of a month.',
    ),
    "commitments_above_revenue": (
        {"contract": {"commitments": 3e6}, "company": {"cash": 1.1e7}},
        {"contract": {"commitments": 3e6}, "company": {"cash": 1.3e7}},
        'company "a".cash: commitments of 3e+06 USD a month, above its revenue of 2e+06 USD.',
    ),
}


def test_every_note_has_a_case() -> None:
    assert {name.split()[0] for name in CASES} == {note.__name__ for note in NOTES}


@pytest.mark.parametrize(("name", "case"), CASES.items(), ids=CASES.keys())
def test_a_note(name: str, case: tuple[dict[str, Any], dict[str, Any], str]) -> None:
    noted, sound, says = case
    (note,) = world(**noted).notes()
    assert note.name == name.split(maxsplit=1)[0]
    assert str(note).startswith(says)
    assert note.look.endswith((".", "?"))
    assert world(**sound).notes() == []


def test_the_base_and_the_shipped_worlds_have_no_note() -> None:
    assert world().notes() == []
    offers = cc.worlds()
    assert len(offers) >= 3
    assert {offer.name: cc.load_world(offer.name).notes() for offer in offers} == {
        offer.name: [] for offer in offers
    }


def test_every_note_is_on_the_page() -> None:
    page = Path(__file__).parents[2].joinpath("docs", "worlds.md").read_text(encoding="utf-8")
    for note in NOTES:
        assert f"`{note.__name__}`" in page


NOTED = world(segment={"growth": 3.1})
SAYS = "1 plausibility note on world base:\n  1. " + str(NOTED.notes()[0])


def test_a_run_warns_once_and_at_the_line_that_asked() -> None:
    with pytest.warns(cc.PlausibilityWarning) as caught:
        cc.run(NOTED, months=1, paths=1)
    (warning,) = caught
    assert str(warning.message) == SAYS
    assert warning.filename == __file__


def test_a_simulation_warns_too() -> None:
    with pytest.warns(cc.PlausibilityWarning) as caught:
        cc.Simulation(NOTED, months=1, paths=1)
    (warning,) = caught
    assert warning.filename == __file__


def test_the_command_says_notes_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "noted.toml"
    file.write_text(NOTED.to_toml())
    note = NOTED.notes()[0]
    assert main(["validate", str(file)]) == 0
    said = capsys.readouterr()
    assert said.err == f"cashcade: {file}: {note}\n"
    assert said.out.startswith(f"{file} is fine")
    assert main(["run", str(file), "--months", "1", "--paths", "16"]) == 0
    said = capsys.readouterr()
    assert said.err == f"cashcade: {SAYS}\n"
    assert "Fails in" in said.out


def test_strict_makes_notes_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "noted.toml"
    file.write_text(NOTED.to_toml())
    assert validate(file) == []
    (problem,) = validate(file, strict=True)
    assert problem.key == 'segment "a".growth'
    for command in (["validate"], ["run", "--months", "1", "--paths", "16"]):
        assert main([*command, str(file), "--strict"]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == f"cashcade: {problem}\n"
    file.write_text(world().to_toml())
    assert main(["validate", str(file), "--strict"]) == 0


def test_other_warnings_are_shown_as_python_shows_them() -> None:
    code = (
        "import warnings, cashcade.commands as c; from cashcade.commands.app import app\n"
        "@app.command(name='warn')\ndef warn(): warnings.warn('mind')\n"
        "c.execute(['warn'])"
    )
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert "UserWarning: mind" in done.stderr
