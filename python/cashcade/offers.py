"""What a run may be given: shocks, exit scenarios and scenarios of plugins and of the caller."""

from dataclasses import dataclass

from cashcade.blame import Plugin, blame, called
from cashcade.errors import ArgumentError
from cashcade.plugins import Plugins
from cashcade.rules.exits import ExitScenario
from cashcade.rules.scenarios import Scenario
from cashcade.rules.selection import quoted
from cashcade.rules.shocks import PricingShock, Shock
from cashcade.world.problems import did_you_mean

HOOKS: dict[str, type[Shock | ExitScenario | Scenario]] = {
    "cashcade_pricing_shocks": PricingShock,
    "cashcade_shocks": Shock,
    "cashcade_exit_scenarios": ExitScenario,
    "cashcade_scenarios": Scenario,
}
"""What each hook gives, in the order in which they are asked; all share one space of names."""

KINDS = {
    PricingShock: "pricing shock",
    Shock: "shock",
    ExitScenario: "exit scenario",
    Scenario: "scenario",
}
"""What people call them."""

Record = Shock | ExitScenario | Scenario


@dataclass(frozen=True, slots=True)
class Offer:
    """A record that a run may be given by name.

    Parameters
    ----------
    record
        The shock, exit scenario or scenario.
    plugin
        Who brings it; None for the caller's own.
    """

    record: Record
    plugin: Plugin | None = None

    @property
    def kind(self) -> str:
        """What people call it."""
        return KINDS[type(self.record)]

    @property
    def label(self) -> str:
        """Kind, name and plugin, for messages."""
        of = f" of plugin {quoted(self.plugin.label)}" if self.plugin else ""
        return f"{self.kind} {quoted(self.record.name)}{of}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that plugins offer, by name.

    Parameters
    ----------
    offers
        Checked: every shock has been built with its defaults.
    """

    offers: dict[str, Offer]

    def find(self, name: str, *wanted: type) -> Offer:
        """Give an offer by its name.

        Raises
        ------
        ArgumentError
            There is none of the kinds wanted; with the nearest name.
        """
        known = [key for key, offer in self.offers.items() if isinstance(offer.record, wanted)]
        if name in known:
            return self.offers[name]
        what = KINDS[wanted[-1]]  # the kind that a user would most likely mean
        hint = did_you_mean(name, known) or f"Known: {', '.join(known) or 'none; install a plugin'}."
        raise ArgumentError(f"unknown {what} {quoted(name)}. {hint}")


def catalogue(plugins: Plugins) -> Catalogue:
    """Give all that plugins offer.

    Raises
    ------
    PluginError
        A hook or a shock of a plugin fails, or two bring one name.
    """
    found: dict[str, Offer] = {}
    for hook, kind in HOOKS.items():
        for plugin, record in plugins.records(hook, kind):
            offer = Offer(record, plugin)
            if record.name in found:
                raise blame(
                    plugin, f"{offer.kind} {quoted(record.name)} is brought as {found[record.name].label} too"
                )
            if isinstance(record, Shock):
                called(plugin, f"{offer.kind} {quoted(record.name)}", record.rules)
            found[record.name] = offer
    return Catalogue(found)
