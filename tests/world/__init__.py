"""Worlds: records, ways in and out, compilation, plugins."""
