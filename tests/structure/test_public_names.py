"""What the package gives by name is what it says, whatever has been imported before."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
from functools import cached_property
from types import ModuleType

import cashcade
import pytest
from cashcade.clearing import Clearing


def submodules() -> list[str]:
    found = pkgutil.walk_packages(cashcade.__path__, "cashcade.")
    return [module.name for module in found if not module.name.endswith("__main__")]


MODULES = submodules()

HIDDEN = """
import importlib, sys, types
for name in sys.argv[1:]:
    importlib.import_module(name)
packages = [module for name, module in sys.modules.items() if name.split(".")[0] == "cashcade"]
names = [(module, name) for module in packages for name in getattr(module, "__all__", ())]
assert len(names) > 100, len(names)
hidden = [(module.__name__, name) for module, name in names if isinstance(getattr(module, name), types.ModuleType)]
assert not hidden, hidden
"""
"""A program that imports modules, then looks for public names behind which a module stands."""


def test_the_modules_are_found():
    assert len(MODULES) > 100
    assert {"cashcade.case.run", "cashcade.clearing._result", "cashcade.world.world"} <= set(MODULES)


@pytest.mark.parametrize("backwards", [False, True])
def test_no_module_hides_a_public_name(backwards):
    words = MODULES[::-1] if backwards else MODULES
    done = subprocess.run([sys.executable, "-c", HIDDEN, *words], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr


def test_loops_can_be_listed_after_a_run():
    """A module of that name used to take the place of the function."""
    program = (
        'import cashcade as cc; cc.run("tests/results/tiny.toml", paths=1, months=1); print(len(cc.loops()))'
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert int(done.stdout) == len(cashcade.loops())


def classes() -> list[type]:
    found = {}
    for name in MODULES:
        module = importlib.import_module(name)
        for each in vars(module).values():
            if inspect.isclass(each) and each.__module__.startswith("cashcade."):
                found[f"{each.__module__}.{each.__qualname__}"] = each
    return list(found.values())


def test_attributes_of_classes_can_be_looked_at():
    """Editors, debuggers and makers of documentation look at classes; what is worked out late has no value there."""
    looked = [
        (each, name)
        for each in classes()
        for name, value in vars(each).items()
        if hasattr(type(value), "__get__") and not name.startswith("__")
    ]
    assert (Clearing, "payments") in looked
    assert any(isinstance(vars(each)[name], cached_property) for each, name in looked)
    for each, name in looked:
        assert not isinstance(getattr(each, name), ModuleType)
    assert "Paid" not in repr(Clearing.payments)
