"""A world without loans, stakes, fleets or links shows no number for what it does not have."""

import pytest
from cashcade.__main__ import main

BASE = '[world]\nname = "bare"\ndate = 2025-08-31\n[[company]]\nid = "a"\ncash = 1e6\nfixed_cost = 1e4\n'
SEGMENT = '[[segment]]\nseller = "a"\nrevenue = 1e5\n'
LOAN = '[[loan]]\nborrower = "a"\nlender = "capital"\nbalance = 1e5\nmaturity = 60\n'
LENDER = LOAN.replace("capital", "b") + '[[company]]\nid = "b"\ncash = 1e6\n'
FLEET = '[[fleet]]\nowner = "a"\ncapex = 1e3\n'
STAKE = '[[stake]]\nholder = "b"\nissuer = "a"\nfraction = 0.1\ncarrying_value = 1e4\n[[company]]\nid = "b"\ncash = 1e6\n'

GAUGES = (
    "Capex over GDP",
    "AI revenue, a month",
    "AI revenue over AI capex",
    "GPU rental index",
    "Debt of the failed",
)
CASCADE = ("Systemic cascade", "a tenth of all debt", "three linked companies", "Debt that fails")
LENDERS = ("of it\nloans", "of it\nstakes")

CASES = {
    "nothing": ("", set()),
    "a segment": (SEGMENT, {"AI revenue, a month"}),
    "a fleet": (FLEET, {"Capex over GDP"}),
    "a segment and a fleet": (
        SEGMENT + FLEET,
        {"AI revenue, a month", "Capex over GDP", "AI revenue over AI capex"},
    ),
    "a loan from outside": (
        LOAN,
        {"Debt of the failed", "Systemic cascade", "a tenth of all debt", "Debt that fails"},
    ),
    "a loan within": (LENDER, {"Debt of the failed", *CASCADE}),
    "a stake": (STAKE, {"Systemic cascade", "three linked companies"}),
    "an index that moves": ("[market]\ngpu_volatility = 0.3\n", {"GPU rental index"}),
}


@pytest.mark.parametrize(("more", "wanted"), CASES.values(), ids=CASES.keys())
def test_lines_are_those_that_mean_something(tmp_path, capsys, more: str, wanted: set[str]) -> None:
    file = tmp_path / "world.toml"
    file.write_text(BASE + more)
    assert main(["run", str(file), "--months", "6", "--paths", "32"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert {name for name in (*GAUGES, *CASCADE) if name in shown} == wanted
    assert "Companies alive" in shown


def test_columns_of_losses_are_those_of_what_is_held(tmp_path, capsys) -> None:
    file = tmp_path / "world.toml"
    for more, columns in (
        (LENDER, ["loans"]),
        (STAKE, ["stakes"]),
        (LENDER + STAKE.split("[[company]]", maxsplit=1)[0], ["loans", "stakes"]),
    ):
        file.write_text(BASE + more)
        assert main(["run", str(file), "--months", "6", "--paths", "32"]) == 0
        header = next(
            line for line in capsys.readouterr().out.splitlines() if line.startswith("Lender or holder")
        )
        assert [word for word in ("loans", "stakes") if word in header.split()] == columns
