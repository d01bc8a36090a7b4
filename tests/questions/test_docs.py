"""The page of questions: its examples run, in Python and on the command line."""

import re
import shlex
from pathlib import Path

import cashcade as cc
import pytest
from cashcade.commands import execute

PAGE = (Path(__file__).parents[2] / "docs" / "questions.md").read_text(encoding="utf-8")
CODE = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
COMMANDS = re.findall(r"^    cashcade (.*)$", PAGE, flags=re.MULTILINE)

SHORT, COARSE = ["--months", "3"], ["--points", "2", "--tolerance", "0.3"]


@pytest.fixture(scope="module")
def names():
    """Give what the examples left, one after the other, at a coarse size."""
    found: dict[str, object] = {}
    sizes = {
        "paths=1_000": "paths=16, months=3",
        "paths=400": "paths=16, points=2, tolerance=0.3",
        "paths=300": "paths=16, months=3",
        "months=24, paths=500": "months=4, paths=16",
    }
    assert len(CODE) == 6
    for code in CODE:
        shorter = code
        for size, coarse in sizes.items():
            shorter = shorter.replace(size, coarse)
        assert shorter != code
        exec(shorter.replace("months=3, months", "months"), found)  # noqa: S102 - our own page
    return found


def test_the_examples_run(names):
    assert names["poorer"].changed == ("company.openai.cash=1e+10", "fleet.*.economic_life=36")
    assert names["result"].dataset.attrs["changed"] == "company.openai.cash=1e+10"
    assert isinstance(names["system"], cc.questions.BreakEven)
    assert names["found"].condition == "coreweave@24 >= 0.3"
    assert names["measured"].index.tolist() == ["wealth", "full-market"]
    assert set(names["register"]["date"]) == {"2025-12-31"}
    assert names["line"].index.tolist() == [0.0, 0.05, 0.1]


def test_the_commands_of_the_page_run(capsys):
    assert len(COMMANDS) == 9
    for command in COMMANDS:
        words = shlex.split(command)
        coarse = [
            "--paths",
            "16",
            *(["--months", "3"] if words[0] in {"run", "compare", "feedbacks"} else ["--points", "2"]),
        ]
        assert execute([*words, *coarse]) == 0, command
        shown = capsys.readouterr()
        assert shown.out
        assert shown.err == "", command
