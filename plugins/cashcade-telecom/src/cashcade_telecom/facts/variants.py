"""What would be needed: changes that turn a miss into a hit, run for comparison and no part of the worlds."""

from cashcade.load import load_world
from cashcade.rules import Change, Scenario

from cashcade_telecom.facts.observed import DOTCOM_COHORT, TELECOM

INCUMBENTS = ("worldcom", "bells", "long-distance")
VENDORS = ("lucent", "nortel", "cisco")


def _carriers() -> list[str]:
    return [one.id for one in load_world(TELECOM).companies if "carrier" in one.tags]


def _vendor_loans() -> list[str]:
    world = load_world(TELECOM)
    return [loan.id for loan in world.loans if loan.lender in VENDORS]


def variants() -> dict[str, tuple[Scenario, ...]]:
    """Return the variants of each world, by its name."""
    plans = [Change(f"fleet.{one}-network.capex_growth", set_to=-0.6) for one in INCUMBENTS]
    outside = [Change(f"segment.{one}-elsewhere.growth", set_to=-0.7) for one in VENDORS]
    cancel = [Change(f"fleet.{one}-network.committed", scale=0.5) for one in _carriers()]
    draws = [Change(f"loan.{one}.draw_share", scale=0.4) for one in _vendor_loans()]
    telecom = (
        Scenario(
            "plans-turn",
            "Plans of incumbents shrink by 45 % a year at first, and sales outside the world by half",
            changes=[*plans, *outside],
        ),
        Scenario(
            "thin-market",
            "The market for used equipment is a quarter as deep",
            changes=[Change("market.depth_gpu", set_to=5e9)],
        ),
        Scenario("cancel", "Half of committed capex can be cancelled", changes=cancel),
        Scenario(
            "more-cash",
            "Carriers start with twice the cash",
            changes=[Change("company[tag=carrier].cash", scale=2.0)],
        ),
        Scenario(
            "draw-purchases",
            "Vendors lend against what they sell, two fifths of capex, not against all capex",
            changes=draws,
        ),
    )
    hibernate = Scenario(
        "hibernate",
        "Young companies can cut all spending, staff too, to a fifth",
        changes=[
            Change("company.*.fixed_cost", scale=0.2),
            Change("company.*.burn_cut_floor", set_to=0.2),
        ],
    )
    return {TELECOM: telecom, DOTCOM_COHORT: (hibernate,)}
