"""What Python programs import from `planner`."""

from __future__ import annotations

import inspect
import json
import math
import pydoc
import re
import subprocess
import sys

import pytest
import yaml
from kit import few_draws, write_small  # noqa: F401 (a fixture)
from typer.main import get_command

import planner
from planner.cli import app
from planner.faults import Mark
from planner.ranges import ASKED

FUNCTIONS = [name for name in planner.__all__ if inspect.isfunction(getattr(planner, name))]
HEAVY = ("matplotlib", "numpy", "pandas", "pint", "pydantic", "scipy", "typer", "yaml")


def test_importing_planner_imports_nothing_heavy():
    code = "import planner, sys; dir(planner); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded.intersection(HEAVY)
    own = [name for name in done.stdout.split() if name.startswith("planner")]
    assert own == ["planner", "planner.version"]


@pytest.mark.parametrize("name", [name for name in planner.__all__ if name != "__version__"])
def test_everything_public_is_there_and_documented(name):
    thing = getattr(planner, name)
    assert name in dir(planner)
    assert inspect.getdoc(thing)
    assert name in pydoc.plain(pydoc.render_doc(planner))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_typed_and_their_docstrings_name_every_parameter(name):
    function = getattr(planner, name)
    text = inspect.getdoc(function)
    parameters = inspect.signature(function).parameters
    assert all(one.annotation is not inspect.Parameter.empty for one in parameters.values())
    assert function.__annotations__["return"]
    named = [line.partition(" : ")[0] for line in text.splitlines() if " : " in line]
    told = [each for line in named for each in line.split(", ")]
    assert [one for one in parameters if one not in told] == []
    for section in ("Parameters", "Returns", "Raises", "Examples"):
        assert f"\n{section}\n-----" in text


def test_unknown_attribute_is_refused():
    with pytest.raises(AttributeError, match="has no attribute 'evaluated'"):
        _ = planner.evaluated


@pytest.mark.usefixtures("anew", "few_draws")
def test_a_dict_gives_what_the_file_gives(tmp_path, monkeypatch):
    path = write_small(tmp_path)
    content = yaml.safe_load((tmp_path / "small.yaml").read_text(encoding="utf-8"))
    content["growth"]["start"] = "2013-05"
    monkeypatch.chdir(tmp_path)
    of_file, of_dict = planner.evaluate(path), planner.evaluate(content)
    for one, other in zip(of_file.designs, of_dict.designs, strict=True):
        assert one["quantities"] == other["quantities"]
    assert of_dict.json() == planner.evaluate(content).json()


@pytest.mark.usefixtures("few_draws")
def test_what_a_dict_changes_is_changed_and_nothing_else():
    price = {"value": "0.50 AUD/kWh", "basis": "assumption"}
    base = planner.evaluate("vrt-2013")
    dear = planner.evaluate({"extends": "vrt-2013", "site": {"electricity_price": price}})
    for design in base.designs:
        name = design["id"]
        for quantity, times in {"annual_energy_cost": 2.0, "facility_energy": 1.0}.items():
            expected = base.value(name, quantity) * times
            assert math.isclose(dear.value(name, quantity), expected, rel_tol=1e-9)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"site": {"electricity_price": 0.4}}, r"^scenario: site.electricity_price: 0.4 names no"),
        ({"sites": {}}, "^scenario: unknown key `sites`; did you mean `site`"),
        ({"claims": {1, 2}}, "^scenario: a scenario holds no set; use dict"),
        ({"extends": "vrt-2014"}, "no such file or shipped scenario; did you mean `vrt-2013`"),
        ({"workload": {"linux": {"count": float("nan")}}}, r"^scenario: workload.linux.count: "),
        ({"title": "a\ud800"}, r"^scenario: title: the invisible character U\+D800"),
        ({"site": {"pue": "\x07"}}, r"^scenario: site.pue: this text holds the control character"),
        ({"site": {"pue": 10**30}}, r"^scenario: site.pue: the number .* more than 18 digits"),
        ({"workload": {"\x00": {}}}, r"^scenario: workload.\x00: this text holds the control char"),
        ({"designs": {"mine": {}}}, r"^scenario: designs.mine: `groups` is missing"),
    ],
)
def test_a_dict_is_checked_as_a_file_is_and_its_faults_name_the_path_of_the_key(change, message):
    with pytest.raises(planner.InputError, match=message) as found:
        planner.evaluate({"extends": "vrt-2013", **change})
    assert not re.search(r"(?m)^scenario:\d", str(found.value))


def test_all_that_an_empty_dict_lacks_is_told_without_lines():
    with pytest.raises(planner.InputError, match="there is no design") as found:
        planner.evaluate({})
    assert {fault.mark for fault in found.value.faults} == {Mark("scenario")}


@pytest.mark.parametrize("samples", [0, -1, 99, 20_001, 10**9, 1.5, "200", True])
@pytest.mark.parametrize("ask", ["evaluate", "sensitivity", "samples"])
def test_no_fewer_and_no_more_draws_than_tell_something(ask, samples):
    arguments = ("vrt-2013", "total_cost") if ask == "samples" else ("vrt-2013",)
    with pytest.raises(planner.InputError, match=r"samples: got .* from 100 to 20,000"):
        getattr(planner, ask)(*arguments, samples=samples)


def test_a_seed_out_of_range_is_refused():
    with pytest.raises(planner.InputError, match="seed: got -1; write a whole number from 0"):
        planner.evaluate("vrt-2013", seed=-1)


def test_the_command_line_takes_as_many_draws_as_python_does():
    options = {one.name: one.type for one in get_command(app).commands["compare"].params}
    for name, (least, most) in ASKED.items():
        assert (options[name].min, options[name].max) == (least, most)


def test_a_dict_that_holds_itself_is_refused():
    content = {"extends": "vrt-2013"}
    content["site"] = content
    with pytest.raises(planner.InputError, match=r"^scenario: .*use dict, list"):
        planner.evaluate(content)


def test_samples_are_paired_and_agree_with_the_percentiles():
    drawn = planner.samples("vrt-2013", "total_cost", 100)
    told = planner.evaluate("vrt-2013", samples=100).percentiles("total_cost")
    assert drawn.shape == (100, 7)
    for name in told.index:
        middle = drawn[name].quantile(0.5, interpolation="midpoint")
        assert math.isclose(middle, told.loc[name, "p50 [AUD]"], rel_tol=1e-6)
    # The electricity and labour prices are the same in a row for both designs.
    assert drawn["mini-itx-cluster"].corr(drawn["mini-itx-cluster-4"]) > 0.99


@pytest.mark.usefixtures("few_draws")
def test_samples_of_what_no_design_has_are_refused():
    with pytest.raises(planner.InputError, match="no design has it; did you mean `total_cost`"):
        planner.samples("vrt-2013", "total_costs", 100)


def test_explanation_is_text_and_data(run):
    found = planner.explain("vrt-2013", "legacy-rack", "peak_power")
    assert f"{found}\n" == run("explain", "vrt-2013", "legacy-rack", "peak_power").stdout
    assert json.loads(json.dumps(found.data))["value"] == 1500.0


def test_numbers_of_a_snapshot(snapshot):
    found = snapshot.number("rack-1u", "total_cost")
    assert (found.unit, found.basis) == ("AUD", "assumption")
    assert found.low < found.value < found.high
    assert snapshot.number("mini-itx-test", "power_per_vm").value is None
    with pytest.raises(KeyError, match="uncertainty"):
        snapshot.percentiles("total_cost")


def test_figures_show_themselves_as_the_file_that_is_written(snapshot):
    from planner.plots.style import picture

    figure = planner.plots.load_curves(snapshot, "rack-1u")
    assert figure._repr_png_() == picture(figure, "png")


def test_the_page_on_python_tells_what_there_is(root):
    page = (root / "docs" / "python.md").read_text(encoding="utf-8")
    for name in FUNCTIONS:
        assert f"`{name}(" in page
