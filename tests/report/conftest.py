"""A run of a small world with its report, and a browser to open it in."""

from pathlib import Path

import cashcade as cc
import pytest
from cashcade.rules import Change, Scenario

TINY = Path(__file__).parents[1] / "results" / "tiny.toml"


@pytest.fixture(scope="session")
def tiny():
    """A run in which companies fail, with enough draws to rank assumptions."""
    return cc.run(TINY, months=36, paths=800, seed=3)


@pytest.fixture(scope="session")
def page(tiny, tmp_path_factory):
    """The report of that run."""
    return tiny.report(tmp_path_factory.mktemp("report") / "tiny.html", command="cashcade run tiny.toml")


POOR = Scenario(
    "poor",
    "Less cash, less growth",
    changes=(Change("company.*.cash", scale=0.5), Change("segment.*.growth", add=-0.5)),
)
"""A scenario of two groups of assumptions."""


@pytest.fixture(scope="session")
def turned(tmp_path_factory):
    """The report of a run of a scenario, and the run."""
    result = cc.run(TINY, scenarios=[POOR], months=24, paths=400, seed=3)
    return result.report(tmp_path_factory.mktemp("turned") / "poor.html"), result


@pytest.fixture(scope="session")
def compared():
    """Two sides of that world on the same luck, with all that a report draws."""
    sides = {"as it is": "baseline", "poorer": {"company.lab.cash": 2e9}}
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
    record = ("company.cash", "market.companies_alive", "market.failed_debt")
    return cc.compare(TINY, sides, paths=400, seed=3, record=record, quantiles=levels)


class Visit:
    """A page, opened and drawn, with all that it said and asked for."""

    def __init__(self, browser, path, width=1400, scheme="light"):
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.said, self.asked = [], []
        self.page.on("console", lambda note: self.said.append((note.type, note.text)))
        self.page.on("pageerror", lambda error: self.said.append(("error", str(error))))
        self.page.on("dialog", lambda dialog: (self.said.append(("error", "dialog")), dialog.dismiss()))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_function("document.documentElement.dataset.drawn", timeout=60_000)
        self.page.wait_for_timeout(100)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.page.close()

    def do(self, script):
        return self.page.evaluate(script)

    def until(self, script, seconds=30):
        """Wait for something; the page lets nobody else evaluate text."""
        for _ in range(20 * seconds):
            if self.do(script):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(script)

    @property
    def complaints(self):
        return [said for said in self.said if said[0] in {"error", "warning"}]


@pytest.fixture
def visit(chromium):
    """A function that opens a file."""
    return lambda path, **more: Visit(chromium, path, **more)
