"""The tutorial goes from an empty folder to an installed, checked plugin: its own blocks are run."""

import re
import shlex
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from cashcade.commands import execute
from cashcade.commands.scaffold import new_plugin
from cashcade.errors import ArgumentError

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(console|python)\n(.*?)```", PAGE, flags=re.DOTALL)


class Place:
    """An environment of its own, in which everything is found that is installed here, and a folder to work in."""

    def __init__(self, folder: Path) -> None:
        self.folder, home = folder, folder / "environment"
        venv.create(home, with_pip=False)
        self.python = next(home.glob("[bS]*/python*"))
        (packages,) = home.glob("[lL]ib/**/site-packages")
        here = [path for path in sys.path if path.endswith("site-packages")]
        code = "; ".join(["import site", *(f"site.addsitedir({path!r})" for path in here)])
        (packages / "here.pth").write_text(code, encoding="utf-8")

    def install(self, *words: str) -> None:
        """Have pip do it: with the setuptools that is here, and without asking an index."""
        alone = ("--no-build-isolation", "--no-index", "--disable-pip-version-check")
        self.done("-m", "pip", "--python", str(self.python), "install", *alone, *words, python=sys.executable)

    def wheel(self, plugin: Path, step: str, *words: str) -> None:
        """Take one of two steps of pip: build the wheel of a plugin, or install what was built."""
        if step == "wheel":
            offline = ("--no-build-isolation", "--disable-pip-version-check")
            self.done("-m", "pip", step, *words, *offline, python=sys.executable, folder=plugin)
        else:
            assert (step, words[0]) == ("install", "$(ls dist/*.whl)[test]")
            (built,) = (plugin / "dist").iterdir()
            self.install("--no-deps", str(built))

    def done(self, *words: str, python: str | Path = "", folder: Path | None = None) -> str:
        """Run a program of Python, and give what it prints."""
        end = subprocess.run(  # noqa: S603 - our own page
            [str(python or self.python), *words],
            check=False,
            cwd=folder or self.folder,
            capture_output=True,
            text=True,
        )
        assert end.returncode == 0, end.stdout + end.stderr
        return end.stdout


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_the_tutorial_runs(place):
    printed, shock = "", next(block for kind, block in BLOCKS if kind == "python")
    for kind, block in BLOCKS:
        if block is shock:
            with (place.folder / "cashcade-shops/src/cashcade_shops/plugin.py").open("a") as file:
                file.write(block)
        elif kind == "python" and "def test_" in block:
            (place.folder / "test_rent.py").write_text(block, encoding="utf-8")
        elif kind == "python":
            printed += place.done("-c", block)
        for line in block.splitlines() if kind == "console" else ():
            program, *words = shlex.split(line)
            if program == "pip":
                assert words.pop(0) == "install"
                place.install(*words)
            elif program == "pytest":
                printed += place.done("-m", "pytest", "-q", "-p", "no:cacheprovider", *words)
            else:
                few = ("--examples", "2") if words[0] == "check" else ()
                printed += place.done("-m", "cashcade", *words, *few)
    assert "1 world, 1 archetype, 1 pricing shock, 1 shock, 1 exit scenario" in " ".join(printed.split())
    assert printed.count("all laws hold") == 2
    assert "3 passed" in printed
    assert "2 passed" in place.done("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_rent.py")


ELSEWHERE = ("mypy", "pyright", "cashcade")
"""Steps of a new plugin's workflow that `make lint` and the test above take."""


def test_the_wheel_of_a_new_plugin_passes_its_own_workflow(place):
    plugin = new_plugin("cashcade-shops", place.folder)
    workflow = (plugin / ".github/workflows/tests.yml").read_text(encoding="utf-8")
    ran = []
    for command in re.findall(r"- run: (.*)", workflow):
        program, *words = shlex.split(command)
        if program == "pip":
            place.wheel(plugin, *words)
        elif program == "pytest":
            few = (
                "-q",
                "-p",
                "no:cacheprovider",
                "--deselect",
                "tests/test_cashcade_shops.py::test_the_laws_hold",
            )
            assert "2 passed" in place.done("-m", program, *words, *few, folder=plugin)
        else:
            assert program in ELSEWHERE
        ran.append(program)
    assert ran == ["pip", "pip", "mypy", "pyright", "pytest", "cashcade"]
    home = place.done("-c", "import cashcade_shops; print(cashcade_shops.__file__)")
    assert Path(home.strip()).is_relative_to(place.folder / "environment")


def test_a_broken_law_is_exit_code_1(install, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
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


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("class", "a word of Python"),
        ("numpy", "the name of a module that is there"),
        ("cashcade", "the name of a module that is there"),
        ("cashcade-ai", "the name of a module that is there"),
    ],
)
def test_a_name_that_would_hide_a_module_is_refused(name, what, tmp_path):
    with pytest.raises(ArgumentError, match=f'name is "{name}", which is {what}; choose another'):
        new_plugin(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_overwritten(tmp_path):
    new_plugin("cashcade-mine", tmp_path)
    with pytest.raises(ArgumentError, match="is there already"):
        new_plugin("cashcade-mine", tmp_path)
