"""The oracle: the model of `docs/model.md` again, one path at a time, in plain Python.

It is written from that page alone and shares no line with the compiled loop, so that either can convict the
other. Slow and obvious on purpose: `simulate` returns every variable of every month of one path.
"""

from tests.oracle.simulate import Outcome, simulate

__all__ = ["Outcome", "simulate"]
