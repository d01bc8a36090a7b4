"""Subjects of rules: `company("cursor")`, `companies(tag="app")`, `market` and the like.

An attribute is an expression: `company("cursor").cash` is what the month computes, or what the world says
where the month computes nothing of that name; `company("cursor").stated.payout` is what the world says in any
case.
"""

from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from cashcade.errors import RuleError, UnknownNameError
from cashcade.rules.expressions import Condition, Value, Word
from cashcade.rules.nodes import Read, followed
from cashcade.rules.selection import Selection
from cashcade.rules.units import UNITS
from cashcade.rules.vocabulary import kind_along, links, readable, stated
from cashcade.words.rows import Row
from cashcade.world.paths import plural
from cashcade.world.problems import did_you_mean

FAILED = "failed"
"""Another way to say that a company is not alive."""


@dataclass(frozen=True, slots=True, repr=False)
class Entities:
    """One entity or a group of them.

    Parameters
    ----------
    selection
        Which ones.
    only_stated
        Whether attributes are what the world says.
    along
        Links that are followed from each, by name: those meant are where they lead.
    """

    selection: Selection
    only_stated: bool = False
    along: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"{followed(self.selection, self.along)}{'.stated' if self.only_stated else ''}"

    @property
    def kind(self) -> str:
        """Of what kind they are."""
        return kind_along(self.selection.kind, self.along)

    @property
    def stated(self) -> "Entities":
        """The same, as the world states it."""
        return replace(self, only_stated=True)

    def without(self, *ids: str) -> "Entities":
        """Give the same group without some of it: `companies(tag="lab").without("openai")` are its rivals.

        Parameters
        ----------
        ids
            Whom to leave out.

        Raises
        ------
        RuleError
            It is no group, or nobody is named.
        """
        chosen = self.selection
        _check_texts(f"{self}.without", *ids)
        if chosen.single or self.along or not ids:
            raise RuleError(
                f"{self}.without({', '.join(map(repr, ids))}): wanted ids, of a group such as companies()."
            )
        return replace(self, selection=replace(chosen, but=(*dict.fromkeys((*chosen.but, *ids)),)))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a Value, Condition or Word: the table knows which
        if name.startswith("_"):
            raise AttributeError(name)
        kind = self.kind
        if name in links(kind) and not self.only_stated:
            return replace(self, along=(*self.along, name))
        if (kind, name) == ("company", FAILED) and not self.only_stated:
            return self._read(name, readable(kind)["alive"], negated=True)
        known = stated(kind) if self.only_stated else readable(kind)
        row = known.get(name.removesuffix("_"))
        if row is None:
            hint = did_you_mean(name, known) or f"Known: {', '.join(known)}."
            raise UnknownNameError(f'{self}.{name}: a {kind} has no "{name}". {hint}')
        return self._read(name, row)

    def __dir__(self) -> list[str]:
        return [*object.__dir__(self), *readable(self.kind), *links(self.kind)]

    def _read(self, name: str, row: Row, *, negated: bool = False) -> "Value | Condition | Word":
        node = Read(self.selection, name, row, self.only_stated, negated, self.along)
        group = self.selection.group
        if row.unit == "flag":
            return Condition(node, None, group)
        if row.unit == "code":
            return Word(node, None, group)
        return Value(node, UNITS[row.unit], group)


def are(given: object, kind: str) -> TypeGuard[Entities]:
    """Return whether something names entities of a kind, not as stated and not by links of others."""
    return isinstance(given, Entities) and given.kind == kind and not (given.only_stated or given.along)


Name = str | Entities
"""A company by its id, or companies as an expression names them."""

market = Entities(Selection("market", single=True))
"""The market that all companies share: the funding regime and the like."""

target = Entities(Selection("company", single=True, role="target"))
"""In a door: the company whose door it is."""

buyer = Entities(Selection("company", single=True, role="buyer"))
"""In a door: the company that would buy."""


def company(id: str, /) -> Entities:  # noqa: A002 - positional only
    """Name a company by its id."""
    return _one("company", id)


def companies(
    *ids: str,
    tag: str | None = None,
    archetype: str | None = None,
    untagged: str | None = None,
    may_be_empty: bool = False,
) -> Entities:
    """Name companies by their ids, or all with or without a tag or of an archetype; by default all.

    Parameters
    ----------
    ids, tag, archetype
        Whom to take.
    untagged
        A tag of those whom not to take.
    may_be_empty
        Whether a world without any of them is in order. Sums over nobody are 0, rules for nobody do nothing.
    """
    _check_texts("companies", *ids, *(word for word in (tag, archetype, untagged) if word is not None))
    return Entities(
        Selection("company", ids, tag=tag, archetype=archetype, untagged=untagged, may_be_empty=may_be_empty)
    )


def segment(id: str, /) -> Entities:  # noqa: A002 - positional only
    """Name a segment by its id: that of its seller, where the world gives none."""
    return _one("segment", id)


def segments(*ids: str, seller: Name | None = None, may_be_empty: bool = False) -> Entities:
    """Name segments by their ids, or all of a seller."""
    return _group("segment", ids, may_be_empty, seller=seller)


def recapture(*ends: str) -> Entities:
    """Name a recapture by its id, or by the segments that it goes from and to."""
    return _one("recapture", *ends)


def recaptures(*ids: str, may_be_empty: bool = False) -> Entities:
    """Name recaptures by their ids; all there are without any."""
    return _group("recapture", ids, may_be_empty)


def contract(*ends: str) -> Entities:
    """Name a contract by its id, or by customer and supplier."""
    return _one("contract", *ends)


def contracts(
    *ids: str, customer: Name | None = None, supplier: Name | None = None, may_be_empty: bool = False
) -> Entities:
    """Name contracts by their ids, or all of a customer or supplier."""
    return _group("contract", ids, may_be_empty, customer=customer, supplier=supplier)


def commitment(id: str, /) -> Entities:  # noqa: A002 - positional only
    """Name a commitment by its contract and number: "cursor->anthropic/1"."""
    return _one("commitment", id)


def commitments(*ids: str, contract: Name | None = None, may_be_empty: bool = False) -> Entities:
    """Name commitments by their ids, or all of a contract or of contracts."""
    return _group("commitment", ids, may_be_empty, contract=contract)


def loan(*ends: str) -> Entities:
    """Name a loan by its id, or by borrower and lender."""
    return _one("loan", *ends)


def loans(
    *ids: str, borrower: Name | None = None, lender: Name | None = None, may_be_empty: bool = False
) -> Entities:
    """Name loans by their ids, or all of a borrower or lender."""
    return _group("loan", ids, may_be_empty, borrower=borrower, lender=lender)


def stake(*ends: str) -> Entities:
    """Name a stake by its id, or by holder and issuer."""
    return _one("stake", *ends)


def stakes(
    *ids: str, holder: Name | None = None, issuer: Name | None = None, may_be_empty: bool = False
) -> Entities:
    """Name stakes by their ids, or all of a holder or issuer."""
    return _group("stake", ids, may_be_empty, holder=holder, issuer=issuer)


def pledge(*ends: str) -> Entities:
    """Name a pledge by its id, or by investor and company."""
    return _one("pledge", *ends)


def pledges(
    *ids: str, investor: Name | None = None, company: Name | None = None, may_be_empty: bool = False
) -> Entities:
    """Name pledges by their ids, or all of an investor or to a company."""
    return _group("pledge", ids, may_be_empty, investor=investor, company=company)


def order(id: str, /) -> Entities:  # noqa: A002 - positional only
    """Name an order by its fleet and number: "coreweave/1"."""
    return _one("order", id)


def orders(
    *ids: str, fleet: Name | None = None, vendor: Name | None = None, may_be_empty: bool = False
) -> Entities:
    """Name orders by their ids, or all of a fleet or of fleets, or from a vendor."""
    return _group("order", ids, may_be_empty, fleet=fleet, vendor=vendor)


def fleet(id: str, /) -> Entities:  # noqa: A002 - positional only
    """Name a fleet by its id: that of its owner, where the world gives none."""
    return _one("fleet", id)


def fleets(*ids: str, owner: Name | None = None, may_be_empty: bool = False) -> Entities:
    """Name fleets by their ids, or all of an owner."""
    return _group("fleet", ids, may_be_empty, owner=owner)


def _one(kind: str, *ends: str) -> Entities:
    wrong = [end for end in ends if not isinstance(end, str)]
    if wrong or not 1 <= len(ends) <= 2:
        given = ", ".join(map(repr, ends))
        raise RuleError(
            f'{kind}({given}): wanted an id, such as {kind}("a"); groups are {plural(kind)}(...).'
        )
    return Entities(Selection(kind, ("->".join(ends),), single=True))


def _group(kind: str, ids: tuple[str, ...], may_be_empty: bool, **ends: Name | None) -> Entities:
    _check_texts(plural(kind), *ids)
    found = tuple((name, _linked(kind, name, end)) for name, end in ends.items() if end is not None)
    return Entities(Selection(kind, ids, links=found, may_be_empty=may_be_empty))


def _check_texts(function: str, *given: object) -> None:
    wrong = [each for each in given if not isinstance(each, str)]
    if wrong:
        raise RuleError(f"{function}: {wrong[0]!r} is no text; wanted ids, tags and the like.")


def _linked(kind: str, name: str, end: Name) -> Selection:
    """Give whom a link must point to."""
    wanted = links(kind)[name]
    if isinstance(end, str):
        return Selection(wanted, (end,))
    if are(end, wanted):
        return end.selection
    raise RuleError(f"{plural(kind)}({name}={end!r}): wanted the id of a {wanted}, or {plural(wanted)}(...).")
