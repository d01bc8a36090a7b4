"""Questions about a world that take more than reading one table of a run."""

from cashcade.questions.breakeven import BreakEven, breakeven
from cashcade.questions.circular import Circular, circular
from cashcade.questions.compare import Comparison, compare
from cashcade.questions.frontier import frontier
from cashcade.questions.rank import Rank, rank
from cashcade.questions.sensitivity import sensitivity
from cashcade.questions.stress import stress

__all__ = [
    "BreakEven",
    "Circular",
    "Comparison",
    "Rank",
    "breakeven",
    "circular",
    "compare",
    "frontier",
    "rank",
    "sensitivity",
    "stress",
]
