"""Totals that the world must meet, carried here with their source so that the tests stand alone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """A published figure: the range it allows, and where it stands."""

    low: float
    high: float
    source: str


def exactly(value: float, source: str) -> Fact:
    return Fact(value, value, source)


FOUR_CAPEX_TO_GDP = Fact(
    0.01158,
    0.0134,
    "SEC cash capex over FRED GDP: 2025Q2 1.158 %, one more quarter at the pace of the year 1.322 %",
)
COREWEAVE_PRINCIPAL = exactly(
    11_171_485_000, "https://www.sec.gov/Archives/edgar/data/1769628/000114036125032095/R41.htm"
)
COREWEAVE_DUE = {
    2025: 986_052_000,
    2026: 4_218_457_000,
    2027: 2_833_142_000,
    2028: 1_010_054_000,
    2029: 123_780_000,
}
"""Principal due by year, note 10 of the same report."""

OPENAI_REVENUE = Fact(
    1.0e9, 13e9 / 12, "1 billion a month in July 2025; run-rate of 12 to 13 billion on 1 August 2025"
)
OPENAI_BURN = Fact(
    2.5e9 / 6, (8e9 - 2.5e9) / 6, "2.5 billion in the first half of 2025, about 8 billion in the year"
)
ANTHROPIC_REVENUE = Fact(0.95 * 5e9 / 12, 1.05 * 5e9 / 12, "run-rate of 5 billion in August 2025, rounded")
ANTHROPIC_BURN = Fact(3e9 / 12, 5.6e9 / 12, "plan for 2025 and burn of 2024, as told in February 2025")
NVIDIA_DATA_CENTRE = Fact(
    41.096e9 / 3,
    41.096e9 / 3 * 1.117,
    "Nvidia, quarter to 27 July 2025, and one more at the pace of the year",
)
NVIDIA_REVENUE = Fact(
    46.743e9 / 3,
    46.743e9 / 3 * 1.117,
    "Nvidia, quarter to 27 July 2025, and one more at the pace of the year",
)

REVENUE = {
    "microsoft": Fact(281.7e9 / 12, 76.44e9 / 3, "fiscal year and quarter to June 2025"),
    "alphabet": exactly(96.428e9 / 3, "quarter to June 2025"),
    "amazon": exactly(167.702e9 / 3, "quarter to June 2025"),
    "meta": exactly(47.516e9 / 3, "quarter to June 2025"),
    "oracle": exactly(14.926e9 / 3, "quarter to August 2025"),
    "coreweave": Fact(1.2128e9 / 3, 1.30e9 / 3, "second quarter of 2025, guidance for the next"),
    "nebius": Fact(
        105.1e6 / 3,
        105.1e6 / 3 * (105.1 / 55.3) ** (2 / 3),
        "second quarter of 2025, and two months at its pace",
    ),
    "applied-digital": exactly(38.0e6 / 3, "quarter to May 2025; that to August came out in October"),
}
"""Revenue a month at the start."""

OPERATING_CASH_FLOW = {
    "microsoft": Fact(136.162e9 / 12, 42.7e9 / 3, "fiscal year and quarter to June 2025"),
    "alphabet": Fact(27.747e9 / 3, 36.15e9 / 3, "second and first quarter of 2025"),
    "amazon": Fact(49.53e9 / 6, 121.1e9 / 12, "first half of 2025 and twelve months to June 2025"),
    "meta": Fact(0.9 * 25.561e9 / 3, 1.1 * 25.561e9 / 3, "second quarter of 2025, within a tenth"),
    "oracle": Fact(0.5 * 8.14e9 / 3, 8.14e9 / 3, "quarter to August 2025, the strongest of the year"),
    "nvidia": Fact(15.365e9 / 3, 27.414e9 / 3, "quarters to July and April 2025"),
    "nebius": Fact(
        -197.8e6 / 3,
        -167.7e6 / 3 + 0.65 * (105.1e6 / 3) * ((105.1 / 55.3) ** (2 / 3) - 1),
        "first and second quarter of 2025, and what two months of growth leave after variable cost",
    ),
}
"""Cash from operations a month, after interest and before capex."""

CAPEX = {
    "microsoft": 17.079e9 / 3,
    "alphabet": 22.446e9 / 3,
    "amazon": 32.183e9 / 3,
    "meta": 16.538e9 / 3,
    "oracle": 8.502e9 / 3,
    "applied-digital": (681.603e6 - 483.34e6) / 3,
    "nvidia": 1.895e9 / 3,
}
"""Cash capex a month, a third of the latest quarter: the start, or for the four giants its lower end."""

CONTRACTS = {
    "openai-oracle": 300e9,
    "openai-coreweave": 22.4e9,
    "microsoft-nebius": 17.4e9,
    "meta-coreweave": 14.2e9,
    "meta-google": 10e9,
    "nvidia-lambda": 1.5e9,
    "coreweave-applied-digital": 11e9,
}
"""What the commitments of a contract add up to, USD."""

NAMED = [
    *("openai", "anthropic", "xai", "mistral", "cohere"),
    *("cursor", "perplexity", "cognition", "replit", "lovable"),
    *("microsoft", "alphabet", "amazon", "meta", "oracle"),
    *("coreweave", "crusoe", "nebius", "lambda", "applied-digital"),
    *("nvidia", "softbank", "private-credit", "banks", "venture-funds"),
]
"""Companies that the world must have; GitHub Copilot is a segment of Microsoft."""

OPENAI_BURN_PLANNED = [(4, 5.5e9 / 6), (12, 17e9 / 12), (12, 35e9 / 12), (12, 45e9 / 12)]
"""Burn from September 2025 on as planned then: 8 billion in 2025, 17, 35, 45 a year (TechSpot)."""
OPENAI_BURN_AS_BEFORE = [(12, 2.5e9 / 6)]
"""Burn as in the first half of 2025, for ever."""
