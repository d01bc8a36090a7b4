"""Companies of the telecom industry from a few figures; their structure is that of the AI world."""

from cashcade.archetype import Archetype

from cashcade_telecom.archetypes.carrier import CARRIER
from cashcade_telecom.archetypes.incumbent import INCUMBENT
from cashcade_telecom.archetypes.startup import STARTUP
from cashcade_telecom.archetypes.vendor import VENDOR

ARCHETYPES: tuple[Archetype, ...] = (CARRIER, VENDOR, INCUMBENT, STARTUP)
"""All of them."""
