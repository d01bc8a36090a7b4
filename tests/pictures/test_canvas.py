"""What pictures leave alone, the files they are written to, the command and the page."""

import json
import re
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from cashcade import pictures
from cashcade.commands import execute
from cashcade.commands.drawing import PICTURES
from cashcade.errors import ArgumentError, WriteError
from cashcade.pictures.reach import ComparisonPictures, ResultPictures
from cashcade_ai import gallery
from PIL import Image

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "pictures.md").read_text(encoding="utf-8")

QUIET = """
import sys
import cashcade as cc
result = cc.run("tests/results/tiny.toml", months=2, paths=4)
result.summary()
assert not [name for name in sys.modules if name.startswith("matplotlib")]
result.plot.survival()
assert "matplotlib.pyplot" not in sys.modules
"""

MISSING = """
import sys
sys.modules["matplotlib"] = None
import cashcade as cc
try:
    cc.run("tests/results/tiny.toml", months=2, paths=4).plot
except cc.MissingExtraError as error:
    assert str(error) == 'pictures need matplotlib, which is not installed: pip install "cashcade[plot]".', error
else:
    raise AssertionError("no error")
"""


@pytest.mark.parametrize("program", [QUIET, MISSING], ids=["quiet", "missing"])
def test_matplotlib_is_loaded_when_something_is_drawn_and_its_lack_is_said(program):
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603
    assert done.returncode == 0, done.stderr


def test_settings_of_matplotlib_stay_as_they_are(tiny, tmp_path):
    before = dict(mpl.rcParams)
    pictures.save(tiny.plot.exits(), tmp_path / "one.svg")
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_the_same_picture_gives_the_same_bytes(tiny, tmp_path, suffix):
    written = [pictures.save(tiny.plot.cash("lab"), tmp_path / f"{name}{suffix}") for name in "ab"]
    first, second = (path.read_bytes() for path in written)
    assert first == second
    assert first


def test_an_svg_holds_its_alt_text(tiny, tmp_path):
    ax = tiny.plot.losses()
    assert pictures.alt_text(ax) in pictures.save(ax, tmp_path / "a.svg").read_text(encoding="utf-8")


def test_what_cannot_be_written_says_why(tiny, tmp_path):
    ax = tiny.plot.survival()
    with pytest.raises(
        ArgumentError, match=r"'a.pdf' is no picture: wanted a name that ends in .svg or .png"
    ):
        pictures.save(ax, "a.pdf")
    with pytest.raises(ArgumentError, match="there is no folder"):
        pictures.save(ax, tmp_path / "nowhere" / "a.png")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(WriteError, match="Is a directory"):
        pictures.save(ax, tmp_path / "folder.png")


def test_the_command_draws_one_or_all(tmp_path, capsys):
    world = ["tests/results/tiny.toml", "--months", "12", "--paths", "64"]
    assert execute(["plot", "cash", *world, "--of", "lab", "--out", str(tmp_path / "cash.png")]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith(f"Written: {tmp_path / 'cash.png'}. Lab Inc.: cash")
    with Image.open(tmp_path / "cash.png") as picture:
        assert picture.size == (900, 500)
    assert execute(["plot", "all", *world, "--out", str(tmp_path / "all")]) == 0
    assert {path.stem for path in (tmp_path / "all").iterdir()} == {*PICTURES} - {"cash"}


@pytest.mark.parametrize(
    "words",
    [
        ["breakeven", "company.app.cash", "app@3 >= 0.1", "--limits", "1e8", "4e8", "--points", "2"],
        ["stress", "scale segment.*.revenue", "app", "--months", "3", "--points", "2"],
        [
            *["stress", "scale segment.*.revenue", "app", "--months", "12", "--points", "2", "--steps", "2"],
            *["--level", "0.1", "--along", "scale company.*.cash", "--along-limits", "1", "0.2"],
        ],
        [
            *["map", "scale segment.*.revenue", "add loan.*.rate", "app@3 >= 0.2", "--steps", "2"],
            *["--limits-y", "0", "0.1"],
        ],
        ["swap", "baseline", "gpu-slump:fall=0.5", "--months", "3"],
        ["walls", "--months", "36"],
        ["rank", "--months", "3"],
        ["compare", "baseline", "company.lab.cash=1e9", "--months", "12"],
    ],
)
def test_a_command_draws_its_answer(words, tmp_path, capsys):
    name, *rest = words
    command = [name, "tests/results/tiny.toml", *rest, "--paths", "16"]
    target = tmp_path / "a.svg"
    assert execute([*command, "--plot", str(target)]) == 0
    assert f"Written: {target}. " in capsys.readouterr().out
    assert target.read_text(encoding="utf-8").startswith("<?xml")
    unknown = [name, "no-such-world", *rest, "--plot", str(tmp_path / "no" / "a.svg")]
    assert execute(unknown) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_a_document_is_printed_alone_beside_a_picture(tmp_path, capsys):
    words = [
        "swap",
        "tests/results/tiny.toml",
        "baseline",
        "gpu-slump:fall=0.5",
        "--months",
        "2",
        "--paths",
        "8",
    ]
    assert execute([*words, "--json", "--plot", str(tmp_path / "a.png")]) == 0
    assert json.loads(capsys.readouterr().out)["a"] == "baseline"
    assert (tmp_path / "a.png").exists()


def test_folders_are_looked_at_before_the_run(tmp_path, capsys):
    (tmp_path / "file").touch()
    for words, message in (
        (["cash", "--of", "lab", "--out", str(tmp_path / "no" / "a.png")], "there is no folder"),
        (["all", "--out", str(tmp_path / "file")], "what stands there is no folder"),
    ):
        assert execute(["plot", words[0], "no-such-world", *words[1:]]) == 2
        assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["cash", "--out", "a.png"], "say of which, such as --of openai"),
        (["cashh", "--out", "a.png"], "cash"),
        (["exits", "--out", "a.doc"], "'a.doc' is no picture"),
    ],
)
def test_the_command_says_what_is_wrong(words, message, capsys):
    name, *rest = words
    assert execute(["plot", name, "tests/results/tiny.toml", "--months", "2", "--paths", "8", *rest]) == 2
    assert message in capsys.readouterr().err


def test_the_page_shows_every_picture_with_words_for_it():
    shown = dict(re.findall(r"!\[([^\]]*)\]\(pictures/([a-z]+)\.png\)", PAGE))
    assert set(shown.values()) == {*gallery.OF_RESULT, *gallery.OF_ANSWERS}
    assert all(alt.endswith(".") for alt in shown)
    for name in shown.values():
        assert (ROOT / "docs" / "pictures" / f"{name}.png").stat().st_size < 60_000


def test_the_page_names_every_picture():
    for kind, before in ((ResultPictures, "result.plot."), (ComparisonPictures, ".")):
        names = [name for name in vars(kind) if not name.startswith("_")]
        assert len(names) > 2
        assert all(f"{before}{name}(" in PAGE for name in names)


def test_the_gallery_redraws_a_page(tmp_path, tiny, monkeypatch):
    monkeypatch.setattr(gallery, "_result", lambda: tiny)
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n![old](pictures/survival.png)\n\nEnd.\n", encoding="utf-8")
    gallery.main([str(page)])
    alt = pictures.alt_text(tiny.plot.survival())
    assert page.read_text(encoding="utf-8") == f"# Page\n\n![{alt}](pictures/survival.png)\n\nEnd.\n"
    with Image.open(tmp_path / "pictures" / "survival.png") as picture:
        assert picture.size == (720, 400)


def test_the_examples_of_the_page_run(tmp_path, monkeypatch, capsys):
    first, second = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    coarse = first.replace("months=36, paths=2_000", "months=3, paths=8") + second.replace(
        "points=7, paths=400", "points=2, paths=8, tolerance=0.3"
    )
    assert coarse.count("paths=8") == 2
    monkeypatch.chdir(tmp_path)
    exec(coarse, {})  # noqa: S102 - our own page
    assert (tmp_path / "openai.svg").is_file()
    assert capsys.readouterr().out.startswith("OpenAI by Nov 2025: ")
