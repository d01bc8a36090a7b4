"""Forecasts made with what was known then, scored against what came.

`cases` tells what was to be forecast and what came, `score` scores any predictive samples against it.
"""

from cashcade_ai.backtest.cases import Case, cases, table
from cashcade_ai.backtest.scores import Score, score

__all__ = ["Case", "Score", "cases", "score", "table"]
