"""Fixtures for tests of plugins, which pytest finds where cashcade is installed.

Nothing is imported before a test asks for it.
"""

from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cashcade.testing import Report
    from cashcade.world import World


class Check(Protocol):
    """The check that the fixture `check_plugin` gives."""

    def __call__(
        self,
        plugin: object,
        *,
        examples: int = ...,
        block: "Iterable[str]" = ...,
        plugins: "Sequence[object]" = ...,
        worlds: "Sequence[str | World]" = ...,
    ) -> "Report":
        """Check a plugin."""


@pytest.fixture(scope="session")
def check_plugin() -> Check:
    """Give `cashcade.testing.check_plugin`, which fails the test with what is broken.

    ::

        def test_the_laws_hold(check_plugin):
            check_plugin("cashcade-shops", examples=3)
    """
    from cashcade.testing import check_plugin as check  # noqa: PLC0415 - slow, and not for every test

    def checked(
        plugin: object,
        *,
        examples: int = 10,
        block: "Iterable[str]" = (),
        plugins: "Sequence[object]" = (),
        worlds: "Sequence[str | World]" = (),
    ) -> "Report":
        report = check(plugin, examples=examples, block=block, plugins=plugins, worlds=worlds)
        if not report.ok:
            pytest.fail(str(report), pytrace=False)
        return report

    return checked


@pytest.fixture(scope="session")
def cashcade_world() -> "World":
    """Give a small world to try things on: two apps, a lab, a cloud that owes, a chip maker.

    The companies are `one` and `two` (with the tag `app`), `lab`, `cloud` and `chips`, of the archetypes
    that plugins know them by. `one`, `two` and `lab` sell to users; `one` and `two` buy of `lab`, `lab` of
    `cloud`, which owes capital 2e9 USD and buys of `chips`.
    """
    from cashcade.world import World  # noqa: PLC0415 - as above

    made = World.builder("example", "2025-08-31")
    made.company(id="one", cash=1e8, tags=["app"], archetype="ai-app", fixed_cost=4e6)
    made.company(id="two", cash=2e8, tags=["app"], archetype="ai-app", fixed_cost=8e6)
    made.company(id="lab", cash=3e9, archetype="frontier-lab", discretionary_cost=1e8)
    made.company(id="cloud", cash=1e9, archetype="neocloud")
    made.company(id="chips", cash=4e10, archetype="chip-vendor")
    made.segment(seller="one", revenue=5e6, elasticity=1.0)
    made.segment(seller="two", revenue=9e6, elasticity=1.0)
    made.segment(seller="lab", revenue=2e8)
    made.contract(customer="one", supplier="lab", usage=3e6, commitments=1e6)
    made.contract(customer="two", supplier="lab", usage=5e6)
    made.contract(customer="lab", supplier="cloud", usage=9e7)
    made.loan(borrower="cloud", lender="capital", balance=2e9, rate=0.1, maturity=40)
    made.fleet(owner="cloud", cost=3e9, capex=5e7, orders=[{"vendor": "chips", "share": 0.8}])
    return made.build()
