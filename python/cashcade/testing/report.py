"""The report of a check of a plugin."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

LINES = 20
"""Lines of an example that are shown; a file has all."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A law that is broken.

    Parameters
    ----------
    law
        In words.
    record
        What breaks it, such as 'shock "gift"'.
    what
        What was found.
    example
        The smallest case found: a world as TOML; empty where none is needed.
    setting
        How it was run: arguments, rules, months, paths and seed, one a line.
    """

    law: str
    record: str
    what: str
    example: str = ""
    setting: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The law, the record and what was found."""
        return f"{self.record} breaks the law: {self.law}\n  {self.what}"

    @property
    def file(self) -> str:
        """All of it as a world file, whose comments say what to run in it."""
        said = [*self.told.splitlines(), *self.setting]
        return "".join(f"# {line}".rstrip() + "\n" for line in said) + self.example

    def __str__(self) -> str:
        lines = [*self.setting, *self.example.splitlines()]
        more = [f"... and {len(lines) - LINES} more lines"] if len(lines) > LINES else []
        return self.told + "".join(f"\n    {line}" for line in (*lines[:LINES], *more))


@dataclass(slots=True)
class Report:
    """The report of a check of a plugin; `print` shows it.

    Attributes
    ----------
    plugin
        Name and version.
    checked
        What was checked, in order.
    broken
        Laws that are broken.
    skipped
        What could not be checked, with the reason.
    idle
        Rules that were active in no run, and doors that nobody took: of them nothing is known.
    """

    plugin: str
    checked: list[str] = field(default_factory=list)
    broken: list[Breach] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether something was checked and no law is broken."""
        return bool(self.checked) and not self.broken

    def save(self, folder: Path) -> list[Path]:
        """Write each broken law with its example to a file in a folder: a world to run, with comments.

        Raises
        ------
        OSError
            The system refuses.
        """
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for number, breach in enumerate(self.broken, 1):
            name = re.sub("[^a-z0-9]+", "-", breach.record.lower()).strip("-")
            path = folder / f"{number}-{name}.toml"
            path.write_text(breach.file, encoding="utf-8")
            written.append(path)
        return written

    def __str__(self) -> str:
        lines = [f'plugin "{self.plugin}": {self._verdict()}']
        lines += [str(breach) for breach in self.broken]
        lines += [f"not checked: {reason}" for reason in self.skipped]
        lines += [f"seen in no run: {what}" for what in self.idle]
        return "\n".join(lines)

    def _verdict(self) -> str:
        kinds = Counter(record.partition(' "')[0] for record in self.checked)
        what = ", ".join(f"{kind}: {count}" for kind, count in kinds.items()) or "nothing"
        count = len(self.broken)
        if self.broken:
            return f"{count} {'law is' if count == 1 else 'laws are'} broken (checked {what})"
        return (
            f"all laws hold (checked {what})" if self.checked else "nothing was checked, which is a failure"
        )
