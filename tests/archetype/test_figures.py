"""Figures: a range of a sum or product holds whatever its parts may be, and the formula is told."""

import operator

import pytest
from cashcade.archetype import Figure, assumed
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = st.floats(-1e6, 1e6).map(lambda number: round(number, 3))
SHARES = st.floats(0, 1)


@st.composite
def figures(draw, name):
    low, value, high = sorted(draw(st.tuples(NUMBERS, NUMBERS, NUMBERS), label=name))
    return Figure(value, low, high, name)


@given(
    left=figures("left"),
    right=figures("right"),
    at=st.tuples(SHARES, SHARES),
    operation=st.sampled_from([operator.add, operator.sub, operator.mul, operator.truediv]),
)
def test_a_result_holds_what_its_parts_may_give(left, right, at, operation):
    if operation is operator.truediv and right.low <= 0 <= right.high:
        with pytest.raises(ZeroDivisionError, match="right"):
            operation(left, right)
        return
    one, two = (
        each.low + share * (each.high - each.low) for each, share in zip((left, right), at, strict=True)
    )
    found = operation(left, right)
    slack = 1e-9 * max(abs(found.low), abs(found.high))
    assert found.low - slack <= operation(one, two) <= found.high + slack
    assert found.value == operation(left.value, right.value)


def test_the_formula_is_told():
    a, b, c = (Figure(2, 1, 3, name) for name in "abc")
    assert (a * (1 + b - c)).how == "a * (1 + b - c)"
    assert ((a + b) * 12 / (c * 3)).how == "(a + b) * 12 / (c * 3)"
    assert (1 / (a + b)).how == "1 / (a + b)"
    assert (a - (b - c)).how == "a - (b - c)"
    assert ((a * b) - c).how == "a * b - c"


def test_sources_are_gathered():
    found = assumed(1, 0, 2, "why") * Figure(2, 2, 2, "given") + Figure(1, 1, 1, "x", ("census",))
    assert found.sources == ("assumption", "census")
    assert found.raw() == {
        "value": 3,
        "low": 1,
        "high": 5,
        "source": "assumption",
        "kind": "assumption",
        "confidence": "low",
        "note": "why * given + x",
    }


def test_what_was_given_stays_plain():
    assert Figure(2, 2, 2, "revenue").raw() == {"value": 2, "note": "revenue"}


def test_bounds_and_middle():
    figure = Figure(2, -1, 9, "x")
    assert (figure.middle().low, figure.middle().high) == (2, 2)
    clamped = figure.clamped(0, 5)
    assert (clamped.low, clamped.value, clamped.high) == (0, 2, 5)


def test_a_figure_in_disorder_is_an_error():
    with pytest.raises(ValueError, match="low 3, value 2, high 4"):
        Figure(2, 3, 4, "x")
