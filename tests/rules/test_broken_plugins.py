"""Twelve kinds of broken plugins: each stops with a message that says whose fault it is and how to go on."""

import os
import subprocess
import sys
from pathlib import Path

import cashcade as cc
import pytest
from cashcade.commands import execute
from cashcade.errors import CashcadeError
from cashcade.plugin import find_plugins
from cashcade.plugin.offers import Catalogue

from tests.rules.conftest import small_world

HEAD = """
from cashcade.hookspecs import hookimpl
from cashcade.rules import *

def gift(name, amount=1):
    return Shock(name, "A gift", lambda: Rule("gift", True, add(company("one").cash, amount)))

def setting(value):
    return Rule(f"to-{{value}}", True, set_to(company("one").burn_cut_runway, value))

@hookimpl
def {hook}():
    {body}
"""

SHOCKS, EXITS, SCENARIOS = "cashcade_shocks", "cashcade_exit_scenarios", "cashcade_scenarios"


def code(body, hook=SHOCKS):
    return HEAD.format(hook=hook, body=body)


BROKEN = {
    "import error": (
        "import no_such_module",
        "loading broken failed with ModuleNotFoundError: No module named 'no_such_module'",
    ),
    "misspelt hook": (code("yield gift('a')", "cashcade_shokcs"), "unknown hook 'cashcade_shokcs'"),
    "wrong type": (code("yield setting(1)"), "cashcade_shocks gave a Rule, wanted Shock records"),
    "NaN": (
        code("yield gift('a', float('nan'))"),
        'shock "a" failed with RuleError: add(company("one").cash, nan): nan is no finite number',
    ),
    "clash of names": (code("yield gift('a')\n    yield gift('a')"), 'shock "a" is brought by itself too'),
    "endless loop": (
        code("import time\n    while True: time.sleep(0.01)\n    yield gift('a')"),
        "cashcade_shocks did not end within 0.3 seconds",
    ),
    "endless records": (
        code("one = gift('a')\n    while True: yield one"),
        "cashcade_shocks gave more than 10,000 records",
    ),
    "endless loop in a shock": (
        code("import time\n    yield Shock('a', 'A', lambda: [time.sleep(0.01) for _ in iter(int, 1)])"),
        'shock "a" did not end within 0.3 seconds',
    ),
    "unknown variable": (
        code(
            "yield Shock('a', 'A', lambda: Rule('a', company('one').runwy < 6, add(company('one').cash, 1e6)))"
        ),
        'a company has no "runwy". Did you mean "runway"?',
    ),
    "negative hazard": (
        code("yield ExitScenario('a', 'A', Door('d', of=companies(), effect='list', hazard=-0.1))", EXITS),
        'failed with RuleError: door "d": hazard: -0.1 is no number from 0 to 1',
    ),
    "probability above one": (
        code("yield Shock('a', 'A', lambda: Rule('a', chance(1.5), add(company('one').cash, 1e6)))"),
        "chance(1.5): 1.5 is no number from 0 to 1",
    ),
    "raises": (code("1 / 0; yield"), "cashcade_shocks failed with ZeroDivisionError: division by zero"),
    "old hooks": (
        "cashcade_api = 0\n" + code("yield gift('a')"),
        "it was written for version 0 of the hooks (cashcade_api)",
    ),
    "unknown shock": (
        code("yield Scenario('a', 'A', shocks='gitf')", SCENARIOS),
        'scenario "a": unknown shock "gitf"',
    ),
    "no price": (
        code("yield PricingShock('a', 'A', lambda: setting(1))", "cashcade_pricing_shocks"),
        "moves no price; make it a Shock",
    ),
}


@pytest.fixture
def others():
    """Names of plugins that are installed besides those of a test."""
    return [plugin.name for plugin in find_plugins().loaded.values()]


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_broken_stops_and_is_blamed(kind, install, others, monkeypatch, capsys):
    text, reason = BROKEN[kind]
    if "did not end" in reason:
        monkeypatch.setattr("cashcade.plugin.calls.SECONDS", 0.3)
    install("broken", text, "0.7")
    for given in (["plugins"], ["scenarios"]):
        assert execute(given) == 2
        message = capsys.readouterr().err
        assert message.startswith('cashcade: plugin "broken 0.7": ')
        assert reason in message
        assert 'block=["broken"] or CASHCADE_BLOCK_PLUGINS=broken.' in message
        assert execute([*given, "--block", "broken"]) == 0
        assert "broken" not in capsys.readouterr().out
    with pytest.raises(CashcadeError, match=r'plugin "broken 0.7"'):
        cc.run(small_world(), scenarios=["a"], paths=1, months=1, block=others)


def test_two_that_set_one_lever_stop_the_run(install, others, tmp_path):
    body = (
        "yield Shock('five', 'Five', lambda: setting(5))\n    yield Shock('six', 'Six', lambda: setting(6))"
    )
    install("broken", code(body), "0.7")
    cc.run(small_world(), scenarios=["five"], paths=4, months=2, block=others)
    with pytest.raises(cc.RuleError) as caught:
        cc.run(small_world(), scenarios=["six", "five"], paths=4, months=2, block=others)
    assert str(caught.value) == (
        'rule "five/to-5" (shock "five" of plugin "broken 0.7"): set_to(company("one").burn_cut_runway, 5) and '
        'rule "six/to-6" (shock "six" of plugin "broken 0.7"): set_to(company("one").burn_cut_runway, 6) set '
        "company.burn_cut_runway of one to different values in month 1 of path 0. "
        "Let their conditions exclude each other, or let one scale or add. "
        f"It is made in {tmp_path}/broken.py:13. "
        'Update it, or block it: block=["broken"] or CASHCADE_BLOCK_PLUGINS=broken.'
    )


def test_who_is_not_in_the_world_is_told_with_the_plugin(install, others):
    install(
        "broken", code("yield Shock('a', 'A', lambda: Rule('a', True, add(company('twa').cash, 1e6)))"), "0.7"
    )
    with pytest.raises(
        cc.RuleError,
        match=r'rule "a" \(shock "a" of plugin "broken 0.7"\).*Did you mean "two".*It is made in .*broken.py:13.*block=',
    ):
        cc.run(small_world(), scenarios=["a"], paths=1, block=others)


def test_two_plugins_of_one_name_are_told(install, others):
    install("first", code("yield gift('a')"))
    install("second", code("yield ExitScenario('a', 'A')", EXITS), "0.7")
    with pytest.raises(
        cc.PluginError,
        match=r'"second 0.7": exit scenario "a" has the name of shock "a" of plugin "first 1.2"',
    ):
        Catalogue(find_plugins(block=others))


def test_a_hook_that_never_ends_lets_the_process_end(tmp_path: Path):
    (tmp_path / "loops.py").write_text(code("while True: pass\n    yield"))
    run = (
        "import cashcade as cc, cashcade.plugin.calls, loops\n"
        "cashcade.plugin.calls.SECONDS = 0.2\n"
        "from cashcade.plugin.offers import Catalogue\n"
        "from cashcade.plugin import find_plugins\n"
        "try: Catalogue(find_plugins(extra=[loops]))\n"
        "except cc.PluginError as error: print(error)\n"
        "import threading\n"
        "left = [one for one in threading.enumerate() if one.name.startswith('cashcade')]\n"
        "for one in left: one.join(20)\n"
        "print('left behind:', [one.name for one in left if one.is_alive()])\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", run], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert 'plugin "loops (plugins[1])": cashcade_shocks did not end within 0.2 seconds' in done.stdout
    assert "left behind: []" in done.stdout
