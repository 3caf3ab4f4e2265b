"""Files of power readings: tables, and what meters, controllers and monitoring systems write."""

import contextlib
import json
import math
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.calibration import Reading, calibrate
from planner.csv_table import MAX_BYTES
from planner.faults import InputError
from planner.meters import series_of
from planner.readings import read_readings

CASES = json.loads((Path(__file__).parent / "reference" / "power-cases.json").read_text())["cases"]
IMPORTS = {case["id"]: case for case in CASES if case["kind"] == "import"}
NO_NUMBER = "is not a number; a plain number; the header has the unit"
FIELDS = {
    "va": lambda sample: sample.apparent_va,
    "pf": lambda sample: sample.power_factor,
    "volts": lambda sample: sample.volts,
    "total_kwh": lambda sample: sample.energy_wh / 1000,
    "total_wh": lambda sample: sample.energy_wh,
    "min_w": lambda sample: sample.low_watts,
    "max_w": lambda sample: sample.high_watts,
    "quantisation_w": lambda sample: sample.step_watts,
    "active": lambda sample: not sample.doubt,
}


@pytest.fixture
def write(tmp_path):
    def write_file(text):
        path = tmp_path / "readings.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write_file


def faults_of(path, **options):
    with pytest.raises(InputError, match=r"readings\.txt") as caught:
        read_readings(path, **options)
    return [str(fault).split("readings.txt")[1] for fault in caught.value.faults]


@pytest.mark.parametrize("case", IMPORTS.values(), ids=IMPORTS.keys())
def test_public_samples(case):
    series = series_of(case["inputs"]["text"], "sample")
    tolerance = case["tolerance"]["abs"]
    expected = dict(case["expected"])
    watts = expected.pop("watts")
    found = [one.samples[0].watts for one in series]
    assert found == pytest.approx(watts if isinstance(watts, list) else [watts], abs=tolerance)
    sample = series[0].samples[0]
    if "full_minute_w" in expected:
        minute = series[0].samples[1].watts
        assert minute == pytest.approx(expected.pop("full_minute_w"), abs=tolerance)
        assert len(series[0].samples) == 3  # the running minute is left out
    if "scope" in expected:
        assert expected.pop("scope").startswith("RAPL")
        assert series[0].scope == "rapl"
    for key, value in expected.items():
        assert FIELDS[key](sample) == pytest.approx(value, abs=tolerance), key


def test_every_sample_has_its_scope():
    scopes = {
        name: series_of(case["inputs"]["text"], name)[0].scope for name, case in IMPORTS.items()
    }
    assert scopes.pop("imp_nut") == "ups_output"
    assert scopes.pop("imp_scaph") == "rapl"
    assert set(scopes.values()) == {"wall"}


def test_the_node_of_2013():
    path = Path(__file__).parents[1] / "catalogs" / "measurements" / "vrt-2013.csv"
    readings = read_readings(path, channel="vrt-node").readings
    assert readings == (Reading(0.0, 10.0), Reading(1.0, 30.0, bound="upper"))
    low, high = calibrate(readings).interval(0.5)
    assert (round(float(low)), round(float(high))) == (16, 23)
    with pytest.raises(InputError, match=r"`vrt-node`, `legacy-server`, .*; state which one"):
        read_readings(path)


@pytest.mark.parametrize(
    "table",
    [
        "load,watts\n0,10\n0.5,20.5\n1,30\n",
        "load_percent,power_w\n0,10\n50,20.5\n100,30\n",
        "load1,threads,power_w\n0,4,10\n2,4,20.5\n6.0,4,30\n",
        "load_average;threads;power_w\r\n0;4;10\r\n2;4;20.5\r\n9;4;30\r\n",
        "timestamp\tvms\tload\tpower_w\n1\t0\t0\t10\n2\t3\t0.5\t20.5\n3\t6\t1e0\t30\n",
        '\ufeff"Load","Watts","note"\n# a comment\n\n0,10,"a, b"\n0.5, 20.5 ,"say ""x"""\n1,30,\n',
        "load,load1,threads,power_w\n0,,4,10\n,2,4,20.5\n1,,,30\n",
    ],
)
def test_tables(write, table):
    file = read_readings(write(table))
    assert file.readings == (Reading(0.0, 10.0), Reading(0.5, 20.5), Reading(1.0, 30.0))
    assert file.skipped == ()


def test_threads_may_be_stated(write):
    path = write("load1,watts\n2,20\n")
    assert read_readings(path, threads=8).readings == (Reading(0.25, 20.0),)
    assert faults_of(path) == [
        ":1:1: a load average is a load only with the number of hardware threads; add a column "
        "`threads`, or state the number"
    ]


def test_error_bound_and_scope_of_a_row(write):
    path = write("load,watts,sd_w,bound,scope\n0,10,0.7,,psu_dc\n1,30,,Upper,psu_output\n")
    assert read_readings(path).readings == (
        Reading(0.0, 10.0, 0.7, scope="psu_output"),
        Reading(1.0, 30.0, bound="upper", scope="psu_output"),
    )
    assert read_readings(write("load,watts\n0,10\n"), scope="rapl").readings[0].scope == "rapl"


def test_zero_watts_and_gaps_are_never_fitted(write):
    file = read_readings(write("load,watts\n0,10\n0.5,0\n0.6,\n0.7,NaN\n1,30\n"))
    assert [reading.load for reading in file.readings] == [0.0, 1.0]
    places = [(fault.mark.line, fault.mark.column) for fault in file.skipped]
    assert places == [(3, 5), (4, 5), (5, 5)]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("load,watts\n0,10 W\n", [f":2:3: `10 W` {NO_NUMBER}"]),
        ("load;watts\n0;10,5\n", [":2:3: `10,5` is not a number; write a decimal point"]),
        ("load,watts\n0,\u0661\n", [f":2:3: `\u0661` {NO_NUMBER}"]),
        ("load,watts\n0,1_0\n", [f":2:3: `1_0` {NO_NUMBER}"]),
        ("load,watts\n0,inf\n", [f":2:3: `inf` {NO_NUMBER}"]),
        ("load,watts\n50,10\n", [":2:1: 50 is out of range; it must be within 0 .. 1"]),
        ("load_percent,watts\n101,10\n", [":2:1: 101 is out of range; it must be within 0 .. 100"]),
        ("load,watts\n0,-5\n", [":2:3: -5 is out of range; it must be within 0 .. 1e+09"]),
        ("load,watts,sd_w\n0,5,-1\n", [":2:5: -1 is out of range; it must be within 0 .. 1e+09"]),
        ("load1,threads,watts\n1,0,5\n", [":2:3: 0 is out of range; it must be within 1 .. 1e+06"]),
        ("load1,threads,watts\n1,,5\n", [":2:1: the number of hardware threads is missing"]),
        (
            "load,load1,threads,watts\n1,1,4,5\n",
            [":2:1: a row has one load, this has 2; load or load_average"],
        ),
        ("load,watts\n,5\n", [":2:1: a row has one load, this has 0; load"]),
        (
            "load,watts,bound\n0,5,most\n",
            [":2:5: `most` is not known here; one of upper, lower, or nothing"],
        ),
        (
            "load,watts,scope\n0,5,plug\n",
            [
                ":2:5: `plug` is not known here; "
                "one of wall, psu_output, rapl, ups_output, or nothing"
            ],
        ),
        (
            "load,watts,scope\n0,5,wall\n1,9,rapl\n",
            [
                ":3:1: this row is of the scope rapl, the first of wall; "
                "these are different quantities; keep one file for each"
            ],
        ),
        (
            "load,watts\n0,5,6\n",
            [
                ":2:1: this row does not have the 2 cells of the header; "
                "a separator too many or too few?"
            ],
        ),
        (
            "load,watts\n0,5\n1,x\n2,7\n",
            [f":3:3: `x` {NO_NUMBER}", ":4:1: 2 is out of range; it must be within 0 .. 1"],
        ),
        (
            "load,power\n0,5\n",
            [
                ":1:1: a column of the power is missing; add `power_w`",
                ":1:6: the column `power` is not known; did you mean `power_w`?",
            ],
        ),
        (
            "watts,power_w\n0,5\n",
            [
                ":1:1: a column of the load is missing; "
                "add one of load, load_percent, load_average",
                ":1:7: the column `power_w` is there twice; keep one",
            ],
        ),
        ('load,watts\n0,5"\n', [":2:3: a quotation mark stands alone; close it, or delete it"]),
        ('load,watts\n0,"5\n', [":2:3: a quotation mark stands alone; close it, or delete it"]),
        ("", [": the file is empty; begin with a header line"]),
        ("load,watts\n", [": there is no reading that can be fitted"]),
        (
            b"load,watts\n0,\xff\n",
            [":2:3: the byte 0xFF is not UTF-8 text; save the file as UTF-8"],
        ),
    ],
)
def test_faults_name_their_place(write, table, expected):
    assert faults_of(write(table)) == expected


def test_only_the_first_faults_are_listed(write):
    assert len(faults_of(write("load,watts\n" + "0,x\n" * 1000))) == 20


def test_a_file_of_a_meter_needs_the_load(write):
    path = write(IMPORTS["imp_tasmota"]["inputs"]["text"])
    assert faults_of(path) == [
        ": this file has power but no load; state the load at which it was taken"
    ]
    assert read_readings(path, load=0.4).readings == (Reading(0.4, 56.0),)


def test_a_meter_of_two_channels(write):
    path = write(IMPORTS["imp_tasmota_multi"]["inputs"]["text"])
    assert faults_of(path, load=0.0) == [
        ": this file has 2 channels: `channel 1`, `channel 2`; state the one of the machine"
    ]
    assert read_readings(path, load=0.0, channel="channel 2").readings[0].watts == 5.0


def test_whole_per_cent_of_a_ups_are_no_exact_reading(write):
    path = write(IMPORTS["imp_nut"]["inputs"]["text"])
    (reading,) = read_readings(path, load=1.0).readings
    assert reading == Reading(1.0, 114.0, 6.0 / math.sqrt(12), scope="ups_output")


def range_of(*values, metric="scaph_host_power_microwatts"):
    result = {"metric": {"__name__": metric, "host": "a"}, "values": [[1, one] for one in values]}
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": [result]}})


def test_a_range_of_prometheus_has_gaps(write):
    file = read_readings(write(range_of("9000000", "NaN", "0", "+Inf", "1e7")), load=0.3)
    assert [reading.watts for reading in file.readings] == [9.0, 10.0]
    assert [fault.message for fault in file.skipped] == [
        "no value: NaN",
        "0 W: either nothing was drawn or the sensor is not implemented",
        "no value: +Inf",
    ]
    assert {reading.scope for reading in file.readings} == {"rapl"}


def test_an_instant_of_prometheus():
    result = {"metric": {"__name__": "ipmi_dcmi_power_consumption_watts"}, "value": [1.5, "285"]}
    (series,) = series_of(json.dumps({"status": "success", "data": {"result": [result]}}), "x")
    assert (series.samples[0].watts, series.samples[0].time, series.scope) == (285.0, 1.5, "wall")


def test_the_text_of_an_exporter_with_labels_and_time():
    text = '# HELP x y\nother 5\nipmi_dcmi_power_consumption_watts{host="a"} 285 1700000000000\n'
    (series,) = series_of(text, "x")
    assert series.name == 'ipmi_dcmi_power_consumption_watts{host="a"}'
    assert (series.samples[0].watts, series.samples[0].time) == (285.0, 1.7e9)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("Instantaneous power reading: 0 Watts\n", "0 W: either nothing was drawn"),
        (
            "Instantaneous power reading: 12 Watts\nPower reading state is: deactivated\n",
            "the power reading is not activated",
        ),
        ('{"ENERGY":{"Power":0}}', "0 W: either"),
        ('{"apower":-3.5}', "negative power"),
        ("ups.load: 0\nups.realpower.nominal: 600\n", "0 W: either"),
    ],
)
def test_doubtful_samples(write, text, doubt):
    (series,) = series_of(text, "x")
    assert series.samples[0].doubt.startswith(doubt)
    assert series.usable == ()
    faults = faults_of(write(text), load=0.0)
    assert faults[0].startswith(f": {doubt}") or faults[1].startswith(f": {doubt}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"ENERGY":{"Power":"56"}}', r"x:1:12: ENERGY.Power cannot be read; expected a number"),
        ('{"ENERGY":{"Power":[true]}}', "ENERGY.Power cannot be read; expected a number"),
        ('{"ENERGY":{"Power":[]}}', "no power in this file: `ENERGY.Power` is missing"),
        ('{"ENERGY":[1]}', "`ENERGY.Power` is missing"),
        ('{"StatusSNS":"ENERGY","ENERGY":1}', "`ENERGY.Power` is missing"),
        ('{"apower":NaN}', "x:1:11: `NaN` is not a JSON number"),
        ('{"apower":1e400}', "apower cannot be read; expected a number"),
        ('{"apower":1' + "0" * 5000 + "}", "a number in the JSON is too long"),
        ('{"switch:0":{"apower":null}}', "switch:0.apower cannot be read"),
        ('{"a":["apower"]}', "no power in this file: `apower` is missing"),
        ('{"a":1,}', r"x:1:\d: this is not JSON"),
        ('{"apower":' + "[" * 200_000, "x: the JSON is nested too deeply"),
        ('{"status":"error","error":"bad query"}', "the answer is an error: bad query"),
        ('{"status":"success","data":{}}', "no power in this file: `ipmi_dcmi"),
        ('{"status":"success","data":{"result":[7]}}', r"data.result\[0\] cannot be read"),
        (range_of(5), r"data.result\[0\] cannot be read; expected pairs \[time, \"number\"\]"),
        (range_of("five"), "`five` cannot be read; expected a number"),
        (range_of("5", metric="node_load1"), "no power in this file"),
        ("no power reading here", "`Instantaneous power reading: ... Watts` is missing"),
        ("Instantaneous power reading: 1e999 Watts", "1e999 cannot be read"),
        ("ups.load: 19\n", "`ups.load` and `ups.realpower.nominal` is missing"),
        ("ups.load: many\nups.realpower.nominal: 600\n", "`many` cannot be read"),
        ("ipmi_dcmi_power_consumption_watts x\n", "`x` cannot be read; expected a number"),
    ],
)
def test_malformed_files_of_meters(text, message):
    with pytest.raises(InputError, match=message):
        series_of(text, "x")


def test_messages_never_carry_control_characters(write):
    text = "load,watts\n0,\x1b[31m5\n"
    assert faults_of(write(text)) == [f":2:3: `?[31m5` {NO_NUMBER}"]


def test_only_regular_files_of_bearable_size(tmp_path, write):
    pipe = tmp_path / "readings.txt.pipe"
    os.mkfifo(pipe)
    for path, message in [
        (pipe, ".pipe: this is not a regular file; name a file"),
        (Path("/dev/zero"), "/dev/zero: this is not a regular file"),
        (tmp_path, "this is not a regular file"),
        (tmp_path / "none.csv", "none.csv: cannot be read: No such file or directory"),
        (write(b"#" * (MAX_BYTES + 1)), f"the file is larger than {MAX_BYTES} bytes"),
    ]:
        with pytest.raises(InputError, match=message):
            read_readings(path)


@pytest.mark.parametrize(
    "text",
    ["load,watts\n" + " " * 10**6 + '"\n', "load,watts\n" + "," * 10**6, '"' * 10**6, "{" * 10**6],
)
def test_hostile_lines_end_quickly(write, text):
    # an answer at all is the test: a pattern that backtracks would take hours
    assert faults_of(write(text))


WORDS = ["load", "watts", "load1", "threads", "bound", "upper", "0", "0.5", "1e3", "null"]
MARKS = [",", ";", "\n", "-", '"', "\r", "\x00", " ", "{", "}", "[", ":"]
TOKENS = st.sampled_from([*WORDS, *MARKS, "ENERGY", '"apower"', "ups.load:"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.one_of(st.lists(TOKENS, max_size=30).map("".join).map(str.encode), st.binary()))
def test_any_bytes_give_readings_or_faults(write, raw):
    path = write(raw)
    with contextlib.suppress(InputError):
        file = read_readings(path, threads=4, load=0.5)
        assert file.readings
        assert all(reading.watts > 0 for reading in file.readings)
