"""Numbers as spreadsheets write them: groups of thousands, decimal comma, per cent, millions, brackets.

A text is read under both decimal marks. Where the two readings differ, the whole table decides.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

POINT, COMMA = ".", ","

LONGEST = 60
"""Characters of the longest text that is read as a number."""

_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " ") | {0x2212: "-", 0x2019: "'"}
"""Spaces, the minus and the apostrophe of typesetters, as those of the keyboard."""

_FORM = re.compile(
    r"(?P<open>\()?(?P<sign>[+-])? ?(?P<dollar>US\$|USD|\$)? ?"
    r"(?P<body>[\d.,][\d.,'_ ]*?)(?P<exponent>e[+-]?\d{1,4})?"
    r" ?(?P<scale>[a-z]+\.?)??(?P<percent>%)? ?(?P<unit>USD|US\$|\$)?(?P<close>\))?",
    re.IGNORECASE,
)

_GROUPS = r"[1-9]\d{{0,2}}(?P<gap>[{thousands}' _])\d{{3}}(?:(?P=gap)\d{{3}})*"
_NUMBER = {
    mark: re.compile(rf"(?P<whole>{_GROUPS.format(thousands=other)}|\d*)(?:\{mark}(?P<rest>\d*))?")
    for mark, other in ((POINT, COMMA), (COMMA, POINT))
}

_SCALES = {
    **dict.fromkeys(("k", "thousand"), 3),
    **dict.fromkeys(("m", "mm", "mn", "mio", "million", "millions"), 6),
    **dict.fromkeys(("b", "bn", "mrd", "billion", "billions"), 9),
    **dict.fromkeys(("tn", "trillion", "trillions"), 12),
}
"""Words for powers of ten behind an amount."""

_OTHER_CURRENCY = re.compile(
    r"\b(?:EUR|GBP|CHF|JPY|CNY|RMB|INR|KRW|CAD|AUD|SEK|NOK|DKK|PLN|TWD|SGD|HKD)\b", re.IGNORECASE
)

_NOTHING = frozenset({"na", "n/a", "nan", "null", "none"})
"""Words for an empty cell."""

SHARES = frozenset({"fraction", "1", "1/year", "1/sqrt(year)"})
"""Units of which a number may be written in per cent."""


_POWER = r"(?:[eE][+-]?\d{1,4})?"
_COUNTED = re.compile(rf"[+-]?\d+{_POWER}")
_POINTED = re.compile(rf"[+-]?(?:(?:0|\d{{4,}})?\.\d+|\d{{1,3}}\.(?:\d{{1,2}}|\d{{4,}})){_POWER}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason why a text cannot be read, whatever the decimal mark: what is wanted, and the way out."""

    wanted: str
    hint: str


class Reading(NamedTuple):
    """The number that a text is under each decimal mark; none under a mark that does not fit."""

    by_mark: dict[str, float]

    @property
    def sure(self) -> str | None:
        """The only mark under which it is a number, None where both fit."""
        return next(iter(self.by_mark)) if len(self.by_mark) == 1 else None

    @property
    def doubtful(self) -> bool:
        """Whether it is another number under the other mark."""
        return len(set(self.by_mark.values())) > 1


FAILED = Refusal("a value", "The formula of this cell failed: mend it in the spreadsheet and export anew.")
CURRENCY = Refusal("a figure in USD", "A world is in USD: convert the column and drop the sign.")
SHARE_OF_NOTHING = Refusal("an amount", "A number in per cent fits shares and rates only.")
SCALED = Refusal("a plain number", "Words such as m and bn fit amounts in USD only.")


def says_nothing(text: str) -> bool:
    """Return whether a text in a column of numbers stands for an empty cell."""
    return text.strip().lower() in _NOTHING


def read_number(text: str, unit: str | None) -> Reading | Refusal | None:
    """Return what a text is as a number of that unit, None if it is none at all.

    Parameters
    ----------
    text
        A cell.
    unit
        Unit of its field; None where it is not known: then everything is allowed.
    """
    return _quick(text) or _spelled(text, unit)


def _quick(text: str) -> Reading | None:
    """Return the number that Python writes so: most cells do, and this takes a tenth of the time."""
    if _COUNTED.fullmatch(text):
        return Reading(dict.fromkeys((POINT, COMMA), float(text)))
    return Reading({POINT: float(text)}) if _POINTED.fullmatch(text) else None


def _spelled(text: str, unit: str | None) -> Reading | Refusal | None:
    text = " ".join(text.translate(_SPACES).split())
    if len(text) > LONGEST:
        return None
    if text[:1] in {"#", "="}:
        return FAILED
    if not any(map(str.isdigit, text)):
        return None
    if _OTHER_CURRENCY.search(text) or any(
        unicodedata.category(sign) == "Sc" and sign != "$" for sign in text
    ):
        return CURRENCY
    form = _FORM.fullmatch(text)
    return _read(form, unit) if form else None


def _read(form: re.Match[str], unit: str | None) -> Reading | Refusal | None:
    scale, percent = (form["scale"] or "").lower().rstrip("."), form["percent"]
    dollar = form["dollar"] or form["unit"]
    if (form["open"] is None) != (form["close"] is None) or (scale and scale not in _SCALES):
        return None
    if (form["open"] and form["sign"]) or (form["exponent"] and scale) or (percent and (scale or dollar)):
        return None
    if percent and unit is not None and unit not in SHARES:
        return SHARE_OF_NOTHING
    if (scale or dollar) and unit is not None and not unit.startswith("USD"):
        return SCALED
    power = int((form["exponent"] or "e0")[1:]) + _SCALES.get(scale, 0) - (2 if percent else 0)
    sign = "-" if form["open"] or form["sign"] == "-" else ""
    groups = not form["exponent"]
    bodies = {mark: _plain_body(form["body"].strip(), mark, groups=groups) for mark in (POINT, COMMA)}
    by_mark = {mark: float(f"{sign}{body}e{power}") for mark, body in bodies.items() if body}
    return Reading(by_mark) if by_mark else None


def _plain_body(body: str, mark: str, *, groups: bool) -> str:
    """Return the digits as Python writes them, nothing if they are no number under that decimal mark."""
    found = _NUMBER[mark].fullmatch(body)
    if not found or not (found["whole"] or found["rest"]) or (found["gap"] and not groups):
        return ""
    whole = re.sub(r"\D", "", found["whole"]) or "0"
    return f"{whole}.{found['rest'] or 0}"
