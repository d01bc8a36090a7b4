"""The page on worlds: its code runs, and it names all there is."""

import re
from pathlib import Path

import pytest
from cashcade.hookspecs import WorldFile
from cashcade.plugin import find_plugins
from cashcade.world import World
from cashcade.world.kinds import HELD_TABLES, SECTIONS, TABLES

PAGE = Path(__file__).parents[2].joinpath("docs", "worlds.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PAGE, flags=re.DOTALL)
PYTHON = [code for language, code in BLOCKS if language == "python"]


def test_blocks_were_found() -> None:
    assert len(PYTHON) == 3
    assert [language for language, _ in BLOCKS].count("toml") == 1


def test_the_file_is_a_world() -> None:
    (text,) = [code for language, code in BLOCKS if language == "toml"]
    world = World.from_text(text)
    assert len(world.figures()) > 20


@pytest.mark.parametrize("code", PYTHON)
def test_the_code_runs(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # one writes a workbook
    names: dict[str, object] = {"__package__": "cashcade"}
    exec(code, names)  # noqa: S102 - our own page
    if "cashcade_worlds" in names:
        plugin = type("Page", (), {"cashcade_worlds": staticmethod(names["cashcade_worlds"])})
        ((_, record),) = [
            found
            for found in find_plugins(extra=[plugin]).records("cashcade_worlds", WorldFile)
            if found[0].name.startswith("Page")
        ]
        assert record.name == "two"


def test_all_sections_and_tables_are_named() -> None:
    for section in SECTIONS:
        assert f"`[[{section}]]`" in PAGE
    for table in (*TABLES, *HELD_TABLES):
        assert f"`{table}`" in PAGE
