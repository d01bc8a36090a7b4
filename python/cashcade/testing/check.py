"""Throw generated worlds at a plugin, and see whether the laws hold."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import tuples

from cashcade.archetype import Archetype
from cashcade.errors import ArgumentError, CashcadeError, PluginError, RuleError
from cashcade.hookspecs import WorldFile
from cashcade.load import load_world
from cashcade.plugin import Plugins, find_plugins
from cashcade.plugin.blame import Plugin
from cashcade.plugin.offers import Catalogue, Offer, Parts
from cashcade.plugin.sources import split
from cashcade.rules.rule import Rule
from cashcade.rules.selection import quoted
from cashcade.rules.shocks import Shock, Use
from cashcade.testing import derivations
from cashcade.testing.asked import asked_by
from cashcade.testing.fitting import fitting_worlds
from cashcade.testing.hunt import hunt
from cashcade.testing.laws import ALONE, ANYWHERE, LIMITS, SAME, SOUND
from cashcade.testing.prints import built, own_of, printed, told, told_elsewhere
from cashcade.testing.report import Breach, Report
from cashcade.testing.rich import rich_world
from cashcade.testing.trials import Seen, Trial, judged, parts_of
from cashcade.testing.values import arguments_of, beyond_limits, early, moved_at_neutral, without_units
from cashcade.words.numerals import whole
from cashcade.world import World

EXAMPLES = 10
"""Worlds that each record is applied to."""

Progress = Callable[[str, int, int], None]
"""Hears what is checked next, how many records are done, and how many there are."""


def check_plugin(  # noqa: PLR0913 - all but the plugin are keywords with defaults
    plugin: object,
    *,
    examples: int = EXAMPLES,
    block: Iterable[str] = (),
    plugins: Sequence[object] = (),
    worlds: Sequence[str | World] = (),
    progress: Progress | None = None,
) -> Report:
    """Throw generated worlds at a plugin and see whether the laws hold.

    Each shock (with arguments from its limits), exit scenario and scenario is applied to a rich world and to
    small drawn ones, in which everything exists that it names, and to the worlds given; each archetype
    derives companies; each world is run. What is looked at is in `cashcade.testing.laws`: that nothing is
    created or destroyed, numbers are finite and chances lie from 0 to 1, that order, threads and the unit of
    money do not matter, that a neutral shock is none, in these worlds and by what it says, and that hooks
    give the same each time and in every process.

    Parameters
    ----------
    plugin
        A module or object with hooks, the path of a Python file, or the name of a distribution that is
        installed.
    examples
        Drawn worlds that each record is applied to.
    block
        Names of distributions whose plugins are not to be loaded.
    plugins
        Further plugins that this one needs.
    worlds
        Worlds, or names of them, that each record is applied to as well where they have what it names.
    progress
        Called with what is checked next, how many records are done, and how many there are.

    Returns
    -------
    report
        With the smallest example found of each law that is broken; one of which nothing could be checked is
        not fine (`ok`).

    Raises
    ------
    ArgumentError
        No plugin of that name is installed, or `examples` is no whole number above 0.
    PluginError
        Another plugin is broken.
    """
    examples = whole("examples", examples, 1, 2**31)
    blocked = tuple(block)
    installed = isinstance(plugin, str) and not split(plugin)[2]
    extra = (*plugins, *(() if installed else (plugin,)))
    try:
        found = find_plugins(extra=extra, block=blocked)
        own = own_of(plugin, found, installed=installed)
    except PluginError as error:
        if installed and quoted(str(plugin)).strip('"') not in str(error):
            raise
        return Report(str(plugin), broken=[Breach(SOUND, "the plugin", str(error))])
    given = [
        each if isinstance(each, World) else load_world(each, plugins=extra, block=blocked) for each in worlds
    ]
    checker = _Checker(found, own, examples, extra, blocked, given, progress or _silent)
    checker.check(None if not isinstance(plugin, str) else plugin)
    return checker.report


def _silent(_record: str, _done: int, _all: int) -> None:
    """Say nothing."""


@dataclass
class _Checker:
    """Checks what one plugin brings."""

    plugins: Plugins
    own: tuple[Plugin, ...]
    examples: int
    extra: tuple[object, ...]
    block: tuple[str, ...]
    given: list[World]
    progress: Progress

    def __post_init__(self) -> None:
        """Begin a report."""
        self.report = Report(self.own[0].label)

    def check(self, name: str | None) -> None:
        """Check everything, the hooks first: where they are not sound, nothing else means anything.

        Parameters
        ----------
        name
            By which another process finds the plugin; None for an object.
        """
        try:
            self.catalogue = Catalogue(self.plugins)
            if not self._hooks_are_pure(name):
                return
            self.worlds = self._worlds()
        except PluginError as error:
            self.report.broken.append(Breach(SOUND, "the plugin", str(error)))
            return
        offers = [offer for offer in self.catalogue.offers.values() if offer.plugin in self.own]
        if not self._shocks_stand_alone(offers):
            return
        kinds = self.plugins.records("cashcade_archetypes", Archetype)
        archetypes = [archetype for plugin, archetype in kinds if plugin in self.own]
        todo: list[tuple[str, Callable[[], None]]] = [
            *((_title(offer), partial(self._check_offer, offer)) for offer in offers),
            *((f"archetype {quoted(one.name)}", partial(self._check_archetype, one)) for one in archetypes),
            *((f"world {quoted(one)}", partial(self._check_world, one)) for one in self.worlds),
        ]
        for done, (record, one) in enumerate(todo):
            self.progress(record, done, len(todo))
            one()

    def _note(self, record: str, breach: Breach | None) -> None:
        self.report.checked.append(record)
        self.report.broken += [breach] if breach else []

    def _hooks_are_pure(self, name: str | None) -> bool:
        first, again = (printed(self.plugins, self.own) for _ in range(2))
        found = _different(SAME, first, again)
        if not found and name is not None:
            there = told_elsewhere(name, self.extra, self.block)
            found = _different(ANYWHERE, told(self.plugins, self.own), there)
        self.report.broken += found
        return not found

    def _shocks_stand_alone(self, offers: list[Offer]) -> bool:
        """Build all shocks, again, and in the other order: nothing may depend on it."""
        shocks = [offer.record for offer in offers if isinstance(offer.record, Shock)]
        before = len(self.report.broken)
        first = {shock.name: built(shock) for shock in shocks}
        for law, order in ((SAME, shocks), (ALONE, shocks[::-1])):
            for shock in order:
                again = built(shock)
                if again != first[shock.name]:
                    what = f"first {first[shock.name]}\n  then {again}"
                    self.report.broken.append(Breach(law, f"shock {quoted(shock.name)}", what))
            if len(self.report.broken) > before:
                return False
        return True

    def _worlds(self) -> Mapping[str, World]:
        found = self.plugins.records("cashcade_worlds", WorldFile)
        return {
            file.name: load_world(file.name, plugins=self.extra, block=self.block)
            for plugin, file in found
            if plugin in self.own
        }

    def _check_world(self, name: str) -> None:
        record = f"world {quoted(name)}"
        self._note(record, judged(Trial(record, self.worlds[name], Parts())))

    def _check_offer(self, offer: Offer) -> None:
        record, breach, applied = _title(offer), None, True
        if isinstance(offer.record, Shock):
            shock = offer.record
            breach = (
                beyond_limits(shock, record)
                or without_units(shock, record)
                or moved_at_neutral(shock, record)
            )
        if breach is None:
            breach, applied = self._hunted(offer, record)
        if applied:
            self._note(record, breach)

    def _hunted(self, offer: Offer, record: str) -> tuple[Breach | None, bool]:
        """Look for what a record breaks; and tell whether there was a world that it applies to."""
        usual = self.catalogue.parts(offer)
        rules = [given.record for given in usual.given if isinstance(given.record, Rule)]
        doors = [given.record for given in usual.given if not isinstance(given.record, Rule)]
        asked = asked_by(rules, doors, usual.changes)
        shock = offer.record if isinstance(offer.record, Shock) else None
        seen, why = Seen(), list[str]()

        def judge(example: tuple[World, dict[str, object]]) -> Breach | None:
            world, arguments = example
            try:
                parts = self.catalogue.parts(Use(shock, arguments) if shock else offer)
                neutral = parts_of(self.catalogue, shock, arguments) if shock else None
            except (RuleError, ArgumentError, PluginError) as error:
                return Breach(LIMITS, record, str(error), setting=(_said(arguments),))
            return judged(Trial(record, world, parts, neutral, _said(arguments), seen))

        def drawn() -> Breach | None:
            return hunt(tuples(fitting_worlds(asked), arguments_of(shock)), judge, self.examples)

        def rich() -> Breach | None:
            return judge((rich_world(asked), early(shock)))

        looks: list[Callable[[], Breach | None]] = [rich, drawn]
        looks += [partial(judge, (world, early(shock))) for world in self.given]
        own: list[Callable[[], Breach | None]] = [
            partial(judge, (world, early(shock))) for world in self.worlds.values()
        ]
        applied = False
        for look in (*looks, *own):
            if applied and look in own:
                break
            try:
                breach = look()
            except (Unsatisfiable, CashcadeError) as error:
                why.append(str(error))
                continue
            applied = True
            if breach:
                return breach, True
        if not applied:
            self.report.skipped.append(f"{record}: no world was found that it applies to: {why[0]}")
        self.report.idle += [f"{what} ({record})" for what in seen.idle]
        return None, applied

    def _check_archetype(self, archetype: Archetype) -> None:
        record = f"archetype {quoted(archetype.name)}"

        def judge(inputs: dict[str, Any]) -> Breach | None:
            breach = derivations.judged(archetype, inputs)
            return breach or judged(Trial(record, derivations.world_of(archetype, inputs), Parts()))

        self._note(record, hunt(derivations.inputs_of(archetype), judge, self.examples))


def _title(offer: Offer) -> str:
    return f"{offer.kind} {quoted(offer.record.name)}"


def _different(law: str, first: Mapping[str, list[str]], then: Mapping[str, list[str]]) -> list[Breach]:
    """Tell which hooks give other records."""
    found = []
    for hook, one in first.items():
        other = then.get(hook, [])
        if one != other:
            pairs = (pair for pair in zip(one, other, strict=False) if pair[0] != pair[1])
            left, right = next(pairs, (f"{len(one)} records", f"{len(other)} records"))
            found.append(Breach(law, f"hook {hook}", f"first {left}\n  then {right}"))
    return found


def _said(arguments: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in arguments.items())
