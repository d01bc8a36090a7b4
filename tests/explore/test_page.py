"""The page without a browser: what its widgets do to what it shows; and what its pictures say."""

import xml.etree.ElementTree as ET

import pandas as pd
import param
import pytest
from cashcade.explore import pictures
from cashcade.explore.model import Hop, Model, Numbers
from cashcade.explore.page import LOOPBACK, Page, free_port

TINY = "tests/results/tiny.toml"
CASH = "company.*.cash"


@pytest.fixture(scope="module")
def model():
    return Model(TINY, months=12)


@pytest.fixture
def page(model):
    made = Page(model)
    made.view()
    return made


def move(page, value):
    """Move a lever as a browser does: its value, then that it came to rest."""
    page.sliders[CASH].value = value
    with param.edit_constant(page.sliders[CASH]):
        page.sliders[CASH].value_throttled = value


def tree(html):
    """Read a piece of HTML, which is XML too: all is closed and escaped."""
    return ET.fromstring(f"<x>{html}</x>")  # noqa: S314 - our own


def test_a_lever_moves_table_network_gauges_and_command(page):
    shown = [page.table, page.network, page.gauges, page.command]
    before = [pane.object for pane in shown]
    move(page, 0.25)
    assert all(pane.object != old for pane, old in zip(shown, before, strict=True))
    assert "1,000 paths" in page.table.object
    assert "--set company." in page.command.object.replace("&#x27;", "")
    page.reset.clicks += 1
    assert [pane.object for pane in shown] == before


def test_two_settings_stand_side_by_side(page):
    page.pin.clicks += 1
    assert "do not differ" in page.apart.object
    move(page, 0.25)
    assert "B less A, points" in page.apart.object
    assert "fails, A, %" in page.table.object
    assert "fails, B, %" in page.table.object
    page.seed.value = 5
    assert page.said.object == ""
    page.unpin.clicks += 1
    assert page.apart.object == ""
    assert page.unpin.disabled


def test_what_is_shown_is_handed_on_as_a_report(page):
    text = page.export.callback().read().decode()
    assert "<title>" in text
    assert "cashcade run tests/results/tiny.toml" in text
    page.pin.clicks += 1
    move(page, 0.25)
    both = page.export.callback().read().decode()
    assert "--set company." in both
    assert ">B<" in both


def test_a_cascade_goes_hop_by_hop(page, model):
    move(page, 0.25)
    page.fall.clicks += 1
    path = model.worst_path(page.setting)
    hops = model.cascade(page.setting, path)
    assert page.player.end == len(hops)
    for number in range(1, len(hops) + 1):
        page.player.value = number
        assert page.story.object.count("<li") == number
        assert page.network.object.count("width='18'") == number
    page.path.value = 10**6
    page.fall.clicks += 1
    assert "wanted a path of the run" in page.story.object


def test_what_cannot_be_is_said_and_the_page_lives_on(page):
    page.scenario.value = "cursor-lost"
    assert "role='alert'" in page.said.object
    page.scenario.value = ""
    assert page.said.object == ""


def test_the_page_listens_to_this_machine_only():
    assert LOOPBACK == "127.0.0.1"
    assert 1024 < free_port() <= 65_535


NUMBERS = Numbers(
    200,
    {"a": (0.25, 0.01), "b<": (0.5, 0.02)},
    {"a": 0.125},
    (0.1, 0.01),
    {key: [1.0, 2.0] for key in pictures.TITLES},
)
NAMES = {"a": "<i>A", "b<": "B & co", "capital": "Outside"}


def test_tables_name_the_most_likely_first_and_escape_names():
    rows = [
        ["".join(cell.itertext()).strip() for cell in row]
        for row in tree(pictures.failures({"now": NUMBERS}, NAMES, 36)).iter("tr")
    ]
    assert rows[1] == ["B & co", "50.0 ±2.0", "\u2013"]
    assert rows[2] == ["<i>A", "25.0 ±1.0", "12.5"]


def test_differences_are_those_above_twice_their_error():
    table = pd.DataFrame(
        {"difference": [0.1, -0.01, 0.3], "se": [0.01, 0.01, 0.02]}, index=["a", "b<", "systemic"]
    )
    rows = [
        ["".join(cell.itertext()) for cell in row]
        for row in tree(pictures.differences(table, NAMES)).iter("tr")
    ]
    assert rows[1:] == [["Systemic cascade", "+30.0 ±2.0"], ["<i>A", "+10.0 ±1.0"]]


def test_pictures_say_in_words_what_they_show():
    said = [svg.get("aria-label") for svg in tree(pictures.gauges({"A": NUMBERS, "B": NUMBERS})).iter("svg")]
    assert len(said) == len(pictures.TITLES)
    assert all("A 1 to 2; B 1 to 2" in each for each in said)


def test_a_hop_shows_who_lost_how_much():
    hop = Hop(3, "a", "contagion", "b<", 2e9, {"b<": 1e6}, {"b<": 3e6, "capital": 5e6})
    root = tree(pictures.network(NAMES, [("a", "b<")], {"a": 0.1, "b<": 0.2}, [hop]))
    assert [line.get("stroke") for line in root.iter("line")] == ["#8a9ba8", pictures.LOSS]
    assert len(list(root.iter("rect"))) == 1
    text = "".join(tree(pictures.story([hop], NAMES, pd.Timestamp("2025-08-01"))).itertext())
    assert text == (
        "<i>A fails in November 2025 (contagion, by the failure of B & co), owing 2.00 bn USD."
        "Leaves unpaid: B & co 1.00 m (USD).Written off by: B & co 3.00 m, Outside 5.00 m (USD)."
    )
