"""Pinned results."""
