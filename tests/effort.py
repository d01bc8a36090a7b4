"""How hard tests search: a moderate number of examples by default, five times as many for `make test-long`."""

import os

LONG = os.environ.get("CASHCADE_TESTS") == "long"
"""Whether tests may take long."""


def tries(number: int) -> int:
    """Examples to try of those that a usual run tries `number` of."""
    return 5 * number if LONG else number
