"""Docstrings of the models agree with their signatures and units; their examples run as doctest."""

import importlib
import inspect
import pkgutil
from typing import get_type_hints

import docstrings
import pytest
from model_tools import wired

import planner.models
from planner.units import UnitError, dimension

LIBRARY = {
    f"{module.name}.{name}": function
    for module in pkgutil.iter_modules(planner.models.__path__)
    for home in [importlib.import_module(f"planner.models.{module.name}")]
    for name, function in inspect.getmembers(home, inspect.isfunction)
    if function.__module__ == home.__name__ and not name.startswith("_")
}


def units_of(function):
    """Unit of each parameter and of the result, where the annotation has one."""
    hints = get_type_hints(function, include_extras=True)
    found = {key: getattr(hint, "__metadata__", ()) for key, hint in hints.items()}
    return {key: metadata[0] for key, metadata in found.items() if metadata}


# Functions that compute a quantity, wired into a sheet or not.
MODELS = {name: function for name, function in LIBRARY.items() if "return" in units_of(function)}


def test_there_are_models():
    assert {quantity.function for quantity in wired().values()} <= set(MODELS.values())


def test_parameters_are_those_of_the_signature():
    for name, function in MODELS.items():
        described = [entry.name.lstrip("*") for entry in docstrings.parameters(function)]
        assert described == list(inspect.signature(function).parameters), name


def test_the_summary_is_one_sentence():
    for name, function in MODELS.items():
        first, _, rest = (inspect.getdoc(function) or "").partition("\n")
        assert first.endswith("."), name
        assert rest == "" or rest.startswith("\n"), name


def test_every_unit_is_known():
    for name, function in MODELS.items():
        for entry in [*docstrings.parameters(function), docstrings.result(function)]:
            for unit in entry.units:
                try:
                    dimension(unit)
                except UnitError as error:
                    pytest.fail(f"{name}: {entry.name}: {error}")


def test_units_are_those_of_the_annotations():
    for name, function in MODELS.items():
        units = units_of(function)
        for entry in docstrings.parameters(function):
            if entry.name in units:
                assert entry.units[:1] == [units[entry.name]], (name, entry.name)
        assert docstrings.result(function).units[:1] == [units["return"]], name


def test_there_is_a_result_and_an_example():
    for name, function in MODELS.items():
        found = docstrings.sections(function)
        assert found.keys() >= {"Returns", "Examples"}, name
        assert ">>>" in found["Examples"], name


def test_errors_are_announced():
    """A model that checks its arguments itself says what it refuses."""
    for name, function in MODELS.items():
        if "raise ValueError" in inspect.getsource(function):
            assert "ValueError" in docstrings.sections(function).get("Raises", ""), name
