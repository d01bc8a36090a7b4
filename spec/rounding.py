"""TODO."""

from spec.world import State

LEAST_GAIN = 1e-9
ROUNDING = (
    1e-11  # what is less, of the amounts that it is the difference of, is what rounding leaves of nothing
)
LEAST = 1e-12  # amount by which nothing is divided
LEAST_FLOW = 1e-12  # the same of a difference of flows, of the size of the company at the start


def beyond(rest: float, of: float) -> float:
    """What there is, or nothing where it is a rounding of amounts of this size."""
    return rest if rest > ROUNDING * of else 0.0


def least_shortfall(state: State, i: int, gross: float) -> float:
    """What a shortfall must exceed, of what the company is to pay and to receive, and its cash."""
    return max(ROUNDING * gross, LEAST_FLOW * state.size0[i])
