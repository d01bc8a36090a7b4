"""The report in a browser: it draws all, asks nobody, and fits the screen."""

from itertools import pairwise

import cashcade as cc
import pytest

from tests.report.conftest import TINY

# What each drawing takes up, and whether it stays where it belongs.
DRAWINGS = """(() => { const all = root => [...root.querySelectorAll('*')].flatMap(
  part => [part, ...(part.shadowRoot ? all(part.shadowRoot) : [])]);
return [...document.querySelectorAll('.plot')].map(each => {
  const frame = each.getBoundingClientRect();
  const figure = each.querySelector('.bk-Figure');
  const canvas = figure.shadowRoot.querySelector('.bk-Canvas').getBoundingClientRect();
  const shapes = all(figure.shadowRoot).filter(part => part.tagName === 'path');
  return {id: each.id, shapes: shapes.length, spill: canvas.height - figure.getBoundingClientRect().height,
          width: frame.width, height: frame.height};
}); })()"""


@pytest.mark.parametrize(("width", "scheme"), [(400, "dark"), (1400, "light")])
def test_all_is_drawn_without_a_complaint_or_the_network_on_any_screen(page, visit, width, scheme):
    with visit(page, width=width, scheme=scheme) as there:
        assert there.complaints == []
        assert there.asked == [page.as_uri()]
        drawings = there.do(DRAWINGS)
        names = [each["id"] for each in drawings]
        assert names == ["fails", "fates", "cash", "losses", "gauges", "tornado"]
        assert there.do("document.documentElement.dataset.drawn") == str(len(names))
        for each in drawings:
            assert each["shapes"] > 5, each
            assert each["height"] > 150, each
            assert abs(each["spill"]) < 2, each
        assert there.do("document.documentElement.scrollWidth") <= width


def test_a_comparison_draws_all_too(compared, visit, tmp_path):
    with visit(compared.report(tmp_path / "both.html"), width=400) as there:
        assert there.complaints == []
        names = [each["id"] for each in there.do(DRAWINGS)]
        assert names[:4] == ["differences", "fails", "fates", "cash"]
        assert all(abs(each["spill"]) < 2 for each in there.do(DRAWINGS))
        before = there.page.text_content("#fails-alt")
        there.page.select_option("#fails-side", "poorer")
        assert there.page.text_content("#fails-alt") != before
        assert there.page.input_value("#cash-side") == "poorer"
        assert there.do("document.documentElement.scrollWidth") <= 400


def test_a_swap_is_drawn_and_follows_the_choice(turned, visit):
    with visit(turned[0], width=400) as there:
        assert there.complaints == []
        assert [each["id"] for each in there.do(DRAWINGS)][-2:] == ["tornado", "swap"]
        assert there.page.text_content("#swap-alt").startswith("Debt that fails, of all debt: ")
        there.page.select_option("#swap-outcome", "lab")
        assert there.page.text_content("#swap-alt").startswith("Lab Inc. fails: ")
        assert there.page.input_value("#tornado-outcome") == "lab"
        assert there.do("document.documentElement.scrollWidth") <= 400


def test_a_choice_changes_picture_text_and_table_and_those_of_the_same_kind(page, visit):
    last = "[...Bokeh.documents].flatMap(d => d.get_model_by_name('source')).map(s => JSON.stringify([...s.get_column('date') ?? []].length + ':' + [...(s.get_column('mean') ?? [])].at(-1)))"
    with visit(page) as there:
        drawn = there.do(last)
        assert there.page.text_content("#cash-alt").startswith("Cash of app goes from")
        table = there.page.text_content("#fates-table")
        there.page.select_option("#cash-company", "lab")
        assert there.page.text_content("#cash-alt").startswith("Cash of Lab Inc. goes from")
        assert " Lab Inc. has failed on " in there.page.text_content("#fates-alt")
        assert there.page.text_content("#fates-table") != table
        assert there.do(last) != drawn
        there.page.select_option("#tornado-outcome", "systemic")
        assert "goes most with a systemic cascade" in there.page.text_content("#tornado-alt")
        assert there.complaints == []


def test_selectors_and_tables_are_reached_by_keyboard(page, visit):
    with visit(page) as there:
        reached = set()
        for _ in range(40):
            there.page.keyboard.press("Tab")
            reached.add(there.do("document.activeElement.tagName"))
        assert {"SELECT", "SUMMARY"} <= reached
        there.page.focus("#cash-company")
        there.page.keyboard.press("ArrowDown")
        assert not there.page.text_content("#cash-alt").startswith("Cash of app")


def test_names_are_texts_whatever_they_hold(visit, tmp_path):
    text = TINY.read_text(encoding="utf-8")
    bad = "</script><script>window.broken=1</script><img src=http://127.0.0.1:9/x onerror=window.broken=1>"
    text = text.replace('title = "A lab, its cloud, its bank and an app"', f'title = "{bad}"')
    text = text.replace('id = "app"\ncash', 'id = "app"\nname = "$$x^2$$ <b>&amp; \\"</script>"\ncash')
    world = tmp_path / "bad.toml"
    world.write_text(text, encoding="utf-8")
    path = cc.run(world, paths=400, seed=3).report(tmp_path / "bad.html")
    with visit(path) as there:
        assert there.complaints == []
        assert there.asked == [path.as_uri()]
        assert there.do("window.broken") is None
        assert there.page.text_content("h1") == bad
        assert there.page.title() == bad
        assert '$$x^2$$ <b>&amp; "</script> is likeliest to fail' in there.page.text_content(".answer")
        assert there.do("document.querySelectorAll('main script, main img, main b').length") == 0
        assert there.do("document.querySelectorAll('.plot').length") == 6


def test_headings_come_in_order_and_each_picture_has_words_and_a_table(page, visit):
    with visit(page) as there:
        levels = there.do("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert len(levels) > 12
        assert all(after - before <= 1 for before, after in pairwise(levels))
        plots = there.do(
            "[...document.querySelectorAll('.plot')].map(p => [p.getAttribute('role'),"
            " document.getElementById(p.getAttribute('aria-labelledby')).textContent,"
            " document.getElementById(p.getAttribute('aria-describedby')).textContent,"
            " document.querySelectorAll(`#${p.id}-table tbody tr`).length])"
        )
        for role, title, words, rows in plots:
            assert role == "img"
            assert title
            assert 1 <= words.count(". ") + 1 <= 3, words
            assert len(words) > 20
            assert rows > 0
        assert there.do("[...document.querySelectorAll('select')].every(s => s.labels.length === 1)")


def test_each_region_that_scrolls_has_a_name_of_its_own_and_each_table_its_headers(page, visit):
    with visit(page) as there:
        there.do("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        names = there.do(
            "[...document.querySelectorAll('[role=region]')].map(r => r.getAttribute('aria-label'))"
        )
        assert len(names) > 8
        assert len(set(names)) == len(names)
        assert there.do("[...document.querySelectorAll('[role=region]')].every(r => r.tabIndex === 0)")
        assert there.do(
            "[...document.querySelectorAll('table')].every(t => t.caption?.textContent"
            " && t.querySelectorAll('thead th:not([scope=col]), tbody tr > :first-child:not(th[scope=row])').length === 0)"
        )
        assert there.do("document.documentElement.lang") == "en"


def test_whatever_the_keyboard_reaches_is_named_and_outlined(page, visit):
    named = """(() => { const at = document.activeElement;
      const text = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent;
      return [at.tagName, text.trim(), getComputedStyle(at).outlineStyle, at.matches(':focus-visible')]; })()"""
    with visit(page) as there:
        reached = []
        for _ in range(30):
            there.page.keyboard.press("Tab")
            reached.append(there.do(named))
        found = [each for each in reached if each[0] != "BODY"]
        assert len({name for _, name, *_ in found}) > 8
        assert [each for each in found if not each[1] or each[2] != "solid" or not each[3]] == []


LIGHTNESS = """(colour) => {
  const [r, g, b] = colour.match(/[0-9.]+/g).map(Number).map(c => c / 255)
    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}"""


LABEL = "Bokeh.documents[0].roots()[0].left[0].major_label_text_color"
"""Colour of text on the first picture."""


def test_text_stands_out_from_the_paper_on_pictures_too_also_when_the_screen_turns_dark(page, visit):
    with visit(page) as there:
        light = _stands_out(there)
        there.page.emulate_media(color_scheme="dark")
        there.until(f"{LABEL} != '#1b1e23'")  # pictures hear of it a moment later
        dark = _stands_out(there)
        assert dark < 0.1
        assert light > 0.9


def _stands_out(there):
    """Check the contrast of texts with the paper, and give how bright that is."""
    inks = there.do(
        "['.answer', '.note', '.alt', 'summary', 'td', 'caption', 'dt'].map("
        "each => getComputedStyle(document.querySelector(each)).color)"
    )
    label = there.do(
        f"{LABEL}.replace(/#(..)(..)(..)/, "
        "(_, r, g, b) => `rgb(${parseInt(r, 16)}, ${parseInt(g, 16)}, ${parseInt(b, 16)})`)"
    )
    paper = there.do(f"({LIGHTNESS})(getComputedStyle(document.documentElement).backgroundColor)")
    for ink in (*inks, label):
        bright, dim = sorted((there.do(f"({LIGHTNESS})({ink!r})"), paper), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= 4.5, ink
    return paper


def test_on_paper_all_is_open_and_fits(page, visit):
    with visit(page, width=704, scheme="dark") as there:
        there.page.emulate_media(media="print")
        there.do("dispatchEvent(new Event('beforeprint'))")
        assert there.do("document.querySelectorAll('details:not([open])').length") == 0
        assert there.do("document.documentElement.scrollWidth") <= 704
        assert there.do("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
        assert there.do(LABEL) == "#1b1e23"
        there.do("dispatchEvent(new Event('afterprint'))")
        assert there.do("document.querySelectorAll('details[open]').length") == 0
        pdf = there.page.pdf(format="A4", prefer_css_page_size=True)
        assert pdf.startswith(b"%PDF")
