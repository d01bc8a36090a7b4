"""How hard tests search: a moderate number of examples by default, five times as many for `make test-long`."""

import os

from hypothesis import HealthCheck, Phase, settings

LONG = os.environ.get("CASHCADE_TESTS") == "long"
"""Whether tests may take long."""


FOUND = settings(phases=[Phase.generate], suppress_health_check=list(HealthCheck))
"""Any example will do: no time is spent on making it small."""


def tries(number: int) -> int:
    """Examples to try of those that a usual run tries `number` of."""
    return 5 * number if LONG else number
