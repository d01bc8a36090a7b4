"""Every kind of bad world gives one clear error and exit code 2, quickly, and never a traceback."""

import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from cashcade import errors
from cashcade.__main__ import main
from cashcade.world import World, validate

from tests.bad_worlds.cases import BASE, CASES, Case


def test_the_sound_world_has_no_problem(tmp_path: Path) -> None:
    file = tmp_path / "good.toml"
    file.write_text(BASE)
    assert validate(file) == []
    assert main(["validate", str(file)]) == 0


def test_there_are_many_kinds() -> None:
    assert len(CASES) >= 45
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_world(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(case.text)
    problems = validate(file)
    assert len(problems) == 1, "\n".join(map(str, problems))
    problem = problems[0]
    assert problem.file == str(file)
    assert problem.key == case.key
    assert case.line in {None, problem.line}
    for part in case.says:
        assert part in str(problem)
    assert len(str(problem)) < 600 + len(str(file))
    assert main(["validate", str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"cashcade: {problem}\n"


def run(path: Path) -> subprocess.CompletedProcess[str]:
    """Check a file in a process of its own."""
    command = [sys.executable, "-m", "cashcade", "validate", str(path)]
    return subprocess.run(  # noqa: S603 - our own command
        command, capture_output=True, text=True, timeout=60, check=False
    )


def refused(path: Path, *says: str) -> None:
    """Assert that a file is refused with one line, exit code 2 and no traceback."""
    done = run(path)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("cashcade: ")
    for part in (str(path), *says):
        assert part in done.stderr


def test_no_such_file(tmp_path: Path) -> None:
    refused(tmp_path / "none.toml", "no such file", "Check the path")


def test_an_empty_folder(tmp_path: Path) -> None:
    refused(tmp_path, "a folder without tables")


def test_not_utf8(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes('[world]\nname = "Zürich"\n'.encode("latin-1"))
    refused(file, "0xfc", "UTF-8", ":2:")


def test_utf16(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(BASE.encode("utf-16"))
    refused(file, "UTF-8")


def test_binary_garbage(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(bytes(range(256)) * 4000)
    refused(file, ":2:", "UTF-8")


def test_zeros(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(bytes(100_000))
    refused(file, "not TOML")


def test_a_hundred_megabytes_are_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    with file.open("wb") as stream:
        stream.truncate(100_000_000)
    tracemalloc.start()
    assert len(validate(file)) == 1
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1_000_000
    refused(file, "100.0 MB", "at most 8 MB")


def test_the_largest_text_ends(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(("x = [[]]\n" * 800_000)[:7_900_000])
    refused(file, "not TOML", ":2:")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_a_device_is_not_read() -> None:
    refused(Path("/dev/zero"), "no regular file")


def test_all_problems_at_once() -> None:
    text = BASE.replace("1e9", "-1", 1).replace('supplier = "lab"', 'supplier = "labb"')
    text = text.replace("maturity = 48", 'maturity = "1999-01"').replace(
        "[market]", "[market]\nspread_shut = 2"
    )
    with pytest.raises(errors.WorldError) as caught:
        World.from_text(text, "many.toml")
    keys = [problem.key for problem in caught.value.problems]
    assert keys == [
        "market.spread_shut",
        'company[1] "lab".cash',
        'contract[1] "app->labb".supplier',
        'loan[1] "cloud->capital".maturity',
    ]
    lines = [problem.line for problem in caught.value.problems]
    assert lines == sorted(lines, key=int)
    assert str(caught.value).startswith("4 problems in many.toml:\n  1. many.toml:10: market.spread_shut: ")


def test_an_entry_with_a_wrong_number_and_a_wrong_link_is_told_both() -> None:
    text = BASE.replace('supplier = "lab"\nusage = 5e6', 'supplier = "labb"\nusage = -1')
    text += '\n[[company]]\nid = "lab"\ncash = 1\nfixed_cost = -1\n'
    with pytest.raises(errors.WorldError) as caught:
        World.from_text(text)
    assert sorted(problem.key for problem in caught.value.problems) == [
        'company[4] "lab".fixed_cost',
        'company[4] "lab".id',
        'contract[1] "app->labb".supplier',
        'contract[1] "app->labb".usage',
    ]


def test_an_entry_that_lacks_a_value_is_told_its_wrong_links_too() -> None:
    text = BASE + (
        '\n[[loan]]\nid = "bridge"\nborrower = "ap"\nsource = "nowhere"\n'
        '\n[[loan]]\nid = "bridge"\nlender = "app"\nbalance = 1e6\nmaturity = 12\n'
    )
    with pytest.raises(errors.WorldError) as caught:
        World.from_text(text)
    assert sorted(problem.key for problem in caught.value.problems) == [
        'loan[2] "bridge".balance',
        'loan[2] "bridge".borrower',
        'loan[2] "bridge".lender',
        'loan[2] "bridge".maturity',
        'loan[2] "bridge".source',
        'loan[3] "bridge".borrower',
        'loan[3] "bridge".id',
    ]


def test_unsound_entries_that_were_given_no_id_have_not_the_same() -> None:
    wrong = '\n[[contract]]\ncustomer = "app"\nsupplier = "lab"\nusage = -1\n'
    with pytest.raises(errors.WorldError) as caught:
        World.from_text(BASE + wrong + wrong)
    assert [problem.key.rpartition(".")[2] for problem in caught.value.problems] == ["usage", "usage"]


def test_links_to_an_unsound_entry_are_told_once() -> None:
    with pytest.raises(errors.WorldError) as caught:
        World.from_text(BASE.replace("cash = 1e9", "cash = nan"))
    assert len(caught.value.problems) == 1


def test_the_error_is_a_cashcade_error_and_a_value_error() -> None:
    with pytest.raises(errors.CashcadeError):
        World.from_text("")
    with pytest.raises(ValueError, match="it is empty"):
        World.from_text("")
