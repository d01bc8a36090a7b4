"""Scenarios of single events in the world `ai-2025-08`."""

from cashcade.rules import Change, Scenario, Use

from cashcade_ai.priors import triangle

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

SINGLE_EVENTS = (BACKSTOP, CAPEX_OF_2022, CURSOR_LOST, GPU_GLUT, IPO_WINDOW_OPENS, RATES_UP)
"""All of them, by name."""
