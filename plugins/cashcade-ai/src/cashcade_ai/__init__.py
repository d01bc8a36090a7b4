"""Worlds of the AI economy for cashcade."""
