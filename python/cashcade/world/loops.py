"""The loops of the model, each with a switch: what makes matters worse or better, and how to leave it out.

A loop is off where what steers it is neutral: a switch is a change of parameters, and the core knows nothing
of it. What is neutral the table says (`off`). A mechanism that is new adds its row here.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
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
class Loop:
    """A loop of the model.

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


_OFF = {
    row.full_name: Change(row.entity, row.name, row.off)
    for row in _core.table().parameters
    if row.off is not None
}
"""What switches off what each parameter steers, where the table knows a value that does."""


def _loop(name: str, kind: Kind, meaning: str, *changes: str | Change) -> Loop:
    """Return a loop from the parameters that steer it, or from changes where the table has no value."""
    made = (_OFF[change] if isinstance(change, str) else change for change in changes)
    return Loop(name, kind, meaning, tuple(made))


LOOPS = {
    loop.name: loop
    for loop in (
        _loop(
            "price-churn",
            "reinforcing",
            "A dearer or worse product loses customers, with them revenue, runway and the next round.",
            "segment.elasticity",
            "company.service_cut",
        ),
        _loop(
            "growth-round",
            "reinforcing",
            "Who loses revenue, with a dead customer or otherwise, finds it harder to raise a round.",
            "market.odds_growth",
            "market.odds_burn",
        ),
        _loop(
            "run-rate-valuation",
            "reinforcing",
            "Faster growth brings a higher multiple, and that a larger round.",
            "company.growth_premium",
        ),
        _loop(
            "hurdle",
            "reinforcing",
            "A round at a high price makes the next one, or an exit, harder.",
            "market.odds_price",
        ),
        _loop(
            "dry-powder",
            "reinforcing",
            "Few exits return little to investors, who then have less for rounds.",
            "market.dry_powder",
        ),
        _loop(
            "vendor-finance",
            "reinforcing",
            "Who sells to companies of the network also pays them the cash to buy with.",
            Change("pledge", "amount", 0.0, _sells_inside),
            "pledge.of_purchases",
            "loan.draw_purchases",
        ),
        _loop(
            "capex-valuation",
            "reinforcing",
            "A higher valuation brings more capex, and that is the revenue and valuation of others.",
            "fleet.capex_valuation",
        ),
        _loop(
            "capex-gdp",
            "reinforcing",
            "Capex raises GDP, GDP demand, and demand what can be spent on capex.",
            "segment.gdp_loading",
        ),
        _loop(
            "wealth",
            "reinforcing",
            "Higher values of companies make people richer, who then buy more of them.",
            "segment.wealth_loading",
        ),
        _loop(
            "patience",
            "reinforcing",
            "Patience with capex beyond AI revenue runs out: leases are dropped, then plans cut.",
            "fleet.patience_hazard",
        ),
        _loop(
            "backlog",
            "reinforcing",
            "Commitments of customers, by what these can pay, become capex.",
            "fleet.capex_of_backlog",
        ),
        _loop(
            "fire-sale",
            "reinforcing",
            "Fleets of the failed, sold, mark down those of others.",
            "market.depth_gpu",
            "market.depth_building",
            "market.depth_power",
        ),
        _loop(
            "spread",
            "reinforcing",
            "Spreads rise when funding shuts, and with them interest.",
            Change("market", "spread_open", "spread_normal"),
            Change("market", "spread_shut", "spread_normal"),
        ),
        _loop(
            "leverage-spread",
            "reinforcing",
            "Who owes much for what it is worth pays a spread on top and finds it harder to refinance.",
            "market.spread_leverage",
            "market.refinance_leverage",
            "market.refinance_spread",
        ),
        _loop(
            "lender-tightening",
            "reinforcing",
            "Lenders who lose money lend and refinance less, and ask for more.",
            "market.tightening",
            "market.tightening_spread",
        ),
        _loop(
            "lender-losses",
            "reinforcing",
            "A tenant fails, then its landlord, then who lent to it and cannot bear the loss.",
            "company.loss_capacity",
        ),
        _loop(
            "sentiment",
            "reinforcing",
            "The failure of a large company shuts funding for all.",
            "market.sentiment",
        ),
        _loop(
            "lab-competes",
            "reinforcing",
            "The lab sells a product of its own, which pulls users away from the apps that buy of it.",
            "recapture.pull",
        ),
        _loop(
            "cheaper-tokens",
            "balancing",
            "Use per task grows while the price of a token falls.",
            "contract.intensity_trend",
        ),
        _loop(
            "routing",
            "balancing",
            "Customers move use away from a supplier that is dearer.",
            "contract.routing",
        ),
        _loop(
            "use-caps",
            "balancing",
            "Apps whose inputs are dearer cap what each user gets, in place of price.",
            "company.use_cap",
        ),
        _loop(
            "recapture",
            "balancing",
            "Rivals, the lab among them, gain the users that a dearer or dead company loses.",
            "recapture.share",
        ),
        _loop(
            "reletting",
            "balancing",
            "Idle capacity is let again, at the GPU rental index.",
            "fleet.relet",
        ),
        _loop(
            "scarcity-rent",
            "balancing",
            "Rents of GPUs rise while demand outgrows capacity, and fall when it does not.",
            "market.gpu_clearing",
        ),
        _loop(
            "replacement",
            "balancing",
            "Customers replace what they lost with a dead supplier, in time.",
            "contract.replace_months",
        ),
        _loop(
            "burn-cuts",
            "balancing",
            "Research is cut when runway is short.",
            "company.burn_cut_runway",
        ),
        _loop(
            "workouts",
            "balancing",
            "Lenders wait for a balance that cannot be paid rather than see the borrower fail.",
            "market.workout_open",
            "market.workout_normal",
            "market.workout_shut",
        ),
        _loop(
            "backstop",
            "balancing",
            "Guarantors and the public pay what the failing cannot.",
            "market.backstop",
            "loan.guaranteed",
        ),
        _loop(
            "standby-loans",
            "balancing",
            "Companies draw loans when runway is short.",
            "loan.draw_runway",
        ),
        _loop(
            "public-equity",
            "balancing",
            "Public companies sell new shares when runway is short.",
            "company.equity_runway",
        ),
        _loop(
            "renegotiation",
            "balancing",
            "Suppliers waive commitments of a customer whose runway is short.",
            "contract.renegotiable",
        ),
    )
}
"""All loops by name, the reinforcing ones first."""


def switched_off(world: "World", names: Collection[str]) -> "World":
    """Return a world without some loops; its own `[world] without` are not looked at.

    Parameters
    ----------
    world
        A world.
    names
        Names of loops, which must be known.
    """
    changes = [change for name in names for change in LOOPS[name].changes]
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
