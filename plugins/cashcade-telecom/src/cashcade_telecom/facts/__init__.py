"""Stylised facts of the bust: what was observed, and what the model gives."""
