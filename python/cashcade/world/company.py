"""A company: a node of the network."""

from cashcade.world.fields import CompanyFields
from cashcade.world.record import Id, Line, Named, Tag


class _Who(Named):
    """The identity of a company."""

    id: Id
    """Short name that others refer to."""
    name: Line | None = None
    """Full name."""
    archetype: Id | None = None
    """What sort of company it is, such as "frontier-lab"."""
    tags: tuple[Tag, ...] = ()
    """Words to group companies by."""


class Company(CompanyFields, _Who):
    """A company: what it owns, spends and decides; amounts at the date of the world."""
