"""The page on rules: its code runs, its table is what the core says, and it names all there is."""

import re
import runpy
import types
from pathlib import Path

import cashcade as cc
import cashcade.rules
import pytest
from cashcade import hookspecs
from cashcade.rules.vocabulary import levers
from cashcade.words.rows import rows

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
CODE = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_code_runs(capsys):
    assert len(CODE) == 7
    names: dict[str, object] = {}
    for code in CODE:
        coarse = re.sub("paths=(1000|400)", "paths=16, months=12", code)
        exec(coarse, names)  # noqa: S102 - our own page
    assert "when runway of company cursor is below 6 months" in capsys.readouterr().out


def test_the_page_on_plugins_runs():
    page = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert len(blocks) == 4
    names: dict[str, object] = {"__name__": "page"}
    for block in blocks:
        exec(block.replace("paths=100", "paths=4"), names)  # noqa: S102 - our own page
    module = types.ModuleType("page")
    vars(module).update(names)
    (found,) = [each for each in cc.plugins(plugins=[module]) if each.name.startswith("page")]
    assert found.records == {"shocks": ("gift",)}
    del module.cashcade_plugin
    (found,) = [each for each in cc.plugins(plugins=[module]) if each.name.startswith("page")]
    assert found.counts == "1 archetype, 1 shock, 1 exit scenario"


def test_the_site_puts_the_table_of_levers_into_the_page():
    tool = runpy.run_path(str(ROOT / "tools" / "rules_page.py"))
    made = tool["page"](PAGE)
    assert tool["table"]() in made
    assert "## Levers" in made
    assert "## Shocks, exits and scenarios" in made
    assert len(rows()) > 200
    assert all(f"`{row.full_name}`" in made for row in rows() if row.writable)
    assert "`company.runway`" not in made
    with pytest.raises(ValueError, match="end of levers"):
        tool["page"]("no place for it")
    assert levers("market")["funding"] == levers("market")["regime"]


def test_all_names_and_hooks_are_on_the_page():
    plurals = {"recaptures", "stakes", "pledges", "commitments", "fleets"}
    types = {
        "Action",
        "Condition",
        "Conversion",
        "Deed",
        "Ending",
        "Entities",
        "Expression",
        "Hold",
        "Payment",
        "Transfer",
        "Value",
        "Word",
        "Use",
    }
    missing = [name for name in cashcade.rules.__all__ if f"{name}" not in PAGE]
    assert set(missing) <= plurals | types
    hooks = [name for name in vars(hookspecs) if name.startswith("cashcade_")]
    assert len(hooks) == 6
    assert all(f"`{hook}`" in PAGE for hook in hooks)
