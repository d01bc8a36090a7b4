"""Tools for tests of cashcade and of its plugins; needs hypothesis.

::

    from cashcade.testing import check_plugin

    print(check_plugin("cashcade-ai"))
"""

from cashcade.testing.check import check_plugin
from cashcade.testing.doors import door_laws
from cashcade.testing.makes import companies, exit_scenarios, rules, shocks
from cashcade.testing.report import Breach, Report
from cashcade.testing.strategies import quantities, worlds

__all__ = [
    "Breach",
    "Report",
    "check_plugin",
    "companies",
    "door_laws",
    "exit_scenarios",
    "quantities",
    "rules",
    "shocks",
    "worlds",
]
