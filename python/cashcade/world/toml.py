"""Worlds as TOML: the format that people write."""

import re
import tomllib
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import InlineTable

from cashcade.errors import WorldError
from cashcade.world.lines import lines_of
from cashcade.world.origin import Origin
from cashcade.world.problems import Place, Problem

LARGEST_FILE = 8_000_000
"""Bytes of the largest file that is read; a world of a thousand companies needs about two million."""

DEEPEST_KEY = 32
"""Parts of the longest dotted key; the parser's time grows with the square of them."""

_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_DEEP_KEY = re.compile(rf"(?<![\w-]){_PART}(?:[ \t]*\.[ \t]*{_PART}){{{DEEPEST_KEY}}}")


def read_file(path: Path) -> tuple[dict[str, Any], Origin]:
    """Return the sections of a TOML file and the way to their lines.

    Raises
    ------
    WorldError
        If the file is missing, too large, not UTF-8 or not TOML.
    """
    return read_text(_text_of(path), str(path))


def _text_of(path: Path) -> str:
    file = str(path)
    try:
        if not path.is_file():
            given = (
                "a folder" if path.is_dir() else "no such file" if not path.exists() else "no regular file"
            )
            raise _refused(file, None, given, "a TOML file", "Check the path.")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            wanted = f"at most {LARGEST_FILE // 1_000_000} MB"
            hint = "Split off what is not a world; large worlds read faster from Parquet tables."
            raise _refused(file, None, f"{size / 1e6:.1f} MB", wanted, hint)
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _refused(
            file, None, str(error.strerror), "a file that can be read", "Check its permissions."
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        given = f"byte 0x{error.object[error.start]:02x} that is not UTF-8"
        raise _refused(file, line, given, "text in UTF-8", "Save the file as UTF-8.") from None


def read_text(text: str, file: str = "text") -> tuple[dict[str, Any], Origin]:
    """Return the sections of a TOML text and the way to their lines; `file` names it in messages.

    Raises
    ------
    WorldError
        If the text is too long or not TOML.
    """
    raw = _parsed(text, file)
    lines = lines_of(text)

    def locate(place: Place) -> tuple[str, int | None]:
        return file, lines.line(place)

    return raw, Origin(file, locate)


def _parsed(text: str, file: str) -> dict[str, Any]:
    if len(text) > LARGEST_FILE:
        wanted = f"at most {LARGEST_FILE // 1_000_000} MB"
        raise _refused(file, None, f"{len(text) / 1e6:.1f} MB of text", wanted, "")
    deep = _DEEP_KEY.search(text)
    if deep:
        line = text.count("\n", 0, deep.start()) + 1
        raise _refused(file, line, "a dotted key without end", f"keys of at most {DEEPEST_KEY} parts", "")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(error, file, text) from None
    except RecursionError:
        raise _refused(
            file, None, "brackets nested without end", "TOML", "A world nests four levels."
        ) from None
    except ValueError as error:
        raise _refused(file, None, f"a value that TOML cannot hold ({error})", "TOML", "") from None


_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def _not_toml(error: tomllib.TOMLDecodeError, file: str, text: str) -> WorldError:
    message = str(error)
    found = _POSITION.search(message)
    line = int(found[1]) if found and found[1] else text.count("\n") + 1
    column = f" in column {found[2]}" if found and found[2] else " at the end"
    what = message[: found.start()] if found else message
    what = what[:1].lower() + what[1:200]
    return _refused(file, line, f"text that is not TOML{column} ({what})", "TOML", "See https://toml.io.")


def _refused(file: str, line: int | None, given: str, wanted: str, hint: str) -> WorldError:
    return WorldError([Problem(file, line, "", given, wanted, hint)], file)


def to_toml(raw: dict[str, Any]) -> str:
    """Return sections as TOML, an entry to a table and a figure with its source to a line."""
    document = tomlkit.document()
    for section, value in raw.items():
        if isinstance(value, tuple):
            array = tomlkit.aot()
            for entry in value:
                array.append(_table(entry))
            document.append(section, array)
        elif section == "sources":
            table = tomlkit.table(is_super_table=True)
            for key, source in value.items():
                table.append(key, _table(source))
            document.append(section, table)
        else:
            document.append(section, _table(value))
    return tomlkit.dumps(document)


def _table(entry: dict[str, Any]) -> tomlkit.items.Table:
    table = tomlkit.table()
    for key in sorted(entry, key=lambda name: name != "id"):
        if entry[key] is not None:
            table.append(key, item_of(entry[key]))
    return table


def item_of(value: object) -> object:
    """Return a value for the right of an equals sign: mappings inline, lists of mappings one per line."""
    if isinstance(value, dict):
        return _inline(value)
    if isinstance(value, tuple | list):
        array = tomlkit.array()
        for item in value:
            array.append(item_of(item))
        return array.multiline(any(isinstance(item, dict) for item in value))
    return value


def _inline(value: dict[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    for key, item in value.items():
        if item is not None:
            table.append(key, item_of(item))
    return table
