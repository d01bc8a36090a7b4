"""Tests of cashcade."""
