"""What the command does where the terminal, the pipe or the system gives less than usual."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import cashcade as cc
import pytest
import xarray as xr
from cashcade import __main__ as cli
from cashcade.errors import RuleError, WorldError
from cashcade.rules import Rule, Use, add, market, month
from cashcade.words.names import lines, one_line
from cashcade.world import World

ROOT = Path(__file__).parents[2]
TINY = str(ROOT / "tests" / "results" / "tiny.toml")
STACK = 1 << 47
"""Bytes of all addresses that Linux gives a process."""

HOSTILE = "\x1b[31mred\x9b2J\nnext\u202e\0"
"""A colour, a cleared screen, a line break, a turned direction and a NUL."""

OTHER_WORLD = """
[world]
name = "polish"
title = "Łódź ± ─"
date = 2025-08-31

[[company]]
id = "a"
name = "Łódź"
cash = 1e6
"""


def run(*words, **options):
    """Run the command in a process of its own."""
    environment = os.environ | options.pop("env", {})
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "cashcade", *words],
        capture_output="stdout" not in options,
        check=False,
        cwd=ROOT,
        env=environment,
        timeout=120,
        **options,
    )


@pytest.mark.parametrize(
    ("encoding", "shown"), [("ascii", b"?\xf3d?"), ("cp1252", b"?\xf3d?"), ("utf-8", "Łódź".encode())]
)
def test_output_that_cannot_be_encoded_is_a_question_mark(tmp_path, encoding, shown):
    world = tmp_path / "polish.toml"
    world.write_text(OTHER_WORLD, encoding="utf-8")
    wanted = b"??d?" if encoding == "ascii" else shown
    done = run("run", str(world), "--paths", "16", "--months", "2", env={"PYTHONIOENCODING": encoding})
    assert done.stderr == b""
    assert done.returncode == 0
    assert wanted in done.stdout


def test_a_message_that_cannot_be_encoded_is_one_line(tmp_path):
    done = run("run", str(tmp_path / "Łódź.toml"), env={"PYTHONIOENCODING": "ascii:strict"})
    assert done.returncode == 2
    assert done.stderr.startswith(b"cashcade: ")
    assert b"Traceback" not in done.stderr


def test_a_system_without_memory_is_one_message(capsys, monkeypatch):
    """Also while libraries load."""

    def refused(_words):
        raise MemoryError

    monkeypatch.setattr("cashcade.commands.execute", refused)
    assert cli.main(["worlds"]) == cli.USER_ERROR
    assert capsys.readouterr().err == "cashcade: the system grants no more memory (see ulimit -v)\n"


@pytest.mark.skipif(sys.platform == "win32", reason="shells of POSIX")
@pytest.mark.parametrize("closing", [">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize("words", [f"run {TINY} --paths 16 --months 2", "loops", "schema"])
def test_closed_streams_take_nothing(words, closing):
    line = f"{sys.executable} -m cashcade {words} {closing}"
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=False, cwd=ROOT, timeout=120)  # noqa: S603, S607
    assert done.returncode == 0
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_device_is_one_message():
    with Path("/dev/full").open("wb") as full:
        done = run("loops", stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.startswith(b"cashcade: ")
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def limited(program):
    """Run a program to which the system gives no thread: none has room for a stack as large as all addresses."""
    few = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"import threading\nthreading.stack_size({STACK})\n{program}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | few | {"RUST_MIN_STACK": str(STACK)},
        timeout=120,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="addresses of Linux")
def test_a_program_without_threads_has_none():
    done = limited("threading.Thread(target=print).start()")
    assert done.returncode == 1
    assert "can't start new thread" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="addresses of Linux")
def test_a_run_without_more_threads_gives_the_same_numbers():
    program = (
        "import cashcade as cc\n"
        f"result = cc.run({TINY!r}, paths=64, months=12, threads=2, progress='bar')\n"
        "print(result.dataset['failed_month'].to_numpy().sum(), result.summary()['failed_12'].sum())"
    )
    usual = cc.run(TINY, paths=64, months=12)
    done = limited(program)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        str(usual.dataset["failed_month"].to_numpy().sum()),
        str(usual.summary()["failed_12"].sum()),
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="addresses of Linux")
def test_plugins_need_no_thread():
    done = limited("import sys; from cashcade.__main__ import main; sys.exit(main(['scenarios']))")
    assert done.returncode == 0, done.stderr
    assert "gpu-slump" in done.stdout


def test_checks_need_an_example(capsys):
    assert cli.main(["check", "cashcade-ai", "--examples", "0"]) == 2
    assert "examples is 0, wanted a whole number from 1" in capsys.readouterr().err


@pytest.mark.parametrize("key", ["title", "name", "what", "id"])
def test_worlds_take_no_control_characters_where_one_line_is_shown(key):
    builder = World.builder("w", date(2025, 8, 31), **({"title": HOSTILE} if key == "title" else {}))
    builder.company(HOSTILE if key == "id" else "a", cash=1.0, **({"name": HOSTILE} if key == "name" else {}))
    builder.company("b", cash=1.0)
    if key == "what":
        builder.contract("b", "a", usage=1.0, what=HOSTILE)
    with pytest.raises(WorldError, match=r"printable characters") as caught:
        builder.build()
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x9b", "\n", "\u2028", "\u202e"])
def test_each_control_character_is_written_out(character):
    assert one_line(f"a{character}b") == "a" + character.encode("unicode_escape").decode() + "b"
    assert one_line("Łódź 北京 ±") == "Łódź 北京 ±"
    assert lines("a\x1bb\nc") == "a\\x1bb\nc"


def test_names_of_rules_and_uses_are_on_one_line():
    with pytest.raises(RuleError, match=r"wanted a name, on one line"):
        Rule(HOSTILE, month >= 2, add(market.base_rate, 0.01))
    with pytest.raises(RuleError, match=r"is not on one line"):
        Use("api-price-rise", label=HOSTILE)


def test_what_is_recorded_of_a_run_can_be_saved(tmp_path):
    """A title made in Python with a NUL, which NetCDF has no way to hold."""
    tiny = cc.load_world(TINY)
    world = tiny.model_copy(update={"about": tiny.about.model_copy(update={"title": HOSTILE})})
    result = cc.run(world, paths=8, months=3)
    assert result.dataset.attrs["title"] == one_line(HOSTILE)
    result.save(tmp_path / "saved.nc")
    with xr.open_dataset(tmp_path / "saved.nc") as saved:
        assert saved.attrs["title"] == one_line(HOSTILE)


def test_titles_of_plugins_do_not_command_the_terminal(install, capsys):
    code = (
        "from cashcade.hookspecs import hookimpl\nfrom cashcade.rules import *\n"
        "@hookimpl\ndef cashcade_scenarios():\n"
        "    yield Scenario('odd', 'A \\x1b[31m[bold]title[/nothing]\\nnext', rules=[Rule('r', month >= 2, add(market.base_rate, 0.01))])\n"
    )
    install("odd-plugin", code)
    assert cli.main(["scenarios"]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\\x1b[31m" in shown


def test_an_id_with_a_line_break_is_told_on_one_line(tmp_path, capsys):
    world = tmp_path / "odd.toml"
    world.write_text(
        '[world]\nname = "w"\ndate = 2025-08-31\n[[company]]\nid = "a\\u001b[31mb\\nc"\ncash = -1\n',
        encoding="utf-8",
    )
    assert cli.main(["validate", str(world)]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3, "the count, and each problem on a line of its own"
    assert all(r'company[1] "a\x1b[31mb\nc".' in line for line in said[1:])


def test_a_message_does_not_command_the_terminal(capsys):
    assert cli.main(["run", "no\x1b[31m"]) == 2
    assert "\x1b" not in capsys.readouterr().err
