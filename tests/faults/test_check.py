"""What the check looks at: where, with what, and what it tells of what it found and did not find."""

from pathlib import Path

import pytest
from cashcade.archetype import Input, Part, Party, assumed
from cashcade.commands import execute
from cashcade.plugin.given import Given
from cashcade.plugin.offers import Parts
from cashcade.rules import (
    Door,
    ExitScenario,
    Rule,
    ShockParameter,
    add,
    commitment,
    commitments,
    companies,
    company,
    contract,
    fleet,
    loans,
    month,
    scale,
    segments,
    set_to,
)
from cashcade.testing import check_plugin, laws
from cashcade.testing.asked import Asked, asked_by
from cashcade.testing.hunt import hunt
from cashcade.testing.rich import rich_world
from cashcade.testing.trials import Trial, judged
from cashcade.testing.values import arguments_of, early
from cashcade.world import World

from tests.faults import plugins
from tests.faults.plugins import plugin, shock, shocks

COST = companies().fixed_cost


def test_the_rich_world_has_one_of_everything():
    world = rich_world(Asked())
    assert [each.id for each in world.companies] == ["one", "two", "lab", "cloud", "chips"]
    assert all(world.sections()[kind] for kind in world.sections())


def test_the_rich_world_has_what_is_asked_for():
    rule = Rule(
        "r",
        (company("ada").cash > 0) & (companies(tag="red").cash > 0).any(),
        [
            scale(companies(archetype="bank").fixed_cost, 2),
            scale(contract("ada->bob").level, 2),
            scale(fleet("big").capex, 2),
            scale(loans(borrower=company("eve")).rate, 2),
            scale(segments(seller=companies(tag="red")).revenue, 2),
            scale(commitments(contract=contract("cyd->one")).amount, 2),
        ],
    )
    world = rich_world(asked_by([rule], [], []))
    ids = [each.id for each in world.companies]
    assert {"ada", "bob", "eve", "cyd", "one"} <= set(ids)
    assert [each.id for each in world.companies if "red" in each.tags] == ids[::2]
    assert {each.archetype for each in world.companies} == {"bank"}
    assert judged(Trial("a rule", world, Parts((Given(rule),)))) is None


def test_what_moves_a_run_at_neutral_values_is_told_with_both_values():
    world = rich_world(Asked())
    rule = Rule("gift", month >= 2, add(company("chips").cash, 1e6))
    breach = judged(Trial("a gift", world, Parts(), Parts((Given(rule),)), "rise=0"))
    assert (breach.law, breach.record) == (laws.NEUTRAL, "a gift")
    assert breach.what.startswith("company_cash")
    assert " and then " in breach.what


def test_months_are_drawn_inside_the_run():
    late = shock(
        "late",
        lambda start, months: Rule("late", (month >= start) & (month < start + months), scale(COST, 2)),
        ShockParameter("start", 24, "month", 1, 120),
        ShockParameter("months", 6.0, "months", 0, 1200),
    )
    seen = []
    assert hunt(arguments_of(late), seen.append, 50) is None
    assert {max(each[name] for each in seen) for name in ("start", "months")} == {12}
    assert min(each["start"] for each in seen) == 1
    assert early(late) == {"start": 12}
    report = check_plugin(shocks(late), examples=1)
    assert report.ok, str(report)
    assert report.idle == []


def test_what_was_never_seen_at_work_is_listed():
    late = shock("late", lambda: Rule("late", month >= 200, scale(companies().fixed_cost, 2)))
    shut = ExitScenario("shut", "Shut", Door("sale", of=companies(), effect="wind_down", hazard=0.0))
    assert check_plugin(shocks(late), examples=1).idle == ['rule late was never active (shock "late")']
    report = check_plugin(plugin("cashcade_exit_scenarios", shut), examples=1)
    assert report.idle == ['door shut/sale was never taken (exit scenario "shut")']
    assert report.ok
    assert 'seen in no run: door shut/sale was never taken (exit scenario "shut")' in str(report)


def test_a_check_of_nothing_is_a_failure(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    report = check_plugin(shocks())
    assert not report.ok
    assert str(report).endswith(": nothing was checked, which is a failure")
    (tmp_path / "empty.py").write_text(
        "from cashcade.hookspecs import hookimpl\n@hookimpl\ndef cashcade_shocks():\n    return []\n"
    )
    monkeypatch.setattr("cashcade.testing.check.told_elsewhere", lambda *_: told(["cashcade_shocks, built"]))
    assert execute(["check", "empty.py"]) == 1
    assert "nothing was checked" in capsys.readouterr().out


def told(more):
    """What an empty plugin tells."""
    hooks = ("worlds", "archetypes", "pricing_shocks", "shocks", "exit_scenarios", "scenarios")
    return {name: [] for name in [*(f"cashcade_{hook}" for hook in hooks), *more]}


def test_what_applies_to_no_world_is_not_counted():
    odd = shock("odd", lambda: Rule("odd", True, scale(commitment("nobody's/7").amount, 2)))
    report = check_plugin(shocks(odd), examples=1)
    assert not report.checked
    assert not report.ok
    assert report.skipped[0].startswith('shock "odd": no world was found that it applies to: ')


def test_worlds_that_are_given_are_looked_at(capsys, tmp_path):
    def build():
        rich = (companies().cash > 1e15).any()
        yield Rule("low", rich, set_to(companies().minimum_cash, 1e6))
        yield Rule("high", rich, set_to(companies().minimum_cash, 2e6))

    odd = shocks(shock("odd", build))
    world = World.builder("theirs", "2025-08-31").company("a", cash=1e16).build()
    assert check_plugin(odd, examples=1).ok
    report = check_plugin(odd, examples=1, worlds=[world])
    assert [breach.law for breach in report.broken] == [laws.AGREEING]
    assert 'name = "theirs"' in report.broken[0].example
    (tmp_path / "theirs.toml").write_text(world.to_toml())
    assert execute(["check", "cashcade-telecom", "--world", str(tmp_path / "their.toml")]) == 2
    assert "no such file" in capsys.readouterr().err


def test_a_counterexample_goes_to_a_file(tmp_path):
    report = check_plugin(plugins.contradiction(), examples=1)
    (path,) = report.save(tmp_path / "found")
    assert path == tmp_path / "found" / "1-shock-reserves.toml"
    said = path.read_text()
    assert said.startswith(f'# shock "reserves" breaks the law: {laws.AGREEING}\n#   rule "reserves/high"')
    assert "# run with months=18, paths=16, seed=1, replicates=1\n" in said
    assert (
        '# rule reserves/low: Rule("reserves/low", month >= 3, set_to(companies().minimum_cash, 1e6))' in said
    )
    assert World.from_toml(path).to_toml() == report.broken[0].example
    assert "more lines" in str(report)


def test_progress_is_told():
    heard = []
    check_plugin(plugins.revival(), examples=1, progress=lambda *each: heard.append(each))
    assert heard == [('shock "revive"', 0, 1)]


def test_inputs_beside_the_example_are_tried():
    def derive(given):
        cost = given["revenue"] * (1 - 2 * given["margin"])
        yield Part("company", "company", {"cash": 3 * given["revenue"], "fixed_cost": cost})

    margin = Input("margin", "fraction", "What is left.", assumed(0.1, 0.1, 0.1, "A guess."), 0.0, 1.0)
    made = plugins.archetype(derive, margin)
    record = made.cashcade_archetypes()[0]
    assert [breach.law for breach in check_plugin(of(record, example={"revenue": 1e6})).broken] == [
        laws.LIMITS
    ]


def test_parties_are_tried():
    def derive(given):
        yield Part("company", "company", {"cash": 3 * given["revenue"]})
        if given.parties["landlord"]:
            yield Part(
                "rent", "contract", {"customer": given.id, "supplier": given.parties["landlord"], "usage": -1}
            )

    record = plugins.archetype(derive).cashcade_archetypes()[0]
    report = check_plugin(of(record, parties=(Party("landlord", "Who lets the shop."),)), examples=5)
    assert [breach.law for breach in report.broken] == [laws.LIMITS]
    assert "landlord=bob" in report.broken[0].setting[0]


@pytest.mark.parametrize(
    ("cash", "wrong"),
    [
        (lambda given: given["sales"], "company.cash [USD] is 'sales', and sales is in USD/year"),
        (
            lambda given: given["hoard"] + given["sales"],
            "company.cash [USD] is 'hoard + sales', and sales is in USD/year",
        ),
        (lambda given: given["hoard"] + 2 * given["sales"], None),
    ],
)
def test_figures_are_in_the_unit_of_their_field(cash, wrong):
    record = plugins.archetype(
        lambda given: [Part("company", "company", {"cash": cash(given)})],
    ).cashcade_archetypes()[0]
    inputs = (Input("sales", "USD/year", "Sales."), Input("hoard", "USD", "Cash."))
    report = check_plugin(of(record, inputs=inputs, example={"sales": 1e6, "hoard": 1e6}), examples=2)
    assert [(breach.law, breach.what) for breach in report.broken] == ([(laws.UNITS, wrong)] if wrong else [])


def of(record, **changes):
    """A plugin with an archetype, changed."""
    fields = {name: getattr(record, name) for name in type(record).__dataclass_fields__}
    return plugin("cashcade_archetypes", type(record)(**{**fields, **changes}))


ORDERED_BY_HASH = """
from cashcade.hookspecs import hookimpl
from cashcade.rules import *

NAMES = {"ada", "bob", "cyd", "dee", "eli", "fay", "gus", "hal", "ida", "joe", "kim", "lea"}

@hookimpl
def cashcade_shocks():
    yield Shock("gift", "A gift", lambda: Rule("gift", True, [add(company(name).cash, 1e6) for name in NAMES]))
"""


def test_another_process_gives_the_same(tmp_path: Path):
    file = tmp_path / "sets.py"
    file.write_text(ORDERED_BY_HASH)
    report = check_plugin(str(file), examples=1)
    assert [(breach.law, breach.record) for breach in report.broken] == [
        (laws.ANYWHERE, "hook cashcade_shocks, built")
    ]
