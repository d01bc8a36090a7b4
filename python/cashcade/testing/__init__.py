"""What tests of cashcade and of its plugins share; needs hypothesis."""

from cashcade.testing.strategies import quantities, worlds

__all__ = ["quantities", "worlds"]
