"""Presets: named changes of the priors of the world `ai-2025-08`, and the scenarios of single events.

A preset says otherwise, of seven sorts of assumption only, what the neutral prior leaves wide: growth of the
labs, inference margin, own-price elasticity, economic life of a GPU, funding, commitments, rates. It is a
scenario like any other; ranges of one sort are one assumption (`shared`).
"""

from dataclasses import dataclass, replace

from cashcade.rules import Change, Scenario, Use

Range = dict[str, object]

LAB_SEGMENTS = ("chatgpt", "openai-api", "claude", "anthropic-api", "grok", "mistral-models", "cohere-models")
APP_SEGMENTS = ("cursor-users", "perplexity-users", "cognition-users", "replit-users", "lovable-users")

INFERENCE = {
    "openai-azure-inference": 1.02e9,
    "anthropic-aws-inference": 2.66e8,
    "anthropic-google-inference": 1.5e8,
}
"""What one dollar of compute per dollar of revenue would be a month, by contract: OpenAI sells 1.02 billion,
Anthropic 0.416, of which Amazon serves 64 %."""

IN_COST = ("xai", "mistral", "cohere")
"""Labs whose inference is part of their variable cost."""


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


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of priors.

    Parameters
    ----------
    name, title, doc
        What it is called, one line for lists, and the story it tells.
    priors
        At most one of each sort.
    """

    name: str
    title: str
    doc: str
    priors: tuple[Prior, ...]

    def scenario(self) -> Scenario:
        """Return it as a run takes it."""
        return Scenario(
            self.name,
            self.title,
            shocks=tuple(
                replace(use, label=f"{self.name}/{use.shock}")
                for prior in self.priors
                for use in prior.shocks
            ),
            changes=tuple(change for prior in self.priors for change in prior.changes),
            doc=self.doc,
            source="; ".join(f"{prior.sort}: {prior.why}" for prior in self.priors),
        )


def triangle(low: float, value: float, high: float, shared: str | None = None) -> Range:
    """Return a range as worlds write it."""
    found: Range = {"low": low, "value": value, "high": high}
    return found | ({"shared": shared} if shared else {})


def _growth(
    said: str, why: str, *, first: Range, later: Range | None = None, half_life: float | None = None
) -> Prior:
    """Return growth of demand for labs and apps: now, later, and months in which half the gap closes."""
    changes = []
    for segment in (*LAB_SEGMENTS, *APP_SEGMENTS):
        changes.append(Change(f"segment.{segment}.growth", set_to=first))
        if later is not None:
            changes.append(Change(f"segment.{segment}.growth_long", set_to=later))
        if half_life is not None:
            changes.append(Change(f"segment.{segment}.growth_half_life", set_to=half_life))
    return Prior("lab growth", said, why, tuple(changes))


def _margin(said: str, why: str, low: float, value: float, high: float) -> Prior:
    """Return the inference margin: 1 less compute for inference over revenue, at the start."""

    def cost(revenue: float) -> Range:
        least, likeliest, most = (revenue * (1 - margin) for margin in (high, value, low))
        return triangle(least, likeliest, most, "inference-margin")

    changes = [Change(f"contract.{name}.usage", set_to=cost(one)) for name, one in INFERENCE.items()]
    changes += [Change(f"company.{lab}.variable_cost", set_to=cost(1.0)) for lab in IN_COST]
    return Prior("inference margin", said, why, tuple(changes))


def _elasticity(said: str, low: float, value: float, high: float) -> Prior:
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


def _life(said: str, low: float, value: float, high: float) -> Prior:
    changes = [
        Change(f"fleet.{fleet}.economic_life", set_to=triangle(low, value, high, "gpu-life"))
        for fleet in GPU_FLEETS
    ]
    return Prior("economic life of a GPU", said, "two to seven years are argued for", tuple(changes))


OPEN = (Change("market.open_to_normal", set_to=0.0), Change("market.open_to_shut", set_to=0.0))
"""Funding stays open unless a large failure, or a shock, shuts it."""

SHUT_FOR = {"low": 18.0, "value": 24.0, "high": 30.0}
"""Months: six to ten quarters."""

REGIMES = "open 10 to 18 quarters, shut 6 to 10, from past cycles of venture funding"


def _open() -> Prior:
    """Return funding as in 2024 and early 2025, for good."""
    inflow = Change("market.dry_powder_inflow", set_to=triangle(1.5e11, 2.0e11, 2.4e11))
    why = (
        f"{REGIMES}; venture funding for AI was 174 billion in 2024 and ran at 240 a year in the "
        "first quarter of 2025"
    )
    said = "open, unless a large failure shuts it; 150 to 240 billion a year of new money"
    return Prior("funding", said, why, (*OPEN, inflow))


def _shut(said: str, low: float, value: float, high: float) -> Prior:
    use = Use("funding-shut", {"start": {"low": low, "value": value, "high": high}, "months": SHUT_FOR})
    return Prior("funding", said, REGIMES, OPEN, (use,))


def _commitments(said: str, low: float, value: float, high: float) -> Prior:
    why = "the contracts are secret; 0 is take-or-pay to the end, 1 use as you go"
    changes = (Change("contract.*.renegotiable", set_to=triangle(low, value, high, "renegotiable")),)
    return Prior("commitments", said, why, changes)


FIRM = ("firm", 0.0, 0.0, 0.1)
PARTLY = ("waived in part when runway is short", 0.2, 0.4, 0.6)
FLEXIBLE = ("flexible: most is waived when runway is short", 0.6, 0.8, 1.0)

MARGINS = (
    "OpenAI's adjusted gross margin was 0.4 in 2024 and Anthropic's -0.94, xAI's 0.59 in the third quarter "
    "of 2025; compute for inference alone leaves OpenAI between 0.06 and 0.6 of its revenue, by source"
)
LABS_GREW = (
    "run-rates in the eight months to August 2025 rose from 1 to 5 billion (Anthropic) and from 6 to 13 "
    "(OpenAI); 1x and 10x a year are the ends that are argued for"
)

MONEY_TRAP = Preset(
    "money-trap",
    "All of the sceptics' argument at once",
    """
Demand saturates, serving it hardly pays, users leave when prices rise, chips wear out in less than three
years,
funding shuts within the year, and commitments are owed to the end.
""",
    (
        _growth(
            "1x in the first year: saturated",
            LABS_GREW,
            first=triangle(-0.1, 0.0, 0.2, "lab-growth"),
            later=triangle(-0.1, 0.0, 0.1, "lab-growth-long"),
        ),
        _margin("0 to 0.3", MARGINS, 0.0, 0.15, 0.3),
        _elasticity("1.5", 1.4, 1.5, 1.5),
        _life("2.5 to 3 years", 30, 33, 36),
        _shut("shut by month 6 to 12, for 18 to 30 months", 6, 9, 12),
        _commitments(*FIRM),
    ),
)

BOOM = Preset(
    "boom",
    "Everything works",
    """
Demand multiplies, serving it pays well, users stay, chips last, money is to be had, and commitments bend
where
they must.
""",
    (
        _growth(
            "5 to 10x in the first year, then 2x",
            LABS_GREW,
            first=triangle(2.4, 3.0, 3.5, "lab-growth"),
            later=triangle(0.15, 0.25, 0.35, "lab-growth-long"),
            half_life=8.0,
        ),
        _margin("0.5 to 0.65", MARGINS, 0.5, 0.58, 0.65),
        _elasticity("0.3", 0.2, 0.3, 0.4),
        _life("5 to 6 years", 60, 66, 72),
        _open(),
        _commitments(*FLEXIBLE),
    ),
)

PRODUCTIVE_BUBBLE = Preset(
    "productive-bubble",
    "The technology stays, the money does not",
    """
Demand triples and then stands; money is to be had for two to three years, and then not. As with railways and
fibre: what was built is used, by others than those who paid.
""",
    (
        _growth(
            "3x in the first year, then 1x",
            LABS_GREW,
            first=triangle(1.7, 2.0, 2.3, "lab-growth"),
            later=triangle(-0.05, 0.0, 0.05, "lab-growth-long"),
            half_life=6.0,
        ),
        _margin("0.4", MARGINS, 0.35, 0.4, 0.45),
        _elasticity("1.1", 1.0, 1.1, 1.2),
        _life("4 years", 44, 48, 52),
        _shut("open for 24 to 36 months, then shut for 18 to 30", 25, 31, 37),
        _commitments(*PARTLY),
    ),
)

DEBT_CYCLE = Preset(
    "debt-cycle",
    "Money becomes dear",
    """
Demand grows as well as most expect, but rates and spreads rise by two points each for three years: a matter
of credit, not of the technology. It ends near the neutral prior, for reasons: most debt of this world has a
fixed rate and falls due after five years, labs live on equity, and rates by themselves say nothing of rounds
and valuations (`funding-shut` beside it does). Ten points in place of two raise the chance of a systemic
cascade by about a half.
""",
    (
        _growth(
            "2 to 3x in the first year",
            LABS_GREW,
            first=triangle(0.85, 1.1, 1.45, "lab-growth"),
            half_life=12.0,
        ),
        _margin("0.4", MARGINS, 0.35, 0.4, 0.45),
        _elasticity("1.1", 1.0, 1.1, 1.2),
        _life("4 years", 44, 48, 52),
        _commitments(*PARTLY),
        Prior(
            "rates",
            "base rate and spreads 200 basis points higher from month 4 on for 36 months",
            (
                "the base rate rose by 4.25 points in 2022; the spread of high-yield bonds was near "
                "its lowest in August 2025"
            ),
            shocks=(Use("cost-of-capital", {"rate": 0.02, "spread": 0.02, "months": 36.0}),),
        ),
    ),
)

EFFICIENCY_GLUT = Preset(
    "efficiency-glut",
    "Tokens for nothing",
    """
A token costs a tenth after a year and a hundredth after two, to make and to buy. Use grows, revenue falls,
and what
was committed to was sized for dear tokens.
""",
    (
        _growth(
            (
                "3x tokens in the first year, all of it the answer to a price that falls by 90 % a "
                "year for two years"
            ),
            (
                "prices of a given ability fell tenfold a year (a16z), ninefold to nine hundredfold "
                "(Epoch AI); at an elasticity of 0.6 that is the 3x"
            ),
            first=triangle(-0.1, 0.0, 0.1, "lab-growth"),
            later=triangle(-0.1, 0.0, 0.1, "lab-growth-long"),
        ),
        _margin("0.3", MARGINS, 0.25, 0.3, 0.35),
        _elasticity("0.6", 0.5, 0.6, 0.7),
        _life("2.5 years", 27, 30, 33),
        _open(),
        _commitments(*FIRM),
    ),
)
EFFICIENCY_GLUT = replace(
    EFFICIENCY_GLUT,
    priors=(
        replace(EFFICIENCY_GLUT.priors[0], shocks=(Use("cheaper-tokens"),)),
        *EFFICIENCY_GLUT.priors[1:],
    ),
)

SCARCITY = Preset(
    "scarcity",
    "Supply is the limit",
    """
Demand is there for more than can be built: volume grows as fast as capacity does, rents of chips rise, old
ones
stay in use, and customers do not mind the price.
""",
    (
        _growth(
            "2x in the first year: no more than capacity grows",
            "capex of the four rose by half in a year, and the same money buys more compute each year",
            first=triangle(0.6, 0.75, 0.9, "lab-growth"),
            later=triangle(0.2, 0.3, 0.4, "lab-growth-long"),
            half_life=18.0,
        ),
        _margin("0.6", MARGINS, 0.55, 0.6, 0.65),
        _elasticity("0.2", 0.1, 0.2, 0.3),
        _life("6 years", 66, 72, 78),
        _open(),
        Prior(
            "rates",
            "rents of GPUs drift up by 10 to 40 % a year",
            (
                "yearly drift of rental prices -50 to +40 %: they fell from 8 dollars an hour to 1.7,"
                " then rose to 2.6"
            ),
            (Change("market.gpu_drift", set_to=triangle(0.1, 0.25, 0.4)),),
        ),
    ),
)

PRESETS = (MONEY_TRAP, BOOM, PRODUCTIVE_BUBBLE, DEBT_CYCLE, EFFICIENCY_GLUT, SCARCITY)
"""All of them, in the order of the design."""

CURSOR_LOST = Scenario(
    "cursor-lost",
    "Anthropic loses Cursor",
    shocks=(Use("customer-lost", {"customer": "cursor", "seller": "anthropic"}),),
    doc="Cursor runs other and own models from month 7 on; see the shock `customer-lost`.",
    source="as the shock customer-lost",
)

CAPEX_OF_2022 = Scenario(
    "capex-of-2022",
    "The giants go back to the capex of 2022",
    shocks=(
        Use("capex-cut", {"cut": {"low": 0.55, "value": 0.62, "high": 0.65}, "start": 7.0}, "capex-of-2022"),
    ),
    doc=(
        "Capex of the four was 33.9 billion in the first quarter of 2023, as in the year before, and "
        "88.2 in the second of 2025: a cut of 0.62."
    ),
    source="https://data.sec.gov/api/xbrl/companyfacts/",
)

RATES_UP = Scenario(
    "rates-up",
    "Rates rise by 200 basis points for good",
    shocks=(Use("cost-of-capital", {"rate": 0.02, "spread": 0.0, "months": 1200.0}, "rates-up"),),
    doc="Floating loans pay two points more from month 4 on; fixed ones do not.",
    source="size: assumption; the base rate rose by 4.25 points in 2022",
)

GPU_GLUT = Scenario(
    "gpu-glut",
    "A glut of GPUs",
    shocks=(Use("gpu-slump", {"fall": 0.5}, "gpu-glut"),),
    changes=(Change("market.gpu_drift", set_to=triangle(-0.5, -0.4, -0.2)),),
    doc="Rents fall by half in month 4, and the level they return to goes on falling by 20 to 50 % a year.",
    source="rents of the H100 fell by 64 to 79 % in two years; drift -50 to +40 % a year: project's data",
)

BACKSTOP = Scenario(
    "backstop",
    "The public stands behind large debtors",
    changes=(
        Change("market.backstop", set_to=triangle(0.7, 0.9, 1.0)),
        Change("market.backstop_size", set_to=1e9),
    ),
    doc=(
        "Who owes a billion or more and falls short is paid what it lacks, nine times of ten, every month. "
        "That is a backstop of debt: OpenAI, Anthropic and the apps owe nothing, so that it does not reach "
        "them; it saves those who built for them on credit."
    ),
    source="sizes: assumption",
)

IPO_WINDOW_OPENS = Scenario(
    "ipo-window-opens",
    "The window for listings opens for two years",
    shocks=(Use("listing-window", {}, "ipo-window-opens"),),
    exits=("hot-window",),
    doc="From month 7 on the window is open for two years, and companies leave at the rates of a hot market.",
    source="as the exit scenario hot-window",
)

SCENARIOS = (
    *(preset.scenario() for preset in PRESETS),
    *(BACKSTOP, CAPEX_OF_2022, CURSOR_LOST, GPU_GLUT, IPO_WINDOW_OPENS, RATES_UP),
)
"""All that is offered by name."""
