"""A scenario read from its files."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from planner.catalog import Catalog, catalog_files
from planner.data_files import shipped
from planner.facts import Fact
from planner.faults import Fault, InputError, Mark
from planner.layers import in_full, read_layers
from planner.limits import size_faults
from planner.merge import document_of
from planner.own_parts import own_catalog, own_readings
from planner.references import unknown_names
from planner.scenario.document import Scenario
from planner.scenario.inventory import flavours_of_vms, read_inventory
from planner.schema import Strict, attempt, validate, where_named
from planner.strict_yaml import Document, load, parse
from planner.text_file import exists
from planner.wording import did_you_mean, quoted

Source: TypeAlias = str | os.PathLike[str] | Mapping[str, Any]
"""A scenario: the path of a file, the name of a shipped one, or what a file would hold."""

GIVEN = "scenario"


@dataclass(frozen=True)
class Loaded:
    """A scenario with its catalog and where everything stands."""

    scenario: Scenario
    catalog: Catalog
    document: Document
    digests: dict[str, str]
    readings_files: tuple[Path, ...]


def shipped_scenarios() -> dict[str, Path]:
    """The files of the shipped scenarios by name."""
    return {file.stem: file for file in catalog_files(shipped("scenarios"))}


def find_scenario(name: str) -> Path:
    """The file of a scenario, by path or by the name of a shipped one, which a folder never hides.

    Raises
    ------
    InputError
        When there is neither.
    """
    path = Path(name)
    if path.suffix or "/" in name:
        return path
    folder = os.path.isdir(name) and name in shipped_scenarios()  # noqa: PTH112 - never raises
    return path if exists(path) and not folder else _shipped_scenario(name)


def _shipped_scenario(name: str) -> Path:
    known = shipped_scenarios()
    if name not in known:
        remedy = did_you_mean(name, known) or "name a file"
        raise InputError.at(Mark(name), "no such file or shipped scenario", remedy)
    return known[name]


def load_scenario(source: Source) -> Loaded:
    """Read a scenario and the catalog that it uses.

    Parameters
    ----------
    source : str, path or mapping
        Path of a scenario file, the name of a shipped one, or what such a file would hold; the
        files that a mapping names are relative to the current folder.

    Raises
    ------
    InputError
        With every fault that was found.

    Examples
    --------
    >>> dear = {"extends": "today", "site": {"electricity_price": "0.45 EUR/kWh"}}
    >>> load_scenario(dear).scenario.site.electricity_price.value
    0.45
    """
    document, path = _document(source)
    label = document.name
    tree, digests = read_layers(document, path, _shipped_scenario)
    faults: list[Fault] = []
    written = in_full(tree, faults)
    document = document_of(written, label, digests[next(iter(digests))])
    catalog = own_catalog(document, faults)
    readings = own_readings(document, faults)
    faults += unknown_names(document, catalog, readings, tree.keys("designs") or None)
    scenario = attempt(faults, validate, Scenario, document.data, document)
    if scenario is not None:
        faults += [*size_faults(scenario, document), *_vm_faults(scenario, document)]
        scenario = attempt(faults, _with_inventory, scenario, document, digests) or scenario
    if faults or scenario is None:
        raise InputError(_without_lines(faults) if isinstance(source, Mapping) else faults)
    files = tuple(map(Path, scenario.measurements))
    return Loaded(_with_sources(scenario), catalog, document, digests, files)


def _vm_faults(scenario: Scenario, document: Document) -> list[Fault]:
    """The fault of a scenario that asks for no VM."""
    if scenario.workload or scenario.inventory is not None:
        return []
    mark = document.mark(())
    mark = mark if mark.line else Mark(mark.file, 1, 1)
    message = "no VM is asked for: `workload` and `inventory` are missing"
    return [Fault(mark, message, "add `workload: ...`, or `inventory: vms.csv`")]


def _document(source: Source) -> tuple[Document, Path]:
    """The content of a scenario, and where it is."""
    if isinstance(source, Mapping):
        return _given(source), Path(GIVEN)
    name = os.fspath(source)
    path = find_scenario(name)
    return load(path, str(path) if path == Path(name) else path.name), path


def _given(content: Mapping[str, Any]) -> Document:
    """What a file would hold, under the same checks; the places are the paths of the keys."""
    try:
        text = _as_json(content)
    except (TypeError, ValueError, RecursionError) as error:
        remedy = "use dict, list, text, numbers, true or false and None"
        raise InputError.at(Mark(GIVEN), str(error), remedy) from None
    try:
        document = parse(text, GIVEN)
    except InputError as error:
        raise InputError([*_unwritable(content)] or _without_lines(error.faults)) from None
    return replace(
        document,
        marks={path: Mark(GIVEN) for path in document.marks},
        key_marks={path: Mark(GIVEN) for path in document.key_marks},
    )


def _unwritable(content: Mapping[str, Any], around: str = "") -> Iterator[Fault]:
    """What no file could hold, with the path of its key."""
    for key, value in content.items():
        path = f"{around}{str(key)[:64]}"
        inside = isinstance(value, Mapping)
        try:
            parse(_as_json({key: None if inside else value}), GIVEN)
        except InputError as error:
            for fault in error.faults:
                yield replace(fault, mark=Mark(GIVEN), message=f"{path}: {fault.message}")
        if inside:
            yield from _unwritable(value, f"{path}.")


def _without_lines(faults: Iterable[Fault]) -> Iterator[Fault]:
    """The faults of a mapping, which has no lines; those of files that it names keep theirs."""
    for fault in faults:
        yield replace(fault, mark=Mark(GIVEN)) if fault.mark.file == GIVEN else fault


def _as_json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, default=_mapping)


def _mapping(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a scenario holds no {type(value).__name__}")


def _with_inventory(scenario: Scenario, document: Document, digests: dict[str, str]) -> Scenario:
    """The scenario with the VMs that its inventory lists among its workload."""
    if scenario.inventory is None:
        return scenario
    faults: list[Fault] = []
    found = attempt(faults, read_inventory, Path(scenario.inventory), scenario.inventory)
    if found is None:
        mark = document.mark(("inventory",))
        raise InputError(where_named(faults, {scenario.inventory: mark}))
    vms, digest = found
    digests[scenario.inventory] = digest
    flavours = flavours_of_vms(vms)
    twice = [
        Fault(vm.mark, f"{quoted(vm.name)} is also a flavour of the workload", "rename one of them")
        for vm in vms
        if vm.name in scenario.workload
    ]
    if twice:
        raise InputError(twice)
    return scenario.model_copy(update={"workload": {**scenario.workload, **flavours}})


def _with_sources(scenario: Scenario) -> Scenario:
    """The scenario with its facts' sources spelled out."""

    def spell(value: Any) -> Any:
        if isinstance(value, Fact):
            return replace(value, source=scenario.sources.get(value.source, value.source))
        if isinstance(value, Strict):
            keys = value.model_fields_set
            return value.model_copy(update={key: spell(getattr(value, key)) for key in keys})
        if isinstance(value, dict):
            return {key: spell(item) for key, item in value.items()}
        return value

    spelled = spell(scenario)
    assert isinstance(spelled, Scenario)
    return spelled
