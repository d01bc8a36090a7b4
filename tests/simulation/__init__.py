"""The stepping interface."""
