"""Commands on pages: each runs, and what stands below it is what it prints."""

import re
from pathlib import Path

import cashcade
import pytest
from cashcade.commands import execute
from cashcade.commands.app import app
from cashcade.errors import ArgumentError
from cashcade_ai.answers import answered, commands, main, output, write_files

DOCS = Path(__file__).parents[2] / "docs"

COMMANDS = [
    pytest.param(page, words, id=f"{page.stem}-{words[0]}")
    for page in (DOCS.parent / "README.md", *sorted(DOCS.rglob("*.md")))
    for words in commands(page.read_text(encoding="utf-8"))
]

COARSE = {"--paths": "16", "--months": "3", "--points": "2", "--steps": "2", "--tolerance": "0.3"}
"""Sizes at which commands are tried."""

ENOUGH = {
    "runway": {"--months": "13", "--paths": "64"},
    "lead": {"--months": "18", "--paths": "128"},
    "explain": {"--months": "24", "--paths": "64"},
    "interactions": {"--months": "24", "--paths": "512"},
}
"""Sizes of commands that need more than that: a month that is asked for, failures, draws."""

SMALL = {name.strip("-"): size for name, size in COARSE.items()}
"""The same as keywords of Python."""

PAGE = """# A page

```console
$ cashcade worlds --json
of yesterday
```

```python
x = 1
```

```console
$ cashcade feedbacks 'a b'
```
"""


def coarse(words: list[str]) -> list[str]:
    """Give a command at a coarse size, in the options that it has."""
    taken = {name for argument in app[words[0]].assemble_argument_collection() for name in argument.names}
    places = [place for place, word in enumerate(words) if word in COARSE]
    kept = [word for place, word in enumerate(words) if not {place, place - 1} & set(places)]
    sizes = COARSE | ENOUGH.get(words[0], {})
    return [*kept, *(part for name, size in sizes.items() if name in taken for part in (name, size))]


def test_a_command_takes_sizes_that_it_has():
    words = ["breakeven", "world", "lever", "a@3 >= 1", "--points", "11", "--seed", "1"]
    sizes = ["--paths", "16", "--points", "2", "--tolerance", "0.3"]
    assert coarse(words) == ["breakeven", "world", "lever", "a@3 >= 1", "--seed", "1", *sizes]


@pytest.mark.parametrize(("page", "words"), COMMANDS)
def test_a_command_on_a_page_runs(page, words, capsys, tmp_path, monkeypatch):
    write_files(page.read_text(encoding="utf-8"), tmp_path)
    monkeypatch.chdir(tmp_path)
    assert execute(coarse(words)) == 0
    shown = capsys.readouterr()
    assert shown.out.strip()
    assert not shown.err


def test_output_is_put_in_its_place():
    assert commands(PAGE) == [["worlds", "--json"], ["feedbacks", "a b"]]
    found = answered(PAGE, lambda words: f"of {words[0]}  \n\nline \\1\n")
    assert found == PAGE.replace("of yesterday", "of worlds\n\nline \\1").replace(
        "'a b'\n", "'a b'\nof feedbacks\n\nline \\1\n"
    )
    assert answered(found, lambda words: f"of {words[0]}  \n\nline \\1\n") == found


def test_a_page_is_written(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```console\n$ cashcade --version\nof yesterday\n```\n", encoding="utf-8")
    main([str(page)])
    lines = page.read_text(encoding="utf-8").splitlines()
    assert lines == ["```console", "$ cashcade --version", cashcade.__version__, "```"]


def test_files_of_a_page_are_there_when_its_commands_run(tmp_path):
    page = tmp_path / "page.md"
    world = '```toml title="mine/w.toml"\n[world]\nname = "a"\ndate = 2025-08-31\n[[company]]\nid = "b"\ncash = 1e9\n```\n'
    page.write_text(f"{world}\n```console\n$ cashcade validate mine/w.toml\n```\n", encoding="utf-8")
    main([str(page)])
    assert (
        "```console\n$ cashcade validate mine/w.toml\nmine/w.toml is fine (company: 1).\n```"
        in page.read_text(encoding="utf-8")
    )
    (written,) = write_files(world, tmp_path / "here")
    assert written == tmp_path / "here" / "mine" / "w.toml"
    assert written.read_text(encoding="utf-8").startswith("[world]\n")


def test_a_command_that_fails_is_told():
    with pytest.raises(ArgumentError, match=r"cashcade run no-such-world ends with 2: .*no-such-world"):
        output(["run", "no-such-world"])


RUN_ELSEWHERE = {
    "README": "structure/test_words.py",
    "archetypes/index": "archetype/test_docs.py",
    "case": "case/test_case.py",
    "explore": "explore/test_docs.py",
    "pictures": "pictures/test_canvas.py",
    "plugins": "rules/test_docs.py",
    "questions": "questions/test_docs.py",
    "rules": "rules/test_docs.py",
    "simulation": "simulation/test_docs.py",
    "tutorial": "faults/test_tutorial.py",
    "worlds": "world/test_docs.py",
}
"""Pages whose Python is run by a test of their own, which looks at what comes out."""

ANSWERS = ("rank", "swap", "map", "walls", "backlog", "runway", "lead", "payoff", "interactions")
"""Pages that leave an answer in `found`, which shows itself."""

PYTHON_SIZES = {
    **{
        name: SMALL | {option.strip("-"): size for option, size in sizes.items()}
        for name, sizes in ENOUGH.items()
    },
    **{name: {"paths": "32"} for name in ("start/first-run", "start/shock", "start/host", "start/calibrate")},
    "circular": {"paths": "16"},
    "explain": {"paths": "128"},
    "results": {"paths": "256"},
}
"""Sizes at which the Python of a page is tried, where `SMALL` is too small."""

BLOCK = re.compile(r"^```python\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


def python_of_pages() -> dict[str, list[str]]:
    """Return the blocks of Python of README and pages, by name of the page."""
    pages = {str(page.relative_to(DOCS).with_suffix("")): page for page in sorted(DOCS.rglob("*.md"))}
    pages["README"] = DOCS.parent / "README.md"
    found = {name: BLOCK.findall(page.read_text(encoding="utf-8")) for name, page in pages.items()}
    return {name: blocks for name, blocks in found.items() if blocks}


PYTHON = python_of_pages()


def test_every_page_with_python_is_run_here_or_by_a_test_that_reads_it():
    assert set(RUN_ELSEWHERE) | set(ANSWERS) <= set(PYTHON)
    assert len(PYTHON) > 25
    for name, place in RUN_ELSEWHERE.items():
        code = (Path(__file__).parents[1] / place).read_text(encoding="utf-8")
        assert f'{Path(name).name}.md"' in code, name


@pytest.mark.parametrize("name", sorted(set(PYTHON) - set(RUN_ELSEWHERE)))
def test_python_on_a_page_runs(name, tmp_path, monkeypatch):
    """Each block behind the one before it, at a coarse size."""
    monkeypatch.chdir(tmp_path)
    sizes = PYTHON_SIZES.get(name, SMALL)
    found: dict[str, object] = {}
    for block in PYTHON[name]:
        coarse = re.sub(
            r"\b(paths|months|steps)=[\d_]+",
            lambda size: f"{size[1]}={sizes.get(size[1], size[0].split('=')[1])}",
            block,
        )
        exec(coarse, found)  # noqa: S102 - our own pages
    if name in ANSWERS:
        assert f"<{name.capitalize()} of " in repr(found["found"])
        assert str(found["found"]).count("\n") > 3
