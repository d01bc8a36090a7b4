"""Feedbacks by name: which there are, and which of them a run leaves out."""

from collections.abc import Collection, Sequence

from cashcade.errors import ArgumentError
from cashcade.words.names import choose, texts
from cashcade.world.feedbacks import FEEDBACKS, Feedback
from cashcade.world.world import World


def feedbacks() -> list[Feedback]:
    """Return the feedbacks that can be switched off, the reinforcing ones first."""
    return list(FEEDBACKS.values())


loops = feedbacks
"""The name of `feedbacks` before it had that one."""


def left_out(
    world: World,
    *,
    without: Sequence[str],
    feedbacks: Collection[str] | None = None,
    loops: Collection[str] | None = None,
) -> tuple[str, ...]:
    """Return the names of the feedbacks that are off in a run, in the order of `feedbacks()`.

    Parameters
    ----------
    world
        The world, which may leave out feedbacks itself.
    without
        Further feedbacks to leave out.
    feedbacks
        The only feedbacks to leave in, whatever the world says; None for all the others.
    loops
        The former name of `feedbacks`.

    Raises
    ------
    ArgumentError
        There is no such feedback, or more than one of `without`, `feedbacks` and `loops` is given.
    """
    stay = {"feedbacks": feedbacks, "loops": loops}
    given = [name for name, names in stay.items() if names is not None]
    both = [*(["without"] if without else []), *given]
    if len(both) > 1:
        raise ArgumentError(
            f"{both[0]} and {both[1]} are both given; wanted one: without for what is left out, "
            "or feedbacks for all that is left in."
        )
    if given:
        kept = _checked(given[0], stay[given[0]] or ())
        off = FEEDBACKS.keys() - set(kept)
    else:
        off = {*_checked("without", without), *world.about.left_out}
    return tuple(name for name in FEEDBACKS if name in off)


def _checked(argument: str, given: Collection[str]) -> tuple[str, ...]:
    """Return names of feedbacks that are known."""
    names = texts(argument, given, '["fire-sale"]')
    for name in names:
        choose(name, FEEDBACKS, "feedback")
    return names
