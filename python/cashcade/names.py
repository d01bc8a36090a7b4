"""Names that users type: an unknown one is an error that offers the nearest."""

from collections.abc import Iterable
from difflib import get_close_matches

from cashcade.errors import ArgumentError


def choose(name: str, known: Iterable[str], what: str) -> None:
    """Check that `name` is one of `known`.

    Raises
    ------
    ArgumentError
        With the nearest known names, or all of them where there are few.
    """
    names = list(known)
    if name in names:
        return
    near = get_close_matches(name, names, n=3, cutoff=0.6)
    if near:
        hint = f"Did you mean {' or '.join(repr(each) for each in near)}?"
    elif len(names) <= 12:
        hint = f"Known: {', '.join(names) or 'none'}."
    else:
        hint = f"There are {len(names)}, such as {', '.join(names[:5])}."
    raise ArgumentError(f"Unknown {what} {name!r}. {hint}")
