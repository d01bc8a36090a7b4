"""What the archetypes share: ranges with one reason, and sources with one address."""

from cashcade.archetype import Citation, Figure, assumed

FILINGS = "https://data.sec.gov/api/xbrl/companyfacts/"

BURN_CUT = {
    "burn_cut_runway": assumed(9, 6, 12, "Runway at which spending that can wait is cut."),
    "burn_cut_floor": assumed(0.4, 0.2, 0.6, "What is left of such spending in distress."),
}
"""How companies that live on rounds cut spending."""

ROUNDS = {
    "round_runway": assumed(15, 9, 18, "Boards raise when about a year of cash is left."),
    "round_months": assumed(18, 12, 24, "Rounds are sized for one to two years of burn."),
    "round_share": assumed(0.12, 0.05, 0.2, "Share of the company sold in one round."),
    "growth_premium": assumed(
        0.8, 0.3, 1.3, "How far the multiple follows growth; up to a turn a point and more."
    ),
}
"""How companies that live on rounds raise them."""

DEFAULT_COST = {
    "default_cost": assumed(0.29, 0.13, 0.31, "13 to 15 % of assets in a workout, 29 to 31 % in bankruptcy."),
}
"""What a failure destroys."""

DEMAND = {
    "common_loading": assumed(1, 0.5, 1.5, "How strongly demand follows AI demand as a whole."),
    "adjust_months": assumed(3, 1, 6, "Contracts and habits delay the answer to prices."),
}
"""What all AI demand has."""


def growth(now: Figure, long: Figure, half_life: Figure, volatility: Figure) -> dict[str, Figure]:
    """Return the growth of a demand: now, in the long run, how it fades, how it swings."""
    return {"growth": now, "growth_long": long, "growth_half_life": half_life, "volatility": volatility}


def companyfacts(key: str, company: str, number: int, date: str) -> Citation:
    """Return the citation of a company's filings at the SEC."""
    return Citation(key, f"SEC, companyfacts of {company}", f"{FILINGS}CIK{number:010d}.json", date)
