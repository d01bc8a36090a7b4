"""Errors that cashcade raises."""


class CashcadeError(Exception):
    """Base of all errors that cashcade raises on purpose."""


class InputError(CashcadeError, ValueError):
    """An input that was refused: the message says what, where, and what to do."""
