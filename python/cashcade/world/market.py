"""The market: what all companies share."""

from cashcade.world.fields import MarketFields
from cashcade.world.record import Sourced


class Market(MarketFields, Sourced):
    """Funding regimes, interest, the GPU rental index, rounds, prices of assets and GDP."""
