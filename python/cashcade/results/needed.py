"""Which causes have to be left out, on the same luck, for a company to live: counterfactuals of one path."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

import xarray as xr

from cashcade.results.causes import AFTER_OTHERS, Cause, Removal, causes, first_cause, removal_of
from cashcade.results.retrace import Again, Fate, Retraced, retrace, shortfall_of

MOST = 6
"""Causes that are left out together at most."""

Without: TypeAlias = Callable[[tuple[Removal, ...]], "Again | None"]


class Needed(NamedTuple):
    """The causes that have to be left out for a company to live on a path.

    Attributes
    ----------
    causes
        The first cause, then what it would have failed of next, and so on; each is needed but the first may
        not be.
    lives
        Whether it lives to the end of the run without all of them.
    then
        Months of failure without the first, without the first two, and so on; 0: it lives.
    """

    causes: tuple[str, ...]
    lives: bool
    then: tuple[int, ...]


class Ways(NamedTuple):
    """All that is known of a path on which a company fails.

    Attributes
    ----------
    dataset
        Dataset of the run.
    company, path
        Whose failure, and where.
    without
        Runs it again without some causes.
    """

    dataset: xr.Dataset
    company: str
    path: int
    without: Without

    def lives(self, removals: tuple[Removal, ...]) -> bool | None:
        """Tell whether the company lives without some causes; None where one cannot be left out."""
        again = self.without(removals)
        return None if again is None else again.fate(self.company, self.path).month == 0

    def needed(self, first: Removal, name: str) -> Needed:
        """Leave the first cause out, then what it fails of next, until it lives."""
        removals, names, then = [first], [name], []
        while (again := self.without(tuple(removals))) is not None:
            fate = again.fate(self.company, self.path)
            then.append(fate.month)
            if not fate.month:
                return self._pruned(removals, names, then)
            more = self._next(again, fate, removals)
            if more is None or len(removals) == MOST:
                break
            removals.append(more[0])
            names.append(more[1])
        return Needed(tuple(dict.fromkeys(names)), lives=False, then=tuple(then))

    def _next(self, again: Again, fate: Fate, removals: list[Removal]) -> tuple[Removal, str] | None:
        """Give the first cause of what happens without some, of those that are still there."""
        known = retrace(self.dataset, again, self.company, self.path, fate.month)
        for name in _in_order(fate, causes(known, shortfall_of(known)), known):
            removal = removal_of(name, known)
            if not _has(removals, removal) and self.without((*removals, removal)) is not None:
                return removal, name
        return None

    def _pruned(self, removals: list[Removal], names: list[str], then: list[int]) -> Needed:
        """Leave out of the set what the company does not need to live; the first cause stays."""
        kept = [*range(len(removals))]
        for place in range(len(removals) - 2, 0, -1):
            fewer = [each for each in kept if each != place]
            if self.lives(tuple(removals[each] for each in fewer)):
                kept = fewer
        return Needed(tuple(dict.fromkeys(names[each] for each in kept)), lives=True, then=tuple(then))


def _in_order(fate: Fate, work: tuple[Cause, ...], known: Retraced) -> Iterator[str]:
    """Yield the causes of a failure: the first, those large enough, then the others, the largest first."""
    yield first_cause(fate.cause, work)
    yield from (each.cause for each in work if each.counts)
    rest = [each for each in work if not each.counts]
    yield from (each.cause for each in sorted(rest, key=lambda each: -each.amount))
    if known.own:
        yield AFTER_OTHERS[-1]


def _has(removals: list[Removal], removal: Removal) -> bool:
    """Whether a cause is left out already, or kept alive would be nobody new."""
    if removal.kind not in AFTER_OTHERS:
        return removal in removals
    alive = {name for each in removals for name in each.others}
    return not {*removal.others} - alive
