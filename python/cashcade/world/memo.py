"""Work done once for each object that never changes."""

import weakref
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def once(function: Callable[[T], R]) -> Callable[[T], R]:
    """Keep what a function gave for an object as long as that object lives; equal ones are told apart.

    Worlds are large: to compare two, or to hash one, takes longer than a small run.
    """
    known: dict[int, R] = {}

    @wraps(function)
    def remembered(given: T) -> R:
        place = id(given)
        if place not in known:
            known[place] = function(given)
            weakref.finalize(given, known.pop, place, None).atexit = False
        return known[place]

    return remembered
