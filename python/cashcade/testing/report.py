"""The report of a check of a plugin."""

from collections import Counter
from dataclasses import dataclass, field

LINES = 60
"""Lines of an example that are shown."""


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
        The smallest case found: arguments and a world, as text; empty where none is needed.
    """

    law: str
    record: str
    what: str
    example: str = ""

    def __str__(self) -> str:
        lines = self.example.splitlines()
        shown = [*lines[:LINES], f"... and {len(lines) - LINES} more lines"][: max(len(lines), 1)]
        text = "".join(f"\n    {line}" for line in (shown if len(lines) > LINES else lines))
        return f"{self.record} breaks the law: {self.law}\n  {self.what}{text}"


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
    """

    plugin: str
    checked: list[str] = field(default_factory=list)
    broken: list[Breach] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether no law is broken."""
        return not self.broken

    def __str__(self) -> str:
        kinds = Counter(record.partition(' "')[0] for record in self.checked)
        what = ", ".join(f"{kind}: {count}" for kind, count in kinds.items()) or "nothing"
        count = len(self.broken)
        verdict = "all laws hold" if self.ok else f"{count} {'law is' if count == 1 else 'laws are'} broken"
        lines = [f'plugin "{self.plugin}": {verdict} (checked {what})']
        lines += [str(breach) for breach in self.broken]
        lines += [f"not checked: {reason}" for reason in self.skipped]
        return "\n".join(lines)
