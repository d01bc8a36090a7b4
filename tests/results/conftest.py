"""Fixtures of made-up results."""

import pytest
from cashcade.results.layout import build_dataset
from cashcade.results.result import Result

from tests.results.made import make_source


@pytest.fixture
def made():
    """Gives a function of changes to the plan, which gives the source and the answer of the core."""
    return make_source


@pytest.fixture
def result():
    """A result over 64 paths of 16 draws."""
    return Result(lambda: build_dataset(make_source()[0]))
