"""Checks that need more than one entry; each is a function from a draft to what it finds."""

from dataclasses import replace

from cashcade.world.checks import links, shares, terms
from cashcade.world.checks.draft import Draft
from cashcade.world.problems import Finding

LINKS = (
    links.reserved_ids,
    links.repeated_ids,
    links.unknown_ids,
    links.self_links,
    links.unknown_sources,
)
"""Checks of ids only: an entry of which a number is wrong can fail them too."""

CHECKS = (
    shares.order_shares,
    shares.recapture_shares,
    shares.stake_shares,
    shares.circular_stakes,
    shares.pledged_fleets,
    shares.transition_chances,
    terms.commitment_months,
    terms.loan_months,
    terms.repayments,
    terms.contracts_behind,
)
"""Checks of what sound entries say together."""


def findings_in(draft: Draft) -> list[Finding]:
    """Return everything that the checks find, in the order of the lists above."""
    whole = replace(draft, entries=draft.with_mended())
    return [
        *(finding for check in LINKS for finding in check(whole)),
        *(finding for check in CHECKS for finding in check(draft)),
    ]


__all__ = ["CHECKS", "LINKS", "Draft", "findings_in"]
