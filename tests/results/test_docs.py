"""The pages on results and command line keep up with the code."""

import inspect
from pathlib import Path

import pytest
from cashcade import _core
from cashcade.commands.app import app
from cashcade.commands.running import run_command
from cashcade.results.layout import build_dataset
from cashcade.results.result import Result
from cashcade.results.runway import NEEDS

DOCS = Path(__file__).parents[2] / "docs"
PUBLIC = [name for name in vars(Result) if not name.startswith("_")]


@pytest.fixture(scope="module")
def pages():
    return {name: (DOCS / f"{name}.md").read_text(encoding="utf-8") for name in ("results", "cli")}


def test_every_variable_and_coordinate_of_the_dataset_is_on_the_page(made, pages):
    dataset = build_dataset(made(keep=4)[0])
    series = ("company_cash", "market_capex_gdp", "company_runway", "company_losses", "loan_loss")
    series += tuple(name.replace(".", "_") for name in NEEDS)
    endings = ("", "_mean", "_std", "_quantile")
    own = {str(name) for name in dataset.variables} - {stem + end for stem in series for end in endings}
    assert len(own) > 15
    assert {name for name in own if f"`{name}`" not in pages["results"]} == set()


def test_every_public_name_of_a_result_is_documented(pages):
    assert {"summary", "save", "dataset"} <= set(PUBLIC)
    for name in PUBLIC:
        assert inspect.getdoc(inspect.getattr_static(Result, name)), f"{name} has a docstring"
        assert name in pages["results"]


def test_every_command_and_option_is_on_the_page(pages):
    commands = [name for name in app if not name.startswith("-")]
    assert {"run", "worlds", "validate"} <= set(commands)
    options = list(inspect.signature(run_command).parameters)[1:]
    words = [f"cashcade {name}" for name in commands]
    words += [f"`--{name.rstrip('_').replace('_', '-')}`" for name in options]
    assert [word for word in words if word not in pages["cli"]] == []


def test_every_reason_of_an_event_is_on_the_page(pages):
    assert len(_core.reasons()) > 20
    for name, meaning in _core.reasons():
        assert f"| `{name}` | {meaning} |" in pages["results"]
