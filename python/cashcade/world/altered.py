"""A world in which some entries are said otherwise; only these are read and checked anew."""

from typing import TYPE_CHECKING, Any

from cashcade.world.kinds import HELD
from cashcade.world.record import Record

if TYPE_CHECKING:
    from cashcade.world.world import World


class Altered:
    """The sections of a world, in which entries are opened to be written to.

    Parameters
    ----------
    world
        Which stays as it is.

    Attributes
    ----------
    raw
        Sections by name, as `World.from_raw` takes them: what nobody has opened are records of the world,
        the rest are mappings.
    """

    def __init__(self, world: "World") -> None:
        sections = world.sections()
        self.raw: dict[str, Any] = {"world": world.about, "sources": world.sources, "market": world.market}
        self.raw |= {section: list(entries) for section, entries in sections.items()}
        self._places = {
            (section, entry.id): place
            for section, entries in sections.items()
            for place, entry in enumerate(entries)
        }

    def entry(self, kind: str, name: str) -> dict[str, Any]:
        """Open an entity: give its mapping, which may be written to."""
        if kind == "market":
            return _opened(self.raw, kind)
        held = HELD.get(kind)
        if held is None:
            return _opened(self.raw[kind], self._places[kind, name])
        holder, _, number = name.rpartition("/")
        inner: dict[str, Any] = self.entry(held.holder, holder)[held.field][int(number) - 1]
        return inner


def _opened(entries: Any, place: Any) -> dict[str, Any]:  # noqa: ANN401 - a list or a mapping, with its places
    """Make a mapping of a record, unless it is one already."""
    if isinstance(entries[place], Record):
        entries[place] = entries[place].model_dump(exclude_defaults=True, by_alias=True)
    found: dict[str, Any] = entries[place]
    return found
