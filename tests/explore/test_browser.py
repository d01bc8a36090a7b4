"""The page in a browser: it complains of nothing, asks nobody outside, fits the screen, and does what it says."""

import re
import subprocess
import sys

import pytest

TINY = "tests/results/tiny.toml"


@pytest.fixture(scope="module")
def address():
    words = [sys.executable, "-m", "cashcade", "explore", TINY, "--months", "12", "--no-browser"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own command
        yield re.findall(r"http://\S+", server.stdout.readline())[0]
        server.terminate()


@pytest.mark.parametrize("width", [400, 1400])
def test_levers_kept_settings_and_cascades_work_without_a_complaint(chromium, address, width):
    page = chromium.new_page(viewport={"width": width, "height": 1000})
    page.set_default_timeout(120_000)
    wrong, asked = [], []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for _ in range(100):  # the address is printed just before it is served
        try:
            page.goto(address)
            break
        except Exception as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            page.wait_for_timeout(300)
    page.get_by_text("Chance of a systemic cascade").first.wait_for()
    before = page.locator("table").first.inner_text()
    page.get_by_role("button", name="Keep this setting as A").click()
    page.get_by_text("fails, B, %").wait_for()
    handle = page.locator(".noUi-handle").first
    for _ in range(9):
        handle.press("ArrowLeft")
    page.get_by_text("B less A, points").wait_for()
    page.get_by_text("B: 1,000 paths").wait_for()
    assert page.locator("table").first.inner_text() != before
    assert "--set" in page.locator("pre").inner_text()
    page.get_by_role("button", name="Cascade").click()
    page.locator("li:nth-child(1).now").wait_for()
    page.locator("li:nth-child(2).now").wait_for()
    assert page.locator("figure rect[width='18']").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert wrong == []
    assert len(asked) > 5
    assert [url for url in asked if not url.startswith((f"{address}/", "data:", "blob:"))] == []
    page.close()
