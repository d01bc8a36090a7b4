"""The grounds of a report: assumptions with sources and confidence, limits, and how to make it again."""

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pandas as pd

from cashcade.report.drivers import meaning, phrase
from cashcade.report.side import Side, capital
from cashcade.results.figures import digits, money
from cashcade.words.names import one_line

CONFIDENCE = ("high", "medium", "low")
"""Grades, in this order; what has none comes last."""

LIMITS = (
    (
        "It is no forecast. A chance is the share of simulated futures of this one world, with its ranges "
        "and rules; what these leave out, nobody's chance tells."
    ),
    (
        "A ± is one standard error: what another run with other draws could give. It says nothing about "
        "ranges that are wrong, nor about mechanisms that the model does not have."
    ),
    (
        "Figures that nobody publishes are assumptions with a range, and are marked so; the answer is no "
        "better than they are."
    ),
    (
        "Rank correlations say which assumption goes with an outcome over the draws, others as they fall. "
        "They are no experiment, and what moves an outcome only together with others is not found."
    ),
    "An explanation is what the log of one path shows. Amounts at work overlap, and are no counterfactuals.",
    (
        "That one failure follows another within three months does not make it its effect, unless the model "
        "set it off."
    ),
    "Losses are not discounted, and nothing here is advice to buy, sell, lend or withhold.",
)
"""What every report does not claim."""


class Origin(NamedTuple):
    """A source: title, address in the web, date, how many figures come from it, and their confidence."""

    title: str
    url: str
    date: str
    figures: int
    confidence: str


class Assumption(NamedTuple):
    """An assumption that moves an answer: its name in words, and sentences that say what is known of it."""

    name: str
    meaning: str
    span: str
    confidence: str
    reason: str


class Ground(NamedTuple):
    """The assumptions of a world.

    Attributes
    ----------
    lead
        How many figures there are, and of what confidence.
    origins
        The sources, those of most figures first.
    deciding
        The assumptions that move the answers.
    notes
        What the world says of itself, by paragraphs.
    """

    lead: str
    origins: Sequence[Origin]
    deciding: Sequence["Assumption"]
    notes: Sequence[str]


def ground(side: Side) -> Ground | None:
    """Give the assumptions of the world of a side; None of a result from a file, which does not hold it."""
    world = side.world
    if world is None:
        return None
    table = world.figures()
    told = table[table["source"].notna()]
    description = (world.about.description or "").strip()
    return Ground(
        _lead(told, len(table) - len(told)),
        _origins(told),
        [*_deciding(side, table)],
        [" ".join(part.split()) for part in description.split("\n\n") if part.strip()],
    )


def _lead(told: pd.DataFrame, rest: int) -> str:
    """Say how well the figures are known."""
    if not len(told):
        return f"The world states {rest:,} figures, and of none of them where it comes from."
    grades = told["confidence"].value_counts()
    graded = [f"{int(grades[grade]):,} of {grade}" for grade in CONFIDENCE if grade in grades]
    guessed, ranged = int(told["assumption"].sum()), int(told["low"].notna().sum())
    return (
        f"The world gives {len(told):,} figures with a source or a reason: "
        f"{', '.join(graded) or 'none of stated'} "
        f"confidence. {guessed:,} of them are assumptions that nobody publishes, and {ranged:,} have a range "
        f"from which each draw takes its value. {rest:,} further settings (flags, links and the like) "
        "carry no source."
    )


def _origins(told: pd.DataFrame) -> list[Origin]:
    """Give the sources, those of most figures first."""
    sourced = told[told["title"].notna()]
    found = []
    for title, some in sourced.groupby("title", sort=True):
        row = some.iloc[0]
        grades = some["confidence"].value_counts()
        confidence = ", ".join(f"{int(grades[grade])} {grade}" for grade in CONFIDENCE if grade in grades)
        date = "" if row["date"] is None else str(row["date"])
        found.append(Origin(one_line(str(title)), web(row["url"]), one_line(date), len(some), confidence))
    return sorted(found, key=lambda origin: -origin.figures)


def web(url: object) -> str:
    """Give an address of the web, and nothing in place of any other."""
    try:
        known = urlsplit(str(url or ""))
    except ValueError:
        return ""
    return str(url) if known.scheme in {"http", "https"} and known.netloc else ""


def _deciding(side: Side, table: pd.DataFrame) -> Iterator[Assumption]:
    """Yield assumptions that move outcomes beyond luck, with range, confidence and reason."""
    names = dict.fromkeys(
        driver.name for drivers in side.drivers.values() for driver in drivers if driver.sure
    )
    for name in names:
        row = _figure(table, name)
        if row is None:
            yield Assumption(phrase(name), meaning(name) or "A range of a rule.", "", "", "")
            continue
        unit = "" if row["unit"] == "1" else row["unit"]
        low, high, value = (_number(row[name]) for name in ("low", "high", "value"))
        span = f"{low} to {high}, likeliest {value} {unit}".strip()
        source = row["title"] or ("assumption" if row["assumption"] else row["source"] or "")
        reason = " ".join(text for text in (row["note"], _better(row["better"])) if text)
        yield Assumption(
            phrase(name),
            meaning(f"{row['entity']}.x.{row['field']}"),
            span,
            row["confidence"] or "",
            " ".join(f"{capital(one_line(source))}. {reason}".split()),
        )


def _figure(table: pd.DataFrame, name: str) -> "pd.Series[Any] | None":
    """Give the row of the figure that an assumption is; of a shared one the first."""
    kind, _, rest = name.partition(".")
    if kind == "shared":
        some = table[table["shared"] == rest]
    else:
        entry, _, field = rest.rpartition(".")
        some = table[(table["entity"] == kind) & (table["field"] == field) & (table["id"] == (entry or kind))]
    return some.iloc[0] if len(some) else None


def _better(text: str | None) -> str:
    return f"To know it better: {text}" if text else ""


def _number(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return money(value) if abs(value) >= 1e5 else digits(value)


class Recipe(NamedTuple):
    """How to make a side again: a command if there is one, a call in Python, and what it depends on."""

    name: str
    command: str
    call: str
    facts: Sequence[tuple[str, str]]


FACTS = {
    "title": "World",
    "world_date": "Date of its figures",
    "world_hash": "Hash of the world",
    "cashcade": "Version of cashcade",
    "plugins": "Plugins",
    "seed": "Seed",
    "months": "Months",
    "paths": "Paths",
    "draws": "Draws of the parameters",
    "replicates": "Paths per draw",
    "first_path": "First path",
    "changed": "Set in the world (changed)",
    "parameters": "By draw, from a table (parameters)",
    "function": "Moved each month by",
    "without": "Feedbacks left out (without)",
    "scenarios": "Scenarios",
    "exit_scenarios": "Exit scenarios",
    "rules": "Rules",
    "imbalance": "Largest imbalance of the ledger beyond rounding",
}
"""Attributes of a result that it depends on or that vouch for it, and what they are called."""


def recipe(side: Side, command: str) -> Recipe:
    """Tell how to make a side again.

    Parameters
    ----------
    side
        The side.
    command
        That made it; empty if none did: then the command of the same run, where one says it all.
    """
    known = side.dataset.attrs
    facts = [
        (text, one_line(_fact(known[key])))
        for key, text in FACTS.items()
        if key in known and (known[key] != "" or key in {"changed", "without", "scenarios"})
    ]
    if known["interrupted"]:
        facts.append(("Interrupted", "Ctrl-C ended the run: these are the paths that were finished"))
    return Recipe(side.name, one_line(command or _command(known)), _call(known, command), facts)


def _fact(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value) if value != "" else "none"


SIZES = ("months", "paths", "seed", "replicates", "first_path")
"""Arguments of a run that its result remembers as numbers."""


TOLD = (
    *(("scenarios", "scenarios"), ("changed", "set"), ("parameters", "by draw"), ("without", "without")),
    ("function", "moved each month by"),
)
"""Attributes of a run that its result remembers in words, and what they are called in a comment."""


def given(known: Mapping[Any, Any], command: str) -> str:
    """Give the name or path by which the world of a run was given; empty where it was a `World`.

    The command knows it best: it sets figures in a world before the run is given it.
    """
    words = shlex.split(command)[2:3]
    return words[0] if words and not words[0].startswith("-") else str(known.get("world_given", ""))


def _command(known: dict[Any, Any]) -> str:
    """Give the command of a run of a world by its name or file, to which nothing was set; else nothing."""
    if not given(known, "") or any(known.get(name) for name, _ in TOLD):
        return ""
    return shlex.join(
        ["cashcade", "run", given(known, ""), *options(known, SIZES), "--report", "report.html"]
    )


def options(known: Mapping[Any, Any], names: Iterable[str]) -> Iterator[str]:
    """Yield arguments of a run that are numbers as the command line takes them."""
    for name in names:
        yield from (f"--{name.replace('_', '-')}", str(known[name]))


def _call(known: dict[Any, Any], command: str) -> str:
    """Give the call in Python; scenarios, settings and feedbacks are told as the result remembers them."""
    more = [f"  # {text}: {known[name]}" for name, text in TOLD if known.get(name)]
    sizes = ", ".join(f"{name}={known[name]}" for name in SIZES)
    named = given(known, command)
    world = json.dumps(named, ensure_ascii=False) if named else "world"
    how = f"run_monthly({world}, function," if known.get("function") else f"run({world},"
    return one_line(f'cc.{how} {sizes}).report("report.html")' + "".join(more))
