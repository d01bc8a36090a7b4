"""Powers of ten as people name them."""

SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"), (1.0, ""))
"""Words for powers of ten."""


def scale(amount: float) -> tuple[float, str]:
    """Give the power of ten in which an amount is told, and its word; `1000 m` is a `bn`."""
    return next((each for each in SCALES if abs(amount) >= 0.9995 * each[0]), SCALES[-1])
