"""A function of Python in a run: what it does not move is as it was, and what it moves is as a rule moves it."""

import functools
import hashlib
import json
from pathlib import Path

import cashcade as cc
import numpy as np
import pytest
from cashcade.errors import FunctionError
from cashcade.host.origin import origin_of
from cashcade.host.sums import OTHER_BITS, SUM_BINS, binned
from cashcade.rules import add, companies, for_good, month, once, scale, set_to
from cashcade.testing import worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import tries
from tests.rules.conftest import small_world

RUN = {"months": 9, "paths": 48, "seed": 5}


def leave_alone(_now):
    """Moves nothing."""


def assert_same(one, other):
    """All arrays and attributes are the same, but for time and who moved what."""
    apart = [name for name in one.dataset.variables if one.dataset[name].dims]
    assert len(apart) > 30
    for name in apart:
        np.testing.assert_array_equal(
            one.dataset[name].to_numpy(), other.dataset[name].to_numpy(), err_msg=name
        )
    beside = {"seconds", "function", "rules"}
    assert {key: value for key, value in one.dataset.attrs.items() if key not in beside} == {
        key: value for key, value in other.dataset.attrs.items() if key not in beside
    }


@settings(max_examples=tries(10), deadline=None)
@given(world=worlds(), seed=st.integers(0, 2**32), keep=st.sampled_from([False, True, 5]))
def test_a_function_that_does_nothing_changes_no_bit(world, seed, keep):
    run = {"months": 7, "paths": 21, "seed": seed, "keep_paths": keep}
    plain, moved = (
        cc.run(world, **run),
        cc.run_monthly(world, leave_alone, levers=["company.list_level"], **run),
    )
    assert_same(plain, moved)
    assert plain.dataset.drop_attrs().identical(moved.dataset.drop_attrs())


@pytest.mark.parametrize("quantiles", [(), (0.1, 0.9)])
def test_nothing_changes_under_scenarios_of_a_large_world(quantiles):
    run = {"months": 6, "paths": 64, "seed": 2, "scenarios": ["gpu-slump"], "quantiles": quantiles}
    record = ["company.alive", "company.cash", "market.regime", "loan.loss"]
    plain = cc.run("ai-2025-08", record=record, **run)
    moved = cc.run_monthly("ai-2025-08", leave_alone, record=record, threads=2, **run)
    assert plain.dataset.drop_attrs().identical(moved.dataset.drop_attrs())
    assert moved.summary().equals(plain.summary())


def raises_prices(now):
    """As a rule that holds for good from month 4 on."""
    if now.coming == 4:
        now.scale("company.list_level", 1.3)


class Rescue:
    """As a rule that gives cash once to each company that has less than half a year of it."""

    def __init__(self):
        self.begun = None

    def __call__(self, now):
        short = now.get("company.runway") < 6
        begun = np.zeros_like(short) if self.begun is None else self.begun
        now.add("company.cash", 2e7, where=short & ~begun)
        self.begun = begun | short


def cuts_costs(now):
    """As a rule that holds while its condition does: back to what the world says first."""
    stated = now.get("company.fixed_cost")
    if not hasattr(cuts_costs, "stated"):
        cuts_costs.stated = stated
    now.set("company.fixed_cost", cuts_costs.stated)
    now.scale("company.fixed_cost", 0.7, where=now.get("company.runway") < 9)


def rents_the_same(now):
    """As a rule that sets a lever from month 2 on."""
    if now.coming == 2:
        now.set("company.fixed_cost", 5e6)


EVERYONE = companies()
AS_RULES = {
    "scale for good": (
        raises_prices,
        cc.Rule("rise", month >= 4, scale(EVERYONE.list_level, 1.3), hold=for_good()),
    ),
    "add once": (Rescue(), cc.Rule("rescue", EVERYONE.runway < 6, add(EVERYONE.cash, 2e7), hold=once())),
    "scale while": (cuts_costs, cc.Rule("cut", EVERYONE.runway < 9, scale(EVERYONE.fixed_cost, 0.7))),
    "set": (rents_the_same, cc.Rule("same", month >= 2, set_to(EVERYONE.fixed_cost, 5e6))),
}


@pytest.mark.parametrize("kind", AS_RULES)
def test_a_function_that_does_what_a_rule_does_gives_the_same_bits(kind):
    function, rule = AS_RULES[kind]
    levers = ["company.list_level", "company.fixed_cost"]
    world = small_world().with_({"company.one.cash": 1.5e7})
    plain = cc.run(world, **RUN)
    ruled = cc.run(world, rules=[rule], keep_paths=True, **RUN)
    moved = cc.run_monthly(world, function, levers=levers, keep_paths=True, **RUN)
    assert_same(moved, ruled)
    assert not moved.dataset["company_cash_mean"].equals(plain.dataset["company_cash_mean"])


def test_rules_and_a_function_act_together():
    rule = cc.Rule("more", month >= 6, scale(EVERYONE.list_level, 1.1))
    both = cc.Rule("rise", month >= 4, scale(EVERYONE.list_level, 1.3), hold=for_good())
    ruled = cc.run(small_world(), rules=[rule, both], **RUN)
    moved = cc.run_monthly(small_world(), raises_prices, levers=["company.list_level"], rules=[rule], **RUN)
    np.testing.assert_array_equal(moved.dataset["company_cash_mean"], ruled.dataset["company_cash_mean"])
    assert moved.dataset.attrs["rules"] == "more"
    assert moved.firings().index.get_level_values("rule").unique().tolist() == ["more"]


def test_it_is_called_before_each_month_with_all_paths():
    seen = []

    def look(now):
        seen.append((now.month, now.coming, now.months, now.get("company.cash").shape, repr(now)))

    cc.run_monthly(small_world(), look, **RUN)
    count = len(small_world().companies)
    assert seen[0] == (0, 1, 9, (48, count), "<Turn before month 1: 48 paths>")
    assert [each[:2] for each in seen] == [(each, each + 1) for each in range(9)]


def test_the_result_says_who_moved_it(tmp_path):
    result = cc.run_monthly(small_world(), Rescue(), **RUN)
    digest = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
    said = f"Rescue of {__name__} (test_monthly.py, sha256 {digest})"
    assert result.dataset.attrs["function"] == said
    assert result.document()["run"]["function"] == said
    result.save(tmp_path / "moved.nc")
    assert cc.Result.load(tmp_path / "moved.nc").dataset.attrs["function"] == said
    assert f"Moved each month by: {said}" in result._repr_html_()
    assert cc.run(small_world(), **RUN).dataset.attrs["function"] == ""
    with pytest.raises(cc.ArgumentError, match="what a function moved cannot be run again path by path"):
        result.explain("one")
    assert json.dumps(result.document())


def typed_in():
    """A function that no file holds."""
    scope = {"__name__": "typed"}
    exec("def move(now):\n    pass\n", scope)  # noqa: S102 - as a prompt does
    return scope["move"]


def test_functions_without_a_file_say_so():
    assert origin_of(typed_in()) == "move of typed (without a file)"
    partial = functools.partial(raises_prices)
    assert origin_of(partial) == origin_of(raises_prices)
    assert origin_of(Rescue().__call__).startswith(f"Rescue.__call__ of {__name__} (test_monthly.py, sha256 ")


def fails(now):
    if now.coming == 3:
        raise KeyError("backlog")


def too_little(now):
    now.set("company.cash", -1.0, entities="one", where=np.arange(48)[:, np.newaxis] == 7)


def ends(_now):
    raise SystemExit(0)


def gives(now):
    return now.get("company.cash") + 1


def moves_what_it_did_not_name(now):
    now.scale("company.list_level", 2.0)


BROKEN = {
    "an error": (fails, "failed with KeyError: 'backlog' (before month 3, on paths 10 to 57)."),
    "a value out of bounds": (
        too_little,
        "failed with ArgumentError: company.cash of one on path 17 would be -1.0, wanted USD, from 0 to 1e+17",
    ),
    "the end": (ends, "failed with SystemExit: 0 (before month 1, on paths 10 to 57)."),
    "an answer": (
        gives,
        "returned ndarray, wanted None: set(), scale() and add() move what comes (before month 1, on paths",
    ),
    "a lever without leave": (
        moves_what_it_did_not_name,
        "failed with ArgumentError: company.list_level is a lever of rules. To move it from here, say so at the start",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_wrong_is_blamed_on_the_function(kind):
    function, said = BROKEN[kind]
    line = function.__code__.co_firstlineno + (0 if kind == "an answer" else 1 + (kind == "an error"))
    with pytest.raises(FunctionError) as caught:
        cc.run_monthly(small_world(), function, first_path=10, **RUN)
    told = str(caught.value)
    assert told.startswith(
        f'function "{function.__name__}" (tests/simulation/test_monthly.py:{line}) {said}'
    ), told
    assert "on paths 10 to 57)." in told


def test_ctrl_c_is_the_users():
    def interrupted(_now):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cc.run_monthly(small_world(), interrupted, **RUN)


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"function": 3}, cc.ArgumentError, "function is 3, wanted one that takes a Turn"),
        ({"record": ["company.csh"]}, cc.ArgumentError, "company.csh"),
        ({"max_memory": 1e4}, cc.MemoryLimitError, "it holds all 48 paths at once"),
        (
            {"keep_paths": True, "paths": 20_000, "max_memory": 1.5e8},
            cc.MemoryLimitError,
            "keep or record less",
        ),
    ],
)
def test_wrong_arguments_are_told(given, error, said):
    arguments = {"function": leave_alone, **RUN, **given}
    with pytest.raises(error, match=said):
        cc.run_monthly(small_world(), **arguments)


@given(
    st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=40),
    st.randoms(),
)
def test_sums_do_not_depend_on_the_order_of_paths(values, random):
    shuffled = random.sample(values, len(values))
    one, other = (binned(np.array(each)[:, np.newaxis], OTHER_BITS, SUM_BINS) for each in (values, shuffled))
    np.testing.assert_array_equal(one, other)
    np.testing.assert_allclose(one.sum(), sum(values), rtol=0, atol=2.0**-46 * len(values) + 1e-3)
