"""Records that hold much, shown in a line: the size of arrays and lists in place of what is in them."""

import reprlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

LONGEST = 60
"""Characters of the longest value that is shown in full."""

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = LONGEST


class Brief:
    """A dataclass that shows arrays by their shape, and long lists and mappings by their number of items."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Show each field, short."""
        shown: list[str] = []
        for field in fields(self):  # type: ignore[arg-type]
            if field.repr and not field.name.startswith("_"):
                shown.append(f"{field.name}={_brief(getattr(self, field.name))}")  # noqa: PERF401
        return f"{type(self).__name__}({', '.join(shown)})"


def _brief(value: Any) -> str:  # noqa: ANN401 - any value of a field
    shape = getattr(value, "shape", None)
    if shape:
        return f"<{type(value).__name__} {'x'.join(map(str, shape))}>"
    if isinstance(value, tuple | list | Mapping) and (not value or len(repr(value)) > LONGEST):
        return f"<{len(value)} items>" if value else repr(value)
    return _SHORT.repr(value)
