"""Questions about a world that take more than reading one table of a run."""

from cashcade.questions.circular import Circular, circular
from cashcade.questions.compare import Comparison, compare
from cashcade.questions.sensitivity import sensitivity

__all__ = ["Circular", "Comparison", "circular", "compare", "sensitivity"]
