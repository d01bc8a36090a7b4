"""Worlds that are wrong."""
