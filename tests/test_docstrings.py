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
every_model = pytest.mark.parametrize("name", MODELS)


def test_there_are_models():
    assert {quantity.function for quantity in wired().values()} <= set(MODELS.values())


@every_model
def test_parameters_are_those_of_the_signature(name):
    function = MODELS[name]
    described = [entry.name.lstrip("*") for entry in docstrings.parameters(function)]
    assert described == list(inspect.signature(function).parameters)


@every_model
def test_the_summary_is_one_sentence(name):
    first, _, rest = (inspect.getdoc(MODELS[name]) or "").partition("\n")
    assert first.endswith(".")
    assert rest == "" or rest.startswith("\n")


@every_model
def test_every_unit_is_known(name):
    function = MODELS[name]
    for entry in [*docstrings.parameters(function), docstrings.result(function)]:
        for unit in entry.units:
            try:
                dimension(unit)
            except UnitError as error:
                pytest.fail(f"{entry.name}: {error}")


@every_model
def test_units_are_those_of_the_annotations(name):
    function, units = MODELS[name], units_of(MODELS[name])
    for entry in docstrings.parameters(function):
        if entry.name in units:
            assert entry.units[:1] == [units[entry.name]], entry.name
    if "return" in units:
        assert docstrings.result(function).units[:1] == [units["return"]]


@every_model
def test_there_is_a_result_and_an_example(name):
    found = docstrings.sections(MODELS[name])
    assert found.keys() >= {"Returns", "Examples"}
    assert ">>>" in found["Examples"]


@every_model
def test_errors_are_announced(name):
    """A model that checks its arguments itself says what it refuses."""
    if "raise ValueError" in inspect.getsource(MODELS[name]):
        assert "ValueError" in docstrings.sections(MODELS[name]).get("Raises", "")
