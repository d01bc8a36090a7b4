"""Presets: named changes of the priors of the world `ai-2025-08`.

A preset says otherwise, of seven sorts of assumption only, what the neutral prior leaves wide: growth of the
labs, inference margin, own-price elasticity, economic life of a GPU, funding, commitments, rates. It is a
scenario like any other.
"""

from dataclasses import dataclass, replace

from cashcade.rules import Change, Scenario, Use

from cashcade_ai.priors import (
    FIRM,
    FLEXIBLE,
    PARTLY,
    REGIMES,
    SHUT_FOR,
    Prior,
    commitments,
    elasticity,
    growth,
    life,
    margin,
    shuts,
    stays_open,
    triangle,
)


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


MONEY_TRAP = Preset(
    "money-trap",
    "All of the sceptics' argument at once",
    """
Demand saturates, serving it hardly pays, users leave when prices rise, chips wear out in less than three
years, funding shuts within the year, and commitments are owed to the end.
""",
    (
        growth(
            "1x in the first year: saturated, and so is what giants run and others buy",
            (-0.1, 0.0, 0.2),
            (-0.1, 0.0, 0.1),
            machines=(-0.2, 0.0, 0.1),
        ),
        margin("0 to 0.3", 0.0, 0.15, 0.3),
        elasticity("1.5", 1.4, 1.5, 1.5),
        life("2.5 to 3 years", 30, 33, 36),
        shuts("shut by month 6 to 12, for 18 to 30 months", 6, 9, 12),
        commitments(*FIRM),
    ),
)

BOOM = Preset(
    "boom",
    "Everything works",
    """
Demand multiplies, serving it pays well, users stay, chips last, money is to be had, and commitments bend
where they must.
""",
    (
        growth(
            "5 to 10x in the first year, then 2x; machines for all else 2x",
            (2.4, 3.0, 3.5),
            (0.15, 0.25, 0.35),
            half_life=8.0,
            machines=(0.5, 0.7, 0.9),
        ),
        margin("0.5 to 0.65", 0.5, 0.58, 0.65),
        elasticity("0.3", 0.2, 0.3, 0.4),
        life("5 to 6 years", 60, 66, 72),
        stays_open(),
        commitments(*FLEXIBLE),
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
        growth(
            "3x in the first year, then 1x; machines for all else 1.6x",
            (1.7, 2.0, 2.3),
            (-0.05, 0.0, 0.05),
            half_life=6.0,
            machines=(0.3, 0.5, 0.7),
        ),
        margin("0.4", 0.35, 0.4, 0.45),
        elasticity("1.1", 1.0, 1.1, 1.2),
        life("4 years", 44, 48, 52),
        shuts("open for 24 to 36 months, then shut for 18 to 30", 25, 31, 37),
        commitments(*PARTLY),
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
        growth("2 to 3x in the first year", (0.85, 1.1, 1.45), half_life=12.0),
        margin("0.4", 0.35, 0.4, 0.45),
        elasticity("1.1", 1.0, 1.1, 1.2),
        life("4 years", 44, 48, 52),
        commitments(*PARTLY),
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
and what was committed to was sized for dear tokens.
""",
    (
        growth(
            "3x tokens in the first year, all of it the answer to a price that falls by 90 % a "
            "year for two years",
            (-0.1, 0.0, 0.1),
            (-0.1, 0.0, 0.1),
            machines=(-0.1, 0.0, 0.1),
            why="prices of a given ability fell tenfold a year (a16z), ninefold to nine hundredfold "
            "(Epoch AI); at an elasticity of 0.6 that is the 3x",
            shocks=(Use("cheaper-tokens"),),
        ),
        margin("0.3", 0.25, 0.3, 0.35),
        elasticity("0.6", 0.5, 0.6, 0.7),
        life("2.5 years", 27, 30, 33),
        stays_open(),
        commitments(*FIRM),
    ),
)
SCARCITY = Preset(
    "scarcity",
    "Supply is the limit",
    """
Demand is there for more than can be built: volume grows as fast as capacity does, rents of chips rise, old
ones stay in use, and customers do not mind the price.
""",
    (
        growth(
            "2x in the first year: no more than capacity grows",
            (0.6, 0.75, 0.9),
            (0.2, 0.3, 0.4),
            half_life=18.0,
            machines=(0.6, 0.75, 0.9),
            why="capex of the four rose by half in a year, and the same money buys more compute each year",
        ),
        margin("0.6", 0.55, 0.6, 0.65),
        elasticity("0.2", 0.1, 0.2, 0.3),
        life("6 years", 66, 72, 78),
        stays_open(),
        Prior(
            "rates",
            "rents of GPUs drift up by 10 to 40 % a year",
            "yearly drift of rental prices -50 to +40 %: they rose in the shortage of 2023 and fell after it",
            (Change("market.gpu_drift", set_to=triangle(0.1, 0.25, 0.4)),),
        ),
    ),
)

PRIVATE_CREDIT_RETREAT = Preset(
    "private-credit-retreat",
    "A recession of five years, and private credit in retreat",
    """
The question of a central bank: a deep recession with higher rates, and those who lend and invest outside
banks hold on to their money. An exploratory scenario of the Bank of England on private markets was not
published by the end of September 2025; what was is its view of the risk (Financial Policy Committee, July
2025) and the severity of its stress tests of banks of 2024 and 2025, from which depth, length and rates come.
What they do not say of private markets (how long windows stay shut, how much less is lent) is from the busts
of 2000 and 2008. Growth of AI, margins, elasticities and the life of chips are as in the neutral prior: it
asks what a recession does, not whether the technology works. Share prices follow from earnings and windows;
no fall is set.
""",
    (
        Prior(
            "lab growth",
            "as in the neutral prior, in a recession: GDP 4 to 7 % below its path after a year, back on it "
            "after five years",
            "the Bank's stress tests run five years; output of the world falls by 2 % in that of 2025 and by "
            "3 % in that of 2024, of the UK by 5 %; without them the world grows by some 3 % a year",
            shocks=(Use("recession", {"depth": {"low": 0.04, "value": 0.05, "high": 0.07}, "months": 60.0}),),
        ),
        Prior(
            "funding",
            "all windows shut from month 4 to 8 on for 18 to 30 months and follow the economy after; new "
            "money for rounds falls to a third to a half; lenders who lose money lend much less and ask for "
            "more",
            f"{REGIMES}; venture funding fell by 60 to 80 % from 2000 to 2002; spreads of private credit "
            "rose by two to four points after the losses of 2001 and 2008 (an assumption of the world)",
            (
                Change("market.dry_powder_inflow", set_to=triangle(5e10, 6e10, 8e10)),
                Change("market.tightening", set_to=triangle(0.5, 0.75, 1.0)),
                Change("market.tightening_spread", set_to=triangle(0.02, 0.03, 0.04)),
            ),
            (
                Use(
                    "funding-shut",
                    {"start": {"low": 4.0, "value": 6.0, "high": 8.0}, "months": SHUT_FOR},
                ),
            ),
        ),
        commitments(*PARTLY),
        Prior(
            "rates",
            "base rate 2 to 3.75 points and spreads 3 to 8 points higher from month 4 on for 36 months",
            "Bank Rate rises from 5.25 to 9 % in the supply scenario of 2024, and the test of 2025 has "
            "higher rates all over the world; the spread of high-yield bonds was 2.8 points in August 2025 "
            "and ended months between 7 and 11 in 2001-02 and at 8.8 in March 2020",
            shocks=(
                Use(
                    "cost-of-capital",
                    {
                        "rate": {"low": 0.02, "value": 0.03, "high": 0.0375},
                        "spread": {"low": 0.03, "value": 0.05, "high": 0.08},
                        "months": 36.0,
                    },
                ),
            ),
        ),
    ),
)

PRESETS = (
    *(MONEY_TRAP, BOOM, PRODUCTIVE_BUBBLE, DEBT_CYCLE, EFFICIENCY_GLUT, SCARCITY),
    PRIVATE_CREDIT_RETREAT,
)
"""All of them, in the order of the design, and the question of a central bank."""
