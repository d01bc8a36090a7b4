"""The bust: money for carriers stops."""

from collections.abc import Iterator

from cashcade.rules import Rule, Scenario, Shock, ShockParameter, Value, market, month, once, set_to

ALTMAN = "https://fdocuments.in/document/dr-edward-altman-nyu-stern-school-of-business-defaults-and-returns-in-the.html"


def _funding_shuts(start: Value) -> Iterator[Rule]:
    yield Rule("funding-shuts", month >= start, set_to(market.regime, "shut"), hold=once())


FUNDING_SHUTS = Shock(
    name="funding-shuts",
    title="The window for new money shuts",
    build=_funding_shuts,
    parameters=(
        ShockParameter("start", 4.0, "month", 1.0, 1200.0, "Month in which it shuts; 4 is January 2001."),
    ),
    doc="""
In month `start` funding is shut, whatever it was. From then on the regimes go their own way again, with the
chances of the world: nothing says when it reopens. No demand, capex or price is touched.

High-yield defaults passed 5 % of par in 2000 and 9.8 % in 2001 (Altman); new issues for carriers had
ceased by the turn of the year. The month is the only thing of the bust that is given.
""",
    source=f"{ALTMAN}; month: assumption",
)

TELECOM_BUST = Scenario(
    "telecom-bust",
    "Money for carriers stops in January 2001",
    shocks=(FUNDING_SHUTS(),),
    doc="Funding shuts in month 4 of the world telecom-2000. What carriers, vendors and incumbents do then "
    "is an output.",
)

DOTCOM_BUST = Scenario(
    "dotcom-bust",
    "Money for young companies stops in January 2001",
    shocks=(FUNDING_SHUTS(start=13),),
    doc="Funding shuts in month 13 of the world dotcom-cohort.",
)
