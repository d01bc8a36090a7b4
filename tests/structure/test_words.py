"""Public names say what they are, and the pages that people read lead somewhere."""

import ast
import inspect
import re
import tomllib
from pathlib import Path

import cashcade
import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def own(value):
    """Whether an object is a function or class of this package."""
    return (inspect.isclass(value) or inspect.isroutine(value)) and value.__module__.startswith("cashcade")


def test_every_public_name_has_a_docstring():
    public = {name: getattr(cashcade, name) for name in cashcade.__all__}
    described = {name: value for name, value in public.items() if own(value)}
    assert described
    for name, value in described.items():
        assert inspect.getdoc(value), name
        for member, method in vars(value).items() if inspect.isclass(value) else ():
            if inspect.isfunction(method) and not member.startswith("_"):
                assert inspect.getdoc(method), f"{name}.{member}"


def test_the_pages_are_found():
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files(page):
    """In the tree, too, where pages that the site makes are not."""
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_files_that_contributors_are_sent_to_exist():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:rust|python|tests|docs|plugins|spec|tools)/[\w./-]+)`", text)
    assert named
    assert [name for name in named if not (ROOT / name.replace("NAME", "sudden")).exists()] == []


def blocks(language):
    """Code blocks of the README in a language."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def test_the_commands_of_the_readme_are_two():
    (commands,) = blocks("sh")
    assert len(commands.splitlines()) == 2


def test_the_tour_of_the_readme_runs():
    (tour,) = blocks("python")
    shorter = tour.replace("10_000", "64")
    assert shorter != tour
    exec(shorter, {})  # noqa: S102 - our own page


def test_the_world_of_the_readme_is_sound():
    (text,) = blocks("toml")
    assert cashcade.World.from_text(text).name == "two"


def test_the_plugins_are_built_and_tested_with_the_rest():
    plugins = sorted(ROOT.glob("plugins/*/pyproject.toml"))
    assert plugins
    for plugin in plugins:
        project = tomllib.loads(plugin.read_text(encoding="utf-8"))["project"]
        assert any(need.startswith("cashcade") for need in project["dependencies"]), plugin
        assert "cashcade" in project["entry-points"], plugin


QUESTION = re.compile(r"(What|Who|Whose|Where)\b")


def docstrings():
    """Docstrings of modules, classes and functions of the package, and the comments for readers of the core."""
    for path in (ROOT / "python" / "cashcade").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield path.name, ast.get_docstring(node) or ""
    for path in (ROOT / "rust" / "core" / "src").rglob("*.rs"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.lstrip().startswith(("/// ", "//! ")):
                yield path.name, line.lstrip()[4:]


def test_docstrings_open_with_a_noun_or_a_verb():
    found = list(docstrings())
    assert len(found) > 1000
    assert [each for each in found if QUESTION.match(each[1])] == []
