"""Checks that need more than one entry; each is a function from a draft to what it finds."""

from cashcade.world.checks import links, shares, terms
from cashcade.world.checks.draft import Draft
from cashcade.world.problems import Finding

CHECKS = (
    links.reserved_ids,
    links.repeated_ids,
    links.unknown_ids,
    links.self_links,
    links.unknown_sources,
    shares.order_shares,
    shares.recapture_shares,
    shares.stake_shares,
    shares.circular_stakes,
    shares.pledged_fleets,
    shares.transition_chances,
    terms.commitment_months,
    terms.loan_months,
    terms.repayments,
)


def findings_in(draft: Draft) -> list[Finding]:
    """Return everything that the checks find, in the order of the list above."""
    return [finding for check in CHECKS for finding in check(draft)]


__all__ = ["CHECKS", "Draft", "findings_in"]
