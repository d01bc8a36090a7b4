"""What notebooks show: short, escaped, with a picture; a bar while a run lasts; and a quick import."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from types import ModuleType, SimpleNamespace

import cashcade as cc
import pytest
from cashcade.runs.bar import bar
from cashcade.words.notebook import MOST_BARS, Bar, shown

TINY = "tests/results/tiny.toml"
LONGEST = 12_000
"""Characters of the longest piece of HTML."""


def tree(html: str) -> ET.Element:
    """Read a piece of HTML, which is XML too: all is closed and escaped."""
    assert len(html) < LONGEST
    return ET.fromstring(html)  # noqa: S314 - our own


def words(html: str) -> str:
    return " ".join(tree(html).itertext())


def bars(html: str) -> list[ET.Element]:
    return list(tree(html).iter("rect"))


def test_a_world_says_what_it_is():
    html = cc.load_world("ai-2025-08")._repr_html_()
    assert "The AI economy, end of August 2025" in words(html)
    assert "companies 26" in words(html)
    assert len(bars(html)) == MOST_BARS
    assert "14 more are not drawn." in words(html)


def test_a_result_says_who_fails_how_often():
    result = cc.run(TINY, paths=64, months=12)
    html = result._repr_html_()
    assert "64 paths, 12 months, seed 0" in words(html)
    shares = result.summary()["failed_12"].sort_values(ascending=False)
    widths = [float(bar.get("width")) for bar in bars(html)]
    assert len(widths) == len(shares)
    assert widths[0] > 0
    for width, share in zip(widths, shares, strict=True):
        assert width == pytest.approx(widths[0] * share / shares.iloc[0], abs=0.1)


def test_a_comparison_says_what_differs_and_how_sure_that_is():
    found = cc.compare(TINY, {"base": "baseline", "poor": {"company.lab.cash": 1.0}}, paths=64, months=12)
    row = found.outcomes("lab").loc["lab", "poor"]
    assert row["difference"] > 0
    assert f"{100 * row['difference']:+.1f} ±{100 * row['se']:.1f}" in words(found._repr_html_())
    same = cc.compare(TINY, {"base": "baseline", "again": "baseline"}, paths=16, months=2)
    assert "No path differs." in words(same._repr_html_())


def test_what_is_shown_is_escaped():
    html = shown("<script>", ["a & b"], "'\"", [Bar("<b>'x'", 1.0, 0.1, "<i>")])
    assert "<script>" not in html
    assert "<b>" not in html
    assert "<script> a & b" in words(html)


def test_bars_below_nought_go_the_other_way():
    up, down = bars(shown("x", [], "y", [Bar("a", 2.0, float("nan"), ""), Bar("b", -1.0, 0.0, "")]))
    assert float(up.get("width")) == pytest.approx(2 * float(down.get("width")), abs=0.1)
    assert float(down.get("x")) + float(down.get("width")) == pytest.approx(float(up.get("x")), abs=0.1)
    assert up.get("fill") != down.get("fill")


def test_a_notebook_shows_a_bar_and_takes_it_away(monkeypatch: pytest.MonkeyPatch):
    said: list[str] = []

    def display(first: str, *, display_id: bool) -> SimpleNamespace:
        assert display_id
        said.append(first)
        return SimpleNamespace(update=said.append)

    ipython, showing = ModuleType("IPython"), ModuleType("IPython.display")
    ipython.get_ipython = lambda: SimpleNamespace(kernel=1)
    showing.HTML, showing.display = str, display
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", showing)
    with bar(100) as report:
        report(40, 100)
    assert len(said) == 3
    assert 'max="100" value="0"' in said[0]
    assert 'max="100" value="40"' in said[1]
    assert said[2] == ""


def test_an_import_loads_no_large_library():
    """What takes a second to load is loaded with what needs it."""
    program = "import cashcade, sys; print([n for n in ('pandas', 'xarray', 'pydantic', 'numpy', 'rich', 'panel', 'openpyxl') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "[]\n"
