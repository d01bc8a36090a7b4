"""Runs against closed forms."""
