"""What ends the writing of a result early: full disks, Ctrl-C, killed processes. The old file stays whole."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import cashcade as cc
import pytest
from cashcade import __main__ as cli
from cashcade.commands.scaffold import new_plugin
from cashcade.results import storage
from cashcade.results.layout import build_dataset
from cashcade.results.result import Result

from tests.effort import tries

TINY = str(Path(__file__).parent / "tiny.toml")
SUFFIXES = (".nc", ".zarr", ".parquet")
KILLED = tries(8)

KILLS = """
import os, random, signal, sys, time
import h5netcdf, pyarrow.parquet, zarr  # not used before the fork: threads do not survive it
import cashcade as cc
from cashcade.results.result import Result

world, out, old, new = sys.argv[1:5]
kills = int(sys.argv[5])
results = [cc.run(world, paths=64, months=60, seed=seed, threads=1) for seed in (1, 2)]
for result in results:
    result.dataset.load()

def child(work):
    process = os.fork()
    if not process:
        work()
        os._exit(0)
    return process

def both():
    for result, place in zip(results, (old, new)):
        result.save(place)
    results[0].save(out)

os.waitpid(child(both), 0)
chance = random.Random(5)
for number in range(kills):
    def save():
        for turn in range(1000):
            results[turn % 2].save(out)
    process = child(save)
    time.sleep(chance.uniform(0.02, 0.3))
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    print(number, flush=True)
    sys.stdin.readline()
"""

KILLED_AT = """
import importlib, os, signal, sys
from pathlib import Path
import pyarrow.parquet  # not used before the fork: threads do not survive it
import cashcade as cc

world, folder, *places = sys.argv[1:]
first, second = [cc.run(world, paths=64, months=12, seed=seed, threads=1) for seed in (1, 2)]
for result in (first, second):
    result.dataset.load()

def save(folder, module, step, call):
    first.save(folder / "out.parquet")
    first.save(folder / "old.parquet")
    room = importlib.import_module(f"cashcade.results.{module}")
    calls, real = [], getattr(room, step)

    def killed(*arguments):
        calls.append(arguments)
        if len(calls) == int(call):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments)

    setattr(room, step, killed)
    second.save(folder / "out.parquet")

for place in places:
    process = os.fork()
    if not process:
        save(Path(folder, place), *place.split(","))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
"""

FILLS_THE_DISK = """
import resource, sys
from cashcade import __main__ as cli
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
words = sys.argv[2:]
ended = cli.main(words)
print("and once more", flush=True)
print(ended, cli.main([*words, "--json"]), file=sys.stderr)
"""


def content(place):
    """A digest of a file, or of all that a folder holds."""
    files = sorted(place.rglob("*")) if place.is_dir() else [place]
    held = [(str(file.relative_to(place)), file.read_bytes()) for file in files if file.is_file()]
    return hashlib.sha256(repr(held).encode()).hexdigest()


@pytest.fixture
def pair(made):
    """Two results of different lengths."""
    return [Result(lambda months=months: build_dataset(made(months=months)[0])) for months in (12, 6)]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_leaves_the_old_result(pair, tmp_path, monkeypatch, suffix):
    old, new = pair
    out = tmp_path / f"out{suffix}"
    old.save(out)
    before = content(out)

    def full(_place):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "_sync", full)
    with pytest.raises(cc.WriteError, match=rf"out\{suffix}.*No space left on device.*is as it was"):
        new.save(out)
    assert content(out) == before
    assert list(tmp_path.iterdir()) == [out], "nothing is left over"
    monkeypatch.undo()
    new.save(out)
    assert content(out) != before


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_disk_that_fills_while_it_is_written_costs_the_file_and_not_the_run(tmp_path, suffix):
    out = tmp_path / f"out{suffix}"
    cc.run(TINY, paths=16, months=12).save(out)
    before = content(out)
    words = ["run", TINY, "--paths", "64", "--months", "36", "--out", str(out)]
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", FILLS_THE_DISK, "2000", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.stderr.split()[-2:] == ["2", "2"], ended.stderr
    assert ended.stderr.count("File too large") == 2
    assert "Traceback" not in ended.stderr
    shown, document = ended.stdout.split("and once more\n")
    assert "64 paths" in shown
    assert json.loads(document)["written"] == []
    assert content(out) == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes of POSIX")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_killed_process_leaves_the_old_or_the_new_result(tmp_path, suffix):
    out, old, new = (tmp_path / f"{name}{suffix}" for name in ("out", "old", "new"))
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-W", "ignore", "-c", KILLS, TINY, *map(str, (out, old, new, KILLED))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for number in range(KILLED):
        assert process.stdout.readline() == f"{number}\n"
        assert content(out) in {content(old), content(new)}
        process.stdin.write("\n")
        process.stdin.flush()
    process.communicate(timeout=60)
    assert content(old) != content(new)
    left = [path for path in tmp_path.iterdir() if path.suffix == ".part"]
    assert left or suffix != ".zarr", (
        "some were killed while they wrote; all else is written within an instant"
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes of POSIX")
def test_a_kill_at_any_step_leaves_both_tables_of_one_result(tmp_path):
    places = ("save,_write_table,2", "storage,_sync,1", "storage,_swap,1")
    for place in places:
        (tmp_path / place).mkdir()
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-W", "ignore", "-c", KILLED_AT, TINY, str(tmp_path), *places],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.stdout.split() == [str(-signal.SIGKILL)] * 3, ended.stderr
    for place in places:
        out, old = tmp_path / place / "out.parquet", tmp_path / place / "old.parquet"
        assert content(out) == content(old), place
        others = [path.suffix for path in (tmp_path / place).iterdir() if path not in {out, old}]
        assert others == [".part"], place


def test_an_interrupt_while_saving_says_so(tmp_path, capsys, monkeypatch):
    out = tmp_path / "out.nc"
    out.write_bytes(b"old")

    def interrupted(_place):
        raise KeyboardInterrupt

    monkeypatch.setattr(storage, "_sync", interrupted)
    assert cli.main(["run", TINY, "--paths", "8", "--months", "3", "--out", str(out)]) == cli.INTERRUPTED
    shown = capsys.readouterr()
    assert shown.err == f"cashcade: interrupted while writing {out}\n"
    assert "8 paths" in shown.out
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("made_of", ["files", "another store", "file"])
def test_what_cashcade_did_not_write_is_not_replaced(pair, tmp_path, made_of):
    place = tmp_path / "d.zarr"
    if made_of == "file":
        place.write_text("mine")
    else:
        place.mkdir()
        root = {"zarr_format": 3, "node_type": "group", "attributes": {"by": "me"}}
        (place / "zarr.json").write_text(json.dumps(root) if made_of == "another store" else "mine")
    before = content(place)
    with pytest.raises(cc.ArgumentError, match="not a Zarr store that cashcade wrote, and is not replaced"):
        pair[0].save(place)
    assert content(place) == before


def test_an_empty_folder_takes_a_store(pair, tmp_path):
    (tmp_path / "d.zarr").mkdir()
    pair[0].save(tmp_path / "d.zarr")
    assert Result.load(tmp_path / "d.zarr").dataset.sizes["month"] == 12


@pytest.mark.parametrize(
    ("name", "wanted"), [("out.nc", "a file"), ("out.parquet", "a folder of tables that cashcade wrote")]
)
def test_a_folder_of_something_else_is_refused_before_the_run(tmp_path, capsys, name, wanted):
    (tmp_path / name).mkdir()
    (tmp_path / name / "mine.txt").write_text("mine")
    assert cli.main(["run", TINY, "--paths", "8", "--out", str(tmp_path / name)]) == 2
    shown = capsys.readouterr()
    assert f"{name}': what stands there is not {wanted}" in shown.err
    assert shown.out == ""


@pytest.mark.parametrize("suffix", [".nc", ".zarr"])
def test_a_result_that_was_half_written_is_recognised(pair, tmp_path, suffix):
    (place,) = pair[0].save(tmp_path / f"out{suffix}")
    if suffix == ".zarr":
        chunk = max(place.rglob("c/**/*"), key=lambda each: each.stat().st_size if each.is_file() else 0)
        chunk.unlink()
        with pytest.raises(cc.ArgumentError, match=r"not written to the end .it holds .* files of .* wanted"):
            Result.load(place).summary()
        (place / "zarr.json").unlink()
    else:
        place.write_bytes(place.read_bytes()[:-1000])
    with pytest.raises(cc.ArgumentError, match="damaged, or was not written to the end"):
        Result.load(place).summary()


@pytest.mark.skipif(sys.platform == "win32", reason="rights and links of POSIX")
def test_rights_and_links_stay(pair, tmp_path):
    (tmp_path / "real.nc").write_bytes(b"")
    (tmp_path / "real.nc").chmod(0o640)
    (tmp_path / "out.nc").symlink_to("real.nc")
    pair[0].save(tmp_path / "out.nc")
    assert (tmp_path / "out.nc").is_symlink()
    assert (tmp_path / "real.nc").stat().st_mode & 0o777 == 0o640
    assert Result.load(tmp_path / "real.nc").dataset.sizes["month"] == 12


def test_folders_change_places_without_the_help_of_linux_too(pair, tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "_exchanged", lambda _place, _target: False)
    for result, months in zip(pair, (12, 6), strict=True):
        (place,) = result.save(tmp_path / "d.zarr")
        assert Result.load(place).dataset.sizes["month"] == months
    assert list(tmp_path.iterdir()) == [place]


def test_a_plugin_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    def full(_place):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "_sync", full)
    with pytest.raises(cc.WriteError, match="No space left on device"):
        new_plugin("cashcade-mine", tmp_path)
    assert not list(tmp_path.iterdir())
