"""The command: a page on the loopback address, that names nothing outside; what it cannot do is said."""

import importlib.util
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from cashcade.commands import execute

TINY = "tests/results/tiny.toml"
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


@pytest.fixture
def port():
    words = [sys.executable, "-m", "cashcade", "explore", TINY, "--months", "6", "--no-browser"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
        yield int(ADDRESS.search(process.stdout.readline())[1])
        process.terminate()


def page(port):
    """Read the page; the address is printed just before it is served."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
                return answer.read().decode()
        except ConnectionRefusedError:
            pass
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
        time.sleep(0.2)
    raise AssertionError("nothing is served")


def test_the_page_is_served_here_and_names_nothing_outside(port):
    html = page(port)
    sources = re.findall(r"""(?:src|href)=["']([^"']+)""", html)
    assert len(sources) > 3
    assert [each for each in sources if re.match(r"(https?:)?//", each) and "127.0.0.1" not in each] == []
    for other in {
        address[4][0] for address in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    }:
        if not other.startswith("127."):
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((other, port), timeout=5)


def test_without_panel_the_extra_is_named(monkeypatch, capsys):
    find = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "panel" else find(name))
    assert execute(["explore", TINY]) == 2
    assert 'pip install "cashcade[explore]"' in capsys.readouterr().err


def test_a_port_that_is_none_is_refused(capsys):
    assert execute(["explore", TINY, "--port", "70000"]) == 2
    assert "--port is 70000" in capsys.readouterr().err
