"""Throw generated worlds at a plugin, and see whether the laws hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import tuples

from cashcade.archetype import Archetype
from cashcade.errors import ArgumentError, CashcadeError, PluginError, RuleError, WorldError
from cashcade.hookspecs import WorldFile
from cashcade.load import load_world
from cashcade.plugins import Plugins, find_plugins
from cashcade.plugins.blame import Plugin
from cashcade.plugins.offers import HOOKS, Catalogue, Offer, Parts
from cashcade.rules.rule import Rule
from cashcade.rules.selection import quoted
from cashcade.rules.shocks import Shock, Use
from cashcade.testing import derivations
from cashcade.testing.asked import asked_by
from cashcade.testing.fitting import fitting_worlds
from cashcade.testing.hunt import hunt
from cashcade.testing.laws import ALONE, LIMITS, SAME, SOUND
from cashcade.testing.prints import built, print_of
from cashcade.testing.report import Breach, Report
from cashcade.testing.trials import Trial, judged, parts_of
from cashcade.testing.values import arguments_of, beyond_limits, without_units
from cashcade.words.names import choose
from cashcade.words.numerals import whole
from cashcade.world import World

EXAMPLES = 10
"""Worlds that each record is applied to."""


def check_plugin(plugin: object, *, examples: int = EXAMPLES, block: Iterable[str] = ()) -> Report:
    """Throw generated worlds at a plugin and see whether the laws hold.

    Each shock (with arguments from its limits), exit scenario and scenario is applied to small drawn worlds
    in which everything exists that it names; each archetype derives companies; each world is run. What is
    looked at is in `cashcade.testing.laws`: that nothing is created or destroyed, numbers are finite and
    chances lie from 0 to 1, that order, threads and the unit of money do not matter, that a neutral shock is
    none, and that hooks give the same each time.

    Parameters
    ----------
    plugin
        A module or object with hooks, or the name of a distribution that is installed.
    examples
        Worlds that each record is applied to.
    block
        Names of distributions whose plugins are not to be loaded.

    Returns
    -------
    report
        With the smallest example found of each law that is broken.

    Raises
    ------
    ArgumentError
        No plugin of that name is installed, or `examples` is no whole number above 0.
    PluginError
        Another plugin is broken.
    """
    examples = whole("examples", examples, 1, 2**31)
    blocked = tuple(block)
    try:
        plugins = find_plugins(extra=() if isinstance(plugin, str) else (plugin,), block=blocked)
        own = _own(plugin, plugins)
    except PluginError as error:
        if isinstance(plugin, str) and quoted(plugin) not in str(error):
            raise
        return Report(str(plugin), broken=[Breach(SOUND, "the plugin", str(error))])
    extra = () if isinstance(plugin, str) else (plugin,)
    checker = _Checker(plugins, own, examples, extra)
    checker.check()
    return checker.report


def _own(plugin: object, plugins: Plugins) -> tuple[Plugin, ...]:
    loaded = [*plugins.loaded.values()]
    if not isinstance(plugin, str):
        return (loaded[-1],)
    names = {one.name.lower().replace("_", "-"): one.name for one in loaded}
    choose(plugin.lower().replace("_", "-"), names, "plugin")
    return tuple(
        one for one in loaded if one.name.lower().replace("_", "-") == plugin.lower().replace("_", "-")
    )


@dataclass
class _Checker:
    """Checks what one plugin brings."""

    plugins: Plugins
    own: tuple[Plugin, ...]
    examples: int
    extra: tuple[object, ...]

    def __post_init__(self) -> None:
        """Begin a report."""
        self.report = Report(self.own[0].label)

    def check(self) -> None:
        """Check everything, the hooks first: where they are not sound, nothing else means anything."""
        try:
            self.catalogue = Catalogue(self.plugins)
            if not self._hooks_are_pure():
                return
            self.worlds = self._worlds()
        except PluginError as error:
            self.report.broken.append(Breach(SOUND, "the plugin", str(error)))
            return
        offers = [offer for offer in self.catalogue.offers.values() if offer.plugin in self.own]
        if not self._shocks_stand_alone(offers):
            return
        for offer in offers:
            self._check_offer(offer)
        for plugin, archetype in self.plugins.records("cashcade_archetypes", Archetype):
            if plugin in self.own:
                self._check_archetype(archetype)
        for name, world in self.worlds.items():
            self._note(f"world {quoted(name)}", judged(Trial(f"world {quoted(name)}", world, Parts())))

    def _note(self, record: str, breach: Breach | None) -> None:
        self.report.checked.append(record)
        self.report.broken += [breach] if breach else []

    def _hooks_are_pure(self) -> bool:
        before = len(self.report.broken)
        for hook, kind in {"cashcade_worlds": WorldFile, "cashcade_archetypes": Archetype, **HOOKS}.items():
            calls = [
                [
                    print_of(record)
                    for plugin, record in self.plugins.records(hook, kind)
                    if plugin in self.own
                ]
                for _ in range(2)
            ]
            if calls[0] != calls[1]:
                one, other = next(
                    (pair for pair in zip(*calls, strict=False) if pair[0] != pair[1]),
                    (f"{len(calls[0])} records", f"{len(calls[1])} records"),
                )
                self.report.broken.append(Breach(SAME, f"hook {hook}", f"first {one}\n  then {other}"))
        return len(self.report.broken) == before

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
            file.name: load_world(file.name, plugins=self.extra)
            for plugin, file in found
            if plugin in self.own
        }

    def _check_offer(self, offer: Offer) -> None:
        record = f"{offer.kind} {quoted(offer.record.name)}"
        breach: Breach | None = None
        if isinstance(offer.record, Shock):
            breach = beyond_limits(offer.record, record) or without_units(offer.record, record)
        if breach is None:
            breach = self._hunted(offer, record)
        self._note(record, breach)

    def _hunted(self, offer: Offer, record: str) -> Breach | None:
        usual = self.catalogue.parts(offer)
        rules = [given.record for given in usual.given if isinstance(given.record, Rule)]
        doors = [given.record for given in usual.given if not isinstance(given.record, Rule)]
        asked = asked_by(rules, doors, usual.changes)
        shock = offer.record if isinstance(offer.record, Shock) else None

        def judge(example: tuple[World, dict[str, object]]) -> Breach | None:
            world, arguments = example
            try:
                parts = self.catalogue.parts(Use(shock, arguments) if shock else offer)
                neutral = parts_of(self.catalogue, shock, arguments) if shock else None
            except (RuleError, ArgumentError, PluginError) as error:
                return Breach(LIMITS, record, str(error), _said(arguments))
            return judged(Trial(record, world, parts, neutral, _said(arguments)))

        try:
            return hunt(tuples(fitting_worlds(asked), arguments_of(shock)), judge, self.examples)
        except (Unsatisfiable, WorldError) as error:
            return self._on_own_worlds(record, usual, error)
        except CashcadeError as error:
            return self._on_own_worlds(record, usual, error)

    def _on_own_worlds(self, record: str, parts: Parts, why: Exception) -> Breach | None:
        """Apply a record to the worlds of the plugin: no drawn world has what it names."""
        for world in self.worlds.values():
            try:
                return judged(Trial(record, world, parts))
            except CashcadeError as error:
                why = error
        self.report.skipped.append(f"{record}: no world was found that it applies to: {why}")
        return None

    def _check_archetype(self, archetype: Archetype) -> None:
        def judge(inputs: dict[str, float]) -> Breach | None:
            breach = derivations.judged(archetype, inputs)
            record = f"archetype {quoted(archetype.name)}"
            return breach or judged(Trial(record, derivations.world_of(archetype, inputs), Parts()))

        breach = hunt(derivations.inputs_of(archetype), judge, self.examples)
        self._note(f"archetype {quoted(archetype.name)}", breach)


def _said(arguments: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in arguments.items())
