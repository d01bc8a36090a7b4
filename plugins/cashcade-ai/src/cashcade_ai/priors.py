"""What a preset says of one sort of assumption, for labs, apps and fleets of the world `ai-2025-08` alike.

Ranges of one sort are one assumption (`shared`).
"""

from dataclasses import dataclass

from cashcade.rules import Change, Use

Range = dict[str, object]

Triple = tuple[float, float, float]
"""Least, likeliest and most."""

LAB_SEGMENTS = ("chatgpt", "openai-api", "claude", "anthropic-api", "grok", "mistral-models", "cohere-models")
APP_SEGMENTS = ("cursor-users", "perplexity-users", "cognition-users", "replit-users", "lovable-users")

OWN_COMPUTE = ("microsoft", "alphabet", "amazon", "meta")
"""Giants that run machines for themselves."""

INFERENCE = {
    "openai-azure-inference": 1.02e9,
    "anthropic-aws-inference": 2.66e8,
    "anthropic-google-inference": 1.5e8,
}
"""What one dollar of compute per dollar of revenue would be a month, by contract: OpenAI sells 1.02 billion,
Anthropic 0.416, of which Amazon serves 64 %."""

IN_COST = ("xai", "mistral", "cohere")
"""Labs whose inference is part of their variable cost."""


MARGINS = (
    "OpenAI's adjusted gross margin was 0.4 in 2024 and Anthropic's -0.94; compute for inference alone "
    "leaves OpenAI between 0.06 and 0.6 of its revenue, by source"
)
LABS_GREW = (
    "run-rates in the eight months to August 2025 rose from 1 to 5 billion (Anthropic) and from 6 to 13 "
    "(OpenAI); 1x and 10x a year are the ends that are argued for"
)


@dataclass(frozen=True, slots=True)
class Prior:
    """What a preset says of one sort of assumption.

    Parameters
    ----------
    sort
        One of the seven.
    said
        The prior in words.
    why
        Where it comes from, or the reason.
    changes
        Of the world.
    shocks
        For what comes at a time.
    """

    sort: str
    said: str
    why: str
    changes: tuple[Change, ...] = ()
    shocks: tuple[Use, ...] = ()


def triangle(low: float, value: float, high: float, shared: str | None = None) -> Range:
    """Return a range as worlds write it."""
    found: Range = {"low": low, "value": value, "high": high}
    return found | ({"shared": shared} if shared else {})


def growth(  # noqa: PLR0913 - the first two say it all
    said: str,
    first: Triple,
    later: Triple | None = None,
    *,
    half_life: float | None = None,
    machines: Triple | None = None,
    why: str = LABS_GREW,
    shocks: tuple[Use, ...] = (),
) -> Prior:
    """Return growth of demand for labs and apps: now, later, and months in which half the gap closes.

    `machines` is growth of what giants run for themselves, and of what others buy of chips; `later` is also
    theirs.
    """
    says: dict[str, object] = {"growth": triangle(*first, "lab-growth")}
    if later is not None:
        says["growth_long"] = triangle(*later, "lab-growth-long")
    if half_life is not None:
        says["growth_half_life"] = half_life
    changes = tuple(
        Change(f"segment.{segment}.{name}", set_to=value)
        for segment in (*LAB_SEGMENTS, *APP_SEGMENTS)
        for name, value in says.items()
    )
    if machines is not None:
        changes += _machines("", triangle(*machines, "machines-growth"))
        if later is not None:
            changes += _machines("_long", triangle(*later, "machines-growth-long"))
    return Prior("lab growth", said, why, changes, shocks)


def _machines(term: str, says: Range) -> tuple[Change, ...]:
    """Set growth, now or in the long run, of what giants run for themselves and others buy of chips."""
    grow = [f"company.{giant}.discretionary_growth{term}" for giant in OWN_COMPUTE]
    others = f"segment.nvidia-data-centre-others.growth{term}"
    return tuple(Change(path, set_to=says) for path in (*grow, others))


def margin(said: str, low: float, value: float, high: float) -> Prior:
    """Return the inference margin: 1 less compute for inference over revenue, at the start."""

    def cost(revenue: float) -> Range:
        least, likeliest, most = (revenue * (1 - margin) for margin in (high, value, low))
        return triangle(least, likeliest, most, "inference-margin")

    changes = [Change(f"contract.{name}.usage", set_to=cost(one)) for name, one in INFERENCE.items()]
    changes += [Change(f"company.{lab}.variable_cost", set_to=cost(1.0)) for lab in IN_COST]
    return Prior("inference margin", said, MARGINS, tuple(changes))


def elasticity(said: str, low: float, value: float, high: float) -> Prior:
    """Return how volume answers to a seller's own price."""
    why = (
        "own-price elasticity of subscriptions 0.5 to 1.5, of API demand 0.05 to 0.6 for the whole "
        "market and 0.8 to 1.5 for one model"
    )
    changes = [
        Change(f"segment.{segment}.elasticity", set_to=triangle(low, value, high, "elasticity"))
        for segment in (*LAB_SEGMENTS, *APP_SEGMENTS)
    ]
    return Prior("own-price elasticity", said, why, tuple(changes))


GPU_FLEETS = (
    *("microsoft-fleet", "alphabet-fleet", "amazon-fleet", "meta-fleet", "oracle-fleet", "coreweave-fleet"),
    *("xai-fleet", "crusoe-fleet", "nebius-fleet", "lambda-fleet", "nvidia-plant"),
)


def life(said: str, low: float, value: float, high: float) -> Prior:
    """Return how long chips earn, in months."""
    changes = [
        Change(f"fleet.{fleet}.economic_life", set_to=triangle(low, value, high, "gpu-life"))
        for fleet in GPU_FLEETS
    ]
    return Prior("economic life of a GPU", said, "two to seven years are argued for", tuple(changes))


NEVER = -20.0
"""Log odds a month of what does not happen."""

OPEN = tuple(
    Change(f"market.{window}_shuts{driver}", set_to=NEVER if not driver else 0.0)
    for window in ("venture", "credit", "shares", "listings")
    for driver in ("", "_drawdown", "_losses")
)
"""All windows stay open unless a large failure, or a shock, shuts them."""

SHUT_FOR = {"low": 18.0, "value": 24.0, "high": 30.0}
"""Months: six to ten quarters."""

REGIMES = "open 10 to 18 quarters, shut 6 to 10, from past cycles of venture funding"


def stays_open() -> Prior:
    """Return funding as in 2024 and early 2025, for good."""
    inflow = Change("market.dry_powder_inflow", set_to=triangle(1.5e11, 2.0e11, 2.4e11))
    why = (
        f"{REGIMES}; venture funding for AI was 174 billion in 2024 and ran at 240 a year in the "
        "first quarter of 2025"
    )
    said = "open, unless a large failure shuts it; 150 to 240 billion a year of new money"
    return Prior("funding", said, why, (*OPEN, inflow))


def shuts(said: str, low: float, value: float, high: float) -> Prior:
    """Return funding that is open until a month of the range and shut for two years more or less."""
    use = Use("funding-shut", {"start": {"low": low, "value": value, "high": high}, "months": SHUT_FOR})
    return Prior("funding", said, REGIMES, OPEN, (use,))


def commitments(said: str, low: float, value: float, high: float) -> Prior:
    """Return the share of a commitment that is waived when runway is short."""
    why = "the contracts are secret; 0 is take-or-pay to the end, 1 use as you go"
    changes = (Change("contract.*.renegotiable", set_to=triangle(low, value, high, "renegotiable")),)
    return Prior("commitments", said, why, changes)


FIRM = ("firm", 0.0, 0.0, 0.1)
PARTLY = ("waived in part when runway is short", 0.2, 0.4, 0.6)
FLEXIBLE = ("flexible: most is waived when runway is short", 0.6, 0.8, 1.0)
