"""Commands that list what there is."""

from rich.table import Table

from cashcade import _core
from cashcade.archetype import page
from cashcade.commands.app import app, console, separated, words
from cashcade.commands.given import Names
from cashcade.load import archetypes, worlds
from cashcade.plugin import find_plugins
from cashcade.plugin.lists import plugins
from cashcade.plugin.offers import Catalogue
from cashcade.rules import Shock
from cashcade.words.names import choose
from cashcade.words.parameters import bound, described
from cashcade.words.rows import variables


@app.command(name="worlds")
def worlds_command(*, block: list[str] | None = None, plugin: Names = None) -> None:
    """List the worlds that plugins offer, each with its hash and whether it is frozen.

    Parameters
    ----------
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    """
    table = Table("World", "Date", "Title", "From", "Hash", "", box=None, pad_edge=False)
    for offer in worlds(block=separated(block or []), plugins=plugin or []):
        table.add_row(*words(offer.name, str(offer.date), offer.title, offer.origin, offer.hash, offer.state))
    console().print(table)


@app.command(name="scenarios")
def scenarios_command(*, block: list[str] | None = None, plugin: Names = None) -> None:
    """List scenarios, shocks and exit scenarios that plugins offer, with their parameters.

    Parameters
    ----------
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    """
    table = Table("Name", "Kind", "Title", "Parameters", "From", box=None, pad_edge=False)
    found = Catalogue(find_plugins(extra=plugin or [], block=separated(block or [])))
    for name, offer in sorted(found.offers.items()):
        parameters = offer.record.parameters if isinstance(offer.record, Shock) else ()
        said = ", ".join(parameter.said for parameter in parameters)
        table.add_row(
            *words(name, offer.kind, offer.record.title, said, offer.plugin.label if offer.plugin else "")
        )
    console().print(table)


@app.command(name="plugins")
def plugins_command(*, block: list[str] | None = None, plugin: Names = None) -> None:
    """List the installed plugins and what they offer.

    Parameters
    ----------
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    """
    table = Table("Plugin", "Version", "Brings", box=None, pad_edge=False)
    for found in plugins(block=separated(block or []), plugins=plugin or []):
        table.add_row(*words(found.name, found.version, found.counts or "nothing"))
    console().print(table)


@app.command(name="archetypes")
def archetypes_command(
    name: str | None = None, /, *, block: list[str] | None = None, plugin: Names = None
) -> None:
    """List archetypes that plugins offer, or show the page of one.

    Parameters
    ----------
    name
        Name of an archetype: print its inputs, what is derived from them, and sources, as Markdown.
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    """
    found = archetypes(block=separated(block or []), plugins=plugin or [])
    if name is not None:
        choose(name, found, "archetype")
        print(page(found[name]), end="")  # noqa: T201 - the command line talks
        return
    table = Table("Archetype", "Title", "Inputs needed", box=None, pad_edge=False)
    for archetype in found.values():
        needed = ", ".join(one.name for one in archetype.inputs if one.default is None)
        table.add_row(*words(archetype.name, archetype.title, needed))
    console().print(table)


@app.command(name="parameters")
def parameters_command(entity: str = "", /) -> None:
    """List the parameters that a world may set, by kind of entity, with units, bounds and defaults.

    Parameters
    ----------
    entity
        Kind of entity, such as company; all by default.
    """
    core = _core.table()
    kinds = list(dict.fromkeys(row.entity for row in core.parameters))
    if entity:
        choose(entity, kinds, "kind of entity")
    table = Table("Parameter", "Unit", "Least", "Greatest", "Default", "Meaning", box=None, pad_edge=False)
    for kind in [entity] if entity else kinds:
        for link in (link for link in core.links if link.entity == kind):
            silent = "outside the network" if link.target == "company" else "none"
            default = silent if link.outside else "must be given"
            table.add_row(*words(f"{kind}.{link.name}", f"a {link.target}", "", "", default, link.meaning))
        for row in (row for row in core.parameters if row.entity == kind):
            limits = (bound(row.low), bound(row.high), bound(row.default) or "must be given")
            table.add_row(*words(f"{kind}.{row.name}", row.unit, *limits, described(row)))
    console().print(table)


@app.command(name="variables")
def variables_command() -> None:
    """List the variables that a run can record, with units."""
    table = Table("Variable", "Unit", "Meaning", box=None, pad_edge=False)
    for name, row in variables().items():
        table.add_row(*words(name, row.unit, row.meaning))
    console().print(table)
