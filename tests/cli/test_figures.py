"""Numbers and tables as people read them."""

import pytest
from cashcade.results.columns import Column, fitting, table
from cashcade.results.figures import amount, chance, digits, money, percent, runway
from rich.console import Console

NAN = float("nan")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (0.0, "0"),
        (17.5e9, "17.5 bn"),
        (1.234e12, "1.23 tn"),
        (999.6e6, "1.00 bn"),
        (999.4e6, "999 m"),
        (-3.2e8, "-320 m"),
        (950.0, "950"),
        (12_345.0, "12.3 k"),
        (NAN, "?"),
    ],
)
def test_money(given, expected):
    assert money(given) == expected


@pytest.mark.parametrize(
    ("mean", "error", "expected"),
    [
        (135e6, 5.75e6, "135 ± 6 m"),
        (2.5e9, 0.1e9, "2.50 ± 0.10 bn"),
        (10.3e6, 138e3, "10.3 ± 0.1 m"),
        (0.0, 0.0, "0 ± 0"),
        (2e9, NAN, "2.00 ± ? bn"),
        (NAN, NAN, "?"),
    ],
)
def test_amounts_share_their_scale(mean, error, expected):
    assert amount(mean, error) == expected


@pytest.mark.parametrize(
    ("share", "error", "samples", "expected"),
    [
        (0.395, 0.0052, 2500, "39.5 ±0.6"),
        (0.12, 0.023, 100, "12 ±3"),
        (0.004, 0.0004, 2500, "0.4 ±0.1"),
        (0.0004, 0.0008, 2500, "< 0.2"),
        (0.0, 0.0, 2500, "< 0.2"),
        (0.0, 0.0, 3000, "< 0.1"),
        (0.0, 0.0, 100, "< 3.0"),
        (0.0, 0.0, 2, "< 100"),
        (1.0, 0.0, 100, "> 97"),
        (1.0, 0.0, 2500, "> 99.8"),
        (0.3, NAN, 1, "30.0 ±?"),
    ],
)
def test_chances_have_errors_or_bounds(share, error, samples, expected):
    assert chance(share, error, samples) == expected


@pytest.mark.parametrize(
    ("given", "expected"), [(0.0123, "1.2 %"), (0.5, "50 %"), (0.0, "0 %"), (4.57, "457 %")]
)
def test_percent(given, expected):
    assert percent(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (13.4, "13"),
        (4.26, "4.3"),
        (120.0, "120+"),
        (500.0, "120+"),
        (0.0, "0"),
        (NAN, "?"),
        (float("inf"), "never"),
    ],
)
def test_runway(given, expected):
    assert runway(given) == expected


def test_whole_digits():
    assert digits(27.5, 0) in {"27", "28"}
    assert digits(1234.5) == "1234"


COLUMNS = [
    Column("Company", ["alpha", "a rather long name of a company"], 9, words=True),
    Column("Cash", ["1.00 bn", "2.00 bn"], 3),
    Column("Fails in\n36 m, %", ["12.3 ±0.4", "< 0.1"], 8),
    Column("Cause", ["cash", "contagion"], 1, words=True),
]


@pytest.mark.parametrize(
    ("width", "titles"),
    [(200, [0, 1, 2, 3]), (58, [0, 1, 2, 3]), (45, [0, 1, 2]), (33, [0, 2]), (10, [0, 2])],
)
def test_columns_give_way_by_importance(width, titles):
    assert [column.title for column in fitting(COLUMNS, width)] == [COLUMNS[place].title for place in titles]


@pytest.mark.parametrize("width", [30, 45, 60, 120])
def test_tables_never_exceed_the_width_or_break_numbers(width, capsys):
    Console(width=width).print(table(COLUMNS, width))
    shown = capsys.readouterr().out
    assert max(len(line) for line in shown.splitlines()) <= width
    assert "12.3 ±0.4" in shown
