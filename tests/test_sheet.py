"""The sheet: what it refuses to connect, what it computes, what it says of limits and evidence."""

import numpy as np
import pytest
from model_tools import module

from planner.facts import Basis, Fact
from planner.models import energy, power
from planner.models.dimensions import (
    Byte,
    Hour,
    KilowattHour,
    Money,
    Node,
    Number,
    Vm,
    Watt,
)
from planner.sheet import (
    Cell,
    Sheet,
    WiringError,
    inputs_that_matter,
    limiter,
    quantities_of,
    renamed,
    stack,
)
from planner.wiring import sheets


def mean_power(node_total: Node, node_power: Watt) -> Watt:
    """Power of all nodes."""
    return node_total * node_power


def annual_energy(mean_power: Watt, hours_per_year: Hour = 8760.0) -> KilowattHour:
    """Energy of a year."""
    return mean_power * hours_per_year / 1000.0


def monthly_energy(annual_energy: KilowattHour) -> KilowattHour:
    """Energy of a month."""
    return annual_energy / 12.0


def leaf(name, value, unit, basis=Basis.MEASURED):
    columns = np.atleast_1d(np.asarray(value, dtype=float))
    return Cell(name, unit, columns, Fact(name, float(columns[0]), unit, basis))


POWER = module("power", mean_power)
ENERGY = module("energy", annual_energy, monthly_energy)
INPUTS = {"node_total": "node", "node_power": "W"}
SHEET = Sheet("bill", [POWER, ENERGY], INPUTS)
GIVEN = {
    "node_total": leaf("node_total", 3.0, "node"),
    "node_power": leaf("node_power", 500.0, "W"),
}


# What is refused


def test_watts_are_not_taken_for_watt_hours():
    """A deliberately wrong connection is refused before anything is computed."""

    def cost(mean_power: KilowattHour) -> Money:
        """Price of what is mistaken for energy."""
        raise AssertionError(f"computed from {mean_power}")

    expected = "bill: cost needs mean_power in kWh, but it is computed in W"
    with pytest.raises(WiringError, match=expected):
        Sheet("bill", [POWER, module("wrong", cost)], INPUTS)


def test_watts_given_for_kilowatts_are_refused():
    expected = "bill: mean_power needs node_power in W, but it is given in kW"
    with pytest.raises(WiringError, match=expected):
        Sheet("bill", [POWER], {"node_total": "node", "node_power": "kW"})


def test_an_input_that_nothing_provides():
    expected = "bill: mean_power needs node_power, which nothing provides"
    with pytest.raises(WiringError, match=expected):
        Sheet("bill", [POWER], {"node_total": "node"})


def test_a_default_needs_no_provider_but_the_right_unit():
    assert Sheet("bill", [POWER, ENERGY], INPUTS).unit("hours_per_year") is None
    expected = "annual_energy needs hours_per_year in h, but it is given in yr"
    with pytest.raises(WiringError, match=expected):
        Sheet("bill", [POWER, ENERGY], {**INPUTS, "hours_per_year": "yr"})


def test_a_quantity_that_two_modules_define():
    expected = "bill: mean_power is defined in power and in again"
    with pytest.raises(WiringError, match=expected):
        Sheet("bill", [POWER, module("again", mean_power)], INPUTS)


def test_a_quantity_that_is_given_and_computed():
    expected = "bill: mean_power is given and is computed by power"
    with pytest.raises(WiringError, match=expected):
        Sheet("bill", [POWER], {**INPUTS, "mean_power": "W"})


def test_a_cycle():
    def first(third: Watt) -> Watt:
        return third

    def second(first: Watt) -> Watt:
        return first

    def third(second: Watt) -> Watt:
        return second

    expected = "loop: cycle: first -> third -> second -> first"
    with pytest.raises(WiringError, match=expected):
        Sheet("loop", [module("loop", first, second, third)], {})


def test_a_quantity_of_itself():
    def total(total: Watt) -> Watt:
        return total

    with pytest.raises(WiringError, match="loop: cycle: total -> total"):
        Sheet("loop", [module("loop", total)], {})


def test_every_problem_at_once():
    def cost(mean_power: KilowattHour, price: Money) -> Money:
        return mean_power * price

    wrong = module("wrong", cost, annual_energy)
    with pytest.raises(WiringError, match="cost") as caught:
        Sheet("bill", [POWER, ENERGY, wrong], {**INPUTS, "monthly_energy": "kWh"})
    assert str(caught.value).splitlines() == [
        "bill: monthly_energy is given and is computed by energy",
        "bill: annual_energy is defined in energy and in wrong",
        "bill: cost needs mean_power in kWh, but it is computed in W",
        "bill: cost needs price, which nothing provides",
    ]


def test_a_parameter_without_a_unit():
    def scaled(mean_power: Watt, factor: float) -> Watt:
        return mean_power * factor

    with pytest.raises(WiringError, match=r"wrong\.scaled: factor has no unit"):
        Sheet("bill", [module("wrong", scaled)], {"mean_power": "W"})


# What counts as a quantity


def test_only_public_functions_of_the_module_itself_with_a_unit():
    def _hidden(mean_power: Watt) -> Watt:
        return mean_power

    def plain(mean_power: Watt) -> float:
        return float(mean_power)

    home = module("home", _hidden, plain, mean_power)
    home.borrowed = energy.annual_energy
    home.constant = 3.0
    assert [quantity.name for quantity in quantities_of(home)] == ["mean_power"]


def test_a_quantity_knows_its_parts():
    (quantity,) = quantities_of(module("energy", annual_energy))
    assert (quantity.unit, quantity.summary) == ("kWh", "Energy of a year.")
    described = [(item.name, item.unit, item.default) for item in quantity.parameters]
    assert described == [("mean_power", "W", None), ("hours_per_year", "h", 8760.0)]


def test_the_shipped_sheets_hold_together():
    for sheet in sheets():
        used = {item.name for found in sheet.quantities.values() for item in found.parameters}
        assert sheet.inputs.keys() <= used, sheet.name


# What is computed


def test_it_computes_and_keeps_what_went_in():
    cells = SHEET.evaluate(GIVEN)
    assert float(cells["annual_energy"].nominal) == 3 * 500 * 8.76
    energy_cell = cells["annual_energy"]
    assert energy_cell.unit == "kWh"
    assert [name for name, _ in energy_cell.inputs] == ["mean_power", "hours_per_year"]
    default = dict(energy_cell.inputs)["hours_per_year"]
    assert default.fact.source == "default of energy.annual_energy"
    assert cells["monthly_energy"].inputs[0][1] is energy_cell


def test_a_default_gives_way_to_what_is_given():
    given = GIVEN | {"hours_per_year": leaf("hours_per_year", 100.0, "h")}
    assert float(SHEET.evaluate(given)["annual_energy"].nominal) == 150.0


def test_only_what_is_asked_and_what_it_needs():
    assert set(SHEET.evaluate(GIVEN, ["annual_energy"])) == {
        "annual_energy",
        "mean_power",
    }


def test_what_lacks_an_input_is_left_out():
    assert SHEET.evaluate({"node_total": GIVEN["node_total"]}) == {}
    assert SHEET.evaluate({}, ["monthly_energy"]) == {}


def test_an_unknown_input_is_not_a_missing_one():
    given = GIVEN | {"node_power": leaf("node_power", np.nan, "W")}
    cells = SHEET.evaluate(given)
    assert all(np.isnan(cell.nominal) for cell in cells.values())
    assert set(cells) == {"mean_power", "annual_energy", "monthly_energy"}


def test_columns_are_carried_along_and_single_ones_spread():
    given = GIVEN | {"node_power": leaf("node_power", [500.0, 0.0, 100.0], "W")}
    cells = SHEET.evaluate(given)
    np.testing.assert_allclose(cells["mean_power"].value, [1500.0, 0.0, 300.0])
    assert cells["mean_power"].nominal == 1500.0
    plain = SHEET.evaluate(GIVEN)
    assert plain["mean_power"].value.shape == (1,)


def test_a_model_that_does_not_vary_still_has_every_column():
    def constant(mean_power: Watt) -> Number:
        return np.float64(np.size(mean_power))

    sheet = Sheet("flat", [module("flat", constant)], {"mean_power": "W"})
    cell = sheet.evaluate({"mean_power": leaf("mean_power", [1.0, 2.0, 3.0], "W")})["constant"]
    np.testing.assert_array_equal(cell.value, [3.0, 3.0, 3.0])


def test_dividing_by_nothing_is_silent():
    sheet = Sheet(
        "power",
        [module("power", power.power_per_vm)],
        {"mean_power": "W", "placed_vms": "vm"},
    )
    given = {
        "mean_power": leaf("mean_power", 5.0, "W"),
        "placed_vms": leaf("placed_vms", 0.0, "vm"),
    }
    assert np.isinf(sheet.evaluate(given)["power_per_vm"].nominal)


def test_walk_visits_each_cell_once():
    cells = SHEET.evaluate(GIVEN)
    twice = stack("both", "kWh", [("a", cells["annual_energy"]), ("b", cells["annual_energy"])])
    names = [cell.name for cell in twice.walk()]
    assert names == [
        "both",
        "annual_energy",
        "mean_power",
        "node_total",
        "node_power",
        "hours_per_year",
    ]


# Rows


def test_a_row_puts_its_axis_before_the_columns():
    curve = Cell("curve", "W", np.ones((11, 3)))
    members = [("a", curve), ("b", Cell("curve", "W", np.zeros((11, 1))))]
    row = stack("curves", "W", members)
    assert row.value.shape == (11, 2, 3)
    np.testing.assert_array_equal(row.value[0], [[1, 1, 1], [0, 0, 0]])
    assert row.inputs == tuple(members)


def test_a_row_of_mixed_units_is_refused():
    members = [("a", leaf("a", 1.0, "W")), ("b", leaf("b", 1.0, "VA"))]
    with pytest.raises(WiringError, match="power: b is in VA, but W is needed"):
        stack("power", "W", members)


# Limits and evidence


def memory_bound_vms(memory: Byte) -> Vm:
    return memory


def cpu_bound_vms(cpu: Byte) -> Vm:
    return cpu


def group_vms(memory_bound_vms: Vm, cpu_bound_vms: Vm) -> Vm:
    return np.minimum(memory_bound_vms, cpu_bound_vms)


def host_bound_vms(group_vms: Vm) -> Vm:
    return np.sum(group_vms, axis=0)


def shared_disk_bound_vms(disk: Byte) -> Vm:
    return disk


def vms(host_bound_vms: Vm, shared_disk_bound_vms: Vm, factor: Number = 1.0) -> Vm:
    return np.minimum(host_bound_vms, shared_disk_bound_vms) * factor


NESTED = Sheet(
    "nested",
    [
        module(
            "nested",
            memory_bound_vms,
            cpu_bound_vms,
            group_vms,
            host_bound_vms,
            shared_disk_bound_vms,
            vms,
        )
    ],
    {"memory": "B", "cpu": "B", "disk": "B"},
)
STRONG, WEAK = Basis.MEASURED, Basis.ASSUMPTION


def nested(memory, cpu, disk, weak=""):
    """VMs of two groups of hosts and a shared disk."""

    def row(name, values):
        basis = WEAK if name == weak else STRONG
        return stack(
            name,
            "B",
            [(str(i), leaf(name, v, "B", basis)) for i, v in enumerate(values)],
        )

    disk_cell = leaf("disk", disk, "B", WEAK if weak == "disk" else STRONG)
    given = {"memory": row("memory", memory), "cpu": row("cpu", cpu), "disk": disk_cell}
    return NESTED.evaluate(given)["vms"]


@pytest.mark.parametrize(
    ("memory", "cpu", "disk", "limit"),
    [
        ((4, 4), (9, 9), 100, "memory"),
        ((9, 9), (4, 4), 100, "cpu"),
        ((9, 9), (9, 9), 7, "shared disk"),
        ((4, 4), (4, 4), 100, "memory and cpu"),
        ((4, 4), (9, 9), 8, "memory and shared disk"),
        ((4, 4), (9, 9), 0, "shared disk"),
        ((4, 20), (9, 9), 100, "memory and cpu"),
        ((4, np.inf), (np.inf, 4), 100, "memory and cpu"),
        ((4, np.inf), (np.inf, 4), 8, "memory and cpu and shared disk"),
        ((4, 0), (9, 0), 100, "memory"),
        ((4, 4), (9, 9), np.inf, "memory"),
        ((np.nan, 4), (9, 9), 100, None),
    ],
)
def test_limiter(memory, cpu, disk, limit):
    assert limiter(nested(memory, cpu, disk)) == limit


def test_several_bounds_at_zero_tell_nothing():
    hosts = dict(nested((0, 0), (0, 0), 100).inputs)["host_bound_vms"]
    assert limiter(dict(hosts.inputs)["group_vms"]) is None


def test_nothing_limits_a_plain_quantity():
    assert limiter(SHEET.evaluate(GIVEN)["annual_energy"]) is None


@pytest.mark.parametrize(("weak", "basis"), [("memory", WEAK), ("cpu", STRONG), ("disk", STRONG)])
def test_facts_behind_a_bound_that_does_not_bind_weaken_nothing(weak, basis):
    assert nested((4, 4), (9, 9), 100, weak).basis is basis


def test_facts_behind_every_bound_of_a_tie_count():
    assert nested((4, 4), (4, 4), 100, weak="cpu").basis is WEAK
    assert nested((4, 4), (9, 9), 8, weak="disk").basis is WEAK


@pytest.mark.parametrize("weak", ["memory", "cpu"])
def test_facts_behind_what_binds_on_either_group_count(weak):
    assert nested((4, 20), (9, 9), 100, weak).basis is WEAK


def test_where_a_bound_is_unknown_everything_counts():
    assert nested((np.nan, 4), (9, 9), 100, weak="disk").basis is WEAK


def test_inputs_that_are_no_bounds_always_matter():
    cell = nested((4, 4), (9, 9), 100)
    assert [name for name, _ in inputs_that_matter(cell)] == [
        "host_bound_vms",
        "factor",
    ]


def test_the_weakest_fact_decides():
    given = GIVEN | {"node_power": leaf("node_power", 500.0, "W", Basis.NAMEPLATE)}
    assert SHEET.evaluate(given)["monthly_energy"].basis is Basis.NAMEPLATE
    assert SHEET.evaluate(GIVEN)["monthly_energy"].basis is STRONG


def test_a_cell_is_made_once_for_the_same_inputs():
    first, again = SHEET.evaluate(GIVEN), SHEET.evaluate(GIVEN)
    assert all(again[name] is cell for name, cell in first.items())


def test_a_change_makes_only_what_depends_on_it_anew():
    before = SHEET.evaluate(GIVEN)
    changed = leaf("hours_per_year", 8000.0, "h")
    after = SHEET.evaluate(GIVEN | {"hours_per_year": changed})
    anew = {name for name, cell in after.items() if cell is not before[name]}
    assert anew == {"annual_energy", "monthly_energy"}
    assert all(changed in after[name].walk() for name in anew)


def test_rows_of_other_members_are_other_rows():
    one, two = (leaf("a", value, "W", STRONG) for value in (1.0, 2.0))
    rows = [
        stack("row", "W", members)
        for members in ([("x", one), ("y", two)], [("y", one), ("x", two)], [("x", two)])
    ]
    assert [row.nominal.tolist() for row in rows] == [[1.0, 2.0], [1.0, 2.0], [2.0]]
    assert [[label for label, _ in row.inputs] for row in rows] == [["x", "y"], ["y", "x"], ["x"]]
    assert stack("row", "W", []).value.shape == (0, 1)


def test_a_renamed_cell_keeps_its_value_and_its_inputs():
    row = stack("row", "W", [("x", leaf("a", 1.0, "W", STRONG))])
    other = renamed(row, "other", "1")
    assert (other.name, other.unit, other.inputs) == ("other", "1", row.inputs)
    assert other.value is row.value
    assert renamed(row, "other", "1") is other
    assert renamed(row, "third").unit == "W"
