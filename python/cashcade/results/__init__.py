"""Labelled results: from the arrays of the core to tables with names, units and errors."""
