"""The file of a report: when it is written, what it says of the run, and what a failure to write costs."""

import errno
import html
import json
import re
import shlex

import cashcade as cc
import pytest
from cashcade import __main__ as cli
from cashcade.errors import MissingExtraError
from cashcade.results import storage

from tests.report.conftest import TINY

SMALL = ["--months", "12", "--paths", "200", "--quiet"]


def text_of(path):
    """The text of a page, without its scripts and marks."""
    page = re.sub(r"<(script|style).*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_file_is_small_and_whole(page):
    assert page.stat().st_size < 2.5e6
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert text.rstrip().endswith("</html>")
    assert not re.search(r'(src|href)="(?!https?://)', text.split("<script", maxsplit=1)[0])


def test_it_says_how_to_make_it_again(tiny, page):
    text = text_of(page)
    assert "cashcade run tiny.toml cc.run(" in text
    assert 'cc.run("tiny.toml", months=36, paths=800, seed=3, replicates=4, first_path=0).report(' in text
    attributes = tiny.dataset.attrs
    for key, name in (
        ("world_hash", "Hash of the world"),
        ("cashcade", "Version of cashcade"),
        ("plugins", "Plugins"),
    ):
        assert f"{name} {attributes[key]}" in text
    assert "Seed 3 Months 36 Paths 800 Draws of the parameters 200 Paths per draw 4" in text
    assert "Set in the world (changed) none Feedbacks left out (without) none" in text


def test_changes_and_feedbacks_are_told(tmp_path):
    world = cc.load_world(TINY).with_({"company.lab.cash": 3e9})
    result = cc.run(world, months=6, paths=64, without=["vendor-finance"])
    text = text_of(result.report(tmp_path / "r.html"))
    assert f"Set in the world (changed) {result.dataset.attrs['changed']}" in text
    assert "Feedbacks left out (without) vendor-finance" in text
    assert "cashcade run tiny" not in text  # no command says it all


def test_the_chain_of_the_likeliest_failures_is_that_of_explain(tiny, page):
    text = text_of(page)
    likeliest = tiny.summary().sort_values("failed_36", ascending=False, kind="stable").index[:2]
    for company in likeliest:
        found = tiny.explain(company)
        assert f"First cause that the log of the path shows: {found.first}." in text
        again = "--why --months 36 --paths 800 --seed 3 --replicates 4"
        assert f"cashcade explain tiny.toml {company} {again}" in text


def test_what_it_says_to_type_can_be_typed(tmp_path, monkeypatch, capsys):
    """Of a world in a file, with options that an explanation needs, and some that it does not."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a world.toml").write_text(TINY.read_text(encoding="utf-8"), encoding="utf-8")
    more = [
        "--set",
        "company.lab.fixed_cost=3e9",
        "--kill=app@9",
        "--replicates",
        "2",
        "--record",
        "company.debt",
    ]
    assert cli.main(["run", "a world.toml", *SMALL, *more, "--report", "r.html"]) == 0
    text = text_of(tmp_path / "r.html")
    whole = html.unescape((tmp_path / "r.html").read_text(encoding="utf-8"))
    found = re.search(r"<code>cashcade (explain [^<]*)</code>", whole)
    assert found is not None
    words = shlex.split(found[1])
    assert words[4:12] == ["--months", "12", "--paths", "200", "--seed", "0", "--replicates", "2"]
    assert words[12:] == ["--set", "company.lab.fixed_cost=3e9", "--kill=app@9"]
    capsys.readouterr()
    assert cli.main(words) == 0
    assert "First" in capsys.readouterr().out
    assert 'cc.run("a world.toml", months=12' in text


def test_a_world_made_in_python_is_called_so(tmp_path):
    result = cc.run(cc.load_world(TINY), months=12, paths=64)
    text = text_of(result.report(tmp_path / "r.html"))
    assert "cc.run(world, months=12" in text
    assert "cashcade run" not in text
    (company, *_) = result.summary().sort_values("failed_12", ascending=False, kind="stable").index
    assert f'result.why("{company}")' in text


def test_a_result_from_a_file_draws_what_is_there_and_says_what_is_not(tiny, tmp_path):
    (saved,) = tiny.save(tmp_path / "tiny.nc")
    text = text_of(cc.Result.load(saved).report(tmp_path / "r.html"))
    assert "does not hold its world: run it anew for its assumptions and sources" in text
    assert "Nothing is explained here" in text
    assert "Who fails" in text


def test_what_was_not_recorded_is_named(tmp_path):
    result = cc.run(TINY, months=6, paths=64, record=["market.companies_alive"])
    text = text_of(result.report(tmp_path / "r.html"))
    assert "Not drawn, for it was not recorded: company.cash , market.capex_gdp ," in text
    assert "market.companies_alive" not in text.split("Not drawn", 1)[1].split("Run with", 1)[0]


def test_the_command_writes_it_and_says_so(tmp_path, capsys):
    words = ["run", str(TINY), *SMALL, "--record", "company.debt", "--report", str(tmp_path / "r.html")]
    assert cli.main(words) == 0
    assert capsys.readouterr().out.endswith(f"Written: {tmp_path / 'r.html'}\n")
    text = text_of(tmp_path / "r.html")
    assert shlex.join(["cashcade", *words]) in text
    assert "Not drawn" not in text


def test_the_document_names_it_among_what_was_written(tmp_path, capsys):
    files = [str(tmp_path / "r.nc"), str(tmp_path / "r.html")]
    assert cli.main(["run", str(TINY), *SMALL, "--json", "--out", files[0], "--report", files[1]]) == 0
    assert json.loads(capsys.readouterr().out)["written"] == files


def test_a_comparison_writes_one_too(tmp_path, capsys):
    target = tmp_path / "c.html"
    words = ["compare", str(TINY), "baseline", "company.lab.cash=2e9", "--months", "12", "--paths", "200"]
    assert cli.main([*words, "--report", str(target)]) == 0
    assert capsys.readouterr().out.endswith(f"Written: {target}\n")
    text = text_of(target)
    assert "What differs from baseline" in text
    assert "Not drawn" not in text
    assert "On the same luck, company.lab.cash=2e9 changes " in text


def test_a_comparison_with_itself_changes_nothing(tmp_path):
    found = cc.compare(TINY, {"one": "baseline", "two": "baseline"}, months=12, paths=64)
    text = text_of(found.report(tmp_path / "c.html"))
    assert "On the same luck, two changes nobody's chance to fail against one." in text
    assert "No path differs between one and two." in text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("r.txt", "Cannot write a report to '{}': end it in .html."),
        ("no/r.html", "Cannot write '{}': there is no folder"),
        ("folder.html", "Cannot write '{}': what stands there is not a file, and is not replaced."),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_run(tmp_path, capsys, name, said):
    (tmp_path / "folder.html").mkdir()
    target = str(tmp_path / name)
    assert cli.main(["run", "no-such-world", "--report", target]) == 2
    assert said.format(target) in capsys.readouterr().err


def test_a_failure_to_write_costs_the_file_and_nothing_else(tmp_path, capsys, monkeypatch):
    target, other = tmp_path / "r.html", tmp_path / "r.nc"
    target.write_text("as it was")
    sync = storage._sync

    def full(place):
        if ".html" in place.name:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(place)

    monkeypatch.setattr(storage, "_sync", full)
    words = ["run", str(TINY), *SMALL, "--out", str(other), "--report", str(target)]
    assert cli.main(words) == 2
    told = capsys.readouterr()
    assert "Main cause" in told.out
    assert told.out.endswith(f"Written: {other}\n")
    assert f"Cannot write {target}: No space left on device. What was there before is as it was." in told.err
    assert target.read_text() == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.html", "r.nc"]


def test_libraries_that_are_missing_are_named(tmp_path, monkeypatch, tiny):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "bokeh" else object())
    with pytest.raises(MissingExtraError, match=r'needs Bokeh, .* pip install "cashcade\[report\]"'):
        tiny.report(tmp_path / "r.html")
