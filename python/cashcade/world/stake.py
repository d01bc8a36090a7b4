"""Stakes: who owns whom; pledges: who promised cash to whom."""

from cashcade.world.fields import PledgeFields, StakeFields
from cashcade.world.record import CompanyId, CompanyOrCapital, Line, Named


class _Owned(Named):
    """A holder and the company it owns a part of."""

    holder: CompanyOrCapital
    """The company that owns, or "capital"."""
    issuer: CompanyId
    """The company that is owned."""


class Stake(StakeFields, _Owned):
    """A holder owns a share of an issuer."""

    linked = ("holder", "issuer")


class _Parties(Named):
    """An investor and the company that is promised cash."""

    investor: CompanyOrCapital
    """The company that promises, or "capital"."""
    company: CompanyId
    """The company that receives."""
    what: Line | None = None
    """Name of the round."""


class Pledge(PledgeFields, _Parties):
    """An investor promises cash to a company, paid in equal monthly tranches."""

    linked = ("investor", "company")
