"""Reference cases and networks that several test files use."""

import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CASES = {case["name"]: case for case in json.loads((HERE / "reference_cases.json").read_text())}


def by_method(*starts):
    """Cases whose name starts with one of the given words, as parameters of a test."""
    chosen = [pytest.param(case, id=name) for name, case in CASES.items() if name.startswith(starts)]
    assert chosen, f"no case starts with {starts}"
    return chosen


@pytest.fixture(scope="session")
def cases():
    """All cases by name."""
    return CASES
