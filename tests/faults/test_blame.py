"""What used to be silent: each kind of broken plugin gets one sentence with who, where, and the way out."""

import contextlib
import contextvars
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
import types
from importlib.metadata import distributions

import cashcade as cc
import pytest
from cashcade.commands import execute
from cashcade.hookspecs import hookimpl
from cashcade.plugin import calls, find, find_plugins
from cashcade.plugin.blame import Plugin

from tests.rules.conftest import small_world

HEAD = "from cashcade.hookspecs import hookimpl\nfrom cashcade.rules import *\n"
HOOK = "@hookimpl\ndef cashcade_shocks():\n    "
SHOCK = "yield Shock('a', 'A', lambda: Rule('a', True, add(company('one').cash, 1e6)))\n"
UNMARKED = "is not marked, so that it is never called; write @hookimpl above it"
NOTHING = (
    "brings nothing, wanted a module or an object with hooks: functions such as cashcade_archetypes under"
)

BROKEN = {
    "forgotten mark": (
        HEAD + "def cashcade_shocks():\n    " + SHOCK,
        "broken",
        f"cashcade_shocks {UNMARKED} (from cashcade.hookspecs import hookimpl) (broken.py:3)",
    ),
    "forgotten mark on a misspelt hook": (
        HEAD + "def cashcade_shcks():\n    " + SHOCK,
        "broken",
        f"cashcade_shcks {UNMARKED}",
    ),
    "forgotten mark beside a marked one": (
        HEAD + HOOK + SHOCK + "def cashcade_worlds():\n    return []\n",
        "broken",
        f"cashcade_worlds {UNMARKED}",
    ),
    "mark of another project": (
        "import pluggy\nmine = pluggy.HookimplMarker('pytest')\n@mine\ndef cashcade_shocks():\n    return []\n",
        "broken",
        (
            'cashcade_shocks is marked for the project "pytest", so that it is never called; write @hookimpl above it '
            "(from cashcade.hookspecs import hookimpl) (broken.py:3)"
        ),
    ),
    "records and no function": (
        HEAD + "cashcade_shocks = []\n",
        "broken",
        "cashcade_shocks is no function, wanted one that gives records",
    ),
    "misspelt hook": (
        HEAD + "@hookimpl\ndef cashcade_shokcs():\n    return []\n",
        "broken",
        "unknown hook 'cashcade_shokcs'. Did you mean cashcade_shocks? (broken.py:3)",
    ),
    "hook with arguments": (
        HEAD + "@hookimpl\ndef cashcade_shocks(world):\n    return []\n",
        "broken",
        "cashcade_shocks takes world, and hooks take no argument (broken.py:3)",
    ),
    "wrapper": (
        HEAD + "@hookimpl(hookwrapper=True)\ndef cashcade_shocks():\n    yield\n",
        "broken",
        "cashcade_shocks is marked as a wrapper, wanted @hookimpl alone: hooks bring records (broken.py:3)",
    ),
    "entry point of None": ("thing = None\n", "broken:thing", f"None {NOTHING} @hookimpl (ENTRIES:2)"),
    "entry point of a function": (
        HEAD + HOOK + SHOCK,
        "broken:cashcade_shocks",
        f"the function cashcade_shocks {NOTHING} @hookimpl (ENTRIES:2)",
    ),
    "entry point of a class": (
        HEAD + "class Mine:\n    @hookimpl\n    def cashcade_shocks(self):\n        return []\n",
        "broken:Mine",
        "it is a class, wanted an object of it: Mine() (broken.py:3)",
    ),
    "entry point of an empty module": ("", "broken", f"the module broken {NOTHING} @hookimpl (ENTRIES:2)"),
    "malformed entry point": (
        HEAD + HOOK + SHOCK,
        "a b c",
        "its entry point plugin is 'a b c', wanted MODULE or MODULE:OBJECT (ENTRIES:2)",
    ),
    "entry point of no such module": (
        "",
        "nowhere",
        "loading nowhere failed with ModuleNotFoundError: No module named 'nowhere' (ENTRIES:2)",
    ),
    "entry point of no such object": ("", "broken:gone", "loading broken:gone failed with AttributeError"),
    "entry points that cannot be read": (
        "",
        "broken\nnonsense",
        "its entry points cannot be read (TypeError: ",
    ),
    "syntax": (
        "x = 1\ndef broken(:\n",
        "broken",
        "failed with SyntaxError: invalid syntax (broken.py, line 2) (broken.py:2)",
    ),
    "import that fails deep down": (
        "import json\ndef load():\n    json.loads('{')\nload()\n",
        "broken",
        "in double quotes: line 1 column 2 (char 1) (broken.py:3)",
    ),
    "import that exits": (
        "import sys\nsys.exit(0)\n",
        "broken",
        "loading broken would end the program, with sys.exit(0) (broken.py:2)",
    ),
    "import that waits": (
        "import time\ntime.sleep(9)\n",
        "broken",
        "loading broken did not end within 0.05 seconds (broken.py:2)",
    ),
    "import that loops and catches all": (
        "while True:\n    try:\n        sum(range(50))\n    except BaseException:\n        pass\n",
        "broken",
        "loading broken did not end within 0.05 seconds (broken.py:",
    ),
    "hook that gives nothing": (
        HEAD + HOOK + "pass\n",
        "broken",
        "cashcade_shocks returned None, wanted records; it lacks a return or a yield (broken.py:3)",
    ),
    "hook that exits": (
        HEAD + HOOK + "raise SystemExit\n",
        "broken",
        "cashcade_shocks would end the program, with sys.exit(None) (broken.py:5)",
    ),
    "hook that fails in a library": (
        HEAD + "import json\n" + HOOK + "json.loads('{')\n    " + SHOCK,
        "broken",
        "column 2 (char 1) (broken.py:6)",
    ),
    "build that gives nothing": (
        HEAD + "def build():\n    Rule('a', True, add(company('one').cash, 1e6))\n"
        "@hookimpl\ndef cashcade_shocks():\n    yield Shock('a', 'A', build)\n",
        "broken",
        'shock "a" returned None, wanted a rule or rules; its build lacks a return or a yield (broken.py:3)',
    ),
    "build that gives a number": (
        HEAD + HOOK + "yield Shock('a', 'A', lambda: 3)\n",
        "broken",
        'shock "a" gave 3, wanted a rule or rules (broken.py:5)',
    ),
    "wrong record": (
        HEAD + HOOK + "yield 3\n",
        "broken",
        "cashcade_shocks gave a int, wanted Shock records (broken.py:3)",
    ),
    "unknown shock": (
        HEAD + "@hookimpl\ndef cashcade_scenarios():\n    yield Scenario('a', 'A', shocks='gift')\n",
        "broken",
        'scenario "a": unknown shock "gift". Known: ',
    ),
    "renamed to what is not there": (
        HEAD + "cashcade_renamed = {'old': 'new'}\n" + HOOK + SHOCK,
        "broken",
        'cashcade_renamed names "new", which it does not bring. Known: a',
    ),
    "overrides what it does not bring": (
        HEAD + "cashcade_overrides = 'ab',\n" + HOOK + SHOCK,
        "broken",
        'cashcade_overrides names "ab", which it does not bring. Did you mean "a"? Update it',
    ),
    "misspelt attribute": (
        HEAD + "cashcade_overides = 'a',\n" + HOOK + SHOCK,
        "broken",
        "cashcade_overides means nothing. Did you mean cashcade_overrides?",
    ),
    "overrides that are no list": (
        HEAD + "cashcade_overrides = 'a'\n" + HOOK + SHOCK,
        "broken",
        "cashcade_overrides is 'a', wanted a list of names",
    ),
}


@pytest.fixture
def alone(install, tmp_path, monkeypatch):
    """Install distributions beside which there are no others: to walk them takes longer than all else."""
    monkeypatch.setattr(find, "distributions", lambda: distributions(path=[str(tmp_path)]))
    return install


@pytest.mark.parametrize("kind", BROKEN)
def test_each_kind_is_one_sentence(kind, alone, tmp_path, monkeypatch, capsys):
    code, entry, reason = BROKEN[kind]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(calls, "AGAIN", 0.002)
    monkeypatch.setattr(calls, "SECONDS", 0.05 if "did not end" in reason else 20.0)
    alone("broken", code, "0.7")
    entries = "broken-0.7.dist-info/entry_points.txt"
    (tmp_path / entries).write_text(f"[cashcade]\nplugin = {entry}\n")
    assert execute(["plugins"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith('cashcade: plugin "broken 0.7": ')
    assert reason.replace("ENTRIES", entries) in told.err
    assert told.err.endswith('Update it, or block it: block=["broken"] or CASHCADE_BLOCK_PLUGINS=broken.\n')
    assert len(told.err.splitlines()) == 1
    assert execute(["plugins", "--block", "broken"]) == (2 if "cannot be read" in reason else 0)


def test_traceback_shows_the_rest(alone, capsys):
    alone("broken", "def fails():\n    1 / 0\nfails()\n")
    assert execute(["plugins", "--traceback"]) == 2
    told = capsys.readouterr().err
    assert "Traceback (most recent call last)" in told
    assert "in fails" in told
    assert told.splitlines()[-1].startswith('cashcade: plugin "broken 1.2": ')


@pytest.mark.parametrize("code", ["print('hello')\n", "import sys\nsys.stdout.write('hello\\n')\n"])
def test_what_is_printed_does_not_break_documents(code, alone, tmp_path, capsys):
    alone("chatty", code + HEAD + HOOK + "print('more')\n    " + SHOCK)
    file = tmp_path / "small.toml"
    file.write_text(small_world().to_toml())
    found = execute(["run", str(file), "--scenario", "a", "--paths", "4", "--months", "2", "--json"])
    told = capsys.readouterr()
    assert found == 0, told.err
    assert json.loads(told.out)["run"]["paths"] == 4
    line = 1 + code.count("\n") - 1
    assert f"plugin \"chatty 1.2\": loading chatty prints 'hello' ({tmp_path}/chatty.py:{line})" in told.err
    assert "cashcade_shocks prints 'more'" in told.err


PAST_PYTHON = {
    "a descriptor": "import os\nos.write(1, b'hello\\n')\n",
    "the first standard output": "import sys\nsys.__stdout__.write('hello\\n')\n",
    "C": "import ctypes\nctypes.CDLL(None).printf(b'hello\\n')\n",
    "another program": "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(\"hello\")'])\n",
}


@pytest.mark.parametrize("way", PAST_PYTHON)
def test_what_is_printed_past_python_does_not_break_documents(way, tmp_path):
    """In a process of its own, whose standard output is that of the system."""
    (tmp_path / "chatty.py").write_text(
        "import os\n" + PAST_PYTHON[way] + HEAD + HOOK + "os.write(1, b'more\\n')\n    " + SHOCK
    )
    (tmp_path / "small.toml").write_text(small_world().to_toml())
    words = ["run", "small.toml", "--plugin", "chatty.py", "--scenario", "a", "--paths", "4", "--months", "2"]
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-m", "cashcade", *words, "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["run"]["paths"] == 4
    assert "hello" in done.stderr.splitlines()
    assert (
        "plugin \"chatty.py\": loading chatty.py prints 'hello' (past Python's print), which was"
        in done.stderr
    )
    assert "cashcade_shocks prints 'more' (past Python's print)" in done.stderr


def test_standard_output_is_as_it_was(capfd):
    def fails():
        os.write(1, b"aside\n")
        raise ValueError

    print("before", end=" ", file=sys.__stdout__)
    with (
        pytest.warns(cc.PluginWarning, match="it prints 'aside'"),
        pytest.raises(cc.PluginError, match="it failed with ValueError"),
    ):
        calls.called(Plugin("mine"), "it", fails)
    os.write(1, b"after")
    told = capfd.readouterr()
    assert told.out == "before after"
    assert told.err == "aside\n"


@pytest.mark.parametrize("closes", [False, True])
def test_without_standard_output_plugins_work(closes):
    run = (
        "import os, sys, cashcade.plugin.calls as calls\n"
        "from cashcade.plugin.blame import Plugin\n"
        f"sys.__stdout__.close() if {closes} else setattr(sys, '__stdout__', None)\n"
        "sys.stderr.write(calls.called(Plugin('mine'), 'it', lambda: 'done'))\n"
    )
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert done.stderr == "done"


def test_only_distributions_that_speak_of_cashcade_are_blamed(install, tmp_path):
    install("foreign", "")
    (tmp_path / "foreign-1.2.dist-info/entry_points.txt").write_text("[other]\nnonsense\n")
    assert "foreign" not in [plugin.name for plugin in find_plugins().loaded.values()]


class Gift:
    """A plugin of the caller."""

    @hookimpl
    def cashcade_shocks(self):
        return []


GIFT = Gift()
MODULE = types.ModuleType("module")
GIVEN = {
    "a name": (
        ["f"],
        cc.ArgumentError,
        r'plugins\[1\] is "f", wanted a module, an object with hooks, the path of',
    ),
    "no such file": (["f.py"], cc.ArgumentError, 'plugins names "f.py", wanted a Python file: no such file'),
    "no list": ("f.py", cc.ArgumentError, "plugins is 'f.py', wanted a list"),
    "None": ([None], cc.PluginError, r'"NoneType \(plugins\[1\]\)": None brings nothing, wanted a module or'),
    "a function": ([print], cc.PluginError, r'"print \(plugins\[1\]\)": the function print brings nothing'),
    "a number": ([3], cc.PluginError, "3 brings nothing"),
    "an object": ([object()], cc.PluginError, "the object brings nothing"),
    "a class": (
        [Gift],
        cc.PluginError,
        r"it is a class, wanted an object of it: Gift\(\) \(.*test_blame.py:",
    ),
    "an empty module": ([MODULE], cc.PluginError, "the module module brings nothing"),
    "twice the same": (
        [GIFT, GIFT],
        cc.PluginError,
        r'"Gift \(plugins\[2\]\)": it is the same object as plugin "Gift \(plugins\[1\]\)", wanted each once',
    ),
}


@pytest.mark.parametrize("kind", GIVEN)
def test_what_is_given_is_checked(kind):
    given, error, message = GIVEN[kind]
    with pytest.raises(error, match=message):
        cc.run(small_world(), plugins=given, paths=1, months=1)


def test_what_is_installed_is_not_given_again(install):
    install("mine", HEAD + HOOK + SHOCK)
    find_plugins()
    with pytest.raises(
        cc.PluginError, match=r'it is the same object as plugin "mine 1\.2", wanted each once'
    ):
        find_plugins(extra=[sys.modules["mine"]])


def test_a_class_whose_hooks_need_no_object_is_a_plugin():
    class Static:
        @staticmethod
        @hookimpl
        def cashcade_shocks():
            return []

    assert [*find_plugins(extra=[Static]).loaded][-1] == "Static (plugins[1]):"


def test_two_objects_of_one_class_are_two_plugins():
    assert [*find_plugins(extra=[Gift(), Gift()]).loaded][-2:] == ["Gift (plugins[1]):", "Gift (plugins[2]):"]


@pytest.mark.parametrize("name", ["CASHCADE_BLOCK_PLUGIN", "CASHCADE_BLOCKED_PLUGINS"])
def test_a_misspelt_variable_is_told(name, monkeypatch):
    monkeypatch.setenv(name, "cashcade-ai")
    with pytest.raises(
        cc.ArgumentError, match=rf"{name} means nothing\. Did you mean CASHCADE_BLOCK_PLUGINS\?"
    ):
        find_plugins()


SETTING = contextvars.ContextVar("setting", default="none")


def test_hooks_run_where_their_caller_does():
    memory = sqlite3.connect(":memory:")
    seen = []

    class Curious:
        @hookimpl
        def cashcade_shocks(self):
            seen.extend([threading.current_thread(), SETTING.get(), memory.execute("select 7").fetchone()])
            return []

    token = SETTING.set("here")
    try:
        cc.shocks(plugins=[Curious()])
    finally:
        SETTING.reset(token)
        memory.close()
    assert seen == [threading.current_thread(), "here", (7,)]


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(calls, "SECONDS", 0.05)


def waits():
    time.sleep(0.2)
    return "done"


@pytest.mark.usefixtures("short")
def test_a_debugger_has_all_the_time():
    def stops():
        before = sys.gettrace()
        sys.settrace(lambda *_: None)
        sys._getframe().f_trace = lambda *_: None
        try:
            return waits()
        finally:
            sys.settrace(before)

    assert calls.called(Plugin("mine"), "it", stops) == "done"
    with pytest.raises(cc.PluginError, match=r"it did not end within 0\.05 seconds"):
        calls.called(Plugin("mine"), "it", waits)


def loops():
    while True:
        time.sleep(0.001)


@pytest.mark.usefixtures("short")
def test_a_call_in_another_thread_ends_too():
    found = []

    def call():
        with contextlib.suppress(cc.PluginError):
            calls.called(Plugin("mine"), "it", loops)
        found.append(calls.called(Plugin("mine"), "it", lambda: "done"))

    thread = threading.Thread(target=call)
    thread.start()
    thread.join(20)
    assert found == ["done"]


def test_a_clock_that_the_system_does_not_give_is_told(monkeypatch):
    def refuses(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(calls, "_limit", calls._Clock)
    monkeypatch.setattr(threading.Thread, "start", refuses)
    with pytest.raises(
        cc.CashcadeError, match="a limit of time needs a thread, and the system gives no more"
    ):
        calls.called(Plugin("mine"), "it", waits)


def test_ctrl_c_is_the_users():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calls.called(Plugin("mine"), "it", interrupted)
