"""Runs: core calls, on one thread or many workers, with their progress and the memory they take."""
