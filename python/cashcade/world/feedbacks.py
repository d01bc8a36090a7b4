"""The feedbacks of the model, each with a switch: what makes matters worse or better.

A feedback is off where what steers it is neutral: a switch is a change of parameters, and the core knows
nothing of it. The neutral value is in the table (`off`). A mechanism that is new adds its row here.

A world names what it leaves out in `[world] without`, a run in `without=` or `--without`; `switches.py` puts
both together, and `switched_off` below changes the world.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Literal

from cashcade import _core
from cashcade.world.record import CAPITAL, Record, attributes_of

if TYPE_CHECKING:
    from cashcade.world.world import World

Kind = Literal["reinforcing", "balancing"]
Test = Callable[["World", Any], bool]


@dataclass(frozen=True, slots=True)
class Change:
    """One parameter that is set to what has no effect.

    Parameters
    ----------
    entity, field
        Whose, and which.
    value
        The neutral value, or the name of the field of the same record whose value is taken.
    where
        Which entries it concerns; by default all.
    """

    entity: str
    field: str
    value: float | str
    where: Test | None = None

    def concerns(self, world: "World", record: Record) -> bool:
        """Whether the parameter of an entry is to be changed."""
        return self.where is None or self.where(world, record)

    def of(self, record: Record) -> Any:  # noqa: ANN401 - a number, or what the other field holds
        """Return the neutral value for an entry."""
        if not isinstance(self.value, str):
            return self.value
        return getattr(record, attributes_of(type(record))[self.value])


@dataclass(frozen=True, slots=True)
class Feedback:
    """A feedback of the model.

    Parameters
    ----------
    name
        What users call it.
    kind
        What is expected of it: that it makes a disturbance larger, or smaller. What it does in a world is
        measured (`cashcade.measure_feedbacks`).
    meaning
        What happens, in one line.
    changes
        What switches it off.
    """

    name: str
    kind: Kind
    meaning: str
    changes: tuple[Change, ...]


def _sells_inside(world: "World", pledge: Any) -> bool:  # noqa: ANN401 - a pledge
    """Whether the investor of a pledge supplies companies of the network, or is a vendor of equipment."""
    vendors = {order.vendor for fleet in world.fleets for order in fleet.orders}
    suppliers = {contract.supplier for contract in world.contracts}
    return pledge.investor != CAPITAL and pledge.investor in vendors | suppliers


_OFF = {
    row.full_name: Change(row.entity, row.name, bool(row.off) if row.unit == "flag" else row.off)
    for row in _core.table().parameters
    if row.off is not None
}
"""What switches off what each parameter steers, where the table knows a value that does."""


def _feedback(name: str, kind: Kind, meaning: str, *changes: str | Change) -> Feedback:
    """Return a feedback from the parameters that steer it, or from changes where the table has no value."""
    made = (_OFF[change] if isinstance(change, str) else change for change in changes)
    return Feedback(name, kind, meaning, tuple(made))


WINDOWS = tuple(
    product(
        ("venture", "credit", "shares", "listings"),
        ("shuts", "opens"),
        ("drawdown", "losses", "strain", "refused"),
    )
)
"""What moves each of the windows."""


FEEDBACKS = {
    feedback.name: feedback
    for feedback in (
        _feedback(
            "price-churn",
            "reinforcing",
            "A dearer or worse product loses customers, with them revenue, runway and the next round.",
            "segment.elasticity",
            "company.service_cut",
        ),
        _feedback(
            "growth-round",
            "reinforcing",
            "Who loses revenue, with a dead customer or otherwise, finds it harder to raise a round.",
            "market.odds_growth",
            "market.odds_burn",
        ),
        _feedback(
            "run-rate-valuation",
            "reinforcing",
            "Faster growth brings a higher multiple, and that a larger round.",
            "company.growth_premium",
        ),
        _feedback(
            "hurdle",
            "reinforcing",
            "A round at a high price makes the next one, or an exit, harder.",
            "market.odds_price",
        ),
        _feedback(
            "commitments-round",
            "reinforcing",
            "Who earns little and has promised much finds it harder to raise a round.",
            "market.odds_commitments",
            "market.odds_margin",
        ),
        _feedback(
            "refusals",
            "reinforcing",
            "A round that is refused keeps investors away for months.",
            "market.retry_months",
        ),
        _feedback(
            "down-rounds",
            "reinforcing",
            "Who must raise a round sells at a discount.",
            "market.needed_discount",
        ),
        _feedback(
            "windows",
            "reinforcing",
            "Falls of the index, credit losses, strain and refusals shut windows, and keep them shut.",
            *(f"market.{window}_{event}_{state}" for window, event, state in WINDOWS),
        ),
        _feedback(
            "dry-powder",
            "reinforcing",
            "Few exits return little to investors, who then have less for rounds.",
            "market.dry_powder",
        ),
        _feedback(
            "vendor-finance",
            "reinforcing",
            "Who sells to companies of the network also pays them the cash to buy with.",
            Change("pledge", "amount", 0.0, _sells_inside),
            "pledge.of_purchases",
            "loan.draw_purchases",
        ),
        _feedback(
            "capex-valuation",
            "reinforcing",
            "A higher valuation brings more capex, and that is the revenue and valuation of others.",
            "fleet.capex_valuation",
        ),
        _feedback(
            "accelerator",
            "reinforcing",
            "Demand and orders beyond capacity bring more capex, and that is the revenue of others.",
            "fleet.capex_pressure",
            "fleet.capex_catch_up",
            "fleet.capex_orders",
        ),
        _feedback(
            "investor-confidence",
            "reinforcing",
            "Who falls behind the market, or whose depreciation eats its earnings, is allowed less capex.",
            "company.confidence_value",
            "company.confidence_burden",
        ),
        _feedback(
            "orphaned-fleets",
            "reinforcing",
            "Fleets of the failed stay installed, and press on the rents of those who live.",
            "market.spot_market",
        ),
        _feedback(
            "thin-markets",
            "reinforcing",
            "Forced sales fetch less when those who could buy have no cash, or funding is shut.",
            "market.depth_cash",
            "market.depth_shut",
        ),
        _feedback(
            "capex-gdp",
            "reinforcing",
            "Capex raises GDP, GDP demand, and demand what can be spent on capex.",
            "segment.gdp_loading",
        ),
        _feedback(
            "wealth",
            "reinforcing",
            "Higher values of companies make people richer, who then buy more of them.",
            "segment.wealth_loading",
        ),
        _feedback(
            "patience",
            "reinforcing",
            "Patience with capex beyond AI revenue runs out: leases are dropped, then plans cut.",
            "fleet.patience_hazard",
        ),
        _feedback(
            "backlog",
            "reinforcing",
            "Commitments of customers become capex: by what these can pay, or by what lacks to serve them.",
            "fleet.capex_of_backlog",
            "fleet.construction",
        ),
        _feedback(
            "fire-sale",
            "reinforcing",
            "Fleets of the failed, sold, mark down those of others.",
            "market.depth_gpu",
            "market.depth_building",
            "market.depth_power",
        ),
        _feedback(
            "spread",
            "reinforcing",
            "Spreads rise when funding shuts, and with them interest.",
            Change("market", "spread_open", "spread_normal"),
            Change("market", "spread_shut", "spread_normal"),
        ),
        _feedback(
            "leverage-spread",
            "reinforcing",
            "Who owes much for what it is worth pays a spread on top and finds it harder to refinance.",
            "market.spread_leverage",
            "market.refinance_leverage",
            "market.refinance_spread",
        ),
        _feedback(
            "lender-tightening",
            "reinforcing",
            "Lenders who lose money lend and refinance less, and ask for more.",
            "market.tightening",
            "market.tightening_spread",
        ),
        _feedback(
            "lender-losses",
            "reinforcing",
            "A tenant fails, then its landlord, then who lent to it and cannot bear the loss.",
            "company.loss_capacity",
        ),
        _feedback(
            "sentiment",
            "reinforcing",
            "The failure of a large company shuts funding for all.",
            "market.sentiment",
        ),
        _feedback(
            "lab-competes",
            "reinforcing",
            "The lab sells a product of its own, which pulls users away from the apps that buy of it.",
            "recapture.pull",
        ),
        _feedback(
            "adverse-selection",
            "reinforcing",
            "A dearer plan at one price drives light users away first, and those who stay cost more.",
            "segment.use_spread",
        ),
        _feedback(
            "retrenchment",
            "balancing",
            "Who is short of cash cuts staff and what it builds, asks more for what it sells, or hibernates.",
            "company.target_runway",
            "company.repricing",
            "company.hibernation_floor",
        ),
        _feedback(
            "cheaper-tokens",
            "balancing",
            "Use per task grows while the price of a token falls.",
            "contract.intensity_trend",
        ),
        _feedback(
            "routing",
            "balancing",
            "Customers move use away from a supplier that is dearer.",
            "contract.routing",
        ),
        _feedback(
            "use-caps",
            "balancing",
            "Apps whose inputs are dearer cap what each user gets, in place of price.",
            "company.use_cap",
        ),
        _feedback(
            "plan-caps",
            "balancing",
            "Sellers of plans whose inputs are dearer cap use per user, and lose the heavy users first.",
            "segment.cap_response",
        ),
        _feedback(
            "full-market",
            "balancing",
            "A market that fills up slows the growth of all who sell to it.",
            "segment.potential",
        ),
        _feedback(
            "recapture",
            "balancing",
            "Rivals, the lab among them, gain the users that a dearer or dead company loses.",
            "recapture.share",
        ),
        _feedback(
            "reletting",
            "balancing",
            "Idle capacity is let again, at the GPU rental index.",
            "fleet.relet",
        ),
        _feedback(
            "scarcity-rent",
            "balancing",
            "Rents of GPUs rise while demand outgrows capacity, and fall when it does not.",
            "market.gpu_clearing",
        ),
        _feedback(
            "replacement",
            "balancing",
            "Customers replace what they lost with a dead supplier, in time.",
            "contract.replace_months",
        ),
        _feedback(
            "burn-cuts",
            "balancing",
            "Research is cut when runway is short.",
            "company.burn_cut_runway",
        ),
        _feedback(
            "workouts",
            "balancing",
            "Lenders wait for a balance that cannot be paid rather than see the borrower fail.",
            "market.workout_open",
            "market.workout_normal",
            "market.workout_shut",
        ),
        _feedback(
            "backstop",
            "balancing",
            "Guarantors and the public pay what the failing cannot.",
            "market.backstop",
            "loan.guaranteed",
        ),
        _feedback(
            "standby-loans",
            "balancing",
            "Companies draw loans when runway is short.",
            "loan.draw_runway",
        ),
        _feedback(
            "public-equity",
            "balancing",
            "Public companies sell new shares when runway is short.",
            "company.equity_runway",
        ),
        _feedback(
            "renegotiation",
            "balancing",
            "Suppliers waive commitments of a customer whose runway is short.",
            "contract.renegotiable",
        ),
    )
}
"""All feedbacks by name, the reinforcing ones first."""


def switched_off(world: "World", names: Collection[str]) -> "World":
    """Return a world without some feedbacks; its own `[world] without` are not looked at.

    Parameters
    ----------
    world
        A world.
    names
        Names of feedbacks, which must be known.
    """
    changes = [change for name in names for change in FEEDBACKS[name].changes]
    if not changes:
        return world
    update: dict[str, Any] = {"market": _changed(world, world.market, _of(changes, "market"))}
    for kind, entries in world.sections().items():
        mine = _of(changes, kind)
        if mine:
            update[_field(world, kind)] = tuple(_changed(world, entry, mine) for entry in entries)
    return world.model_copy(update=update)


def _of(changes: Iterable[Change], entity: str) -> list[Change]:
    return [change for change in changes if change.entity == entity]


def _field(world: "World", section: str) -> str:
    """Return the attribute of a world that holds a section."""
    return attributes_of(type(world))[section]


def _changed(world: "World", record: Record, changes: list[Change]) -> Record:
    """Return a record with what concerns it changed."""
    names = attributes_of(type(record))
    update = {names[each.field]: each.of(record) for each in changes if each.concerns(world, record)}
    return record.model_copy(update=update) if update else record
