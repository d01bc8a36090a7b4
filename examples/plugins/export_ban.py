"""An export ban between one vendor and the owners with a tag: they buy elsewhere, outside the network."""

from typing import Annotated

from cashcade.rules import Parameter, Rule, companies, fleets, for_good, month, orders, scale, shock


@shock
def export_ban(
    share: Annotated[float, Parameter("fraction", 0, 1, "Share of the orders banned.", neutral=0)] = 1.0,
    start: Annotated[float, "month"] = 6,
    vendor: str = "nvidia",
    tag: str = "neocloud",
) -> Rule:
    """A vendor may not sell to some.

    The vendor loses `share` of what these owners paid it, and nothing of what others do; owners spend the same.
    """
    banned = orders(vendor=vendor, fleet=fleets(owner=companies(tag=tag)))
    return Rule("ban", month >= start, scale(banned.share, 1 - share), hold=for_good())
