"""From names to indices: worlds become arrays, rules and doors become programs."""

from cashcade.compile.gauges import Gauge
from cashcade.compile.programs import ActionRow, Programs, compile_programs, conflict
from cashcade.compile.worlds import compile_world

__all__ = ["ActionRow", "Gauge", "Programs", "compile_programs", "compile_world", "conflict"]
