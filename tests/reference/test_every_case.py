"""No reference case is forgotten."""

import json
import re
from pathlib import Path

import pytest

from tests.reference.every_case import ELSEWHERE, PARTLY, TESTS

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "reference" / "cases.json"
RUN = {name for names in TESTS.values() for name in names.split()}


def test_every_case_has_its_test_or_a_reason():
    assert not RUN & ELSEWHERE.keys()
    assert len(RUN | ELSEWHERE.keys()) == 95
    assert PARTLY.keys() <= RUN


def test_the_names_are_those_of_the_shared_cases():
    if not SHARED.exists():
        pytest.skip("the shared cases are not here")
    shared = {case["name"] for case in json.loads(SHARED.read_text(encoding="utf-8"))}
    assert shared == RUN | ELSEWHERE.keys()


@pytest.mark.parametrize("test", TESTS)
def test_the_tests_are_there(test):
    file, _, name = test.partition("::")
    assert re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
