"""The tutorial goes from an empty folder to an installed, checked plugin: its own blocks are run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cashcade.commands import execute
from cashcade.errors import ArgumentError
from cashcade.scaffold import new_plugin

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(console|python)\n(.*?)```", PAGE, flags=re.DOTALL)


def installed(folder: Path, name: str) -> None:
    """Stand in for pip, which would look for its index: metadata beside the sources."""
    info = folder / "src" / f"{name.replace('-', '_')}-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n")
    entry = re.search(
        r"\[project.entry-points.cashcade\]\n(\w+) = \"(.*)\"", (folder / "pyproject.toml").read_text()
    )
    assert entry is not None
    (info / "entry_points.txt").write_text(f"[cashcade]\n{entry[1]} = {entry[2]}\n")


def done(words: list[str], folder: Path, source: Path) -> str:
    """Run a program of this Python in a folder with a distribution on the path, and give what it prints."""
    paths = os.pathsep.join([str(source), *filter(None, [os.environ.get("PYTHONPATH")])])
    end = subprocess.run(  # noqa: S603 - our own page
        [sys.executable, *words],
        check=False,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )
    assert end.returncode == 0, end.stdout + end.stderr
    return end.stdout


def test_the_tutorial_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "cashcade-shops"
    source = folder / "src"
    printed = ""
    for kind, block in BLOCKS:
        if kind == "python" and not printed:
            with (source / "cashcade_shops" / "plugin.py").open("a") as file:
                file.write(block)
        elif kind == "python":
            printed += done(["-c", block], tmp_path, source)
        for line in block.splitlines() if kind == "console" else ():
            program, *words = line.split()
            if program == "pip":
                installed(folder, "cashcade-shops")
            elif program == "pytest":
                printed += done(["-m", "pytest", "-q", "-p", "no:cacheprovider", *words], tmp_path, source)
            else:
                printed += done(["-m", "cashcade", *words], tmp_path, source) if folder.exists() else ""
                assert folder.exists() or execute(words) == 0
    assert "1 archetype, 1 pricing shock, 1 shock, 1 exit scenario" in " ".join(printed.split())
    assert printed.count("all laws hold") == 2
    assert "2 passed" in printed


def test_a_broken_law_is_exit_code_1(install, capsys):
    install(
        "liar",
        "from cashcade.hookspecs import hookimpl\n"
        "from cashcade.rules import *\n"
        "@hookimpl\n"
        "def cashcade_shocks():\n"
        "    size = ShockParameter('size', 0.1, 'fraction', 0, 1, neutral=0)\n"
        "    yield Shock('lie', 'A lie', lambda size: Rule('r', True, scale(companies().fixed_cost, 2 + size)), (size,))\n",
    )
    assert execute(["check", "liar", "--examples", "2"]) == 1
    assert (
        'shock "lie" breaks the law: at its neutral values a shock changes nothing' in capsys.readouterr().out
    )
    assert execute(["check", "lair"]) == 2
    assert "Unknown plugin 'lair'. Did you mean 'liar'?" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["Mine", "a b", "../up", "1st"])
def test_a_name_that_cannot_be_used_is_refused(tmp_path, name):
    with pytest.raises(ArgumentError, match="wanted small letters"):
        new_plugin(name, tmp_path)


def test_what_is_there_is_not_overwritten(tmp_path):
    new_plugin("mine", tmp_path)
    with pytest.raises(ArgumentError, match="is there already"):
        new_plugin("mine", tmp_path)
