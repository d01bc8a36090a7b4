"""Worlds of the telecom bust of 1996-2003 for cashcade."""
