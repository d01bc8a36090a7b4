"""From rules and doors to programs: expressions become numbers that the core reads."""

from cashcade.programs.compiled import Deed, Given, Programs, argument_at_fault, compile_programs, conflict

__all__ = ["Deed", "Given", "Programs", "argument_at_fault", "compile_programs", "conflict"]
