"""Members of selections: from ids, tags, archetypes and links to places in a world."""

from collections.abc import Iterable

from cashcade.compile.arrays import Inputs
from cashcade.errors import RuleError
from cashcade.rules.entities import Entities
from cashcade.rules.nodes import Read
from cashcade.rules.selection import Selection, quoted
from cashcade.rules.vocabulary import links, stated
from cashcade.world.paths import plural
from cashcade.world.problems import did_you_mean
from cashcade.world.record import CAPITAL
from cashcade.world.world import World

OUTSIDE = -1
"""Place of the sector outside that lends and owns."""

Roles = tuple[tuple[str, int], ...]
"""Which company is "target" and which "buyer"."""


class Members:
    """The places of the entities of a world, as selections name them.

    Parameters
    ----------
    world, inputs
        A world, and the same compiled.
    """

    def __init__(self, world: World, inputs: Inputs) -> None:
        self._world = world
        self._inputs = inputs
        self._places = {
            kind: {name: place for place, name in enumerate(names)} for kind, names in inputs.names.items()
        }
        self._known: dict[tuple[Selection, Roles], tuple[int, ...]] = {}

    def name(self, kind: str, place: int) -> str:
        """Give the id of an entity."""
        return self._inputs.names[kind][place]

    def of(self, selection: Selection, label: str, roles: Roles = ()) -> tuple[int, ...]:
        """Give the places of those selected, rising.

        Raises
        ------
        RuleError
            The world has no such entity, or none where that is not in order; `label` names the rule.
        """
        key = selection, roles
        if key not in self._known:
            self._known[key] = self._found(selection, label, roles)
        return self._known[key]

    def word(self, kind: str, name: str, place: int) -> str:
        """Give what a code of an entity is called."""
        code = int(self._inputs.arrays[f"{kind}.{name}"][0, place])
        return next(word for word, number in stated(kind)[name].words if number == code)

    def pointing(self, kind: str, link: str, places: tuple[int, ...]) -> list[int]:
        """Give the places of those of a kind whose link points to one of some places."""
        ends = self._inputs.arrays[f"{kind}.{link}"].tolist()
        return [place for place, end in enumerate(ends) if end in places]

    def along(
        self, node: Read | Entities, places: tuple[int, ...], label: str, *, out: bool = False
    ) -> tuple[int, ...]:
        """Give where the links of a node or of entities lead, from each place.

        Parameters
        ----------
        node, places, label
            What names the links, where they start, and the rule.
        out
            Whether they may lead out of the network, to OUTSIDE.

        Raises
        ------
        RuleError
            One leads out, and may not.
        """
        kind = node.selection.kind
        for link in node.along:
            ends = self._inputs.arrays[f"{kind}.{link}"]
            outside = next((place for place in places if int(ends[place]) == OUTSIDE), None)
            if outside is not None and not out:
                whose = f"the {link} of {kind} {quoted(self.name(kind, outside))}"
                raise RuleError(
                    f"{label}: {node}: {whose} is outside, of which nothing is known; name only those that "
                    f"have one: {plural(kind)}({link}=companies())."
                )
            places = tuple(int(ends[place]) for place in places)
            kind = links(kind)[link]
        return places

    def _found(self, selection: Selection, label: str, roles: Roles) -> tuple[int, ...]:
        if selection.role:
            if selection.role not in dict(roles):
                raise RuleError(
                    f"{label}: {selection} is nobody here; only doors have a target, and sales a buyer."
                )
            return (dict(roles)[selection.role],)
        left_out = self._known_places(selection, selection.but, label)
        places = [place for place in self._named(selection, label) if place not in left_out]
        if selection.kind == "company":
            places = self._chosen(places, selection)
        for link, target in selection.links:
            ends = self._inputs.arrays[f"{selection.kind}.{link}"]
            wanted = {OUTSIDE} if target.ids == (CAPITAL,) else set(self.of(target, label, roles))
            places = [place for place in places if int(ends[place]) in wanted]
        if not places and not _may_be_empty(selection, roles):
            raise RuleError(f"{label}: {self._nobody(selection)}")
        return tuple(sorted(places))

    def _named(self, selection: Selection, label: str) -> list[int]:
        known = self._places[selection.kind]
        if not selection.ids:
            return list(known.values())
        return self._known_places(selection, selection.ids, label)

    def _known_places(self, selection: Selection, ids: tuple[str, ...], label: str) -> list[int]:
        known = self._places[selection.kind]
        for name in ids:
            if name not in known:
                hint = did_you_mean(name, known) or _some(known)
                raise RuleError(
                    f"{label}: {selection}: the world has no {selection.kind} {quoted(name)}. {hint}"
                )
        return [known[name] for name in dict.fromkeys(ids)]

    def _chosen(self, places: list[int], selection: Selection) -> list[int]:
        companies = self._world.companies
        return [
            place
            for place in places
            if (selection.tag is None or selection.tag in companies[place].tags)
            and selection.archetype in {None, companies[place].archetype}
            and selection.untagged not in companies[place].tags
        ]

    def _nobody(self, selection: Selection) -> str:
        """Say that a group has no members, and what is near."""
        companies = self._world.companies
        hints = []
        if selection.tag is not None:
            hints.append(did_you_mean(selection.tag, {tag for company in companies for tag in company.tags}))
        if selection.archetype is not None:
            known = {company.archetype for company in companies if company.archetype}
            hints.append(did_you_mean(selection.archetype, known))
        hint = " ".join(filter(None, hints)) or "Add may_be_empty=True if that is in order."
        return f"{selection}: the world has no such {plural(selection.kind)}. {hint}"


def _may_be_empty(selection: Selection, roles: Roles) -> bool:
    """Tell whether nobody is in order: it was said so, or it depends on who goes through a door."""
    return (
        selection.may_be_empty
        or bool(roles)
        or any(_may_be_empty(target, roles) for _, target in selection.links)
    )


def _some(known: Iterable[str]) -> str:
    names = list(known)
    few = ", ".join(names[:8])
    return f"Known: {few}{' and more' if len(names) > 8 else ''}." if names else ""
