"""Segments: end demand that companies sell to, and what rivals recapture of it."""

from pydantic import Field

from cashcade.world.fields import RecaptureFields, SegmentFields
from cashcade.world.record import CompanyId, Named, SegmentId


class _Seller(Named):
    """The seller that the demand belongs to."""

    seller: CompanyId
    """The company that sells."""


class Segment(SegmentFields, _Seller):
    """End demand outside the network that a company sells to."""

    linked = ("seller",)


class _Rivals(Named):
    """The segment that loses, and the one that gains."""

    from_: SegmentId = Field(alias="from")
    """The segment whose demand is lost."""
    to: SegmentId
    """The segment that gains it."""


class Recapture(RecaptureFields, _Rivals):
    """A share that a rival gains of the demand that a segment loses."""

    linked = ("from", "to")
