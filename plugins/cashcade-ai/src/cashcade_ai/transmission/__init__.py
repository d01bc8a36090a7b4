"""Experiments that decide whether shocks travel through the economy of `ai-2025-08`.

Each asks through the public interface, with the same luck on both sides, what must follow from what; a line
says what was measured, with its paired error, and whether it is as it must be.
"""

from cashcade_ai.transmission.experiments import EXPERIMENTS
from cashcade_ai.transmission.lines import Experiment, Line

__all__ = ["EXPERIMENTS", "Experiment", "Line"]
