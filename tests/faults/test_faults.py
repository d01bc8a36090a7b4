"""`check_plugin` finds what plugins can do wrong, and what they cannot do wrong they cannot."""

import pytest
from cashcade.testing import check_plugin, laws

from tests.faults import plugins

FAULTS = {
    plugins.neutral_is_not_neutral: (laws.NEUTRAL, 'shock "rise"'),
    plugins.unit_slip: (laws.UNITS, 'shock "cost"'),
    plugins.nondeterministic_hook: (laws.SAME, "hook cashcade_shocks"),
    plugins.nondeterministic_build: (laws.SAME, 'shock "gift"'),
    plugins.order_dependence: (laws.ALONE, 'shock "'),
    plugins.probability_above_one: (laws.CHANCES, 'shock "storm"'),
    plugins.hazard_above_one: (laws.CHANCES, 'exit scenario "rush"'),
    plugins.share_above_one: (laws.CHANCES, 'exit scenario "float"'),
    plugins.price_below_zero: (laws.PRICES, 'exit scenario "gift"'),
    plugins.nan_amount: (laws.SOUND, "the plugin"),
    plugins.contradiction: (laws.AGREEING, 'shock "reserves"'),
    plugins.fails_within_limits: (laws.LIMITS, 'shock "luck"'),
    plugins.archetype_counts_in_other_money: (laws.CURRENCY, 'archetype "kiosk"'),
    plugins.archetype_with_a_mood: (laws.SAME, 'archetype "kiosk"'),
    plugins.archetype_below_zero: (laws.LIMITS, 'archetype "kiosk"'),
}


@pytest.mark.parametrize("make", FAULTS, ids=lambda make: make.__name__)
def test_a_fault_is_found_and_told(make):
    law, record = FAULTS[make]
    report = check_plugin(make(), examples=5)
    assert [breach.law for breach in report.broken][:1] == [law], str(report)
    assert report.broken[0].record.startswith(record)
    assert report.broken[0].what
    assert report.plugin.startswith("Faulty")
    assert law in str(report)


def test_a_sound_plugin_passes():
    report = check_plugin(plugins.sound(), examples=5)
    assert report.ok, str(report)
    assert not report.skipped
    assert len(report.checked) == 5
    assert "all laws hold" in str(report)


@pytest.mark.parametrize(
    "make",
    [plugins.revival, plugins.theft, plugins.runaway_amount, plugins.price_below_zero_behind_a_closed_door],
    ids=lambda make: make.__name__,
)
def test_what_a_plugin_cannot_do_does_no_harm(make):
    report = check_plugin(make(), examples=5)
    assert report.ok, str(report)
