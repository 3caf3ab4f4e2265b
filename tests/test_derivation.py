"""Every number of the shipped scenario is explained, down to facts that say where they stand."""

import json
import math

import pytest

from planner.data_files import shipped
from planner.derivation import as_data, derive, formula_of, notes_of
from planner.evaluation import evaluate_fully
from planner.facts import Basis
from planner.faults import InputError
from planner.models import assembly, energy, node, running_cost, throughput, utilisation
from planner.sheet import Cell
from planner.wiring import sheets

SCENARIO = "vrt-2013"
CLUSTER = "mini-itx-cluster"


@pytest.fixture(scope="module")
def evaluation():
    return evaluate_fully(SCENARIO)


@pytest.fixture(scope="module")
def told(evaluation):
    """Every quantity of every design with its derivation."""
    return {
        (design, quantity): derive(evaluation, design, quantity)
        for design, computed in evaluation.designs.items()
        for quantity in computed.cells()
    }


def steps(step):
    yield step
    for _, below in step.inputs:
        yield from steps(below)


def leaves(step):
    return [below for below in steps(step) if not below.inputs and not below.seen]


def test_every_leaf_is_a_fact_with_a_place_or_a_source(told):
    for key, step in told.items():
        for leaf in leaves(step):
            if leaf.fact is None:
                # A row of nothing: no part was left out of the reading.
                assert leaf.values == (), (key, leaf.name)
            else:
                assert leaf.fact.mark or leaf.fact.source, (key, leaf.fact.name)


def test_what_the_catalog_does_not_tell_has_the_place_of_its_part(told):
    (rating,) = (
        leaf.fact
        for leaf in leaves(told["legacy-rack", "legacy.supply_load"])
        if leaf.fact and not leaf.fact.known
    )
    assert rating.name == "legacy-300w.supply_rating"
    assert rating.note == "whether the machine can be built cannot be judged without it"
    lines = (shipped("catalogs") / "servers.yaml").read_text(encoding="utf-8").splitlines()
    assert rating.mark.file == "catalogs/servers.yaml"
    assert lines[rating.mark.line - 1] == "  legacy-300w:"


def test_what_was_told_before_was_told_in_full(told):
    for key, step in told.items():
        found = list(steps(step))
        for index, again in enumerate(found):
            if again.seen:
                assert again.inputs == ()
                before = [item for item in found[:index] if item.name == again.name and item.inputs]
                assert any(item.values == again.values for item in before), (key, again.name)


def test_what_is_computed_names_its_model(told):
    for step in told.values():
        for found in steps(step):
            if found.inputs and found.model:
                # A layout is searched for; all else is computed by a formula.
                assert found.model.startswith(("planner.models.", "planner.placing.cells."))
                assert found.summary.endswith(".")
            assert (found.fact is None) or not found.model


def test_the_value_at_the_root_is_that_of_the_snapshot(evaluation, told):
    for design in evaluation.snapshot.designs:
        for quantity, shown in design["quantities"].items():
            if (design["id"], quantity) not in told:
                assert shown["value"] is None
                continue
            step = told[design["id"], quantity]
            # The snapshot is rounded to twelve digits, and the range of a count to whole numbers.
            (value,) = step.values
            if shown["value"] is None:
                assert value in (None, math.inf)
            else:
                assert value == pytest.approx(shown["value"], rel=1e-11)
            assert step.unit == shown["unit"]
            assert step.basis == shown["basis"]
            if shown["low"] is not None:
                assert shown["low"] <= step.low + abs(step.low) * 1e-11
            if shown["high"] is not None:
                assert shown["high"] >= step.high - abs(step.high) * 1e-11


def test_the_basis_is_no_stronger_than_any_fact_that_matters(told):
    for key, step in told.items():
        if any(found.limit for found in steps(step)) or any(found.seen for found in steps(step)):
            continue
        ranks = [Basis(leaf.basis).rank for leaf in leaves(step)]
        assert Basis(step.basis).rank == max(ranks, default=0), key


def test_it_is_data_that_every_reader_of_json_takes(told):
    for step in told.values():
        data = as_data(step)
        text = json.dumps(data, allow_nan=False)
        assert json.loads(text) == data


def test_data_of_a_fact_and_of_a_quantity(evaluation):
    data = as_data(derive(evaluation, CLUSTER, "annual_energy_cost"))
    assert (data["name"], data["unit"], data["basis"]) == (
        "annual_energy_cost",
        "AUD",
        "assumption",
    )
    assert data["formula"] == "facility_energy * electricity_price"
    assert data["model"] == "planner.models.energy.annual_energy_cost"
    price = next(item for item in data["inputs"] if item["as"] == "electricity_price")
    assert (price["value"], price["low"], price["high"]) == (0.25, 0.22, 0.30)
    assert price["unit"] == "AUD/kWh"
    assert "Tariff 11" in price["source"]
    file, line, _ = price["where"].rsplit(":", 2)
    assert file.endswith(f"{SCENARIO}.yaml")
    assert int(line) > 0


def test_what_has_no_limit_is_null_and_says_so(told):
    unlimited = [step for step in told.values() if math.inf in step.values]
    assert unlimited
    for step in unlimited:
        data = as_data(step)
        assert data["unlimited"] is True
        assert data["value"] is None or math.inf not in data["value"]


def test_a_derivation_can_be_cut_short(evaluation):
    root = derive(evaluation, CLUSTER, "annual_energy_cost", depth=1)
    assert (root.inputs, root.seen) == ((), False)
    two = derive(evaluation, CLUSTER, "annual_energy_cost", depth=2)
    assert [name for name, _ in two.inputs] == ["facility_energy", "electricity_price"]
    assert all(below.inputs == () for _, below in two.inputs)
    assert two.values == root.values


def test_equal_members_of_a_row_are_told_once_with_their_number(evaluation):
    found = derive(evaluation, CLUSTER, "raw_capacity")
    labels = [label for step in steps(found) for label, _ in step.inputs]
    # Three hosts of two drives each, whether they are counted by drive or by host.
    assert any(label.endswith(("(x 6)", "(x 3)")) for label in labels)
    assert len(labels) < 18


def test_the_limit_is_named_where_a_quantity_is_the_least_of_several(told):
    found = told[CLUSTER, "vms"]
    inner = {step.limit for step in steps(found) if step.limit}
    assert found.limit in inner
    assert told[CLUSTER, "annual_energy"].limit == ""


def test_formulas_come_from_the_code_or_from_the_notes():
    assert formula_of(energy.annual_energy_cost) == "facility_energy * electricity_price"
    assert formula_of(throughput.egress_bound_write_throughput) == notes_of(
        throughput.egress_bound_write_throughput
    )
    assert notes_of(energy.annual_energy_cost) == ""


def test_a_formula_speaks_of_its_inputs_only(told):
    seen = 0
    for step in told.values():
        for found in steps(step):
            if found.model.startswith("planner.placing.cells."):
                seen += 1
                assert "Found by packing" in found.formula or "planner place" in found.formula
                assert "placement." not in found.formula
    assert seen


@pytest.mark.parametrize(
    ("design", "quantity", "expected"),
    [
        ("mini-itx-clutser", "vms", "no such design; did you mean `mini-itx-cluster"),
        (CLUSTER, "vmz", "has no such quantity; did you mean `vms`"),
    ],
)
def test_wrong_names_get_a_proposal(evaluation, design, quantity, expected):
    with pytest.raises(InputError, match=expected):
        derive(evaluation, design, quantity)


def test_the_cells_are_not_touched(evaluation):
    cell = evaluation.designs[CLUSTER].cells()["vms"]
    before = [(below.name, below.value.tobytes()) for below in cell.walk()]
    derive(evaluation, CLUSTER, "vms")
    assert isinstance(cell, Cell)
    assert [(below.name, below.value.tobytes()) for below in cell.walk()] == before


def test_every_quantity_tells_its_formula():
    for sheet in sheets():
        for name, quantity in sheet.quantities.items():
            assert formula_of(quantity.function), name


@pytest.mark.parametrize(
    ("model", "formula"),
    [
        (
            node.node_idle_power,
            "base_idle_power + sum(extra_part_count * extra_part_idle_power, axis=0)",
        ),
        (
            running_cost.annual_upkeep_cost,
            "annual_labour_cost + place + annual_licence_cost + "
            "annual_warranty_cost, with place = annual_space_cost + annual_hosting_cost",
        ),
        (assembly.memory_slots_needed, "sum(slotted_module_count, axis=0)"),
        (utilisation.rack_utilisation, "share(rack_units, rack_space)"),
    ],
)
def test_a_formula_names_steps_and_leaves_out_checks_and_conversions(model, formula):
    assert formula_of(model) == formula
