"""What would be needed: changes that turn a miss into a hit, run for comparison and no part of the worlds."""

from cashcade.rules import Change, Scenario
from cashcade.world import World

from cashcade_telecom.facts.observed import DOTCOM_COHORT, TELECOM

INCUMBENTS = ("worldcom", "bells", "long-distance")
VENDORS = ("lucent", "nortel", "cisco")


def variants(world: World) -> tuple[Scenario, ...]:
    """Return the variants of a world."""
    return {TELECOM: _telecom, DOTCOM_COHORT: _cohort}[world.name](world)


def _telecom(world: World) -> tuple[Scenario, ...]:
    carriers = [one.id for one in world.companies if "carrier" in one.tags]
    loans = [loan.id for loan in world.loans if loan.lender in VENDORS]
    plans = [Change(f"fleet.{one}-network.capex_growth", set_to=-0.6) for one in INCUMBENTS]
    outside = [Change(f"segment.{one}-elsewhere.growth", set_to=-0.7) for one in VENDORS]
    return (
        Scenario(
            "plans-turn",
            "Plans of incumbents shrink by 45 % a year at first, and sales outside the world by half",
            changes=(*plans, *outside),
        ),
        Scenario(
            "thin-market",
            "The market for used equipment is a quarter as deep",
            changes=(Change("market.depth_gpu", set_to=5e9),),
        ),
        Scenario(
            "dark-fibre",
            "Nobody takes the idle capacity of carriers",
            changes=tuple(Change(f"fleet.{one}-network.relet", set_to=0.0) for one in carriers),
        ),
        Scenario(
            "cancel",
            "Half of committed capex can be cancelled",
            changes=tuple(Change(f"fleet.{one}-network.committed", scale=0.5) for one in carriers),
        ),
        Scenario(
            "more-cash",
            "Carriers start with twice the cash",
            changes=(Change("company[tag=carrier].cash", scale=2.0),),
        ),
        Scenario(
            "less-cash",
            "Carriers start with three fifths of the cash: 0.12 of assets, the first guess",
            changes=(Change("company[tag=carrier].cash", scale=0.6),),
        ),
        Scenario(
            "draw-purchases",
            "Vendors lend against what they sell, two fifths of capex, not against all capex",
            changes=tuple(Change(f"loan.{one}.draw_share", scale=0.4) for one in loans),
        ),
    )


def _cohort(world: World) -> tuple[Scenario, ...]:
    del world
    return (
        Scenario(
            "hibernate",
            "Young companies can cut four fifths of all spending, staff too, when cash gets short",
            changes=(
                Change("company.*.fixed_cost", scale=0.2),
                Change("company.*.discretionary_cost", scale=3.0 / 1.4),
                Change("company.*.burn_cut_floor", set_to=0.2),
            ),
            doc="Staff of 2.0 and marketing of 1.4 times revenue become fixed cost of 0.4, and 3.0 can be "
            "cut: the sum is the same.",
        ),
    )
