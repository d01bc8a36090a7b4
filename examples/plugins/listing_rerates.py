"""A listing that re-rates others: once one is public, all of its kind are worth more, or less."""

from typing import Annotated

from cashcade.rules import Parameter, Rule, companies, scale, shock


@shock
def listing_rerates(
    rise: Annotated[float, Parameter("fraction", -0.9, 5, "Change of multiples a listing.", neutral=0)] = 0.2,
    tag: str = "lab",
) -> Rule:
    """The first listings give others a price.

    While n companies of the tag have listed, the multiples of all others are (1 + rise)^n of what they were.
    """
    peers = companies(tag=tag)
    listed = peers.exit == "list"
    return Rule("rerating", ~listed, scale(peers.valuation_multiple, (1 + rise) ** listed.count()))
