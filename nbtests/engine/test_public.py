"""Behaviour: what the engine offers is what it says it offers."""

import importlib
import pkgutil
from types import ModuleType

import pytest

import trainingwheels.engine as engine

MODULES = [*pkgutil.walk_packages(engine.__path__, "trainingwheels.engine.")]


def test_all_lists_exactly_the_public_names():
    public = {name for name, thing in vars(engine).items() if name[0] != "_" and not isinstance(thing, ModuleType)}
    assert set(engine.__all__) == public


def test_all_is_sorted():
    constants = [name for name in engine.__all__ if name.isupper()]
    classes = [name for name in engine.__all__ if name[0].isupper() and not name.isupper()]
    functions = [name for name in engine.__all__ if name[0].islower()]
    assert engine.__all__ == sorted(constants) + sorted(classes) + sorted(functions)


@pytest.mark.parametrize("found", MODULES, ids=lambda found: found.name)
def test_every_module_says_what_it_is_and_offers(found):
    module = importlib.import_module(found.name)
    assert module.__doc__
    assert found.ispkg or module.__all__  # a room has files to import from, and offers nothing itself
    for public in getattr(module, "__all__", ()):
        assert hasattr(module, public)
