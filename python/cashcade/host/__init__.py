"""Stepping: a simulation that a host reads, moves, saves and restores between months."""
