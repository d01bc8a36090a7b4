"""From names to indices: worlds become arrays, rules and doors become programs."""

from cashcade.compile.programs import ActionRow, Programs, compile_programs, conflict
from cashcade.compile.worlds import bytes_per_draw, compile_world

__all__ = ["ActionRow", "Programs", "bytes_per_draw", "compile_programs", "compile_world", "conflict"]
