"""From rules and doors to programs: expressions become numbers that the core reads."""

from cashcade.programs.compiled import Deed, Given, Programs, argument_at_fault, compile_programs, conflict
from cashcade.programs.gauges import Gauge

__all__ = [
    "Deed",
    "Gauge",
    "Given",
    "Programs",
    "argument_at_fault",
    "compile_programs",
    "conflict",
]
