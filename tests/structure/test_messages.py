"""The page of messages: each example raises what stands below it, and every class of errors is listed."""

import inspect
import re
from pathlib import Path

import cashcade as cc
import pytest
from cashcade import errors

PAGE = (Path(__file__).parents[2] / "docs" / "messages.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(
    r"### (?P<title>[^\n]+)\n\n```pycon\n(?P<code>(?:(?:>>>|\.\.\.) [^\n]*\n)+)(?P<said>[^\n]+)\n```", PAGE
)


def test_the_examples_are_found():
    assert len(EXAMPLES) == PAGE.count("```pycon") > 15


@pytest.mark.parametrize(("title", "code", "said"), EXAMPLES, ids=[title for title, *_ in EXAMPLES])
def test_an_example_raises_what_the_page_says(title, code, said):
    """Where the page has three dots, the message may say anything: sizes that depend on the model."""
    program = "\n".join(line[4:] for line in code.splitlines())
    with pytest.raises(cc.CashcadeError) as caught:
        exec(program, {"cc": cc})  # noqa: S102 - our own page
    wanted = ".*".join(map(re.escape, said.split("...")))
    assert re.fullmatch(wanted, f"{type(caught.value).__name__}: {caught.value}", flags=re.DOTALL), title


def test_every_class_of_errors_is_listed():
    classes = {
        name for name, each in vars(errors).items() if inspect.isclass(each) and issubclass(each, Exception)
    }
    assert len(classes) > 9
    assert {name for name in classes if f"`{name}`" not in PAGE} == {"CashcadeError"}
    assert "`cashcade.CashcadeError`" in PAGE
