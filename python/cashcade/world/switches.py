"""Feedbacks by name: which there are, and which of them a run leaves out."""

from collections.abc import Collection, Sequence

from cashcade.errors import ArgumentError
from cashcade.words.names import choose
from cashcade.world.feedbacks import FEEDBACKS, Feedback
from cashcade.world.world import World


def feedbacks() -> list[Feedback]:
    """Return the feedbacks that can be switched off, the reinforcing ones first."""
    return list(FEEDBACKS.values())


loops = feedbacks
"""The name of `feedbacks` before it had that one."""


def left_out(world: World, *, without: Sequence[str], loops: Collection[str] | None) -> tuple[str, ...]:
    """Return the names of the feedbacks that are off in a run, in the order of `feedbacks()`.

    Parameters
    ----------
    world
        The world, which may leave out feedbacks itself.
    without
        Further feedbacks to leave out.
    loops
        The only feedbacks to leave in, whatever the world says; None for all the others.

    Raises
    ------
    ArgumentError
        There is no such feedback, or both `without` and `loops` are given.
    """
    if loops is not None and without:
        raise ArgumentError(
            "without and loops are both given; wanted one: what is left out, or all that is left in."
        )
    _check("without", without)
    _check("loops", () if loops is None else loops)
    off = {*without, *world.about.left_out} if loops is None else FEEDBACKS.keys() - set(loops)
    return tuple(name for name in FEEDBACKS if name in off)


def _check(argument: str, names: Collection[str]) -> None:
    """Refuse names of feedbacks that are not known, and text in place of a list."""
    if isinstance(names, str):
        raise ArgumentError(f'{argument} is {names!r}, wanted a list of feedbacks such as ["fire-sale"].')
    for name in names:
        choose(name, FEEDBACKS, "feedback")
