"""Questions about a world that take more than reading one table of a run."""

from cashcade.questions.backlog import Backlog, backlog
from cashcade.questions.breakeven import BreakEven, breakeven
from cashcade.questions.circular import Circular, circular
from cashcade.questions.compare import Comparison, compare
from cashcade.questions.feedbacks import measure_feedbacks
from cashcade.questions.forecasts import forecasts
from cashcade.questions.frontier import frontier
from cashcade.questions.phases import Map
from cashcade.questions.phases import map as map  # noqa: A004 - not listed: it is the name of a builtin
from cashcade.questions.rank import Rank, rank
from cashcade.questions.sensitivity import sensitivity
from cashcade.questions.stress import stress
from cashcade.questions.swap import Swap, swap
from cashcade.questions.walls import Walls, walls

__all__ = [
    "Backlog",
    "BreakEven",
    "Circular",
    "Comparison",
    "Map",
    "Rank",
    "Swap",
    "Walls",
    "backlog",
    "breakeven",
    "circular",
    "compare",
    "forecasts",
    "frontier",
    "measure_feedbacks",
    "rank",
    "sensitivity",
    "stress",
    "swap",
    "walls",
]
