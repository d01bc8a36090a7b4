"""Questions about a world that take more than reading one table of a run."""

from cashcade.questions.compare import Comparison, compare
from cashcade.questions.sensitivity import sensitivity

__all__ = ["Comparison", "compare", "sensitivity"]
