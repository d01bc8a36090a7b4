"""Exit scenarios of the AI economy: how private companies leave when they do not fail.

All doors are of companies with the tag `private` and without the tag `developer`: a building site or a
vehicle of one purpose is sold with its lease, not by its founders. Buyers are companies with the tag `giant`
and, outside the world, funds and firms that it does not name (`capital`); neither pays more than such buyers
ever paid, so what is worth hundreds of billions can list, but not be sold or wound up. Hazards are stated per
year and turned into months.
"""

from cashcade.rules import (
    Buyer,
    Condition,
    Door,
    Entities,
    ExitScenario,
    Value,
    companies,
    maximum,
    minimum,
    number,
    target,
)

PRIVATE = companies(tag="private", untagged="developer", may_be_empty=True)
GIANTS = companies(tag="giant", may_be_empty=True)

CRUNCHBASE = (
    "https://news.crunchbase.com/startups/unicorn-startup-exits-ipo-acquisitions-pace-backlog-data; "
    "https://worldofsoftware.org/?p=647990; "
    "https://hottopicharbor.com/unicorn-buildup-a-decade-of-growth-with-fewer-exits"
)
CARTA = "https://angelcapitalassociation.org/?p=12286"
LICENCES = (
    "deals from March 2024 to September 2025 from the press of the day, from memory; "
    "https://getmanthan.com/charaka-notes/reverse-acquihire/"
)

BUYOUTS = (
    "Microsoft's purchase of Activision (69 billion) and that of EMC by Dell (67), the largest of "
    "technology; TXU (45 billion in 2007), the largest buy-out by funds before September 2025: from memory"
)

BILLION = number(1e9, "USD")
DEAREST = number(
    {"low": 3e10, "value": 7e10, "high": 1.5e11}, "USD", name="most that a giant pays for a company"
)
BUYOUT = number({"low": 2e10, "value": 4.5e10, "high": 6e10}, "USD", name="most that funds pay for a company")
SALE = number({"low": 0.7, "value": 1.0, "high": 1.5}, name="price of a sale over fair value")
LICENCE = number({"low": 0.16, "value": 0.9, "high": 2.7}, name="price of a licence over last valuation")
DISTRESS = number({"low": 0.1, "value": 0.25, "high": 0.5}, name="price in distress over last valuation")
DISCLOSURE = number({"low": 0.0, "value": 0.2, "high": 0.4}, name="haircut when losses are shown")
LISTED = number({"low": 0.06, "value": 0.1, "high": 0.2}, name="share sold by a listing")


def monthly(yearly: float) -> float:
    """Return the chance of a month that adds up to a chance of a year."""
    return float(1.0 - (1.0 - yearly) ** (1 / 12))


def _value(name: str) -> Value:
    """Return a number of the company whose door it is."""
    found = getattr(target, name)
    if not isinstance(found, Value):
        raise TypeError(f"target.{name} is no number")
    return found


def _worth() -> Value:
    return maximum(_value("valuation"), _value("last_valuation"))


def _large() -> Condition:
    return _worth() >= BILLION


def _buyers(giants: Value, others: Value) -> tuple[Buyer, ...]:
    """Return giants and funds with what they are willing to pay, as far as such buyers can."""
    return Buyer(GIANTS, minimum(giants, DEAREST)), Buyer("capital", minimum(others, BUYOUT))


def _sale(name: str, yearly: float, opens: Condition | bool = True) -> Door:
    """Return a sale at about fair value; a giant pays half as much again, others the fair value."""
    value = _value("valuation")
    buyers = _buyers(1.5 * value, value)
    return Door(name, PRIVATE, "acquire", opens, monthly(yearly), SALE * value, buyers=buyers)


def _licence(name: str, yearly: float, of: Entities = PRIVATE) -> Door:
    """Return a licence with the founders, at 0.16 to 2.7 of the last valuation; giants pay up to that."""
    value = _value("last_valuation")
    buyers = _buyers(2.7 * value, value)
    return Door(name, of, "licence", hazard=monthly(yearly), price=LICENCE * value, buyers=buyers)


def _listing(name: str, yearly: float) -> Door:
    """Return a listing of a company worth a billion; the chance is that of a year of open window.

    The window is the world's own: companies that are listed sell shares by it too, and how many others list
    is no reason to close it to them.
    """
    price = (1 - DISCLOSURE) * _value("valuation")
    return Door(name, PRIVATE, "list", _large(), monthly(yearly), price, share=LISTED)


def _sustaining(name: str) -> Door:
    """Return the way out of living on one's own: twelve months of positive cash flow without new money."""
    return Door(name, PRIVATE, "self_sustain", _value("positive_months") >= number(12, "months"), 1.0)


def _closing(name: str, yearly: float) -> Door:
    """Return an orderly end while there is cash, of small companies with less than half a year of it.

    What is worth a billion finds a buyer or money; and nobody winds up a building site, which pays more for
    what it builds than it sells for.
    """
    short = _value("runway") < number(6, "months")
    small = _value("valuation") < BILLION
    sells = _value("revenue") > _value("capex")
    return Door(name, PRIVATE, "wind_down", short & small & sells, monthly(yearly))


RATES = """
Of companies worth a billion or more, 2 % a year left by sale or listing when the window was cold (15 of 756
in the year to mid-2024), 3 % in the next year, about 5 % in an ordinary one (38 a year, on average of five
years) and 15 to 20 % when it was hot (86 in 2021, the peak). Listings were three times as common as sales
among those that became so large before 2021, and rarer than sales since. Of all start-ups of 2018 on Carta,
5 % were sold, 0.1 % listed and 49 % closed within six years. Licences with the founders: seven known deals
from March 2024 to September 2025 (Inflection, Adept, Covariant, Character, Scale, Windsurf, Enfabrica), of
some hundreds of AI companies of their size: 1 % a year; their prices were 0.16 to 2.7 of the last
valuation. No giant paid more than about 70 billion for a company (30 to 150 here), no fund more than about
45 (20 to 60): what is worth more is not sold. Split among doors, prices of sales and haircuts are
assumptions.
"""

NO_EXIT = ExitScenario(
    "no-exit",
    "Nobody buys and nobody lists",
    doc="No door at all: private companies live on rounds and on what they earn, or fail. It closes the "
    "doors of a world that has its own.",
    source="assumption",
)

COLD = ExitScenario(
    "cold-window",
    "Exits of a cold market: 2 % a year",
    doors=(
        _sale("cold-sale", 0.012),
        _listing("cold-listing", 0.008),
        _licence("cold-licence", 0.004),
        _closing("cold-closing", 0.2),
        _sustaining("cold-sustaining"),
    ),
    doc=f"""
Sales 1.2 % a year, licences 0.4 %; listings 0.8 % a year of open window. The window is that of the world;
in normal times that of `ai-2025-08` is open half of the time. Small companies with less than half a year of
cash close with a chance of a fifth a year, building sites excepted.
{RATES}""",
    source=f"{CRUNCHBASE}; {CARTA}; {LICENCES}; {BUYOUTS}",
)

NORMAL = ExitScenario(
    "normal-window",
    "Exits of an ordinary market: 5 % a year",
    doors=(
        _sale("normal-sale", 0.02),
        _listing("normal-listing", 0.04),
        _licence("normal-licence", 0.01),
        _closing("normal-closing", 0.1),
        _sustaining("normal-sustaining"),
    ),
    doc=f"""
Sales 2 % a year, licences 1 %; listings 4 % a year of open window, which in normal times is open half of the
time. Small companies with less than half a year of cash close with a chance of a tenth a year, building
sites excepted.
{RATES}""",
    source=f"{CRUNCHBASE}; {CARTA}; {LICENCES}; {BUYOUTS}",
)

HOT = ExitScenario(
    "hot-window",
    "Exits of a hot market: 17 % a year",
    doors=(
        _sale("hot-sale", 0.04),
        _listing("hot-listing", 0.2),
        _licence("hot-licence", 0.015),
        _sustaining("hot-sustaining"),
    ),
    doc=f"""
Sales 4 % a year, licences 1.5 %; listings a fifth a year of open window.
{RATES}""",
    source=f"{CRUNCHBASE}; {CARTA}; {LICENCES}; {BUYOUTS}",
)

ACQUI_HIRES = ExitScenario(
    "acqui-hire-wave",
    "Giants licence models and hire their founders",
    doors=(
        _licence("wave-licence-labs", 0.15, companies(tag="lab", may_be_empty=True)),
        _licence("wave-licence-apps", 0.08, companies(tag="app", may_be_empty=True)),
        _sustaining("wave-sustaining"),
    ),
    doc="""
Founders and researchers leave to a giant that pays a fee for a licence; the shell goes on without them and
seldom for long. Of about fifteen independent model laboratories of early 2024, three (Inflection, Adept,
Character) went this way within the year, and Windsurf, Covariant and Scale among applications and suppliers
within eighteen months: 15 % a year of labs and 8 % of applications, half of that and twice it being
possible. Prices: Inflection 0.65 of 4 billion, Adept 0.33 of about 1, Covariant 0.4 of 0.6, Scale 29 of
13.8, Windsurf 2.4 of 1.25, Character 2.7 of 1.
""",
    source=f"{LICENCES}; last valuations: press, unverified",
)

BARGAINS = ExitScenario(
    "bargain-buyers",
    "Companies in distress are bought cheaply",
    doors=(
        Door(
            "bargain",
            PRIVATE,
            "acquire",
            _value("runway") < number(6, "months"),
            0.1,
            DISTRESS * _value("last_valuation"),
            buyers=(
                *_buyers(0.5 * _value("last_valuation"), 0.2 * _value("last_valuation")),
                Buyer(companies(tag="lab", may_be_empty=True), 0.3 * _value("last_valuation")),
            ),
        ),
        _sustaining("bargain-sustaining"),
    ),
    doc="""
A company with less than half a year of cash finds a buyer with a chance of a tenth a month, who pays 0.1 to
0.5 of its last valuation and takes over its debts and shortfalls: the loop that balances failure. Giants
pay up to half, labs up to three tenths, others a fifth. The remainder of Windsurf was sold for about 0.25
of 1.25 billion three days after its founders left; Humane for 0.116 after 0.23 had been raised. The chance
of a tenth a month is an assumption.
""",
    source=(
        "https://startupnews.fyi/2025/07/15/cognition-ai-makes-bold-move-with-windsurf-acquisition-amid-talent-"
        "war; "
        "price of Windsurf's remainder and Humane: press, unverified; chance: assumption"
    ),
)

EXIT_SCENARIOS = (ACQUI_HIRES, BARGAINS, COLD, HOT, NO_EXIT, NORMAL)
"""All of them, by name."""
