"""Checks of shares that must not add up to more than one, in any draw."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cashcade.world.checks.draft import Draft
from cashcade.world.fleet import Fleet
from cashcade.world.loan import Loan
from cashcade.world.market import Market
from cashcade.world.parameter import parameters_of
from cashcade.world.problems import Finding, Place
from cashcade.world.record import CAPITAL, Named, Record
from cashcade.world.segment import Recapture
from cashcade.world.stake import Stake

SLACK = 1e-9
"""How far a sum may exceed one by rounding."""

HINT = "Lower the shares; of ranges the highest values count."


def greatest(record: Record, name: str) -> float:
    """Return the greatest value that a parameter of a record can take in any draw."""
    return parameters_of(type(record))[name].extent(getattr(record, name))[1]


def _above_one(place: Place, values: Iterable[float], what: str, hint: str) -> Iterator[Finding]:
    total = math.fsum(values)
    if total > 1 + SLACK:
        yield Finding(place, f"{what} that can add up to {total:.6g}", "a sum of at most 1", hint)


def order_shares(draft: Draft) -> Iterator[Finding]:
    """Yield fleets whose orders can give away more than their capex, or to their own owner."""
    for place, fleet in draft.all("fleet", Fleet):
        shares = [greatest(order, "share") for order in fleet.orders]
        yield from _above_one((*place, "orders"), shares, "shares of orders", HINT)
        for number, order in enumerate(fleet.orders):
            if order.vendor == fleet.owner:
                where = (*place, "orders", number, "vendor")
                hint = "What a company builds for itself is paid to suppliers outside: leave the order out."
                yield Finding(where, f'its owner "{order.vendor}"', "a company other than the owner", hint)


def recapture_shares(draft: Draft) -> Iterator[Finding]:
    """Yield segments whose rivals can gain more than what is lost."""
    yield from _sums(draft, Rule("recapture", Recapture, "from_", "share", 'shares recaptured from "{}"'))


def pledged_fleets(draft: Draft) -> Iterator[Finding]:
    """Yield borrowers whose fleets are pledged more than once over."""
    what = 'pledged shares of the fleets of "{}"'
    yield from _sums(draft, Rule("loan", Loan, "borrower", "fleet_collateral", what))


def stake_shares(draft: Draft) -> Iterator[Finding]:
    """Yield issuers of which more than the whole can be owned."""
    yield from _sums(draft, Rule("stake", Stake, "issuer", "fraction", 'stakes in "{}"'))


class Rule(NamedTuple):
    """Which shares must not exceed one: those of the entries of a section that agree in a link."""

    section: str
    kind: type[Named]
    link: str
    share: str
    what: str


def _sums(draft: Draft, rule: Rule) -> Iterator[Finding]:
    shares: defaultdict[str, list[float]] = defaultdict(list)
    last: dict[str, Place] = {}
    for place, entry in draft.all(rule.section, rule.kind):
        end = getattr(entry, rule.link)
        shares[end].append(greatest(entry, rule.share))
        last[end] = (*place, rule.share)
    for end, values in shares.items():
        yield from _above_one(last[end], values, rule.what.format(end), HINT)


def circular_stakes(draft: Draft) -> Iterator[Finding]:
    """Yield groups of companies that own one another entirely, so that nobody outside owns them.

    The matrix of holdings has a spectral radius below one, as valuations need it, just if no such
    group exists (columns that add up to at most one are checked elsewhere).
    """
    owned: defaultdict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    places: dict[str, Place] = {}
    for place, stake in draft.all("stake", Stake):
        if stake.holder not in {CAPITAL, stake.issuer}:
            owned[stake.issuer][stake.holder] += greatest(stake, "fraction")
            places.setdefault(stake.issuer, (*place, "fraction"))
    group = _closed_group({issuer: dict(holders) for issuer, holders in owned.items()})
    if group:
        names = ", ".join(f'"{name}"' for name in sorted(group))
        hint = "Someone outside the circle must own a part: lower one of the fractions."
        yield Finding(places[min(group)], f"a circle that owns itself: {names}", "an owner outside it", hint)


def _closed_group(owned: dict[str, dict[str, float]]) -> set[str]:
    """Return the largest set of companies that are owned, to the last share, by members of the set."""
    group = set(owned)
    while True:
        open_to_others = {
            issuer
            for issuer in group
            if math.fsum(share for holder, share in owned[issuer].items() if holder in group) < 1 - SLACK
        }
        if not open_to_others:
            return group
        group -= open_to_others


CHANCES = (
    ("open_to_normal", "open_to_shut"),
    ("normal_to_open", "normal_to_shut"),
    ("shut_to_open", "shut_to_normal"),
)
"""Ways out of each funding regime."""


def transition_chances(draft: Draft) -> Iterator[Finding]:
    """Yield regimes that can be left with a chance above one."""
    market: Market | None = draft.market
    if market is None:
        return
    for names in CHANCES:
        hint = f"Lower {names[0]} or {names[1]}; for ranges the highest values count."
        values = [greatest(market, name) for name in names]
        yield from _above_one(("market", names[0]), values, " and ".join(names), hint)
