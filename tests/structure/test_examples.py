"""The notebooks in `examples/`: each runs, at a coarse size, and ends in a picture and a sentence."""

import re
from pathlib import Path

import nbformat
import pytest

nbclient = pytest.importorskip("nbclient")

NOTEBOOKS = sorted((Path(__file__).parents[2] / "examples").glob("*.ipynb"))

PATHS = {"regulator-sweep": 512}
"""Paths of those that need more than the others: draws to cut into boxes."""

LARGEST = 12_000
"""Bytes of a notebook: outputs are not kept."""


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def test_the_notebooks_are_there():
    assert len(NOTEBOOKS) == 5


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_small_and_says_what_it_asks(path):
    book = read(path)
    assert path.stat().st_size < LARGEST
    assert book.cells[0].source.startswith("# ")
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert 'os.environ.get("CASHCADE_EXAMPLE_PATHS"' in code[0].source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_ends_in_a_picture_and_a_sentence(path, monkeypatch):
    monkeypatch.setenv("CASHCADE_EXAMPLE_PATHS", str(PATHS.get(path.stem, 64)))
    monkeypatch.setenv("CASHCADE_EXAMPLE_MONTHS", "12")
    monkeypatch.setenv("CASHCADE_EXAMPLE_WORLDS", "1")
    book = read(path)
    nbclient.NotebookClient(book, timeout=300, kernel_name="python3").execute()
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output for output in outputs if output.output_type == "error"] == []
    assert any("image/png" in output.get("data", {}) for output in outputs)
    last = outputs[-1]
    assert re.fullmatch(r"[^\n]*\d[^\n]*\.\n", last["text"])
