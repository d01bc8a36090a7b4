"""Companies given by inputs become full companies; what is wrong with inputs is told."""

import cashcade
import pandas as pd
import pytest
from cashcade.archetype import Archetype, Input, Part, page
from cashcade.errors import PluginError, WorldError
from cashcade.hookspecs import hookimpl
from cashcade.world import Triangular, World

from tests.archetype.kinds import KNOWN, SHOP

TEXT = """
[world]
name = "street"
date = 2025-08-31

[sources.census-of-shops]
title = "Own"

[[segment]]
id = "rents"
seller = "landlord"
revenue = 1e5

[[company]]
id = "it"
archetype = "shop"
revenue = { value = 1e6, low = 9e5, high = 2e6, source = "census-of-shops" }
landlord = "landlord"
tax_rate = 0.3
sales = { growth_long = 0.05 }

[company.rent]
usage = 7.0

[[company]]
id = "landlord"
cash = 1e9
"""


def built(**inputs):
    return World.builder("w", "2025-08-31").company("it", archetype="shop", **inputs).build(archetypes=KNOWN)


def fails(match, **inputs):
    with pytest.raises(WorldError, match=match):
        built(**inputs)


def test_a_file_with_inputs_is_a_full_world():
    world = World.from_text(TEXT, archetypes=KNOWN)
    it, landlord = world.companies
    assert (it.archetype, it.tags, it.tax_rate, landlord.cash) == ("shop", ("shop",), 0.3, 1e9)
    assert (it.cash.value, it.cash.low, it.cash.high) == (3e6, 9e5, 1.2e7)
    assert it.cash.note == "revenue * cash_months"
    assert [segment.id for segment in world.segments] == ["rents", "it-sales"]
    (sales,) = (segment for segment in world.segments if segment.id == "it-sales")
    assert (sales.revenue.source, sales.growth.source, sales.growth_long) == (
        "census-of-shops",
        "shop-census",
        0.05,
    )
    assert world.sources["shop-census"].url == "https://example.org/census"
    (rent,) = world.contracts
    assert (rent.id, rent.usage, rent.supplier) == ("it-rent", 7.0, "landlord")
    assert rent.commitments[0].amount.high == pytest.approx(2e5)


def test_the_full_world_needs_no_archetype():
    world = World.from_text(TEXT, archetypes=KNOWN)
    assert World.from_text(world.to_toml()) == world


def test_tables_take_inputs_as_columns():
    companies = pd.DataFrame(
        {"id": ["it", "b"], "archetype": ["shop", None], "revenue": [1e6, None], "cash": [None, 2.0]}
    )
    world = World.from_tables({"companies": companies}, name="w", date="2025-08-31", archetypes=KNOWN)
    assert [company.id for company in world.companies] == ["it", "b"]
    assert world.companies[0].cash.value == 3e6


def test_objects_of_python_are_inputs_too():
    world = built(revenue=Triangular(value=1e6, low=1e6, high=3e6))
    assert world.segments[0].revenue.high == 3e6


def test_figures_tell_formulas_and_assumptions():
    table = built(revenue=1e6).figures().set_index(["id", "field"])
    assert table.loc[("it", "cash"), "assumption"]
    assert table.loc[("it", "cash"), "note"] == "revenue * cash_months"
    assert table.loc[("it-sales", "growth"), "url"] == "https://example.org/census"


def test_without_inputs_the_name_is_a_label():
    world = World.builder("w", "2025-08-31").company("it", archetype="anything", cash=5.0).build()
    assert world.companies[0].cash == 5.0
    assert not world.segments


def test_inputs_that_cannot_be_used_are_told():
    fails(r'"it".revenue: given nothing, wanted "revenue", a number \[USD/month\]', cash_months=2)
    fails(r"given -1, wanted a number from 0 to 1e\+17 \[USD/month\]", revenue=-1)
    fails(r"wanted a number from 0 to 100 \[months\]", revenue=1e6, cash_months="six")
    fails(r"wanted a number from 0 to 100 \[months\]", revenue=1e6, cash_months=True)
    fails(r"wanted low <= value <= high", revenue={"value": 5, "low": 6, "high": 7})
    fails(r"or \{value, low, high\}", revenue={"mean": 5, "sd": 6})
    fails(r"or \{value, low, high\}", revenue={"value": 5, "unit": "EUR"})
    fails(r'"it".landlord: given 7, wanted the id of a company', revenue=1e6, landlord=7)
    fails(r'unknown id "nobody"', revenue=1e6, landlord="nobody")


def test_unknown_keys_are_told_with_the_nearest():
    fails(r"""unknown key 'revenu', .*Did you mean "revenue"\?""", revenue=1e6, revenu=1e6)
    fails(r"""unknown key 'tax_rat', .*Did you mean "tax_rate"\?""", revenue=1e6, tax_rat=0.1)
    fails(
        r"""unknown key 'zzzz', .*Inputs and parts: revenue, cash_months, pace, landlord, sales""",
        revenue=1,
        zzzz=1,
    )
    fails(r"wanted a table of fields of sales. Write \[company.sales\]", revenue=1e6, sales=4)
    fails(r"""segment\[1\] "it-sales".growht: .*Did you mean "growth"\?""", revenue=1e6, sales={"growht": 1})


def test_unknown_archetypes_are_told_with_the_way_out():
    def given(archetypes, **inputs):
        with pytest.raises(WorldError) as caught:
            World.builder("w", "2025-08-31").company("it", **inputs).build(archetypes=archetypes)
        return str(caught.value)

    assert 'Did you mean "shop"?' in given(KNOWN, archetype="shp", revenue=1e6)
    assert "Known archetypes: shop." in given(KNOWN, archetype="zoo", revenue=1e6)
    assert "archetypes=cashcade.archetypes()" in given({}, archetype="shop", revenue=1e6)
    assert 'Did you mean "cash"?' in given({}, archetype="label", csah=1e6)


def test_plugins_are_looked_for_only_when_inputs_are_given(tmp_path):
    class Broken:
        @hookimpl
        def cashcade_archetypes(self):
            raise RuntimeError("not now")

    file = tmp_path / "w.toml"
    file.write_text(
        '[world]\nname = "w"\ndate = 2025-08-31\n[[company]]\nid = "a"\narchetype = "shop"\ncash = 1\n'
    )
    assert cashcade.load_world(file, plugins=[Broken()]).companies[0].cash == 1
    file.write_text(file.read_text() + "revenue = 5\n")
    with pytest.raises(PluginError, match="not now"):
        cashcade.load_world(file, plugins=[Broken()])


def test_an_archetype_of_a_plugin_is_found_by_load_world(tmp_path):
    class Mine:
        @hookimpl
        def cashcade_archetypes(self):
            yield SHOP

    file = tmp_path / "w.toml"
    file.write_text(TEXT)
    world = cashcade.load_world(file, plugins=[Mine()])
    assert world == World.from_text(TEXT, archetypes=KNOWN)
    assert cashcade.run(world, months=3, paths=32).summary().shape[0] == 2


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"name": "No Name"}, "is no name"),
        ({"inputs": ()}, "no input must be given"),
        ({"inputs": (*SHOP.inputs, Input("pace", "1", "Twice."))}, 'two inputs are called "pace"'),
        ({"example": {}}, "the example gives"),
        ({"citations": ()}, "names sources"),
    ],
)
def test_a_record_that_contradicts_itself_is_an_error(change, match):
    fields = {name: getattr(SHOP, name) for name in SHOP.__dataclass_fields__}
    with pytest.raises(ValueError, match=match):
        Archetype(**(fields | change))


@pytest.mark.parametrize("names", [(), ("company", "company"), ("company", "revenue"), ("sales",)])
def test_parts_without_order_are_an_error(names):
    fields = {name: getattr(SHOP, name) for name in SHOP.__dataclass_fields__}
    parts = [Part(name, "company", {"cash": 1.0}) for name in names]
    odd = Archetype(**(fields | {"derive": lambda _given: parts}))
    builder = World.builder("w", "2025-08-31").company("it", archetype="shop", revenue=1.0)
    with pytest.raises(PluginError, match='archetype "shop", company "it": failed with ValueError: parts'):
        builder.build(archetypes={"shop": odd})


def test_the_page_has_it_all():
    text = page(SHOP)
    for word in (
        "Sells for cash.",
        "| `cash_months` | months | 3 | 1 to 6 |",
        "revenue * cash_months",
        "census)",
    ):
        assert word in text
