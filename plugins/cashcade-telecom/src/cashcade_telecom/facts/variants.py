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
            "lend-all",
            "Vendors lend all that is paid for what they sell, not the part that reports before that show",
            changes=tuple(Change(f"loan.{one}.draw_purchases", set_to=1.0) for one in loans),
        ),
    )


def _cohort(world: World) -> tuple[Scenario, ...]:
    del world
    return (
        Scenario(
            "awake",
            "Young companies cut no staff, do not hibernate, and are offered no rounds that they do not need",
            changes=(
                Change("company.*.target_runway", set_to=0.0),
                Change("company.*.hibernation_floor", set_to=1.0),
                Change("company.*.round_offers", set_to=0.0),
            ),
            doc="What the world did not say of them before it was read from ai-2025-08 like the rest.",
        ),
    )
