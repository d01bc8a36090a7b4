"""Tables as spreadsheets save them: read where there is one way to read them, else refused with the cause."""

import codecs
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from cashcade.errors import WorldError
from cashcade.world import World
from cashcade.world.kinds import ROWS
from cashcade.world.numbers import Reading, Refusal, read_number
from cashcade.world.origin import Origin
from cashcade.world.parameter import parameters_of
from cashcade.world.problems import Problem


def read(folder: Path, text: str | bytes, **tables: object) -> World:
    """Read a world whose companies are in a file with that text."""
    file = folder / "companies.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return World.from_tables({"companies": file, **tables}, name="x", date="2025-08-31")


def refused(folder: Path, text: str | bytes) -> Problem:
    """Return the one problem of such a file."""
    with pytest.raises(WorldError) as caught:
        read(folder, text)
    (problem,) = caught.value.problems
    assert problem.file == str(folder / "companies.csv")
    return problem


NUMBERS = {
    "6000000000": 6e9,
    "6e9": 6e9,
    "6,000,000,000": 6e9,
    "6.000.000.000": 6e9,
    "6 000 000 000": 6e9,
    "6\u00a0000\u00a0000\u00a0000": 6e9,
    "6\u2009000\u2009000\u2009000": 6e9,
    "6\u202f000\u202f000\u202f000": 6e9,
    "6_000_000_000": 6e9,
    "1'500": 1500.0,
    "1\u2019500": 1500.0,
    "1'500.25": 1500.25,
    "1'500,25": 1500.25,
    "1,234.5": 1234.5,
    "1.234,5": 1234.5,
    "12,5": 12.5,
    "0,125": 0.125,
    "45m": 45e6,
    "45 M": 45e6,
    "45 mn": 45e6,
    "4.5 Mio.": 4.5e6,
    "45 bn": 45e9,
    "1,5 mrd": 1.5e9,
    "3k": 3000.0,
    "2 tn": 2e12,
    "$45m": 45e6,
    "US$ 1'500": 1500.0,
    "1500 USD": 1500.0,
    "0.1": 0.1,
    "1E-3": 0.001,
    ".5": 0.5,
    "5.": 5.0,
    "+5": 5.0,
    "(300)": -300.0,
    "\u2212300": -300.0,
    "- 300": -300.0,
    "($1,500,000)": -1.5e6,
}


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_of_spreadsheets(text: str) -> None:
    found = read_number(text, "USD")
    assert isinstance(found, Reading)
    assert set(found.by_mark.values()) == {NUMBERS[text]}


@pytest.mark.parametrize(("text", "point", "comma"), [("1,234", 1234.0, 1.234), ("1.234", 1.234, 1234.0)])
def test_a_number_that_may_be_two(text: str, point: float, comma: float) -> None:
    assert read_number(text, "USD") == Reading({".": point, ",": comma})


@pytest.mark.parametrize(
    "text",
    [
        "many",
        "1,23,456",
        "1'50",
        "12 34",
        "1,234,56",
        "(3",
        "3)",
        "(-3)",
        "1.2.3",
        "45x",
        "1e3m",
        "--3",
        "",
        "m",
    ],
)
def test_no_number(text: str) -> None:
    assert read_number(text, "USD") is None


@pytest.mark.parametrize(
    ("text", "unit", "says"),
    [
        ("€45m", "USD", "convert"),
        ("45 EUR", "USD", "convert"),
        ("£3", "USD", "convert"),
        ("12 %", "USD/month", "per cent"),
        ("12m", "months", "USD only"),
        ("#DIV/0!", "USD", "formula"),
        ("=A1*2", "USD", "formula"),
    ],
)
def test_a_number_that_does_not_fit_says_why(text: str, unit: str, says: str) -> None:
    found = read_number(text, unit)
    assert isinstance(found, Refusal)
    assert says in found.hint


def test_a_power_of_ten_has_no_groups() -> None:
    assert read_number("1.234e9", "USD") == Reading({".": 1.234e9})
    assert read_number("1,234e9", "USD") == Reading({",": 1.234e9})


def test_per_cent_fits_shares_and_rates() -> None:
    for unit in ("fraction", "1/year", "1"):
        assert read_number("12 %", unit) == Reading({".": 0.12, ",": 0.12})
    assert read_number("12,5%", "fraction") == Reading({",": 0.125})


EUROPEAN = 'id;cash;fixed_cost;tax_rate;tags\na;6.000.000.000;1.500,5;12 %;"x;y"\nb;1,234;0;0,21;\n'


def test_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    first, second = read(tmp_path, EUROPEAN).companies
    assert (first.cash, first.fixed_cost, first.tax_rate, first.tags) == (6e9, 1500.5, 0.12, ("x", "y"))
    assert (second.cash, second.tax_rate) == (1.234, 0.21)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_with_their_mark(tmp_path: Path, encoding: str) -> None:
    text = "id,name,cash\r\na,Łódź,1\r\n"
    assert read(tmp_path, text.encode(encoding)).companies[0].name == "Łódź"


def test_utf16_of_a_big_machine(tmp_path: Path) -> None:
    data = codecs.BOM_UTF16_BE + "id\tcash\na\t1,5\n".encode("utf-16-be")
    assert read(tmp_path, data).companies[0].cash == 1.5


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_separator(tmp_path: Path, separator: str) -> None:
    text = separator.join(["id", "cash"]) + "\n" + separator.join(["a", "2.5"]) + "\n"
    assert read(tmp_path, text).companies[0].cash == 2.5
    assert read(tmp_path, f"sep={separator}\n{text}").companies[0].cash == 2.5


def test_empty_rows_and_columns_say_nothing(tmp_path: Path) -> None:
    world = read(tmp_path, "id,cash,,\na,1,,\n,,,\nb,2,,\n , ,,\n")
    assert [company.id for company in world.companies] == ["a", "b"]


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    assert refused(tmp_path, "sep=,\nid,cash\n,\na,1\nb,many\n").line == 5


@pytest.mark.parametrize("column", ["Notes", "comment", "Comments", "Remarks"])
def test_a_column_of_remarks_is_a_note(tmp_path: Path, column: str) -> None:
    assert read(tmp_path, f"id,cash,{column}\na,1,as told\n").companies[0].note == "as told"


def test_names_of_columns_as_people_write_them(tmp_path: Path) -> None:
    world = read(tmp_path, "ID , Cash,Fixed cost,Cash.Source\n a ,1,2, assumption\n")
    company = world.companies[0]
    assert (company.id, company.fixed_cost) == ("a", 2)


def test_words_for_nothing_flags_and_codes(tmp_path: Path) -> None:
    loans = tmp_path / "loans.csv"
    loans.write_text(
        "borrower,lender,balance,maturity,rank,floating,rate\na,capital,1,2027-08-31 00:00:00,Secured,Yes,n/a\n"
    )
    (loan,) = read(tmp_path, "id,cash\na,1\n", loans=loans).loans
    assert (loan.maturity, loan.rank, loan.floating, loan.rate) == (24, "secured", True, 0)


UNREAD = {
    "ambiguous": ('id,cash\na,"1,234"\nb,"5,678"\n', 2, "companies.cash", "1234 or 1.234 (and 1 more"),
    "ambiguous with semicolons": ("id;cash\na;1.234\n", 2, "companies.cash", "1.234 or 1234"),
    "both marks": ("id;cash;tax_rate\na;12,5;0.2\n", 2, "companies.cash", "'12,5' with a decimal comma"),
    "currency": ("id,cash\na,1\nb,€45m\nc,€3\n", 3, "companies.cash", "'€45m' (and 1 more"),
    "per cent": ("id,cash\na,12 %\n", 2, "companies.cash", "shares and rates only"),
    "formula": ("id,cash\na,#REF!\n", 2, "companies.cash", "mend it in the spreadsheet"),
    "unknown column": (
        "id,cash,colour\na,1,x\nb,2,y\n",
        1,
        "companies",
        'unknown column "colour" (filled in 2',
    ),
    "unknown part": ("id,cash,cash.lo\na,1,2\n", 1, "companies", 'unknown column "cash.lo"'),
    "beyond": ("id,cash\na,1,500\nb,2,500\n", 2, "companies", "decimal comma need quotes"),
    "twice": ("id,cash,Cash\na,1,2\n", None, "companies", 'column "cash" twice'),
    "latin-1": ("id,cash,name\na,1,Zürich\n".encode("latin-1"), None, "companies", "CSV UTF-8"),
    "utf-16 unmarked": ("id,cash\na,1\n".encode("utf-16-le"), None, "companies", "UTF-16 without its mark"),
}


@pytest.mark.parametrize(("text", "line", "key", "says"), UNREAD.values(), ids=UNREAD.keys())
def test_a_cause_is_told_once(
    tmp_path: Path, text: str | bytes, line: int | None, key: str, says: str
) -> None:
    problem = refused(tmp_path, text)
    assert (problem.line, problem.key) == (line, key)
    assert says in str(problem)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "id,fixed_cost\n" + "".join(f"c{n},1\n" for n in range(16)),
            "given nothing (and 15 more rows alike",
        ),
        ("id,cash\n" + "".join(f"c{n},lots {n}\n" for n in range(16)), "'lots 0' (and 15 more rows alike"),
        ("id,cash,tax_rate\n" + "".join(f"c{n},1,{n + 21}\n" for n in range(16)), "For 21 % write 0.21."),
    ],
    ids=["missing column", "words", "per cent without its sign"],
)
def test_rows_that_share_a_problem_are_told_once(tmp_path: Path, text: str, says: str) -> None:
    problem = refused(tmp_path, text)
    assert problem.line == 2
    assert "down to line 17" in problem.given
    assert says in str(problem)


def test_problems_come_by_line(tmp_path: Path) -> None:
    with pytest.raises(WorldError) as caught:
        read(tmp_path, "id,cash,tax_rate\na,1,2\nb,-1,0\nb,1,0\n")
    assert [problem.line for problem in caught.value.problems] == [2, 3, 4]


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame])
def test_frames_of_text_are_read_alike(make: type) -> None:
    companies = make(
        {"id": ["a", "b", None], "cash": ["6,000,000,000", "45m", ""], "Notes": ["x", None, " "]}
    )
    world = World.from_tables(companies=companies, name="x", date="2025-08-31")
    assert [company.cash for company in world.companies] == [6e9, 45e6]
    assert world.companies[0].note == "x"


FRACTIONS = [
    (table, field)
    for table, model in ROWS.items()
    for field, parameter in parameters_of(model).items()
    if parameter.unit == "fraction" and parameter.high == 1
]


def test_there_are_fractions() -> None:
    assert len(FRACTIONS) > 20


@pytest.mark.parametrize(("table", "field"), FRACTIONS, ids=str)
def test_every_fraction_says_how_to_write_per_cent(table: str, field: str) -> None:
    with pytest.raises(ValueError, match="a number from 0 to 1"):
        ROWS[table].model_validate({field: 21})
    problems = _problems(table, field)
    assert len(problems) == 1
    assert problems[0].hint == "For 21 % write 0.21."


def _problems(table: str, field: str) -> tuple[Problem, ...]:
    """Return what is wrong with a world in which a field is 21."""
    company = {"id": "a", "cash": 1}
    entry = {
        "companies": company,
        "segments": {"seller": "a", "revenue": 1},
        "recaptures": {"from": "a", "to": "b", "share": 0.5},
        "contracts": {"customer": "a", "supplier": "b"},
        "loans": {"borrower": "a", "lender": "b", "balance": 1, "maturity": 2},
        "stakes": {"holder": "a", "issuer": "b", "fraction": 0.1},
        "pledges": {"investor": "capital", "company": "a", "amount": 1},
        "fleets": {"owner": "a"},
        "orders": {"vendor": "b", "share": 0.1},
        "market": {},
    }[table] | {field: 21}
    raw: dict[str, object] = {"company": [company, company | {"id": "b"}], "segment": []}
    if table == "market":
        raw["market"] = entry
    elif table == "orders":
        raw["fleet"] = [{"owner": "a", "orders": [entry]}]
    elif table == "companies":
        raw["company"] = [entry, company | {"id": "b"}]
    else:
        raw[table.removesuffix("s")] = [entry]
    if table == "recaptures":
        raw["segment"] = [{"seller": "a", "revenue": 1}, {"seller": "b", "revenue": 1}]
    with pytest.raises(WorldError) as caught:
        World.from_raw({"world": {"name": "x", "date": "2025-08-31"}, **raw}, Origin())
    return caught.value.problems
