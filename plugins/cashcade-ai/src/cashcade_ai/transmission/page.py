"""The page of the transmission table: ``python -m cashcade_ai.transmission PAGE``."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from cashcade_ai.transmission.experiments import EXPERIMENTS, SEED
from cashcade_ai.transmission.lines import SURE, Experiment, Line

PATHS = 1_000

INTRODUCTION = """\
# Do shocks travel?

Made from a run by `python -m cashcade_ai.transmission docs/transmission.md` (`make transmission`); do not
edit.

Experiments on the world `ai-2025-08`, neutral unless said, through the public interface
([`cashcade.compare`](results.md#what-a-scenario-changes)): {paths:,} paths with a draw of the parameters for
each, the same luck on both sides, seed {seed}. A difference carries its paired standard error, and counts as
above or below something where it is so by {sure:g} errors. What must come out was written down before
anything was measured; a line that does not hold says so.

**{held} of {all} lines hold.**

Where experts would ask for something else than what was written down, that stands below it, with the
reason, and is not counted above: {better} of {instead} such lines hold. All of those were written after the
outcome had been seen: they describe what was found, and are no tests that were passed.

| experiment | lines that hold |
|---|---|
"""


def page(paths: int = PATHS) -> str:
    """Run the experiments, and return the page in Markdown."""
    return page_of([(experiment, tuple(experiment.measure(paths))) for experiment in EXPERIMENTS], paths)


def page_of(found: Sequence[tuple[Experiment, tuple[Line, ...]]], paths: int) -> str:
    """Return the page in Markdown of what was measured on so many paths."""
    lines = [line for _, some in found for line in some if line.wanted]
    written, instead = (
        [line.holds for line in lines if bool(line.instead) == other] for other in (False, True)
    )
    head = INTRODUCTION.format(
        paths=paths,
        seed=SEED,
        sure=SURE,
        held=sum(written),
        all=len(written),
        better=sum(instead),
        instead=len(instead),
    )
    counts = "".join(_count(experiment, some) for experiment, some in found)
    return head + counts + "".join(part for experiment, some in found for part in _section(experiment, some))


def _count(experiment: Experiment, lines: Sequence[Line]) -> str:
    """Say how many lines of an experiment hold."""
    asked = [line.holds for line in lines if line.wanted and not line.instead]
    return f"| {experiment.name}: {experiment.title} | {sum(asked)} of {len(asked)} |\n"


def _section(experiment: Experiment, lines: Sequence[Line]) -> Iterator[str]:
    yield f"\n## {experiment.name}: {experiment.title}\n\n{experiment.months} months.\n\n"
    yield "| measured | value | must be | holds |\n|---|---|---|---|\n"
    for line in lines:
        verdict = ("yes" if line.holds else "**no**") if line.wanted else ""
        said = f"*instead, since {line.instead}:* {line.what}" if line.instead else line.what
        yield f"| {said} | {line.value} | {line.wanted} | {verdict} |\n"
    told = [line for line in lines if line.tried and not line.holds]
    for number, line in enumerate(told):
        # Lines that fail for one reason tell it once, below the last of them.
        if line.tried not in {later.tried for later in told[number + 1 :]}:
            same = [each.what for each in told if each.tried == line.tried]
            yield f"\n**Not so** ({'; '.join(same)}). {line.tried}\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the experiments, and write the page to a file."""
    parser = argparse.ArgumentParser(
        prog="python -m cashcade_ai.transmission", description="Run the experiments, and write their page."
    )
    parser.add_argument("page", type=Path, help="Markdown file to write")
    parser.add_argument("--paths", type=int, default=PATHS, help="random paths of each run")
    given = parser.parse_args(arguments)
    given.page.write_text(page(given.paths), encoding="utf-8")
