"""Plausibility notes: each has a world that is noted and one, just within, that is not."""

import copy
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import cashcade as cc
import pytest
from cashcade.__main__ import main
from cashcade.world import World, validate
from cashcade.world.notes import NOTES
from cashcade.world.notes.noted import MOST_TOLD
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
PLEDGE = {"investor": "b", "company": "a", "amount": 1e6}
DRAWN = {"low": 1e6, "value": 1.5e6, "high": 2e6}
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
    "other_scale": (
        {"segment": {"revenue": 999}},
        {"segment": {"revenue": 1001}},
        'segment "a".revenue: 999 USD a month, beside a fixed cost of 1e+06 USD.',
    ),
    "row_of_totals": (
        {"company": BASE["company"] + [{"id": "x", "name": "Total", "cash": 1e9}]},
        {"company": BASE["company"] + [{"id": "x", "name": "Total energy", "cash": 1e9}]},
        'company "x".id: "x".',
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
    "shared_luck": (
        {"pledge": [PLEDGE | {"id": "p151824"}, PLEDGE | {"id": "p137039"}]},
        {"pledge": [PLEDGE | {"id": "p151824"}, PLEDGE | {"id": "p137040"}]},
        'pledge "p137039".id: its random numbers are those of "p151824", as both names have the same 32-bit address.',
    ),
    "shared_luck (ranges)": (
        {"company": {"cash": DRAWN | {"shared": "s5234"}, "fixed_cost": DRAWN | {"shared": "s105526"}}},
        {"company": {"cash": DRAWN | {"shared": "s5234"}, "fixed_cost": DRAWN | {"shared": "s5234"}}},
        'company "a".',
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


@pytest.mark.parametrize("count", [MOST_TOLD, MOST_TOLD + 1, MOST_TOLD + 150])
def test_of_many_notes_the_first_are_told(count: int) -> None:
    entries = [{"id": f"x{number}", "cash": 1e9, "variable_cost": 1.5} for number in range(count)]
    notes = world(company=BASE["company"] + entries).notes()
    assert [note.place for note in notes] == [f'company "x{n}".variable_cost' for n in range(MOST_TOLD)]
    given = "1.5 dollars of cost for each dollar of revenue"
    assert {note.given for note in notes[:-1]} == {given}
    rest = {0: "", 1: " (and 1 more such note)", 150: " (and 150 more such notes)"}[count - MOST_TOLD]
    assert notes[-1].given == given + rest


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


def test_a_case_warns_once_for_all_its_runs() -> None:
    with pytest.warns(cc.PlausibilityWarning) as caught:
        case = cc.Case(NOTED)
    (warning,) = caught
    assert warning.filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        case.run(months=1, paths=1)
        case.run(months=1, paths=1)


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


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("company", ("c12216", "c27241")),
        ("segment", ("s56893", "s142089")),
        ("loan", ("l5996", "l54720")),
    ],
)
def test_entries_that_share_their_luck(kind: str, names: tuple[str, str]) -> None:
    builder = World.builder("luck", "2025-08-31").company(id="a", cash=1e9)
    for name in names:
        match kind:
            case "company":
                builder.company(id=name, cash=1e9)
            case "segment":
                builder.segment(id=name, seller="a", revenue=1e6)
            case "loan":
                builder.loan(id=name, borrower="a", lender="capital", balance=1e6, maturity=60)
    (note,) = builder.build().notes()
    assert (note.name, note.place) == ("shared_luck", f'{kind} "{names[1]}".id')


def test_ranges_of_entries_that_share_their_luck() -> None:
    """The ranges of cash of these two share an address; the companies themselves do not."""
    raw = copy.deepcopy(BASE)
    raw["company"] += [{"id": name, "cash": DRAWN} for name in ("c15809", "c24225")]
    (note,) = World.from_raw(raw, Origin()).notes()
    assert str(note).startswith(
        'company "c24225".cash: its random numbers are those of "company.c15809.cash"'
    )


def test_ranges_within_entries_are_told_too() -> None:
    raw = copy.deepcopy(BASE)
    raw["contract"] = [
        {"id": name, "customer": "a", "supplier": "b", "usage": 1e5, "commitments": [{"amount": DRAWN}]}
        for name in ("k3893", "k69565")
    ]
    raw["company"][0]["cash"] = 1e12
    (note,) = (note for note in World.from_raw(raw, Origin()).notes() if note.name == "shared_luck")
    assert note.place == 'commitment "k69565/1".amount'


DUE = {"amortisation": "bullet", "rate": 0, "min_dscr": 1.2}


@pytest.mark.parametrize("terms", [{}, {"balance": 0}, {"amortisation": "linear", "interest_only": 12}])
def test_cover_is_passed_where_nothing_is_due(terms: dict[str, Any]) -> None:
    """As in the core: spec/debt.py."""
    assert world(company={"fixed_cost": 9e6, "cash": 1e9}, loan=[LOAN | DUE | terms]).notes() == []


def test_no_covenant_is_tested_on_a_loan_that_is_not_drawn() -> None:
    """As in the core: spec/debt.py."""
    terms = {"balance": 0, "undrawn": 1e6, "min_cash": 1.01e8}
    assert world(loan=[LOAN | terms]).notes() == []


@pytest.mark.parametrize(
    ("rate", "months", "short"),
    [(1e-17, 60, True), (1e-9, 60, True), (1.0, 1200, True), (0.0, 1, True), (5e-324, 1200, False)],
)
def test_any_rate_and_term_of_an_annuity(rate: float, months: int, short: bool) -> None:
    """Cover at the first instalment: 6e6 over the months, to 1e-6; what is due at high rates is interest."""
    cover = {"rate": rate, "maturity": months, "amortisation": "annuity", "min_dscr": 50.0}
    notes = world(company={"fixed_cost": 0}, loan=[LOAN | cover]).notes()
    due = 6e6 * rate / 12 + (6e6 / months if rate < 1 else 0.0)
    assert bool(notes) == short
    for note in notes:
        assert note.given == f"covenant 50, but debt service is covered {1e6 / due:.3g} times in month 1"
