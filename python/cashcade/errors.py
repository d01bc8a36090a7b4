"""Errors that cashcade raises: every error a user can cause is one of these and says what to do about it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cashcade.world.problems import Problem


class CashcadeError(Exception):
    """Root of all errors that cashcade raises on purpose."""


class WorldError(CashcadeError, ValueError):
    """A world cannot be used.

    Parameters
    ----------
    problems
        Everything that is wrong with it, at least one, in the order of the file.
    origin
        Where the world came from: a file, the name of a plugin, or a word for data made in Python.
    """

    def __init__(self, problems: "Sequence[Problem]", origin: str = "world") -> None:
        self.problems = tuple(problems)
        self.origin = origin
        super().__init__(self._message())

    def _message(self) -> str:
        count = len(self.problems)
        if count == 1:
            return str(self.problems[0])
        lines = [f"{count} problems in {self.origin}:"]
        lines += [f"  {number}. {problem}" for number, problem in enumerate(self.problems, 1)]
        return "\n".join(lines)

    def __reduce__(self) -> tuple[type["WorldError"], tuple[object, str]]:
        """Pickle by problems, so that the error survives the way back from another process."""
        return type(self), (self.problems, self.origin)


class PlausibilityWarning(UserWarning):
    """A world can be run, but some figures look like slips; `World.notes` lists them."""


class PluginWarning(UserWarning):
    """A plugin can be used, but breaks a convention, or uses a name that has changed."""


class PluginError(CashcadeError):
    """A plugin cannot be loaded or breaks the contract of a hook; names its distribution and version."""


class ArgumentError(CashcadeError, ValueError):
    """An argument of a function cannot be used; says which, what was given and what is wanted."""


class RuleError(CashcadeError, ValueError):
    """A rule, shock, door or scenario cannot be used; says which expression, as the user wrote it."""


class UnknownNameError(RuleError, AttributeError):
    """An expression names what no entity of its kind has; says what is near."""


class FunctionError(CashcadeError):
    """A function that is called each month failed; says where, before which month and on which paths."""


class MemoryLimitError(CashcadeError, MemoryError):
    """A run would need more memory than its limit; says how much, and what to do."""


class WorkerError(CashcadeError, RuntimeError):
    """A worker process died, mostly for want of memory; says what is lost, and the ways out."""


class WriteError(CashcadeError, OSError):
    """A file could not be written; the file that it was to replace is unchanged."""


class MissingExtraError(CashcadeError, ImportError):
    """A feature needs an optional library; says how to install it."""


class InputError(CashcadeError, ValueError):
    """An input of the clearing or of contagion was refused; says what, where, and what to do."""
