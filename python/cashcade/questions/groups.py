"""Groups of assumptions: what scenarios say otherwise, by what it is about."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import combinations, groupby

from cashcade.errors import ArgumentError
from cashcade.plugin.offers import Catalogue
from cashcade.questions.sides import BASELINE
from cashcade.questions.sides import Named as Chosen
from cashcade.rules import Change, ExitScenario, Rule, Scenario, Shock, Use
from cashcade.words.names import texts
from cashcade.world import World
from cashcade.world.paths import met
from cashcade.world.problems import shown
from cashcade.world.record import Named

KINDS: dict[str, tuple[str, ...]] = {
    "hardware life": ("fleet.economic_life", "fleet.book_life", "fleet.age_span", "fleet.refresh"),
    "capex": ("fleet.*", "order.*", "company.confidence_*", "company.burden_tolerance"),
    "price response": ("segment.elasticity", "segment.response", "segment.adjust_months", "contract.rout*"),
    "demand": ("segment.*", "recapture.*", "market.common*", "market.wealth_lag"),
    "prices": (
        *("company.price_[!i]*", "company.list_*", "company.pass*", "company.repricing"),
        *("company.margin_wanted", "company.service_cut", "company.use_cap", "company.cap_felt"),
        *("contract.tier", "contract.price_*", "market.gpu_*", "market.substitution_premium"),
    ),
    "commitments": (
        *("commitment.*", "contract.renegotiable", "contract.cut_first"),
        *("market.renegotiation_runway", "market.pay_on_delivery"),
    ),
    "costs": (
        "contract.*",
        "company.*fixed_cost*",
        "company.variable_cost",
        "company.cost_*",
        "company.tax*",
    ),
    "spending": (
        *("company.discretionary_*", "company.burn_*", "company.staff_*", "company.severance"),
        *("company.hibernation_*", "company.own_compute", "company.target_runway", "company.payout"),
    ),
    "windows": (
        *("market.regime", "market.funding", "market.*listing*", "market.windows*", "market.*_window"),
        *("market.venture_*", "market.credit_*", "market.shares_*", "market.window_*", "market.open_to_*"),
        *("market.normal_to_*", "market.shut_to_*", "market.odds_*", "market.luck_*", "market.dry_powder*"),
        *("market.offers_*", "market.equity_*", "market.sentiment", "market.retry_months"),
        *("market.appetite_half_life", "market.needed_discount", "market.share_sold_deviation"),
        *("market.large_company", "market.usual_losses"),
        *("company.round_*", "company.equity_runway", "company.share_sold", "company.public", "pledge.*"),
    ),
    "credit": (
        *("loan.*", "repayment.*", "market.base_rate", "market.spread_*", "market.refinance_*"),
        *("market.leverage_free", "market.tightening*", "market.workout_*", "market.backstop*"),
        *("company.lending_capacity", "company.loss_capacity", "company.default_cost"),
    ),
    "values": (
        *("market.index_*", "market.value_*", "market.discount_rate", "company.*valu*", "company.beta"),
        *(
            "company.growth_premium",
            "company.price_impact",
            "company.target_margin",
            "company.outlook_*",
            "company.mispricing",
        ),
        *("company.window_loading", "stake.*"),
    ),
    "collateral": ("market.depth_*", "market.impact_*", "market.salvage", "market.spot_market"),
    "economy": ("market.gdp_*", "market.domestic_share"),
    "cash": ("company.cash", "company.minimum_cash"),
    "entries": ("entries.*",),
    "exits": ("exits.*", "market.shell_closing", "company.share_deals"),
}
"""What assumptions are about, by the kind and name of what they move; the first that fits counts."""

REST = "the rest"
"""Group of what none of the groups holds."""

ALONE = "swap"
"""Scenario of what is in none."""

DOORS = "exits.doors"
"""What an exit scenario moves besides its changes."""

ENTRIES = "entries.added"
"""What entries that join the world move, and changes that meet nothing without them."""

Part = Change | Use | Rule | ExitScenario | tuple[Named, ...]
"""What scenarios are made of."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A part of a scenario.

    Parameters
    ----------
    part
        The part.
    levers
        What it moves, such as `segment.growth`.
    names
        What it is called: levers, and the path of a change, the name of a shock, rule or exit scenario, or
        the ids of entries.
    origin
        Name of its scenario; rules and their luck are called after it.
    """

    part: Part
    levers: tuple[str, ...]
    names: tuple[str, ...]
    origin: str = ALONE


def pieces(given: Chosen | Sequence[Chosen], catalogue: Catalogue, world: World) -> list[Piece]:
    """Take scenarios apart.

    Parameters
    ----------
    given
        One or several; "baseline" for none.
    catalogue
        What there is by name.
    world
        Which they change.

    Raises
    ------
    ArgumentError, RuleError, PluginError
        It is no scenario, or does not fit.
    """
    several = [given] if isinstance(given, str) or not isinstance(given, Sequence) else list(given)
    found = (piece for each in several if each != BASELINE for piece in _pieces(each, catalogue))
    return [_rooted(piece, world) for piece in found]


def _rooted(piece: Piece, world: World) -> Piece:
    """Tie a change that meets nothing in the world to the entries that join it."""
    if not isinstance(piece.part, Change):
        return piece
    try:
        met(world, piece.part.pattern)
    except ArgumentError:
        return replace(piece, levers=(*piece.levers, ENTRIES))
    return piece


def _pieces(given: object, catalogue: Catalogue) -> Iterator[Piece]:
    if isinstance(given, str):
        given = catalogue.find(given).record
    if isinstance(given, Shock):
        given = Use(given)
    match given:
        case Change():
            name = f"{given.pattern.kind}.{given.pattern.field}"
            yield Piece(given, (name,), (name, given.path))
        case Use():
            shock = given.shock if isinstance(given.shock, str) else given.shock.name
            rules = [each.record for each in catalogue.parts(given).given]
            yield _of_rules(given, shock, [rule for rule in rules if isinstance(rule, Rule)])
        case Rule():
            yield _of_rules(given, given.name, [given])
        case ExitScenario():
            moved = _of_rules(given, given.name, given.rules)
            changed = [f"{change.pattern.kind}.{change.pattern.field}" for change in given.changes]
            levers = (DOORS, *moved.levers, *changed)
            yield Piece(given, levers, (*levers, given.name))
        case Scenario():
            yield from _of_scenario(given, catalogue)
        case _:
            raise ArgumentError(f"{shown(given)} is no scenario or shock, which alone can be swapped.")


def _of_scenario(given: Scenario, catalogue: Catalogue) -> Iterator[Piece]:
    if given.adds:
        ids = ", ".join(entry.id for entry in given.adds if entry.id)
        yield Piece(given.adds, (ENTRIES,), (ENTRIES, ids or ENTRIES), given.name)
    for each in (*given.changes, *given.shocks, *given.rules, *given.exits):
        yield from (replace(piece, origin=given.name) for piece in _pieces(each, catalogue))


def _of_rules(part: Part, name: str, rules: Sequence[Rule]) -> Piece:
    levers = tuple(dict.fromkeys(action.moves for rule in rules for action in rule.do))
    return Piece(part, levers, (*levers, name))


def scenarios_of(parts: Sequence[Piece]) -> list[Scenario]:
    """Make scenarios of pieces, in their order, with the names of those they come from."""
    return [_scenario(name, list(some)) for name, some in groupby(parts, key=lambda piece: piece.origin)]


def _scenario(name: str, parts: Sequence[Piece]) -> Scenario:
    each = [piece.part for piece in parts]
    return Scenario(
        name,
        name,
        shocks=tuple(part for part in each if isinstance(part, Use)),
        exits=tuple(part for part in each if isinstance(part, ExitScenario)),
        rules=tuple(part for part in each if isinstance(part, Rule)),
        changes=tuple(part for part in each if isinstance(part, Change)),
        adds=tuple(entry for part in each if isinstance(part, tuple) for entry in part),
    )


def grouped(
    sides: Sequence[Sequence[Piece]], world: World, groups: Mapping[str, Sequence[str]] | None
) -> list[list[str]]:
    """Give the group of each piece of each side.

    Parameters
    ----------
    sides
        Pieces of the scenarios.
    world
        Which they change.
    groups
        By name, patterns of what belongs to it: of the paths of changes, of levers as `segment.growth`, or of
        names of shocks. By default what pieces are about (`KINDS`); pieces that move one lever are then in
        one group, whatever else they move.

    Raises
    ------
    ArgumentError
        Groups are not given so, or tear apart what moves the same lever.
    """
    every = [piece for side in sides for piece in side]
    found = _about(every) if groups is None else _named(every, _checked(groups), world)
    names = iter(found)
    return [[next(names) for _ in side] for side in sides]


def _about(every: Sequence[Piece]) -> list[str]:
    """Group pieces by what they are about; those that move one lever are of one group."""
    block = list(range(len(every)))
    for (one, piece), (other, beside) in combinations(enumerate(every), 2):
        if block[one] != block[other] and set(piece.levers) & set(beside.levers):
            block = [block[one] if each == block[other] else each for each in block]
    kinds: dict[int, Counter[str]] = {}
    for place, piece in zip(block, every, strict=True):
        kinds.setdefault(place, Counter()).update(map(_kind, piece.levers))
    order = [*KINDS, REST]
    name = {
        place: min(count, key=lambda kind: (-count[kind], order.index(kind)))
        for place, count in kinds.items()
    }
    return [name[place] for place in block]


def _kind(lever: str) -> str:
    return next((kind for kind, patterns in KINDS.items() if _meets(patterns, (lever,))), REST)


def _meets(patterns: Sequence[str], names: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in names)


def _named(every: Sequence[Piece], groups: Mapping[str, Sequence[str]], world: World) -> list[str]:
    """Group pieces as the user says."""
    found = [
        next((name for name, patterns in groups.items() if _meets(patterns, piece.names)), REST)
        for piece in every
    ]
    for (piece, group), (beside, other) in combinations(zip(every, found, strict=True), 2):
        if group != other and (both := _common(piece, beside, world)):
            raise ArgumentError(
                f"{piece.names[-1]} is in group {group!r} and {beside.names[-1]} in {other!r}, but both move "
                f"{both}; put them into one group."
            )
    return found


def _common(one: Piece, other: Piece, world: World) -> str | None:
    """Give a lever that two pieces move; shocks may move that of any entity."""
    both = sorted(set(one.levers) & set(other.levers))
    if not both:
        return None
    if isinstance(one.part, Change) and isinstance(other.part, Change):
        shared = set(met(world, one.part.pattern)) & set(met(world, other.part.pattern))
        return both[0] if shared else None
    return both[0]


def _checked(groups: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(groups, Mapping) or not groups:
        wanted = '{"demand": ["segment.*"], "funding": ["market.*", "funding-shut"]}'
        raise ArgumentError(f"groups is {shown(groups)}, wanted patterns by name such as {wanted}.")
    if REST in groups:
        raise ArgumentError(
            f"a group is called {REST!r}, which holds what is in no other; name it otherwise."
        )
    return {
        str(name): texts(f"group {name!r}", patterns, '["segment.*"]', alone=True)
        for name, patterns in groups.items()
    }
