"""Records with which a plugin brings an archetype."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cashcade.archetype.figure import ASSUMPTION, Figure
from cashcade.words.brief import Brief

LARGEST = 1e17
"""Greatest value of an input, as of any amount of a world."""

COMPANY = "company"
"""Name of the part that is the company itself."""

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Citation:
    """A source of figures of an archetype.

    Parameters
    ----------
    key
        What figures name it by.
    title
        Title, with its publisher.
    url
        Address.
    date
        When it was published, such as "2025-08".
    """

    key: str
    title: str
    url: str
    date: str


@dataclass(frozen=True, slots=True)
class Input:
    """A number that the user gives, or leaves to its default.

    Parameters
    ----------
    name
        What files call it; not the name of a field of a company.
    unit
        Unit, such as "USD/month".
    meaning
        One sentence.
    default
        Taken where nothing is given; None: the input must be given.
    low, high
        Least and greatest value allowed.
    """

    name: str
    unit: str
    meaning: str
    default: Figure | None = None
    low: float = 0.0
    high: float = LARGEST


@dataclass(frozen=True, slots=True)
class Party:
    """Another company of the world that the user may name, by its id.

    Parameters
    ----------
    name
        What files call it.
    meaning
        One sentence.
    default
        Taken where none is named: "capital" where that may stand in its place, or nothing.
    """

    name: str
    meaning: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """The start of a derivation: the id of the company, its inputs as figures, and the parties named."""

    id: str
    figures: Mapping[str, Figure]
    parties: Mapping[str, str]

    def __getitem__(self, name: str) -> Figure:
        """Return an input."""
        return self.figures[name]


@dataclass(frozen=True, slots=True)
class Part:
    """An entry of the world that an archetype makes.

    Parameters
    ----------
    name
        What files call it to override its fields; "company" is the company itself. Others get the id of the
        company, a hyphen and this name.
    section
        Section of the world, such as "fleet".
    fields
        Fields as files have them: figures, numbers, words, flags, or lists of tables.
    """

    name: str
    section: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True, repr=False)
class Archetype(Brief):
    """A sort of company: from a few inputs to a company with all that belongs to it.

    Parameters
    ----------
    name
        What users call it, such as "neocloud".
    title
        One line for lists.
    doc
        What it stands for, how it is derived and what it leaves out: Markdown, the start of its page.
    inputs
        Numbers the user may give; at least one must be given.
    derive
        From what is given to the parts, one of them the company itself. It must not depend on anything else.
    parties
        Other companies the user may name.
    example
        Inputs of a real company, for the page and for tests.
    citations
        Sources of defaults and derivations.

    Raises
    ------
    ValueError
        If the record contradicts itself: a name that is none or is taken twice, a default without a source,
        an example that lacks an input.
    """

    name: str
    title: str
    doc: str
    inputs: tuple[Input, ...]
    derive: Callable[[Given], Iterable[Part]]
    parties: tuple[Party, ...] = ()
    example: Mapping[str, float] = field(default_factory=dict)
    citations: tuple[Citation, ...] = ()

    def __post_init__(self) -> None:
        """Check that the record is sound."""
        problem = next(_problems(self), None)
        if problem:
            raise ValueError(f'archetype "{self.name}": {problem}')

    def given(self, identity: str, numbers: Mapping[str, Figure], parties: Mapping[str, str]) -> Given:
        """Return what a derivation starts from, defaults included.

        Parameters
        ----------
        identity
            Id of the company.
        numbers
            Inputs that were given.
        parties
            Parties that were named.
        """
        defaults = {one.name: one.default.named(one.name) for one in self.inputs if one.default is not None}
        named = {party.name: party.default for party in self.parties}
        return Given(identity, defaults | dict(numbers), named | dict(parties))

    def parts(self, given: Given) -> tuple[Part, ...]:
        """Return the parts of a company; exactly one is the company itself.

        Raises
        ------
        ValueError
            If the derivation gives something else.
        """
        parts = tuple(self.derive(given))
        names = [part.name if isinstance(part, Part) else type(part).__name__ for part in parts]
        taken = {one.name for one in self.inputs} | {party.name for party in self.parties}
        if names.count(COMPANY) != 1 or len(set(names)) < len(names) or taken & set(names):
            raise ValueError(
                f'parts {names}, wanted one called "company", no name twice and none of an input'
            )
        return parts


def _problems(archetype: Archetype) -> Iterator[str]:
    names = [one.name for one in archetype.inputs] + [party.name for party in archetype.parties]
    for name in (archetype.name, *names):
        if not _NAME.fullmatch(name):
            yield f'"{name}" is no name: small letters, digits and hyphens'
    yield from (f'two inputs are called "{name}"' for name in names if names.count(name) > 1)
    needed = {one.name for one in archetype.inputs if one.default is None}
    if not needed:
        yield "no input must be given; without one its name is only a label"
    if not needed <= archetype.example.keys() <= set(names):
        yield f"the example gives {sorted(archetype.example)}, wanted at least {sorted(needed)}"
    keys = {ASSUMPTION, *(citation.key for citation in archetype.citations)}
    for one in archetype.inputs:
        named = set(one.default.sources) if one.default else {ASSUMPTION}
        if not named or not named <= keys:
            yield f'the default of "{one.name}" names sources {sorted(named)}, known: {sorted(keys)}'
