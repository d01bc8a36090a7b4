"""Fleets: short-lived assets, and who is paid for them."""

from cashcade.world.fields import FleetFields, OrderFields
from cashcade.world.record import CompanyId, Named, Sourced


class _Vendor(Sourced):
    """The vendor that is paid."""

    vendor: CompanyId
    """The company that is paid."""


class Order(OrderFields, _Vendor):
    """A share of a fleet's capex that goes to a vendor of the network."""


class _Owner(Named):
    """The owner of the assets."""

    owner: CompanyId
    """The company whose assets they are."""


class Fleet(FleetFields, _Owner):
    """Short-lived assets of a company and its plan to buy more."""

    linked = ("owner",)

    orders: tuple[Order, ...] = ()
    """Who is paid for the capex; what the shares leave goes to suppliers outside."""
