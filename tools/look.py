"""Look at the page of `cashcade explore` in headless Chromium: ``python tools/look.py FOLDER``.

Needs the group `look` of pyproject.toml, and a Chromium of the system. It fails where the page complains,
asks for anything outside, is wider than the window, or where a lever, a kept setting or the cascade does
nothing; screenshots at 400 and 1400 pixels go into the folder.
"""

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

WIDTHS = (400, 1400)
PATIENCE = 120_000
"""Milliseconds."""


def look(browser: Browser, address: str, width: int, folder: Path) -> list[str]:
    """Open the page, use it, and return what is wrong with it."""
    page = browser.new_page(viewport={"width": width, "height": 1000})
    page.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    own = (address, address.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda asked: None if asked.url.startswith(own) else wrong.append(asked.url))
    page.goto(address)
    page.get_by_text("Chance of a systemic cascade").first.wait_for()
    before = page.locator("table").first.inner_text()
    page.get_by_role("button", name="Keep this setting as A").click()
    page.get_by_text("fails, B, %").wait_for()
    handle = page.locator(".noUi-handle").first
    for _ in range(6):
        handle.press("ArrowLeft")
    page.get_by_text("B less A, points").wait_for()
    page.get_by_text("B: 1,000 paths").wait_for()
    if page.locator("table").first.inner_text() == before:
        wrong.append("a lever moved no number")
    page.get_by_role("button", name="Cascade").click()
    page.locator("li.now").first.wait_for()
    page.locator("li:nth-child(2).now").wait_for()
    if page.evaluate("document.documentElement.scrollWidth") > width:
        wrong.append(f"wider than {width} pixels")
    page.screenshot(path=folder / f"explore-{width}.png", full_page=True)
    page.close()
    return wrong


def main() -> int:
    """Serve the page, look at it, and say what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--world", default="ai-2025-08")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, "-m", "cashcade", "explore", given.world, "--no-browser"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as driver:  # noqa: S603
        try:
            said = server.stdout.readline() if server.stdout else ""
            address = re.findall(r"http://\S+", said)[0]
            chromium = shutil.which("chromium") or shutil.which("chromium-browser")
            browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            wrong = [
                f"{width}: {each}" for width in WIDTHS for each in look(browser, address, width, given.folder)
            ]
            browser.close()
        finally:
            server.terminate()
    sys.stdout.write("\n".join(wrong or [f"Nothing is wrong; screenshots are in {given.folder}."]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
