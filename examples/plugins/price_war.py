"""A price war: every lab goes below the cheapest, month by month, until one of them runs short of cash."""

from typing import Annotated

from cashcade.rules import Parameter, Rule, companies, month, scale, shock


@shock
def price_war(
    cut: Annotated[float, Parameter("fraction", 0, 0.9, "How far below the cheapest each goes.")] = 0.05,
    stamina: Annotated[float, Parameter("months", 0, 120, "Runway of the weakest that ends it.")] = 6,
    start: Annotated[float, "month"] = 3,
    tag: str = "lab",
) -> Rule:
    """Labs undercut each other.

    While it lasts all list prices are that of the cheapest, which is multiplied by 1 - cut each month.
    """
    labs = companies(tag=tag)
    lasts = (month >= start) & (labs.runway.min() > stamina)
    return Rule("war", lasts, scale(labs.list_price, (1 - cut) * labs.list_price.min() / labs.list_price))
