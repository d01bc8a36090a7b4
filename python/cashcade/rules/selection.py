"""The subject of an expression: one entity, a group, or a part to be cast when doors are compiled."""

from dataclasses import dataclass

from cashcade.world.paths import plural


@dataclass(frozen=True, slots=True)
class Selection:
    """Entities of a kind, by what the user said of them.

    Parameters
    ----------
    kind
        Such as "company".
    ids
        The ones named; none for all.
    tag, archetype
        What companies must have.
    untagged
        The tag that they must not have.
    links
        Whom each must point to, by the name of the link, such as `("borrower", companies(tag="app"))`.
    single
        Whether it is one entity.
    may_be_empty
        Whether a world may have none of them.
    role
        "target" or "buyer": one company, known when a door is compiled.
    but
        Those of a group who are left out.
    """

    kind: str
    ids: tuple[str, ...] = ()
    tag: str | None = None
    archetype: str | None = None
    untagged: str | None = None
    links: tuple[tuple[str, "Selection"], ...] = ()
    single: bool = False
    may_be_empty: bool = False
    role: str = ""
    but: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.role or self.kind == "market":
            return self.role or self.kind
        given = [quoted(name) for name in self.ids]
        given += [f"{name}={quoted(word)}" for name, word in self._words() if word is not None]
        given += [f"{name}={_linked(target)}" for name, target in self.links]
        given += ["may_be_empty=True"] if self.may_be_empty else []
        but = f".without({', '.join(map(quoted, self.but))})" if self.but else ""
        return f"{self.kind if self.single else plural(self.kind)}({', '.join(given)}){but}"

    @property
    def group(self) -> "Selection | None":
        """Itself, if it is a group; None if it is one entity."""
        return None if self.single else self

    @property
    def phrase(self) -> str:
        """The same in plain words."""
        return f"{self._whole()} but {' and '.join(self.but)}" if self.but else self._whole()

    def _whole(self) -> str:
        """All of them in plain words, those included who are left out."""
        if self.role or self.kind == "market":
            return f"the {self.role or self.kind}"
        if self.ids:
            return f"{self.kind if self.single else plural(self.kind)} {' and '.join(self.ids)}"
        given = [f"{name} {word}" for name, word in self._words() if word is not None]
        given += [f"{name} among {target.phrase}" for name, target in self.links]
        return f"{plural(self.kind)} with {' and '.join(given)}" if given else f"all {plural(self.kind)}"

    def _words(self) -> tuple[tuple[str, str | None], ...]:
        return ("tag", self.tag), ("archetype", self.archetype), ("untagged", self.untagged)


def quoted(text: str) -> str:
    """Give a text as Python writes it, in double quotes where it can."""
    return f'"{text}"' if text.isprintable() and not set(text) & {'"', "\\"} else repr(text)


def _linked(target: Selection) -> str:
    alone = len(target.ids) == 1 and target == Selection(target.kind, target.ids)
    return quoted(target.ids[0]) if alone else str(target)
