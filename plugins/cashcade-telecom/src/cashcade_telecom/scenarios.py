"""The bust: money for carriers stops."""

from cashcade.rules import Scenario
from cashcade_ai.events import FUNDING_SHUT

ALTMAN = "https://fdocuments.in/document/dr-edward-altman-nyu-stern-school-of-business-defaults-and-returns-in-the.html"

STOP = 1.0
"""Months for which the window is held shut; then the regimes go their own way, and it may open again."""

SOURCE = f"{ALTMAN}; month: assumption"

TELECOM_BUST = Scenario(
    "telecom-bust",
    "Money for carriers stops in January 2001",
    shocks=(FUNDING_SHUT(start=4, months=STOP),),
    doc="Funding shuts in month 4 of the world telecom-2000, whatever it was, and then the regimes go their "
    "own way. What carriers, vendors and incumbents do then is an output. High-yield defaults passed 5 % of "
    "par in 2000 and 9.8 % in 2001 (Altman); new issues for carriers had ceased by the turn of the year. "
    "The month is all that is given.",
    source=SOURCE,
)

DOTCOM_BUST = Scenario(
    "dotcom-bust",
    "Money for young companies stops in January 2001",
    shocks=(FUNDING_SHUT(start=13, months=STOP),),
    doc="Funding shuts in month 13 of the world dotcom-cohort; then the regimes go their own way.",
    source=SOURCE,
)
