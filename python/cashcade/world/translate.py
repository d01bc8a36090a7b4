"""From the errors of pydantic to findings: what was given, what is wanted, and the way out."""

import types
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cashcade.world.numbers import SHARES, Reading, read_number
from cashcade.world.parameter import Parameter
from cashcade.world.problems import Finding, Place, did_you_mean, shown
from cashcade.world.quantity import FIELDS_OF_QUANTITY, FORMS
from cashcade.world.record import Record

WANTED = {
    "date_from_datetime_parsing": "a date such as 2025-08-31",
    "date_parsing": "a date such as 2025-08-31",
    "date_type": "a date such as 2025-08-31",
    "date_from_datetime_inexact": "a date without time",
    "string_type": "text in quotes",
    "string_too_long": "shorter text",
    "tuple_type": "a list in [ ]",
    "dict_type": "a table of keys and values",
    "model_type": "a table of keys and values",
    "model_attributes_type": "a table of keys and values",
    "greater_than_equal": "a number that is not negative",
    "finite_number": "a finite number",
    "float_type": "a number",
    "bool_type": "true or false",
    "too_short": "at least one entry",
    "union_tag_invalid": "a plain value or {value = ...}, the same in every draw",
}


def translate(error: ValidationError, model: type[Record], place: Place) -> Iterator[Finding]:
    """Yield a finding for each error of pydantic about a record of type `model` at `place`."""
    for detail in error.errors(include_url=False):
        path = tuple(part for part in detail["loc"] if part not in FORMS)
        yield _finding(detail, model, place, path)


def _finding(detail: ErrorDetails, model: type[Record], place: Place, path: Place) -> Finding:
    owner, parameter = _owner(model, path)
    where = (*place, *path)
    match detail["type"]:
        case "missing":
            return _missing(owner, parameter, where)
        case "extra_forbidden":
            return _unknown(owner, parameter, where)
    context = detail.get("ctx", {})
    given = str(context["given"]) if "given" in context else shown(detail["input"])
    return Finding(where, given, _wanted(detail, parameter), _hint(detail, parameter))


def _missing(owner: type[Record], parameter: Parameter | None, where: Place) -> Finding:
    key = str(where[-1])
    wanted = parameter.wanted if parameter else "a value"
    info = owner.model_fields.get(key)
    meaning = f": {info.description}" if info and info.description else "."
    return Finding(where, "nothing", f'{wanted} for "{key}"', f"Add {key}{meaning}")


def _unknown(owner: type[Record], parameter: Parameter | None, where: Place) -> Finding:
    known = (
        FIELDS_OF_QUANTITY if parameter else [info.alias or name for name, info in owner.model_fields.items()]
    )
    key = str(where[-1])
    hint = did_you_mean(key, known) or "Known keys: " + ", ".join(known) + "."
    what = "of a number" if parameter else f"of a {owner.__name__.lower()}"
    return Finding(where, f"unknown key {shown(key)}", f"a key {what}", hint)


def _wanted(detail: ErrorDetails, parameter: Parameter | None) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in {"bounds", "unit", "order", "weights", "world"}:
        return detail["msg"]
    if kind == "string_pattern_mismatch":
        return _pattern(str(detail["loc"][-1]))
    if kind == "literal_error":
        return f"one of {context['expected']}"
    if parameter and kind in {"float_type", "finite_number", "bool_type"}:
        return ("a finite number, " if kind == "finite_number" else "") + parameter.wanted
    return WANTED.get(kind, detail["msg"])


LINES = frozenset({"title", "name", "what"})
"""Fields of free text on one line; the name of the world, which is an id, is one line too."""


def _pattern(key: str) -> str:
    if key in {"as_of", "date"}:
        return 'a date such as "2025", "2025Q2", "2025-06" or "2025-06-30"'
    if isinstance(key, str) and key.isdigit():
        return "a word without space and semicolon"
    if key in LINES:
        return "text on one line, of printable characters"
    return "1 to 120 printable characters without space at either end"


def _hint(detail: ErrorDetails, parameter: Parameter | None) -> str:
    value = detail["input"]
    if detail["type"] == "literal_error" and isinstance(value, str):
        return did_you_mean(
            value, str(detail.get("ctx", {})["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        )
    if detail["type"] == "float_type" and isinstance(value, str):
        return "Write numbers without quotes." if _is_number(value, parameter) else ""
    if detail["type"] == "bool_type":
        return "Write true or false, without quotes."
    if detail["type"] == "bounds" and parameter:
        return _share(float(detail["ctx"]["given"]), parameter)
    if detail["type"] == "unit":
        return "Convert the figure; a world is in USD, and a year has twelve months."
    return ""


def _is_number(text: str, parameter: Parameter | None) -> bool:
    return parameter is not None and isinstance(read_number(text, parameter.unit), Reading)


def _share(number: float, parameter: Parameter) -> str:
    """Return how to write a number that is too large as one in per cent."""
    share = number / 100
    if parameter.unit not in SHARES or not parameter.high < number <= 100 * parameter.high:
        return ""
    return f"For {number:.15g} % write {share:.15g}."


def _owner(model: type[Record], path: Place) -> tuple[type[Record], Parameter | None]:
    """Return the record type that the last key of `path` belongs to, and the parameter it lies in."""
    owner, parameter = model, None
    for part in path:
        if isinstance(part, int):
            continue
        fields = {info.alias or name: info for name, info in owner.model_fields.items()}
        info = fields.get(part)
        if info is None or parameter:
            break
        parameter = next((mark for mark in info.metadata if isinstance(mark, Parameter)), None)
        owner = _inner(info.annotation) or owner
    return owner, parameter


def _inner(annotation: Any) -> type[Record] | None:  # noqa: ANN401 - any annotation of a field
    """Return the record type within a tuple, mapping or annotation; None for plain fields and quantities."""
    if isinstance(annotation, type) and not get_origin(annotation) and issubclass(annotation, Record):
        return annotation
    if isinstance(annotation, types.UnionType):
        return None
    found = [_inner(part) for part in get_args(annotation)]
    return next((kind for kind in found if kind), None)
