"""A case: a world made ready to run, compiled once, and the run."""

from cashcade.case.case import MOST_MONTHS, MOST_PATHS, QUANTILES, RECORD, Case, Compiled, case_of

__all__ = ["MOST_MONTHS", "MOST_PATHS", "QUANTILES", "RECORD", "Case", "Compiled", "case_of"]
