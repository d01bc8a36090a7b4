"""Patience that looks at quarterly guidance: who grows less than it said builds less from then on."""

from typing import Annotated

from cashcade.rules import Parameter, Rule, companies, fleets, month, scale, shock


@shock
def quarterly_guidance(
    guided: Annotated[float, Parameter("fraction", -1, 5, "Growth in a quarter that was said.")] = 0.05,
    cut: Annotated[float, Parameter("fraction", 0, 1, "Cut of capex plans after a miss.", neutral=0)] = 0.1,
    tag: str = "giant",
) -> Rule:
    """Investors ask for cuts after a quarter that disappoints.

    Every third month from month 6 on, fleets whose owner's revenue grew less than guided since three months
    before plan 1 - cut of what they planned: (1 - cut)^n after n misses.
    """
    built = fleets(owner=companies(tag=tag))
    revenue = built.owner.revenue
    missed = revenue < (1 + guided) * revenue.lag(3)
    return Rule("guidance", (month >= 6) & (month % 3 == 0) & missed, scale(built.plan, 1 - cut))
