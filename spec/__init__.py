"""TODO."""

from spec.month import Outcome, simulate

__all__ = ["Outcome", "simulate"]
