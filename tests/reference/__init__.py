"""Published and independently verified cases."""
