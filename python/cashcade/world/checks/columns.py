"""Screens of columns: whether a check of entries may find something in a section, without its records.

Each is stricter than the check it stands for: what passes here is sound, what does not is looked at entry by
entry.
"""

from collections.abc import Callable, Mapping

import numpy as np

from cashcade.world.block import Block, all_differ
from cashcade.world.checks.links import ENDS
from cashcade.world.checks.shares import SLACK
from cashcade.world.parameter import parameters_of
from cashcade.world.record import OUTSIDE

ROUNDING = 1e-12
"""What sums of shares may differ by, in whatever order they are added up."""


def may_fail(section: str, block: Block) -> bool:
    """Return whether a check may find something in a section, but for links and sources that are unknown."""
    return not all_differ(block.ids) or _same_ends(section, block) or SCREENS[section](block)


def _same_ends(section: str, block: Block) -> bool:
    if section not in ENDS:
        return False
    left, right = (block.link(name) for name in ENDS[section])
    return bool(np.any((left.places == right.places) & (left.places >= 0)))


def _nothing(_block: Block) -> bool:
    return False


def _companies(block: Block) -> bool:
    return not set(OUTSIDE).isdisjoint(block.ids)


def _recaptures(block: Block) -> bool:
    return _greatest_sum(block, "from", "share") > 1 + SLACK - ROUNDING


def _stakes(block: Block) -> bool:
    """Return whether an issuer may be owned entirely: it takes more than sums to tell by whom."""
    return _greatest_sum(block, "issuer", "fraction") > 1 - SLACK - ROUNDING


def _contracts(block: Block) -> bool:
    """Return whether a commitment may end before it begins."""
    if "commitments" not in block.held:
        return False
    inner = block.held["commitments"].block
    return bool(np.any(inner.number("first_month") > inner.number("last_month")))


def _fleets(block: Block) -> bool:
    """Return whether orders may give away more than the capex, or to their owner."""
    if "orders" not in block.held:
        return False
    inner = block.held["orders"].block
    owners = block.link("owner").places[inner.link("fleet").places]
    above = _greatest_sum(inner, "fleet", "share") > 1 + SLACK - ROUNDING
    return bool(above or np.any(inner.link("vendor").places == owners))


def _loans(block: Block) -> bool:
    """Return whether shares or months of loans may not fit, or there is more to compare them with."""
    pledged = _greatest_sum(block, "borrower", "fleet_collateral") > 1 + SLACK - ROUNDING
    late = np.any(block.number("interest_only") > block.number("maturity"))
    codes = parameters_of(block.model)["amortisation"].codes
    compared = np.isin(block.number("amortisation"), [codes["schedule"], codes["contract"]])
    tied = "repayments" in block.held or np.any(block.link("contract").places >= 0)
    return bool(tied or pledged or late or np.any(compared))


def _greatest_sum(block: Block, link: str, share: str) -> float:
    return float(np.bincount(block.link(link).places, block.number(share)).max())


SCREENS: Mapping[str, Callable[[Block], bool]] = {
    "company": _companies,
    "segment": _nothing,
    "recapture": _recaptures,
    "contract": _contracts,
    "loan": _loans,
    "stake": _stakes,
    "pledge": _nothing,
    "fleet": _fleets,
}
"""A screen for the checks of each section."""
