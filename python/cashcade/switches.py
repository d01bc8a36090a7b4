"""Loops by name: which there are, and which of them a run leaves out."""

from collections.abc import Collection, Sequence

from cashcade.errors import ArgumentError
from cashcade.names import choose, texts
from cashcade.world.loops import LOOPS, Loop
from cashcade.world.world import World


def loops() -> list[Loop]:
    """Return the loops that can be switched off, the reinforcing ones first."""
    return list(LOOPS.values())


def left_out(world: World, *, without: Sequence[str], loops: Collection[str] | None) -> tuple[str, ...]:
    """Return the names of the loops that are off in a run, in the order of `loops()`.

    Parameters
    ----------
    world
        The world, which may leave out loops itself.
    without
        Further loops to leave out.
    loops
        The only loops to leave in, whatever the world says; None for all the others.

    Raises
    ------
    ArgumentError
        There is no such loop, or both `without` and `loops` are given.
    """
    if loops is not None and without:
        raise ArgumentError(
            "without and loops are both given; wanted one: what is left out, or all that is left in."
        )
    named = _checked("without", without)
    kept = _checked("loops", () if loops is None else loops)
    off = {*named, *world.about.left_out} if loops is None else LOOPS.keys() - set(kept)
    return tuple(name for name in LOOPS if name in off)


def _checked(argument: str, given: Collection[str]) -> tuple[str, ...]:
    """Return names of loops that are known."""
    names = texts(argument, given, '["fire-sale"]')
    for name in names:
        choose(name, LOOPS, "loop")
    return names
