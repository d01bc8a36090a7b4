"""Changes of a world: what a scenario says otherwise from the start, by path patterns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cashcade.errors import ArgumentError, RuleError
from cashcade.rules.constants import constant_of
from cashcade.rules.vocabulary import stated
from cashcade.world.paths import Pattern, pattern_of


@dataclass(frozen=True, slots=True, init=False)
class Change:
    """A change of what a world says.

    Parameters
    ----------
    path
        `"market.odds_open"`, `"segment.cursor.elasticity"`, `"segment.*.elasticity"`,
        `"company[tag=app].pass_through"`, `"company[archetype=neocloud].fixed_cost"` or
        `"loan[borrower=coreweave].rate"`.
    scale, add, set_to
        One of them: what to multiply by, to add, or to put there instead. A number or a range; of what is put
        there also a word, or true or false.

    Raises
    ------
    RuleError
        There is no such field, or the amount does not fit it.
    """

    path: str
    how: str
    amount: object
    pattern: Pattern

    def __init__(self, path: str, *, scale: object = None, add: object = None, set_to: object = None) -> None:
        given = {"scale": scale, "add": add, "set_to": set_to}
        chosen = {how: amount for how, amount in given.items() if amount is not None}
        if len(chosen) != 1:
            raise RuleError(f'Change("{path}"): wanted one of scale, add and set_to, given {len(chosen)}.')
        ((how, amount),) = chosen.items()
        pattern = _pattern(path)
        for name, value in {"path": path, "how": how, "amount": amount, "pattern": pattern}.items():
            object.__setattr__(self, name, value)
        self._check()

    def __repr__(self) -> str:
        return f'Change("{self.path}", {self.how}={self.amount!r})'

    def _check(self) -> None:
        row = stated(self.pattern.kind)[self.pattern.field]
        if row.unit in {"flag", "code"}:
            self._check_word(row.unit, [word for word, _ in row.words])
            return
        constant_of(self.amount, self)

    def _check_word(self, unit: str, words: list[str]) -> None:
        wanted = "true or false" if unit == "flag" else " or ".join(f'"{word}"' for word in words)
        fits = isinstance(self.amount, bool) if unit == "flag" else self.amount in words
        if self.how != "set_to" or not fits:
            raise RuleError(f"{self}: wanted set_to={wanted}.")


Changes = Change | Iterable[Change] | Mapping[str, object]
"""Changes as scenarios take them; a mapping puts values in the places of its paths."""


def checked_changes(given: object, whose: str) -> tuple[Change, ...]:
    """Give changes as a tuple; a mapping puts values in the places of its paths.

    Raises
    ------
    RuleError
        One is no change.
    """
    if isinstance(given, Mapping):
        return tuple(Change(path, set_to=amount) for path, amount in given.items())
    changes = tuple(given) if isinstance(given, Iterable) else (given,)
    wrong = [each for each in changes if not isinstance(each, Change)]
    if wrong:
        raise RuleError(f'{whose}: {wrong[0]!r} is no change; write Change("market.odds_open", add=-1).')
    return changes


def _pattern(path: str) -> Pattern:
    try:
        return pattern_of(path, stated)
    except ArgumentError as error:
        raise RuleError(f'Change("{path}"): {error}') from None
