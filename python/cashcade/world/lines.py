"""Which line of a TOML file a key stands on; the parser of the standard library does not say."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from cashcade.world.problems import Place

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([\w-]+|\"[^\"]*\"|'[^']*')\s*[=.]")
_LONG_QUOTE = re.compile(r'"""|' + "'''")


@dataclass
class Lines:
    """Lines of the headers and of the keys right under them.

    A key inside an inline table or array is found at the key that holds it.
    """

    found: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int | None:
        """Return the line of the nearest known holder of `place`, None if there is none."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.found:
                return self.found[place[:length]]
        return None


def lines_of(text: str) -> Lines:
    """Return the lines of the keys of a TOML text."""
    lines = Lines()
    counts: defaultdict[Place, int] = defaultdict(int)
    prefix: Place = ()
    quoted = False
    for number, line in enumerate(text.splitlines(), 1):
        header = None if quoted else _HEADER.match(line)
        key = None if quoted or header else _KEY.match(line)
        if header:
            prefix = _under(header[1] == "[[", header[2], counts)
            lines.found.setdefault(prefix, number)
        elif key:
            lines.found.setdefault((*prefix, key[1].strip("\"'")), number)
        quoted ^= len(_LONG_QUOTE.findall(line)) % 2 == 1
    return lines


def _under(array: bool, header: str, counts: dict[Place, int]) -> Place:
    """Return the place that a header opens, with the number of the entry for arrays of tables."""
    place: Place = ()
    parts = [part.strip().strip("\"'") for part in header.split(".")]
    for depth, part in enumerate(parts, 1):
        place = (*place, part)
        if array and depth == len(parts):
            counts[place] += 1
        if counts.get(place):
            place = (*place, counts[place] - 1)
    return place
