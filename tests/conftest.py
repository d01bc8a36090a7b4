"""Settings of all property tests, and little distributions on the path."""

import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Machines are noisy: no test may fail because it was slow. Benchmarks measure time.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# A shell starts what it puts in the background without Ctrl-C: tests that press it would wait for what nothing interrupts, and so
# would processes that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

CHROMIUM = shutil.which("chromium")
"""The system's browser."""


class AtOnce:
    """Says what failed when it fails: who stops a run before its end has seen it."""

    def __init__(self, terminal: "pytest.TerminalReporter") -> None:
        """Write there."""
        self.terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Name the test and what it says."""
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            self.terminal.write_line(
                f"\nFAILED {report.nodeid}: {crash.message if crash else report.longrepr}"[:400]
            )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let failures be said at once, by the process that has the terminal."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None:
        config.pluginmanager.register(AtOnce(terminal))


@pytest.fixture(scope="module")
def chromium():
    """The system's Chromium, without a window."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that puts a distribution with a plugin on the path."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def add(name: str, code: str, version: str = "1.2") -> None:
        module = name.replace("-", "_").replace(".", "_")
        monkeypatch.delitem(sys.modules, module, raising=False)
        (tmp_path / f"{module}.py").write_text(code)
        info = tmp_path / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[cashcade]\nplugin = {module}\n")

    return add
