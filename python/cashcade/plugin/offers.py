"""Offers of plugins to runs: shocks, exit scenarios and scenarios, checked and by name."""

from dataclasses import dataclass, replace

from cashcade.archetype import Archetype
from cashcade.errors import ArgumentError, PluginError, RuleError, WorldError
from cashcade.hookspecs import WorldFile
from cashcade.plugin import Plugins
from cashcade.plugin.blame import Plugin, blame, pairs_of, place_of
from cashcade.plugin.calls import called
from cashcade.plugin.given import Given, argument_at_fault
from cashcade.rules.changes import Change
from cashcade.rules.exits import Door, ExitScenario
from cashcade.rules.rule import Rule
from cashcade.rules.scenarios import Scenario
from cashcade.rules.selection import quoted
from cashcade.rules.shocks import PricingShock, Shock, Use
from cashcade.world.memo import once
from cashcade.world.problems import Problem, did_you_mean
from cashcade.world.record import Named
from cashcade.world.world import World

Record = Shock | ExitScenario | Scenario

HOOKS: dict[str, type[Record]] = {
    "cashcade_pricing_shocks": PricingShock,
    "cashcade_shocks": Shock,
    "cashcade_exit_scenarios": ExitScenario,
    "cashcade_scenarios": Scenario,
}
"""The record of each hook, in the order in which they are asked; all share one space of names."""

RECORDS: dict[str, type[WorldFile | Archetype | Record]] = {
    "cashcade_worlds": WorldFile,
    "cashcade_archetypes": Archetype,
    **HOOKS,
}
"""The record of every hook."""

KINDS: dict[type, str] = {
    PricingShock: "pricing shock",
    Shock: "shock",
    ExitScenario: "exit scenario",
    Scenario: "scenario",
}
"""Names that people have for them."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A record, and who brings it.

    Parameters
    ----------
    record
        A shock, exit scenario or scenario.
    plugin
        None where the caller gives the record.
    """

    record: Record
    plugin: Plugin | None = None

    @property
    def kind(self) -> str:
        """The name that people have for it."""
        return next(word for kind, word in KINDS.items() if isinstance(self.record, kind))

    @property
    def label(self) -> str:
        """Kind, name and plugin, for messages."""
        of = f" of plugin {quoted(self.plugin.label)}" if self.plugin else ""
        return f"{self.kind} {quoted(self.record.name)}{of}"


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that scenarios come down to.

    Parameters
    ----------
    given
        Rules and doors.
    changes
        Changes of the world.
    exits
        Names of the exit scenarios among them, one that has no doors too.
    adds
        Entries that join the world.
    """

    given: tuple[Given, ...] = ()
    changes: tuple[Change, ...] = ()
    exits: tuple[str, ...] = ()
    adds: tuple[Named, ...] = ()

    def __add__(self, other: "Parts") -> "Parts":
        return Parts(
            (*self.given, *other.given),
            (*self.changes, *other.changes),
            (*self.exits, *other.exits),
            (*self.adds, *other.adds),
        )


class Catalogue:
    """All that the plugins of a run offer, by name.

    Parameters
    ----------
    plugins
        The plugins.

    Raises
    ------
    PluginError
        A hook or a record of a plugin fails, or two bring one name. Every shock is built with its defaults,
        and every scenario taken apart, so that what is broken is known before anything runs.
    """

    def __init__(self, plugins: Plugins) -> None:
        self.plugins = plugins
        self.offers: dict[str, Offer] = {}
        for hook, kind in HOOKS.items():
            for plugin, record in plugins.records(hook, kind):
                self._add(Offer(record, plugin), plugin, hook)
        for offer in self.offers.values():
            if offer.plugin:
                self._try(offer, offer.plugin)

    def _add(self, offer: Offer, plugin: Plugin, hook: str) -> None:
        name = offer.record.name
        if name in self.offers:
            what = f"{offer.kind} {quoted(name)} has the name of {self.offers[name].label}"
            raise blame(plugin, what, self.plugins.where(hook, plugin, name))
        self.offers[name] = offer

    def _try(self, offer: Offer, plugin: Plugin) -> None:
        try:
            self.parts(offer)
        except (RuleError, ArgumentError) as error:
            name = offer.record.name
            what = f"{offer.kind} {quoted(name)}: {error}"
            raise blame(plugin, what, self._where(offer, plugin)) from error

    def _where(self, offer: Offer, plugin: Plugin) -> str:
        """Return file and line of a record, as near as they are known."""
        if isinstance(offer.record, Shock):
            return place_of(offer.record.build)
        places = (self.plugins.where(hook, plugin, offer.record.name) for hook in HOOKS)
        return next(filter(None, places), "")

    def find(self, name: str, *, shock: bool = False, exits: bool = False) -> Offer:
        """Give an offer by its name: any, only shocks or only exit scenarios.

        Raises
        ------
        ArgumentError
            There is none; with the nearest name.
        """
        kind: type = Shock if shock else ExitScenario if exits else object
        known = [key for key, offer in self.offers.items() if isinstance(offer.record, kind)]
        name = self.plugins.present(name, known)
        if name in known:
            return self.offers[name]
        what = "shock" if shock else "exit scenario" if exits else "scenario"
        hint = did_you_mean(name, known) or f"Known: {', '.join(known) or 'none; install a plugin'}."
        raise ArgumentError(f"unknown {what} {quoted(name)}. {hint}")

    def exits_of(self, world: World) -> Parts:
        """Take apart the exit scenarios that a world names itself.

        Raises
        ------
        WorldError
            There is none of a name; with the nearest name and the ways out.
        """
        known = [name for name, offer in self.offers.items() if isinstance(offer.record, ExitScenario)]
        if problems := [_unknown(name, known) for name in world.about.exits if name not in known]:
            raise WorldError(problems, f"world {world.name}")
        return sum((self.parts(self.offers[name]) for name in dict.fromkeys(world.about.exits)), Parts())

    def parts(self, chosen: object) -> Parts:
        """Take apart what a run is given.

        Parameters
        ----------
        chosen
            A name, an offer, or a record: a shock, the use of one, an exit scenario or a scenario.

        Raises
        ------
        ArgumentError
            It is something else, or a name of nothing.
        RuleError
            An argument of a shock, or a rule, does not fit.
        PluginError
            A shock of a plugin cannot be built.
        """
        if isinstance(chosen, Use):
            return self._use(chosen, by_user=True)
        if isinstance(chosen, str):
            self.plugins.tell(chosen, self.offers)
        offer = self._offer(self.find(chosen) if isinstance(chosen, str) else chosen)
        if isinstance(offer.record, Shock):
            return self._shock(offer, offer.record, Use(offer.record))
        return self._bundle(offer, offer.record)

    def _offer(self, given: object) -> Offer:
        """Give the offer of a record: that of its plugin, where one brings it."""
        if isinstance(given, Offer):
            return given
        if not isinstance(given, Shock | ExitScenario | Scenario):
            wanted = "a name, Scenario, Shock, Use or ExitScenario"
            raise ArgumentError(f"scenarios holds {given!r}, wanted {wanted}.")
        known = self.offers.get(given.name)
        return known if known and known.record is given else Offer(given)

    def _use(self, use: Use, *, by_user: bool = False) -> Parts:
        if by_user and isinstance(use.shock, str):
            self.plugins.tell(use.shock, self.offers)
        offer = self._offer(self.find(use.shock, shock=True) if isinstance(use.shock, str) else use.shock)
        if not isinstance(offer.record, Shock):
            raise ArgumentError(f"{offer.label} is no shock.")
        return self._shock(offer, offer.record, use, by_user=by_user)

    def _shock(self, offer: Offer, shock: Shock, use: Use, *, by_user: bool = False) -> Parts:
        values = shock.values(use.label, use.arguments)
        words = tuple((name, value) for name, value in use.arguments.items() if isinstance(value, str))
        own, where = words if by_user else (), place_of(shock.build)
        if offer.plugin is None:
            rules = shock.built(values, use.label)
        else:
            what = f"{offer.kind} {quoted(shock.name)}"
            try:
                rules = called(offer.plugin, what, lambda: shock.built(values, use.label), where)
            except PluginError as error:
                said = argument_at_fault(own, error)
                if said:
                    raise RuleError(f"{offer.label}: {error.__cause__} {said}") from error
                raise
        return Parts(tuple(Given(rule, offer.label, offer.plugin, own, where) for rule in rules))

    def _bundle(self, offer: Offer, record: ExitScenario | Scenario) -> Parts:
        doors = record.doors if isinstance(record, ExitScenario) else ()
        both: tuple[Rule | Door, ...] = (*record.rules, *doors)
        own = [each.named(f"{record.name}/{each.name}") for each in both]
        result = Parts(tuple(Given(each, offer.label, offer.plugin) for each in own), record.changes)
        if isinstance(record, ExitScenario):
            return replace(result, exits=(record.name,))
        result = replace(result, adds=record.adds)
        for use in record.shocks:
            result += self._use(use)
        for exits in record.exits:
            result += self.parts(self.find(exits, exits=True) if isinstance(exits, str) else exits)
        return result


def _unknown(name: str, known: list[str]) -> Problem:
    """Say that no plugin brings an exit scenario that a world names."""
    hint = did_you_mean(name, known) or f"Known: {', '.join(known) or 'none'}."
    hint += " Or install the plugin that brings it, give the run an exit scenario, or leave exits out."
    return Problem(None, None, "world.exits", quoted(name), "the name of an exit scenario of a plugin", hint)


@once
def catalogue_of(plugins: Plugins) -> Catalogue:
    """Give what plugins offer: asked and tried once, as long as they are the same.

    Raises
    ------
    PluginError
        A plugin is broken.
    """
    return Catalogue(plugins)


def parse_use(text: str) -> Use:
    """Read a shock with arguments: "api-price-rise:rise=0.5,seller=openai".

    Raises
    ------
    ArgumentError
        It is not written so.
    """
    name, _, rest = text.partition(":")
    wanted = "NAME:KEY=VALUE,KEY=VALUE"
    if not name:
        raise ArgumentError(f"shock is {text!r}, wanted {wanted}.")
    given = pairs_of(rest, f"shock is {text!r}", wanted)
    return Use(name, {key: _number_or_text(value) for key, value in given.items()})


def _number_or_text(text: str) -> object:
    """Give the number that a text spells, also in per cent, else the text."""
    percent = text.endswith("%")
    try:
        return float(text.removesuffix("%")) / (100 if percent else 1)
    except ValueError:
        return text
