"""Rules and doors of a run, with who gave them."""

from collections.abc import Sequence
from dataclasses import dataclass

from cashcade.errors import RuleError
from cashcade.plugin.blame import Plugin, way_out
from cashcade.rules.exits import Door
from cashcade.rules.rule import Rule
from cashcade.rules.selection import quoted


@dataclass(frozen=True, slots=True)
class Given:
    """A rule or door of a run.

    Parameters
    ----------
    record
        The rule or door.
    origin
        The shock or scenario it is of, for messages.
    plugin
        Who brings it, if a plugin does.
    words
        Arguments that the user gave as words, such as ids: name and value.
    where
        File and line of the shock that makes it, where one does.
    """

    record: Rule | Door
    origin: str = ""
    plugin: Plugin | None = None
    words: tuple[tuple[str, str], ...] = ()
    where: str = ""

    @property
    def kind(self) -> str:
        """The kind of record."""
        return "rule" if isinstance(self.record, Rule) else "door"

    @property
    def label(self) -> str:
        """Name and origin, for messages."""
        return f"{self.kind} {quoted(self.record.name)}{f' ({self.origin})' if self.origin else ''}"

    def error(self, error: RuleError) -> RuleError:
        """Give an error that also says what to do: mend an argument, or go on without the plugin."""
        said = argument_at_fault(self.words, error)
        if said:
            return RuleError(f"{error} {said}")
        made = f" It is made in {self.where}." if self.where else ""
        return RuleError(f"{error}{made} {way_out(self.plugin)}") if self.plugin else error


def argument_at_fault(words: Sequence[tuple[str, str]], error: Exception) -> str:
    """Say which argument of the user an error speaks of; empty where it speaks of none."""
    named = [f"{name}={value}" for name, value in words if quoted(value) in str(error)]
    return f"It was given as {' and '.join(named)}." if named else ""
