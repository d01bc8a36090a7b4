"""Records as text: two records that say the same are the same."""

from cashcade.archetype import Archetype
from cashcade.hookspecs import WorldFile
from cashcade.rules.exits import ExitScenario
from cashcade.rules.scenarios import Scenario
from cashcade.rules.shocks import Shock


def print_of(record: object) -> str:
    """Give what a record says."""
    match record:
        case Shock():
            return f"{record.name}: {record.title}, {record.parameters}"
        case ExitScenario():
            return f"{record.name}: {record.doors}, {record.rules}, {record.changes}"
        case Scenario():
            uses = [
                (use.shock if isinstance(use.shock, str) else use.shock.name, dict(use.arguments), use.label)
                for use in record.shocks
            ]
            exits = [each if isinstance(each, str) else print_of(each) for each in record.exits]
            return f"{record.name}: {uses}, {exits}, {record.rules}, {record.changes}"
        case Archetype():
            return f"{record.name}: {record.inputs}, {record.parties}, {dict(record.example)}"
        case WorldFile():
            return f"{record.name}: {record.title}, {record.source}"
        case _:
            raise TypeError(record)


def built(shock: Shock) -> str:
    """Give the rules of a shock with its defaults."""
    return "; ".join(map(repr, shock.rules()))
