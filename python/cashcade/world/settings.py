"""Settings: what a world says, said otherwise, as `company.openai.cash=1e10` on the command line."""

import re
import shlex
import tomllib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import tomlkit

from cashcade.errors import ArgumentError
from cashcade.world.kinds import MODELS
from cashcade.world.numbers import Reading, Refusal, read_number
from cashcade.world.origin import Origin
from cashcade.world.parameter import Parameter, parameters_of
from cashcade.world.paths import entry_of, met, pattern_of
from cashcade.world.plain import plain
from cashcade.world.problems import shown
from cashcade.world.quantity import Quantity
from cashcade.world.toml import item_of

if TYPE_CHECKING:
    from cashcade.world.world import World

EXAMPLE = "company.openai.cash=1e10"
"""A setting, for messages."""

_SIGN = re.compile(r"\.[a-z_][a-z0-9_]*(\s*=)")
_BEGINS = re.compile(rf"\s*(?:{'|'.join(MODELS)})[.\[]")


def is_path(text: str) -> bool:
    """Whether a text begins as a path does: with a kind of entity."""
    return bool(_BEGINS.match(text))


def is_setting(text: str) -> bool:
    """Whether a text is meant as a setting: it begins as a path does, and something is set."""
    return is_path(text) and "=" in text


def settings_of(texts: Iterable[str]) -> dict[str, object]:
    """Read settings as they are written on the command line.

    Parameters
    ----------
    texts
        `PATH=VALUE` each. A value is written as in a world file; words need no quotes, and numbers may be
        spelled as in spreadsheets ("10 bn", "5 %").

    Raises
    ------
    ArgumentError
        One is not written so, or two have one path.
    """
    found: dict[str, object] = {}
    for text in texts:
        path, value = _setting(text)
        if path in found:
            raise ArgumentError(f"{path} is set twice, to {shown(found[path])} and {shown(value)}.")
        found[path] = value
    return found


def _setting(text: str) -> tuple[str, object]:
    parts = [(text[: sign.start(1)].strip(), text[sign.end() :].strip()) for sign in _SIGN.finditer(text)]
    if not parts or not parts[0][1]:
        raise ArgumentError(f"the setting is {shown(text)}, wanted PATH=VALUE such as {EXAMPLE}.")
    path, value = next((each for each in parts if _is_known(each[0])), parts[0])  # an id may hold a sign too
    return path, _value(value, path)


def _is_known(path: str) -> bool:
    try:
        pattern_of(path)
    except ArgumentError:
        return False
    return True


def _value(text: str, path: str) -> object:
    try:
        found = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        found = {}
    return found["value"] if found.keys() == {"value"} else _spelled(text, path)


def _spelled(text: str, path: str) -> object:
    """Give the number that a text spells, where its field takes one; else the text."""
    field = _parameter(path)
    reading = None if field is None or field.words or field.unit == "flag" else read_number(text, field.unit)
    match reading:
        case Refusal():
            raise ArgumentError(f"{path}: {shown(text)} is given, wanted {reading.wanted}. {reading.hint}")
        case Reading() if reading.doubtful:
            ways = " or ".join(f"{value:.15g}" for value in reading.by_mark.values())
            raise ArgumentError(f"{path}: {shown(text)} may be {ways}; write the one that is meant.")
        case Reading():
            return next(iter(reading.by_mark.values()))
    return text


def _parameter(path: str) -> Parameter | None:
    try:
        pattern = pattern_of(path)
    except ArgumentError as error:
        raise ArgumentError(f"{path}: {error}") from None
    return parameters_of(MODELS[pattern.kind]).get(pattern.field)


def setting_text(path: str, value: object) -> str:
    """Write a setting, so that it reads as it was given."""
    return f"{path}={_written(value, path)}"


def _written(value: object, path: str) -> str:
    if isinstance(value, float) and not isinstance(value, bool):
        short = f"{value:g}"
        return short if float(short) == value else repr(value)
    if isinstance(value, str) and value and _same(value, path):
        return value
    return tomlkit.item(item_of(value)).as_string()


def _same(text: str, path: str) -> bool:
    """Whether a text without quotes is read as itself."""
    try:
        return text == text.strip() and _value(text, path) == text
    except ArgumentError:
        return False


def joined(texts: Iterable[str]) -> str:
    """Write settings in one line, as the words of a shell."""
    return shlex.join(texts)


def set_in(world: "World", values: Mapping[str, object]) -> tuple[dict[str, Any], Origin, tuple[str, ...]]:
    """Give the sections of a world in which something is said otherwise, their origin, and what was said.

    Parameters
    ----------
    world
        Any world.
    values
        By path; of two that meet one field the later holds.

    Raises
    ------
    ArgumentError
        They are no mapping, a path is none or meets nothing, or a value is none.
    """
    if not isinstance(values, Mapping):
        raise ArgumentError(
            f'{shown(values)} is given, wanted values by path, such as {{"company.openai.cash": 1e10}}.'
        )
    raw, texts = world.as_given(), []
    for path, given in values.items():
        value = _taken(path, given)
        texts.append(setting_text(path, value))
        try:
            pattern = pattern_of(path)
            for name in met(world, pattern):
                entry_of(raw, world, pattern.kind, name)[pattern.field] = value
        except ArgumentError as error:
            raise ArgumentError(f"{texts[-1]}: {error}") from None
    name = f"{world.name} with {', '.join(texts)}"
    return raw, Origin(name, lambda _place: (name, None), by_column=True), tuple(texts)


def _taken(path: object, given: object) -> Any:  # noqa: ANN401 - any value that a field may have
    """Give a value as a file would hold it."""
    if not isinstance(path, str):
        raise ArgumentError(f"{shown(path)} is given as a path, wanted text such as company.openai.cash.")
    value = plain(given.model_dump(exclude_defaults=True) if isinstance(given, Quantity) else given)
    if value is None:
        raise ArgumentError(f"{path} is set to nothing, wanted a value.")
    return dict(value) if isinstance(value, Mapping) else value
