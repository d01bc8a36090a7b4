"""Archetypes of the AI economy, one module each."""

from cashcade_ai.archetypes.ai_app import AI_APP
from cashcade_ai.archetypes.bank import BANK
from cashcade_ai.archetypes.chip_vendor import CHIP_VENDOR
from cashcade_ai.archetypes.frontier_lab import FRONTIER_LAB
from cashcade_ai.archetypes.hyperscaler import HYPERSCALER
from cashcade_ai.archetypes.neocloud import NEOCLOUD
from cashcade_ai.archetypes.private_lender import PRIVATE_LENDER
from cashcade_ai.archetypes.venture_fund import VENTURE_FUND

ARCHETYPES = (
    AI_APP,
    BANK,
    CHIP_VENDOR,
    FRONTIER_LAB,
    HYPERSCALER,
    NEOCLOUD,
    PRIVATE_LENDER,
    VENTURE_FUND,
)
"""All of them, by name."""
