"""How pictures are reached from a result: `result.plot.exits(...)` is `exits(result, ...)`."""

from collections.abc import Callable
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast

from cashcade.pictures import cascades, holders, months, networks, sides, standings

Rest = ParamSpec("Rest")
Picture = TypeVar("Picture")


class Pictures:
    """Pictures of something.

    Parameters
    ----------
    subject
        What they are of.
    """

    def __init__(self, subject: object) -> None:
        self.subject = subject

    def __repr__(self) -> str:
        names = ", ".join(name for name in vars(type(self)) if not name.startswith("_"))
        return f"<pictures of {self.subject!r}: {names}>"


class Drawn(Generic[Rest, Picture]):
    """A function of pictures as a method: it is given what the pictures are of.

    Parameters
    ----------
    draw
        The function.
    """

    def __init__(self, draw: Callable[Concatenate[Any, Rest], Picture]) -> None:
        self._draw = draw

    def __get__(self, pictures: Pictures | None, owner: type | None = None) -> Callable[Rest, Picture]:
        """Give the function with its first argument; of the class, the function as it is."""
        bound = self._draw if pictures is None else MethodType(self._draw, pictures.subject)
        return cast("Callable[Rest, Picture]", bound)


class ResultPictures(Pictures):
    """Pictures of a result."""

    exits = Drawn(standings.exits)
    survival = Drawn(standings.survival)
    cash = Drawn(months.cash)
    fan = Drawn(months.fan)
    against = Drawn(months.against)
    gauges = Drawn(months.gauges)
    economy = Drawn(months.economy)
    cascade = Drawn(cascades.cascade)
    network = Drawn(networks.network)
    losses = Drawn(holders.losses)


class ComparisonPictures(Pictures):
    """Pictures of a comparison."""

    outcomes = Drawn(sides.outcomes)
    series = Drawn(sides.series)
    survival = Drawn(sides.survival)
