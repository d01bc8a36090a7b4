"""Token prices that fall when rivals release: each release makes the models of all others worth less."""

from typing import Annotated

from cashcade.rules import Parameter, Rule, chance, companies, month, scale, shock


@shock(pricing=True)
def rival_releases(
    fall: Annotated[float, Parameter("fraction", 0, 0.9, "Fall of the price a release.", neutral=0)] = 0.1,
    hazard: Annotated[float, Parameter("fraction", 0, 1, "Chance that a lab releases in a month.")] = 0.15,
    start: Annotated[float, "month"] = 2,
    tag: str = "lab",
) -> Rule:
    """Prices fall as rivals release.

    After n releases of its rivals a lab sells at (1 - fall)^n of its list price.
    """
    labs = companies(tag=tag)
    released = (chance(hazard, each=labs) & (month >= start)).count_so_far()
    of_rivals = released.sum() - released
    return Rule("releases", month >= start, scale(labs.list_level, (1 - fall) ** of_rivals))
