"""What was observed, each with its range and source."""

from dataclasses import dataclass

LUCENT = "[Lucent reports](https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK=1006240)"
NORTEL = "[Nortel report for 2001](https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK=0001119664)"
BRD = "[Florida-UCLA-LoPucki Bankruptcy Research Database](https://lopucki.law.ufl.edu/)"
ALTMAN = (
    "[Altman](https://fdocuments.in/document/"
    "dr-edward-altman-nyu-stern-school-of-business-defaults-and-returns-in-the.html)"
)
WSJ = "[Wall Street Journal, 23 July 2001](https://si.frajer.net/go.aspx?msgnum=1511&subjectid=50488)"
DEBT = (
    "[Los Angeles Times, 30 June 2002]"
    "(https://www.latimes.com/archives/la-xpm-2002-jun-30-fi-billions30-story.html)"
)
DOTCOM = (
    "[Goldfarb, Kirsch and Miller 2007](https://rhsmith.umd.edu/news/research-sheds-new-light-dot-com-bust)"
)
RANGES = "calibration ranges of this project"

HIGH_YIELD = 757e9
"""Par of US high-yield bonds outstanding in 2002, USD (Altman)."""

OTHER_DEFAULTS = (1 - 0.52) * 96.855e9
"""Par that defaulted in 2002 outside telecom, USD (Altman and Bana: telecom was 52 % of 96.9 billion)."""


@dataclass(frozen=True)
class Fact:
    """A stylised fact.

    Parameters
    ----------
    name
        The measure of the run that it is compared with.
    world
        The world whose run is measured.
    title
        What it says.
    low, high
        Range observed; the fact is hit if the median of the paths lies in it.
    observed
        The observation in words.
    source
        Where it is from, with links.
    unit
        "share" (shown in per cent), "number" or "year".
    needed
        Why it is missed, where it is, and what would be needed.
    """

    name: str
    world: str
    title: str
    low: float
    high: float
    observed: str
    source: str
    unit: str = "share"
    needed: str = ""


TELECOM, DOTCOM_COHORT = "telecom-2000", "dotcom-cohort"

FACTS = (
    Fact(
        "revenue_change",
        TELECOM,
        "Revenue of the lead vendor (Lucent) in three years",
        -0.70,
        -0.55,
        "-57 % from fiscal 2000 to 2002; -71 % to 2003, from memory",
        LUCENT,
        needed="Incumbents pay for most equipment out of their own cash and, with the structure of "
        "cloud giants in ai-2025-08, a lower market value and lost patience make them cut "
        "little; what vendors sell outside the world moves by itself, and half of paths have no break "
        "in it. Variant `plans-turn` gives the fall if both are "
        "made to shrink, which here would be hindsight.",
    ),
    Fact(
        "vendor_loans_lost",
        TELECOM,
        "Vendor loans lost, of all that was lent",
        0.33,
        0.80,
        "a third to four fifths; reserved of loans: 29 % (Nortel, 2000), 70 and 86 % (Lucent, 2001, 2002)",
        f"{LUCENT}; {NORTEL}",
        needed="Vendor loans are as secured as those of makers of AI hardware; vendors in fact had "
        "little to sell. Variant `thin-market` shows it. And two fifths of what stands idle is let again, as "
        "accelerators are; bandwidth found no such market (variant `dark-fibre`, a part of the way). "
        "The loss is counted over all that was ever lent: of loans drawn at the pace of the reports before "
        "the date fewer are out when carriers fail than if vendors lent all that they sell (`lend-all`).",
    ),
    Fact(
        "failed_carriers",
        TELECOM,
        "Carriers that fail by the end of 2003, of 40",
        24,
        42,
        "dozens: 42 large ones in 2001 and 2002, 50 with 2003, of 116 companies",
        f"{BRD}; {DEBT}",
        unit="number",
    ),
    Fact(
        "survivors_that_fail",
        TELECOM,
        "Of the 13 that stand for those that did not file, the share that fails in the model",
        0.0,
        0.25,
        "none by construction; a quarter is allowed for those too small for the database",
        BRD,
        needed="Size, margin and debt alone do not tell who survived: what the data lacks is cash, "
        "the end of funding commitments and rich parents of each carrier. And no carrier of "
        "the world can be bought, or merge, or exchange its debt before it runs out.",
    ),
    Fact(
        "peak_year",
        TELECOM,
        "Year with most failures of carriers",
        2001,
        2002,
        "2002 (24 large ones), then 2001 (18)",
        BRD,
        unit="year",
    ),
    Fact(
        "market_default_rate",
        TELECOM,
        "Default rate of all US high-yield bonds in the worst year",
        0.098,
        0.128,
        "9.8 % in 2001, 12.8 % in 2002; 6.1 % outside telecom in 2002 is taken as observed",
        ALTMAN,
        needed="Bonds of these carriers are a part of telecom only: WorldCom, cable and companies "
        "abroad are not among them. More of the sector would be needed.",
    ),
    Fact(
        "default_rate",
        TELECOM,
        "Debt of carriers that fail in the worst year, of all carriers' debt before it",
        0.19,
        0.46,
        "137 bn of liabilities in 2002 over nearly 300 bn; 19 % without WorldCom, NTL and Adelphia",
        f"{BRD}; {DEBT}",
        needed="Failures bunch in the first year after funding shuts: bonds and banks lend nothing "
        "new in this world, capex that is committed must be paid, and no debt is exchanged. "
        "Half of the committed capex, or twice the cash, moves it into the range (variants "
        "`cancel`, `more-cash`).",
    ),
    Fact(
        "bond_recovery",
        TELECOM,
        "What bonds of failed carriers fetch",
        0.10,
        0.30,
        "12 cents (first half of 2001), 14 (at filing, 2000-03), 24 (at the end of the case), 25 (1999-2000)",
        f"{WSJ}; {BRD}",
        needed="Used equipment sells in a market as deep as that for used accelerators; every "
        "failed carrier sold the same to nobody. A market a quarter as deep is enough "
        "(variant `thin-market`). Prices at filing are also discounted, recoveries of the "
        "model are not.",
    ),
    Fact(
        "drawn_rises_while_promised_falls",
        TELECOM,
        "Chance that drawn vendor loans rise in a year while the total promised falls (Lucent)",
        0.5,
        1.0,
        "so it was from September 2000 to September 2001",
        LUCENT,
        unit="chance",
    ),
    Fact(
        "drawn_change",
        TELECOM,
        "Drawn loans of Lucent in that year",
        0.23,
        0.69,
        "+46 % (2.03 to 2.96 bn), and half as much more or less",
        LUCENT,
        needed="Loans are drawn for a part of what vendors sell, by reports before the date; what was sold "
        "of them to banks is not in the data.",
    ),
    Fact(
        "promised_change",
        TELECOM,
        "Loans and lines of Lucent in that year",
        -0.60,
        -0.34,
        "-34 % (8.1 to 5.3 bn); Nortel -60 % in 2001",
        f"{LUCENT}; {NORTEL}",
        needed="In the model a line ends with its borrower only; vendors also withdrew, sold and "
        "renegotiated lines of the living.",
    ),
    Fact(
        "survival",
        DOTCOM_COHORT,
        "Young internet companies that are there after five years",
        0.40,
        0.60,
        "nearly one half (48 %)",
        DOTCOM,
        needed="Whether young companies can cut staff and hibernate decides it: in `awake` they cannot.",
    ),
    Fact(
        "failure_rate",
        DOTCOM_COHORT,
        "Failures and closures of young companies a year",
        0.05,
        0.16,
        "0.05 to 0.16 a year",
        RANGES,
        needed="As the line before.",
    ),
    Fact(
        "listing_rate",
        DOTCOM_COHORT,
        "Listings of young companies a year",
        0.0,
        0.01,
        "under 1 %; 0.03 to 0.09 % of all start-ups",
        RANGES,
    ),
)
"""All facts, in the order of the table."""
