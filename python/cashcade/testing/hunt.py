"""Hypothesis as a function: look for an example that breaks a law, and make it small."""

import time
from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import errors as hypothesis_errors
from hypothesis.strategies import SearchStrategy

from cashcade.errors import CashcadeError
from cashcade.testing.laws import SAME
from cashcade.testing.report import Breach

SECONDS = 3.0
"""Time to make an example small."""

T = TypeVar("T")


class Found(Exception):  # noqa: N818 - it is what is looked for
    """An example breaks a law."""

    def __init__(self, breach: Breach) -> None:
        super().__init__(breach)
        self.breach = breach


class _Enough(BaseException):
    """There is no more time to make the example small."""


def hunt(strategy: SearchStrategy[T], judge: Callable[[T], Breach | None], examples: int) -> Breach | None:
    """Look for an example that breaks a law.

    Parameters
    ----------
    strategy
        Draws examples; the same ones each time.
    judge
        Gives what is broken, if anything.
    examples
        Number of examples.

    Returns
    -------
    breach
        That of the smallest example found, None without.

    Raises
    ------
    hypothesis.errors.Unsatisfiable
        No example could be drawn.
    CashcadeError
        An example cannot be judged.
    """
    best: list[Breach] = []
    refused: list[CashcadeError] = []
    begin: list[float] = []

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def examine(example: T) -> None:
        if begin and time.monotonic() - begin[0] > SECONDS:
            raise _Enough
        try:
            breach = judge(example)
        except CashcadeError as error:  # to make it smaller would help nobody
            refused.append(error)
            raise _Enough from error
        if breach is None:
            return
        begin.append(time.monotonic())
        if not best or len(breach.example) <= len(best[0].example):
            best[:] = [breach]
        raise Found(breach)

    try:
        examine()
    except (Found, _Enough):
        if refused and not best:
            raise refused[0] from None
        return best[0]
    except hypothesis_errors.Flaky:
        record = best[0].record if best else "a record"
        return Breach(SAME, record, "the same example breaks a law at one time and not at another")
    return None
