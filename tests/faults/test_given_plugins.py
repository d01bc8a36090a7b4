"""Ways in: single files, decorators, records by name, blocked, overridden, renamed and configured ones."""

import json
from importlib.metadata import distributions
from typing import Annotated

import cashcade as cc
import pytest
from cashcade.archetype import Figure, Given, Part, assumed
from cashcade.commands import execute
from cashcade.hookspecs import hookimpl
from cashcade.plugin import find, find_plugins
from cashcade.plugin.sources import split
from cashcade.rules import (
    Buyer,
    Door,
    Parameter,
    PricingShock,
    Rule,
    Scenario,
    Shock,
    add,
    archetype,
    companies,
    company,
    exit_scenario,
    month,
    scale,
    shock,
    target,
)

from tests.rules.conftest import small_world

FILE = """
from typing import Annotated
from cashcade.rules import *

@shock
def rent_rise(rent: Annotated[float, "USD/month"] = 1e5, tag: str = "app"):
    '''Rents rise.'''
    return Rule("rent", month >= 2, add(companies(tag=tag).fixed_cost, rent))
"""

HOOKED = """
from cashcade.hookspecs import hookimpl
from cashcade.rules import *

{said}

def gift(amount):
    return Rule("gift", month >= 2, add(company("one").cash, amount))

@hookimpl
def cashcade_shocks():
    for name in {names}:
        yield Shock(name, "A gift", gift, (ShockParameter("amount", {amount}, "USD"),))
"""


def hooked(*names, said="", amount=1e6):
    return HOOKED.format(said=said, names=names, amount=amount)


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mine.py"
    path.write_text(FILE)
    return path


@pytest.fixture
def alone(install, tmp_path, monkeypatch):
    """Install distributions beside which there are no others."""
    monkeypatch.setattr(find, "distributions", lambda: distributions(path=[str(tmp_path)]))
    return install


def cash(**arguments):
    result = cc.run(small_world(), paths=1, months=3, **arguments)
    return result.dataset["company_cash_mean"].sel(company="one", month=2).item(), result.dataset.attrs[
        "plugins"
    ]


def test_a_file_is_a_plugin(file):
    dear, plugins = cash(plugins=[file], scenarios=["rent-rise"])
    assert dear == cash()[0] - 1e5
    assert f"{file}" in plugins.split(", ")
    found = cc.shocks(plugins=[str(file)])["rent-rise"]
    assert cash(scenarios=[found(rent=3e5)])[0] == cash()[0] - 3e5
    assert cc.shocks(plugins=[file])["rent-rise"] is found
    with pytest.raises(cc.PluginError, match=r'it is the same object as plugin "mine\.py", wanted each once'):
        cc.plugins(plugins=["mine.py", file])


def test_a_file_that_changed_is_read_anew(file):
    assert "rent-rise" in cc.shocks(plugins=["mine.py"])
    file.write_text(FILE.replace("rent_rise", "fall"))
    assert [*cc.shocks(plugins=["mine.py"], block=block())] == ["fall"]


def block():
    return [plugin.name for plugin in find_plugins().loaded.values()]


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (["plugins"], "mine.py"),
        (["scenarios"], "rent-rise"),
        (["archetypes"], ""),
        (["worlds"], ""),
        (["validate", "small.toml"], "is fine"),
        (
            ["run", "small.toml", "--shock", "rent-rise:rent=2e5", "--paths", "4", "--months", "2"],
            "rent-rise/rent",
        ),
        (
            ["sensitivity", "small.toml", "--scenario", "rent-rise", "--paths", "256", "--months", "2"],
            "Outcome",
        ),
        (
            ["compare", "small.toml", "baseline", "rent-rise", "--paths", "4", "--months", "2"],
            "No path differs",
        ),
        (["runway", "small.toml", "--scenario", "rent-rise", "--paths", "4"], "one"),
    ],
    ids=lambda command: command[0] if isinstance(command, list) else "",
)
def test_every_command_takes_a_file(command, shown, file, capsys):
    (file.parent / "small.toml").write_text(small_world().to_toml())
    assert execute([*command, "--plugin", "mine.py", "--block", ",".join(block())]) == 0, (
        capsys.readouterr().err
    )
    assert shown in capsys.readouterr().out


def test_a_file_is_checked(file, capsys):
    assert execute(["check", "--plugin", "mine.py", "--examples", "1"]) == 0
    assert 'plugin "mine.py": all laws hold (checked shock: 1)' in capsys.readouterr().out
    assert execute(["check"]) == 2
    assert "check wants the name of a plugin, or --plugin FILE." in capsys.readouterr().err
    assert file.exists()


def test_a_shock_is_read_from_its_function():
    @shock(pricing=True, source="A guess.")
    def api_rise(
        rise: Annotated[float, Parameter("fraction", 0, 2, "By how much.", neutral=0)] = 0.3,
        seller: str = "lab",
        start: Annotated[int, "month"] = 3,
    ) -> Rule:
        """A lab raises its prices.

        From a month on, for good.
        """
        return Rule("rise", month >= start, scale(company(seller).list_level, 1 + rise))

    assert isinstance(api_rise, PricingShock)
    assert (api_rise.name, api_rise.title, api_rise.doc) == (
        *("api-rise", "A lab raises its prices", "From a month on, for good."),
    )
    assert [
        (one.name, one.default, one.unit, one.low, one.high, one.meaning, one.neutral)
        for one in api_rise.parameters
    ] == [
        ("rise", 0.3, "fraction", 0, 2, "By how much.", 0),
        ("seller", "lab", "text", None, None, "", None),
        ("start", 3, "month", None, None, "", None),
    ]
    assert api_rise.source == "A guess."
    (rule,) = api_rise.rules(arguments={"rise": 0.5})
    assert repr(rule.do[0]) == 'scale(company("lab").list_level, 1.5)'


def test_names_and_titles_may_be_given():
    @shock(name="other", title="Another")
    def _gift():
        yield Rule("gift", True, add(company("one").cash, 1e6))

    assert (_gift.name, _gift.title, _gift.parameters) == ("other", "Another", ())
    assert type(_gift) is Shock


def test_an_exit_scenario_is_read_from_its_function():
    @exit_scenario
    def bargains():
        """Bargains."""
        price = 0.5 * target.valuation
        yield Door(
            "sale", companies(tag="app"), "acquire", hazard=0.1, price=price, buyers=Buyer("capital", price)
        )

    assert (bargains.name, bargains.title, [door.name for door in bargains.doors]) == (
        "bargains",
        "Bargains",
        ["sale"],
    )


MARGIN = assumed(0.1, 0, 0.2, "A guess.")


def test_an_archetype_is_read_from_its_function():
    @archetype(example={"revenue": 1e6})
    def corner_shop(
        given: Given,
        revenue: Annotated[Figure, Parameter("USD/month", meaning="Sales.")],
        margin: Annotated[Figure, Parameter("fraction", 0, 1)] = MARGIN,
        landlord: Annotated[str, Parameter(meaning="Who lets the shop.")] = "",
    ):
        """Shop at a corner."""
        yield Part("company", "company", {"cash": 3 * revenue, "fixed_cost": revenue * (1 - margin)})
        if landlord:
            yield Part(
                "rent", "contract", {"customer": given.id, "supplier": landlord, "usage": 0.1 * revenue}
            )

    assert (corner_shop.name, corner_shop.title) == ("corner-shop", "Shop at a corner")
    assert [(one.name, one.unit, one.low, one.high, one.default is None) for one in corner_shop.inputs] == [
        ("revenue", "USD/month", 0, 1e17, True),
        ("margin", "fraction", 0, 1, False),
    ]
    assert [(party.name, party.meaning) for party in corner_shop.parties] == [
        ("landlord", "Who lets the shop.")
    ]

    class Mine:
        @hookimpl
        def cashcade_archetypes(self):
            return corner_shop

    made = cc.World.builder("w", "2025-08-31")
    made.company("it", archetype="corner-shop", revenue=2e6, landlord="owner")
    made.company("owner", cash=1.0)
    world = made.build(archetypes=cc.archetypes(plugins=[Mine()], block=block()))
    assert world.companies[0].cash.value == 6e6
    assert world.contracts[0].supplier == "owner"


def bare(rise): ...
def many(*rises): ...
def by_place(rise=1, /): ...


def test_an_input_named_like_a_field_is_refused():
    @archetype(example={"cash": 1e6})
    def kiosk(cash: Annotated[Figure, "USD"]):
        yield Part("company", "company", {"cash": cash})

    class Mine:
        @hookimpl
        def cashcade_archetypes(self):
            return kiosk

    told = 'archetype "kiosk" calls an input "cash", which is a field of a company: choose another name, and derive'
    with pytest.raises(cc.PluginError, match=told):
        cc.archetypes(plugins=[Mine()], block=block())


WRONG = {
    "no default": (bare, r"bare\(\): rise has no default; write rise=VALUE, its usual value"),
    "many": (many, r"\*rises is no named argument"),
    "by place": (by_place, "rise=1 is no named argument"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_cannot_be_read_is_told(kind):
    function, message = WRONG[kind]
    with pytest.raises(cc.RuleError, match=message):
        shock(function)


def test_types_that_mean_nothing_are_told():
    def of_lists(rise: list[float] = 3): ...
    def of_numbers(rise: Annotated[float, 3] = 3): ...
    def of_nobody(rise: "Nobody" = 3): ...  # noqa: F821
    def of_months(start: Annotated[float, "moths"] = 3): ...
    def with_arguments(rise=3): ...

    told = {
        of_lists: r"of_lists\(\): rise is of type list\[float\], wanted float, or str for text",
        of_numbers: "rise is annotated by 3, wanted a unit or a Parameter",
        of_nobody: r"of_nobody\(\): its annotations cannot be read: name 'Nobody' is not defined",
        of_months: 'parameter "start": unknown unit "moths"',
    }
    for function, message in told.items():
        with pytest.raises(cc.RuleError, match=message):
            shock(function)
    with pytest.raises(
        cc.RuleError, match=r"with_arguments\(\) takes rise, and exit scenarios have no parameters"
    ):
        exit_scenario(with_arguments)
    with pytest.raises(cc.RuleError, match="rise is of type list"):
        archetype(example={})(of_lists)


def test_a_hook_may_give_what_a_decorator_made(file):
    file.write_text(
        FILE
        + "\nfrom cashcade.hookspecs import hookimpl\n@hookimpl\ndef cashcade_shocks():\n    yield rent_rise\n"
    )
    assert [one.records for one in cc.plugins(plugins=["mine.py"], block=block())] == [
        {"shocks": ("rent-rise",)}
    ]


def test_one_record_is_blocked_and_the_result_says_so(alone, monkeypatch):
    alone("gifts", hooked("a", "b"))
    assert [*cc.shocks()] == ["a", "b"]
    assert [*cc.shocks(block=["gifts:a"])] == ["b"]
    assert cash(scenarios=["b"], block=["gifts:a"])[1] == "gifts 1.2 without a"
    with pytest.raises(cc.ArgumentError, match='unknown scenario "a"'):
        cash(scenarios=["a"], block=["gifts:a"])
    with pytest.raises(
        cc.ArgumentError,
        match=r'block names "gifts:c", wanted the name of a record of that plugin\. Known: a, b',
    ):
        cc.shocks(block="gifts:c")
    monkeypatch.setenv("CASHCADE_BLOCK_PLUGINS", "gifts:b")
    assert [*cc.shocks()] == ["a"]
    assert cash()[1] == "gifts 1.2 without b"


def test_one_record_is_overridden_and_the_result_says_so(alone, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    alone("gifts", hooked("a", "b"))
    mine = tmp_path / "mine.py"
    mine.write_text(hooked("a", amount=3e6))
    with pytest.raises(cc.PluginError, match=r'shock "a" is brought by plugin "gifts 1\.2" too'):
        cash(scenarios=["a"], plugins=["mine.py"])
    mine.write_text(hooked("a", amount=3e6, said='cashcade_overrides = ["a"]'))
    found, plugins = cash(scenarios=["a"], plugins=["mine.py"])
    assert found == cash(scenarios=["a"])[0] + 2e6
    assert plugins == "gifts 1.2 without a (that of mine.py), mine.py"


def test_former_names_hold_and_are_told(alone):
    alone(
        "gifts",
        hooked("a", "b", said="cashcade_renamed = {'old': 'a'}\ncashcade_deprecated = {'b': 'use a'}"),
    )
    with pytest.warns(cc.PluginWarning, match='"old" is now called "a"; use that name'):
        assert cash(scenarios=["old"])[0] == cash(scenarios=["a"])[0]
    with pytest.warns(cc.PluginWarning, match=r'"b" of plugin "gifts 1\.2" is deprecated: use a'):
        cash(scenarios=[cc.rules.Use("b", {"amount": 2.0})])
    bundle = Scenario("bundle", "A bundle", shocks=["old", "b"])
    assert cash(scenarios=[bundle])[0] == cash(scenarios=["a"])[0] + 1e6


def test_archetypes_and_worlds_keep_former_names(alone):
    alone(
        "kinds",
        "from cashcade.archetype import Archetype, Input, Part\n"
        "from cashcade.hookspecs import WorldFile, hookimpl\n"
        "cashcade_renamed = {'stall': 'kiosk', 'town': 'city'}\n"
        'TEXT = \'[world]\\nname = "city"\\ndate = 2025-08-31\\n[[company]]\\nid = "a"\\ncash = 1\\n\'\n'
        "@hookimpl\ndef cashcade_archetypes():\n"
        "    need = (Input('revenue', 'USD/month', 'Sales.'),)\n"
        "    parts = lambda given: [Part('company', 'company', {'cash': given['revenue'] * 3})]\n"
        "    yield Archetype('kiosk', 'A kiosk', 'Sells.', need, parts, example={'revenue': 1.0})\n"
        "@hookimpl\ndef cashcade_worlds():\n    yield WorldFile('city', 'A city', TEXT)\n",
    )
    with pytest.warns(cc.PluginWarning, match='"town" is now called "city"'):
        assert cc.load_world("town").name == "city"
    made = cc.World.builder("w", "2025-08-31").company("it", archetype="stall", revenue=2.0)
    with pytest.warns(cc.PluginWarning, match='"stall" is now called "kiosk"'):
        assert made.build(archetypes=cc.load.Installed()).companies[0].cash.value == 6.0


CONFIGURED = """
from cashcade.hookspecs import hookimpl
from cashcade.rules import *

class Plugin:
    def __init__(self, size, who):
        self.size, self.who = size, who

    @hookimpl
    def cashcade_shocks(self):
        yield Shock("gift", "A gift", lambda: Rule("gift", month >= 2, add(company(self.who).cash, self.size)))

def cashcade_plugin(size: float = 1e6, who: str = "one", loud: bool = False):
    return Plugin(size, who)
"""


def test_a_plugin_is_configured(alone, file, capsys):
    file.write_text(CONFIGURED)
    alone("gifts", CONFIGURED)
    plain, labels = cash(scenarios=["gift"])
    assert labels == "gifts 1.2"
    for given, label in (
        ("mine.py:size=3e6,who=one", "mine.py(size=3e6,who=one)"),
        ("gifts:size=3e6", "gifts(size=3e6) 1.2"),
    ):
        others = ["gifts"] if given.startswith("mine") else []
        dear, labels = cash(scenarios=["gift"], plugins=[given], block=others)
        assert dear == plain + 2e6
        assert labels == label
    assert execute(["plugins", "--plugin", "gifts:size=2"]) == 0
    assert "1 shock" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("mine.py", ("mine.py", "", True)),
        ("a.py/mine.py:of=b.py", ("a.py/mine.py", "of=b.py", True)),
        (r"C:\mine.py:size=3", (r"C:\mine.py", "size=3", True)),
        ("gifts:of=b.py", ("gifts", "of=b.py", False)),
        ("gifts", ("gifts", "", False)),
    ],
)
def test_names_and_options_are_told_apart(text, parts):
    assert split(text) == parts


WRONG_OPTIONS = {
    "mine.py:seize=3": "Unknown option of plugin \"mine.py\" 'seize'. Did you mean 'size'?",
    "mine.py:size": """the options of plugin "mine.py" are 'size', wanted KEY=VALUE,KEY=VALUE.""",
    "mine.py:size=1,size=2": "size is given twice, wanted each key once.",
    "mine.py:size=large": """option size of plugin "mine.py" is 'large', wanted a number.""",
    "mine.py:loud=perhaps": """option loud of plugin "mine.py" is 'perhaps', wanted true or false.""",
    "plain.py:size=3": 'plugin "plain.py" takes no options, given size; one that does has a function cashcade_plugin',
    "needy.py": 'plugin "needy.py" needs the option size: write size=VALUE.',
    "gfits:size=3": """plugins[1] is "gfits:size=3", wanted a module, an object with hooks, the path of a Python file""",
    "none.py": """plugin "none.py": cashcade_plugin returned None, wanted a module or an object with hooks; it lacks a""",
}


@pytest.mark.parametrize("given", WRONG_OPTIONS)
def test_options_that_do_not_fit_are_told(given, file, capsys):
    file.write_text(CONFIGURED)
    (file.parent / "plain.py").write_text(FILE)
    (file.parent / "needy.py").write_text(CONFIGURED.replace("size: float = 1e6", "size: float"))
    (file.parent / "none.py").write_text(CONFIGURED.replace("return Plugin", "Plugin"))
    assert execute(["plugins", "--plugin", given]) == 2
    assert WRONG_OPTIONS[given] in capsys.readouterr().err


def test_documents_say_which_plugins_there_were(file, capsys):
    (file.parent / "small.toml").write_text(small_world().to_toml())
    words = [
        "run",
        "small.toml",
        "--plugin",
        "mine.py",
        "--scenario",
        "rent-rise",
        "--paths",
        "4",
        "--months",
        "2",
    ]
    assert execute([*words, "--json"]) == 0
    assert "mine.py" in json.loads(capsys.readouterr().out)["run"]["plugins"]
