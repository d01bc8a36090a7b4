"""The model: a month, formula by formula.

This package is the specification: the model in plain NumPy and Python, one path at a time, slow and obvious on purpose.
It shares no line with the compiled loop (`rust/core/src/model/`), so that either can convict the other.
One file is one mechanism, named like the file of the Rust core. Its docstring holds the formulas, one a line, with timing,
units, source and the tests that pin it; the code below it says the same to the machine.
`tests/oracle/` compares the compiled loop with `simulate` path by path and variable by variable.

Time is monthly. Month `t = 1 .. T`; state is known at the end of a month; month 0 is the start. A path is one possible future.
Amounts are USD, flows USD per month, rates and growth per year unless a unit says otherwise. Growth is logarithmic: `exp(g)` in a year.
All names are rows of the table of variables, each declared in the file of its mechanism in `rust/core/src/model/`, and shown with
units in [the table](../variables.md). An index `_S` stands for the regime of funding (`_open`, `_normal`, `_shut`), an index `_class`
for a class of assets (`_gpu`, `_building`, `_power`).

A page without a line "Source" states an assumption of this model.
"""

from spec.month import Outcome, simulate

__all__ = ["Outcome", "simulate"]
