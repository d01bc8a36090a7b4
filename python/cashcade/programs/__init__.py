"""From rules and doors to programs: expressions become numbers that the core reads."""

from cashcade.programs.compiled import Deed, Given, Programs, compile_programs, conflict

__all__ = ["Deed", "Given", "Programs", "compile_programs", "conflict"]
