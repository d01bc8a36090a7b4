"""Plugins: found in order, blocked by name, blamed by distribution and version."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cashcade.archetype import Archetype, Figure
from cashcade.errors import ArgumentError, PluginError, WorldError
from cashcade.hookspecs import WorldFile, hookimpl
from cashcade.load import archetypes, load_world, worlds
from cashcade.plugin import find_plugins
from cashcade.plugin.blame import BLOCK_VARIABLE
from cashcade.world import World
from cashcade.world.identity import world_hash

TOML = '[world]\nname = "{0}"\ndate = 2025-08-31\n[[company]]\nid = "a"\ncash = 1\n'
CODE = """
from cashcade.hookspecs import WorldFile, hookimpl

@hookimpl
def cashcade_worlds():
    yield WorldFile("{name}", "A world", {toml!r})
"""

Install = Callable[..., None]


def brings(name: str) -> str:
    return CODE.format(name=name, toml=TOML.format(name))


def own() -> list[str]:
    """Return the names of installed distributions with plugins besides those of the test."""
    return [plugin.name for plugin in find_plugins().loaded.values()]


def test_worlds_of_plugins_are_found_by_name(install: Install) -> None:
    others = own()
    install("zz-late", brings("aaa"))
    install("aa-early", brings("zzz"))
    loaded = find_plugins(block=others).loaded
    assert [plugin.label for plugin in loaded.values()] == ["aa-early 1.2", "zz-late 1.2"]
    assert [(offer.name, offer.origin) for offer in worlds(block=others)] == [
        ("aaa", "zz-late 1.2"),
        ("zzz", "aa-early 1.2"),
    ]
    assert str(worlds(block=others)[0].date) == "2025-08-31"
    assert load_world("aaa", block=others).name == "aaa"


def test_blocked_plugins_are_not_loaded(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("Broken.Plugin", "raise RuntimeError('boom')")
    with pytest.raises(PluginError, match=r'"Broken.Plugin 1.2": loading .* RuntimeError: boom.*block'):
        find_plugins()
    assert "Broken.Plugin" not in [
        plugin.name for plugin in find_plugins(block=["broken-plugin"]).loaded.values()
    ]
    monkeypatch.setenv(BLOCK_VARIABLE, " , Broken_Plugin")
    assert find_plugins().loaded.keys() == find_plugins(block="broken.plugin").loaded.keys()


def test_a_misspelt_block_is_an_error(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("some-plugin", brings("some"))
    message = r"block names 'some-plugn', wanted .* Did you mean \"some-plugin\"\?"
    for call in (find_plugins, worlds, lambda block: load_world("gone.toml", block=block)):
        with pytest.raises(ArgumentError, match=message):
            call(block=["some-plugn"])
    monkeypatch.setenv(BLOCK_VARIABLE, "some-plugn")
    with pytest.raises(ArgumentError, match=f"{BLOCK_VARIABLE} names 'some-plugn'"):
        find_plugins()


def test_a_misspelt_hook_is_an_error(install: Install) -> None:
    install("speller", brings("x").replace("cashcade_worlds", "cashcade_wolrds"))
    with pytest.raises(PluginError, match=r'"speller 1.2": unknown hook .cashcade_wolrds.'):
        find_plugins()


def test_a_hook_with_arguments_is_an_error(install: Install) -> None:
    install("eager", brings("x").replace("cashcade_worlds()", "cashcade_worlds(market)"))
    with pytest.raises(PluginError, match=r'"eager 1.2"'):
        find_plugins()


def test_a_hook_that_fails_is_blamed(install: Install) -> None:
    install("failing", brings("x").replace("yield", "1 / 0; yield"))
    with pytest.raises(PluginError, match=r'"failing 1.2": cashcade_worlds failed with ZeroDivisionError'):
        worlds()


def test_a_wrong_record_is_blamed(install: Install) -> None:
    install("wrong", brings("x").replace("yield WorldFile", "yield "))
    with pytest.raises(PluginError, match=r'"wrong 1.2": cashcade_worlds gave a tuple, wanted WorldFile'):
        worlds()


def test_two_worlds_of_one_name_are_an_error(install: Install) -> None:
    install("one", brings("same"))
    install("two", brings("same"))
    with pytest.raises(PluginError, match=r'"two 1.2": world "same" is brought by plugin "one 1.2" too'):
        worlds()
    assert load_world("same", block=["two"]).name == "same"


def test_a_hook_that_does_not_end_is_blamed(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("looping", brings("x").replace("yield", "while True: __import__('time').sleep(0.01)\n    yield"))
    monkeypatch.setattr("cashcade.plugin.calls.SECONDS", 0.2)
    with pytest.raises(PluginError, match=r'"looping 1.2": cashcade_worlds did not end within 0.2 seconds'):
        worlds()


def test_a_hook_that_yields_for_ever_is_blamed(install: Install) -> None:
    install("endless", brings("x").replace("yield", "while True: yield"))
    with pytest.raises(PluginError, match=r'"endless 1.2": cashcade_worlds gave more than 10,000 records'):
        worlds()


@pytest.mark.parametrize(("version", "who"), [("0", "it is too old"), ("2", "cashcade is too old for it")])
def test_a_plugin_for_other_hooks_is_an_error(install: Install, version: str, who: str) -> None:
    install("other", f"cashcade_api = {version}\n" + brings("x"))
    with pytest.raises(
        PluginError, match=rf'"other 1.2": it was written for version {version}.*{who}.*block='
    ):
        find_plugins()


def test_a_name_that_no_command_could_hold_is_an_error(install: Install) -> None:
    install("names", brings("x").replace('"x"', '"x, y"'))
    with pytest.raises(
        PluginError, match=r'"names 1.2": cashcade_worlds gave .* name .x, y., wanted up to 60'
    ):
        worlds()


def test_archetypes_are_found(install: Install) -> None:
    code = """
from cashcade.archetype import Archetype, Input, Part
from cashcade.hookspecs import hookimpl

cashcade_api = 1
needed = (Input("revenue", "USD/month", "Revenue."),)

def derive(given):
    yield Part("company", "company", {"cash": given["revenue"] * 3})

@hookimpl
def cashcade_archetypes():
    yield Archetype("neocloud", "Rents GPUs", "Text.", needed, derive, example={"revenue": 1.0})
"""
    others = own()
    install("kinds", code)
    ((plugin, archetype),) = find_plugins(block=others).records("cashcade_archetypes", Archetype)
    assert plugin.label == "kinds 1.2"
    (part,) = archetype.parts(archetype.given("it", {"revenue": Figure(2.0, 2.0, 2.0)}, {}))
    assert part.fields["cash"].value == 6.0


def test_a_derivation_that_fails_is_blamed(install: Install) -> None:
    code = """
from cashcade.archetype import Archetype, Input
from cashcade.hookspecs import hookimpl

def derive(given):
    raise KeyError("backlog")

@hookimpl
def cashcade_archetypes():
    needed = (Input("revenue", "USD/month", "Revenue."),)
    yield Archetype("faulty", "Fails", "Text.", needed, derive, example={"revenue": 1.0})
"""
    others = own()
    install("kinds", code)
    builder = World.builder("w", "2025-08-31").company("it", archetype="faulty", revenue=1.0)
    with pytest.raises(PluginError, match=r'plugin "kinds 1.2": archetype "faulty" of company "it" failed'):
        builder.build(archetypes=archetypes(block=others))


def test_an_unsound_world_is_blamed(install: Install) -> None:
    install("unsound", brings("x").replace("cash = 1", "cash = -1"))
    with pytest.raises(
        PluginError, match=r'world "x" of plugin "unsound 1.2": x.toml:6: company\[1\] "a".cash'
    ) as caught:
        load_world("x")
    assert 'block=["unsound"] or CASHCADE_BLOCK_PLUGINS=unsound.' in str(caught.value)


class Extra:
    """A plugin that is not packaged."""

    def __init__(self, source: object) -> None:
        self.source = source

    @hookimpl
    def cashcade_worlds(self) -> list[WorldFile]:
        return [WorldFile("extra", "Not packaged", self.source)]


def test_objects_can_be_plugins(tmp_path: Path) -> None:
    file = tmp_path / "extra.toml"
    file.write_text(TOML.format("extra"))
    for source in (file, TOML.format("extra")):
        assert load_world("extra", plugins=[Extra(source)]).name == "extra"
    missing = Extra(tmp_path / "none.toml")
    with pytest.raises(
        PluginError, match=r'world "extra" of plugin "Extra \(plugins\[1\]\)": .*no such file'
    ):
        load_world("extra", plugins=[missing])


def test_unknown_names_end_in_a_proposal(install: Install) -> None:
    others = own()
    with pytest.raises(WorldError, match='unknown world "ai"'):
        load_world("ai", block=others)
    install("known", brings("ai-2025-08"))
    with pytest.raises(WorldError, match=r'unknown world "ai-2025-8".*Did you mean "ai-2025-08"'):
        load_world("ai-2025-8", block=others)


def test_files_and_folders_are_loaded(tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(TOML.format("small"))
    world = load_world(file)
    assert load_world(str(file)) == world
    folder = tmp_path / "tables"
    folder.mkdir()
    for name, table in world.to_tables().items():
        table.to_csv(folder / f"{name}.csv", index=False)
    assert load_world(folder) == world
    with pytest.raises(WorldError, match="no such file"):
        load_world(tmp_path / "none.toml")


def test_nothing_happens_on_import() -> None:
    assert "find_plugins" not in vars(sys.modules["cashcade.hookspecs"])


def test_plugins_are_looked_for_once_until_a_distribution_comes(install: Install) -> None:
    before = find_plugins()
    assert find_plugins() is before
    assert find_plugins(extra=[Extra("")]).manager is not before.manager
    install("newcomer", brings("new"))
    assert {plugin.name for plugin in find_plugins().loaded.values()} == {
        *(plugin.name for plugin in before.loaded.values()),
        "newcomer",
    }


def test_worlds_have_the_hash_of_what_they_say_and_may_be_frozen() -> None:
    text = TOML.format("one")
    told = World.from_text(text + "fixed_cost = 0\n")
    assert world_hash(told) == world_hash(World.from_text(text)), "what equals its default says nothing"
    moved = world_hash(World.from_text(text.replace("cash = 1", "cash = 2")))
    assert moved != world_hash(told)
    assert len(moved) == 16

    class Plugin:
        @hookimpl
        def cashcade_worlds(self) -> list[WorldFile]:
            return [
                WorldFile("free", "Changes", TOML.format("free")),
                WorldFile("one", "Frozen", text, world_hash(told)),
                WorldFile("was", "Changed", text, moved),
            ]

    names = {"free", "one", "was"}
    found = {each.name: each for each in worlds(plugins=[Plugin()]) if each.name in names}
    assert found["one"].hash == found["was"].hash == world_hash(told)
    assert [found[name].state for name in ("free", "one", "was")] == ["", "frozen", f"changed since {moved}"]
