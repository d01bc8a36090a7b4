"""The feedbacks of the model, each with a switch: what makes matters worse or better.

A feedback is off where what steers it is neutral: a switch is a change of parameters, and the core knows
nothing of it. A mechanism that is new adds its row here.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from cashcade.world.parameter import LARGEST
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
        Whether it makes a disturbance larger or smaller.
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


def _feedback(name: str, kind: Kind, meaning: str, *changes: tuple[str, float | str] | Change) -> Feedback:
    """Return a feedback from "entity.field" and neutral value of each change."""
    made = (change if isinstance(change, Change) else _change(*change) for change in changes)
    return Feedback(name, kind, meaning, tuple(made))


def _change(parameter: str, value: float | str) -> Change:
    entity, _, field = parameter.partition(".")
    return Change(entity, field, value)


FEEDBACKS = {
    feedback.name: feedback
    for feedback in (
        _feedback(
            "price-churn",
            "reinforcing",
            "A dearer or worse product loses customers, with them revenue, runway and the next round.",
            ("segment.elasticity", 0.0),
            ("company.service_cut", 0.0),
        ),
        _feedback(
            "growth-round",
            "reinforcing",
            "Who loses revenue, with a dead customer or otherwise, finds it harder to raise a round.",
            ("market.odds_growth", 0.0),
            ("market.odds_burn", 0.0),
        ),
        _feedback(
            "run-rate-valuation",
            "reinforcing",
            "Faster growth brings a higher multiple, and that a larger round.",
            ("company.growth_premium", 0.0),
        ),
        _feedback(
            "hurdle",
            "reinforcing",
            "A round at a high price makes the next one, or an exit, harder.",
            ("market.odds_price", 0.0),
        ),
        _feedback(
            "dry-powder",
            "reinforcing",
            "Few exits return little to investors, who then have less for rounds.",
            ("market.dry_powder", LARGEST),
        ),
        _feedback(
            "vendor-finance",
            "reinforcing",
            "Who sells to companies of the network also pays them the cash to buy with.",
            Change("pledge", "amount", 0.0, _sells_inside),
            ("pledge.of_purchases", 0.0),
            ("loan.draw_purchases", 0.0),
        ),
        _feedback(
            "capex-valuation",
            "reinforcing",
            "A higher valuation brings more capex, and that is the revenue and valuation of others.",
            ("fleet.capex_valuation", 0.0),
        ),
        _feedback(
            "capex-gdp",
            "reinforcing",
            "Capex raises GDP, GDP demand, and demand what can be spent on capex.",
            ("segment.gdp_loading", 0.0),
        ),
        _feedback(
            "wealth",
            "reinforcing",
            "Higher values of companies make people richer, who then buy more of them.",
            ("segment.wealth_loading", 0.0),
        ),
        _feedback(
            "patience",
            "reinforcing",
            "Patience with capex beyond AI revenue runs out: leases are dropped, then plans cut.",
            ("fleet.patience_hazard", 0.0),
        ),
        _feedback(
            "backlog",
            "reinforcing",
            "Commitments of customers, by what these can pay, become capex.",
            ("fleet.capex_of_backlog", 0.0),
        ),
        _feedback(
            "fire-sale",
            "reinforcing",
            "Fleets of the failed, sold, mark down those of others.",
            ("market.depth_gpu", LARGEST),
            ("market.depth_building", LARGEST),
            ("market.depth_power", LARGEST),
        ),
        _feedback(
            "spread",
            "reinforcing",
            "Spreads rise when funding shuts, and with them interest.",
            ("market.spread_open", "spread_normal"),
            ("market.spread_shut", "spread_normal"),
        ),
        _feedback(
            "leverage-spread",
            "reinforcing",
            "Who owes much for what it is worth pays a spread on top and finds it harder to refinance.",
            ("market.spread_leverage", 0.0),
            ("market.refinance_leverage", 0.0),
            ("market.refinance_spread", 0.0),
        ),
        _feedback(
            "lender-tightening",
            "reinforcing",
            "Lenders who lose money lend and refinance less, and ask for more.",
            ("market.tightening", 0.0),
            ("market.tightening_spread", 0.0),
        ),
        _feedback(
            "lender-losses",
            "reinforcing",
            "A tenant fails, then its landlord, then who lent to it and cannot bear the loss.",
            ("company.loss_capacity", LARGEST),
        ),
        _feedback(
            "sentiment",
            "reinforcing",
            "The failure of a large company shuts funding for all.",
            ("market.sentiment", 0.0),
        ),
        _feedback(
            "lab-competes",
            "reinforcing",
            "The lab sells a product of its own, which pulls users away from the apps that buy of it.",
            ("recapture.pull", 0.0),
        ),
        _feedback(
            "cheaper-tokens",
            "balancing",
            "Use per task grows while the price of a token falls.",
            ("contract.intensity_trend", 0.0),
        ),
        _feedback(
            "routing",
            "balancing",
            "Customers move use away from a supplier that is dearer.",
            ("contract.routing", 0.0),
        ),
        _feedback(
            "use-caps",
            "balancing",
            "Apps whose inputs are dearer cap what each user gets, in place of price.",
            ("company.use_cap", 0.0),
        ),
        _feedback(
            "recapture",
            "balancing",
            "Rivals, the lab among them, gain the users that a dearer or dead company loses.",
            ("recapture.share", 0.0),
        ),
        _feedback(
            "reletting",
            "balancing",
            "Idle capacity is let again, at the GPU rental index.",
            ("fleet.relet", 0.0),
        ),
        _feedback(
            "scarcity-rent",
            "balancing",
            "Rents of GPUs rise while demand outgrows capacity, and fall when it does not.",
            ("market.gpu_clearing", 0.0),
        ),
        _feedback(
            "replacement",
            "balancing",
            "Customers replace what they lost with a dead supplier, in time.",
            ("contract.replace_months", 0.0),
        ),
        _feedback(
            "burn-cuts",
            "balancing",
            "Research is cut when runway is short.",
            ("company.burn_cut_runway", 0.0),
        ),
        _feedback(
            "workouts",
            "balancing",
            "Lenders wait for a balance that cannot be paid rather than see the borrower fail.",
            ("market.workout_open", 0.0),
            ("market.workout_normal", 0.0),
            ("market.workout_shut", 0.0),
        ),
        _feedback(
            "backstop",
            "balancing",
            "Guarantors and the public pay what the failing cannot.",
            ("market.backstop", 0.0),
            ("loan.guaranteed", 0.0),
        ),
        _feedback(
            "standby-loans",
            "balancing",
            "Companies draw loans when runway is short.",
            ("loan.draw_runway", 0.0),
        ),
        _feedback(
            "public-equity",
            "balancing",
            "Public companies sell new shares when runway is short.",
            ("company.equity_runway", 0.0),
        ),
        _feedback(
            "renegotiation",
            "balancing",
            "Suppliers waive commitments of a customer whose runway is short.",
            ("contract.renegotiable", 0.0),
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
