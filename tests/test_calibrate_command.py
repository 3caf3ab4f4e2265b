"""``planner calibrate`` as a user sees it."""

from __future__ import annotations

import csv
import io
import json
import sys

import pytest

NODE = "load,watts\n0,10\n1,30\n"
TASMOTA = '{"StatusSNS": {"ENERGY": {"Total": 1.2, "Power": 56, "ApparentPower": 92}}}'
SHELLY = '{"apower": 12.5, "voltage": 230.1, "aenergy": {"total": 100.0}}'
DCMI = "    Instantaneous power reading:    120 Watts\n"
PROMETHEUS = "ipmi_dcmi_power_consumption_watts 118\n"


@pytest.fixture
def calibrate(run, tmp_path):
    """Runs the command on a text."""

    def call(text, *options, name="readings.csv"):
        (tmp_path / name).write_text(text)
        return run("calibrate", name, *options)

    return call


def data(result):
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_the_node_of_2013(calibrate):
    result = calibrate("load_average,threads,watts,bound\n0,4,10,\n6.0,4,30,upper\n")
    assert result.returncode == 0
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[0] == "readings.csv: 2 readings, scope wall, calibrated"
    row = next(line.split() for line in lines if line.lstrip().startswith("50 "))
    power, low, high = map(float, row[1:4])
    assert 16.0 <= low < power < high <= 23.2
    assert lines[14].split()[-2:] == ["<=", "30"]
    assert "Read next: the power at 30% load" in result.stdout
    assert "spec.org" in result.stdout
    assert max(map(len, lines)) <= 100


def test_formats(calibrate):
    found = data(calibrate(NODE, "--format", "json"))
    assert found["schema"] == "planner/calibration/1"
    assert [level["load"] for level in found["levels"]] == [k / 10 for k in range(11)]
    assert found["levels"][0]["power_w"] == pytest.approx(10.0, abs=1e-3)
    rows = list(csv.DictReader(io.StringIO(calibrate(NODE, "-f", "csv").stdout)))
    assert len(rows) == 11
    assert float(rows[10]["power_w"]) == pytest.approx(30.0, abs=3e-3)
    assert calibrate(NODE, "-f", "md").stdout.startswith("## readings.csv")


@pytest.mark.parametrize(
    ("text", "watts"), [(TASMOTA, 56), (SHELLY, 12.5), (DCMI, 120), (PROMETHEUS, 118)]
)
def test_what_meters_write(calibrate, text, watts):
    found = data(calibrate(text, "--load", "30 %", "-f", "json"))
    assert found["readings"][0]["load"] == pytest.approx(0.3)
    assert found["levels"][3]["power_w"] == pytest.approx(watts, rel=1e-3)
    assert found["basis"] == "look-alike"
    assert len(found["warnings"]) == 2


@pytest.mark.parametrize(("goal", "load"), [("energy", 0.3), ("curve", 0.5)])
def test_the_advice_serves_its_goal(calibrate, goal, load):
    found = data(calibrate(NODE, "--goal", goal, "-f", "json"))["next"]
    assert found["load"] == load
    reaches = {item["load"]: item["reach_w"] for item in found["candidates"]}
    assert min(reaches.values()) == reaches[load] < found["present_reach_w"]


def test_what_the_advice_promises_comes_true(calibrate):
    before = data(calibrate(NODE, "-f", "json"))
    load, promised = (
        before["next"]["load"],
        min(item["reach_w"] for item in before["next"]["candidates"]),
    )
    sd = 0.01 * before["levels"][3]["power_w"] + 0.2
    read = f"load,watts,sd_w\n0,10,\n{load},{before['levels'][3]['power_w']},{sd}\n1,30,\n"
    after = data(calibrate(read, "--meter-error", "max(1 W, 5 %)", "-f", "json"))["mean_power_w"]
    assert after["high"] - after["value"] == pytest.approx(promised, rel=0.01)


def test_the_peak_is_read_where_nobody_has(calibrate):
    found = data(calibrate("load,watts\n0,10\n0.5,19\n", "--goal", "peak", "-f", "json"))
    assert found["next"]["load"] == 1.0


def test_a_better_meter_narrows_the_band(calibrate):
    wide, narrow = (
        data(calibrate(NODE, "--meter-error", error, "-f", "json"))["mean_power_w"]
        for error in ("5 % + 1 W", "0.5 %")
    )
    assert narrow["high"] - narrow["low"] < wide["high"] - wide["low"]
    assert narrow["value"] == wide["value"]


def test_several_machines_in_one_file(calibrate):
    text = "reading,load,watts\na,0,10\na,1,30\nb,0,50\nb,1,90\n"
    assert data(calibrate(text, "--reading", "b", "-f", "json"))["readings"][1]["power_w"] == 90
    result = calibrate(text)
    assert result.returncode == 2
    assert "this table has the readings `a`, `b`; state which one is meant" in result.stderr


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (NODE, ("--meter-error", "5 volts"), "--meter-error: cannot read the meter error"),
        (TASMOTA, (), "this file has power but no load"),
        (TASMOTA, ("--load", "40"), "--load: a load of 40 is out of range; write 0 to 1"),
        (TASMOTA, ("--load", "4 W"), "--load: "),
        ("load,watts,scope\n0,10,wall\n1,9,rapl\n", (), ":3:1: this row is of the scope rapl"),
        ("load1,watts\n2,20\n", (), "add a column `threads`"),
        ("load,watts,bound\n1,30,upper\n", (), "readings.csv: nothing is read: give at least one"),
        ("load,watts\n0,0\n", (), "0 W is what a sensor says that is not implemented"),
        (NODE, ("--plot", "curve.gif"), "curve.gif: a picture cannot be written as `.gif`"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(calibrate, text, options, message):
    result = calibrate(text, *options)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_warnings_and_what_was_left_out_are_shown(calibrate):
    result = calibrate("load,watts\n0,40\n0.5,\n1,30\n")
    assert "Warning: the idle power of 40 W is above the maximum of 30 W." in result.stdout
    assert "Left out: readings.csv:3:5: no power in this row." in result.stdout


@pytest.mark.parametrize(
    ("name", "magic"), [("curve.png", b"\x89PNG"), ("curve.svg", b"<?xml"), ("curve.pdf", b"%PDF")]
)
def test_pictures(calibrate, tmp_path, name, magic):
    pytest.importorskip("matplotlib")
    assert calibrate(NODE, "--plot", name).returncode == 0
    first = (tmp_path / name).read_bytes()
    assert first.startswith(magic)
    assert len(first) > 5000
    calibrate(NODE, "--plot", name)
    if name.endswith("png"):
        assert (tmp_path / name).read_bytes() == first


def test_without_matplotlib_the_table_needs_none(calibrate, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert calibrate(NODE).returncode == 0
    result = calibrate(NODE, "--plot", "curve.png")
    assert result.returncode == 2
    assert "--plot: a picture needs matplotlib; install it: pip install" in result.stderr
