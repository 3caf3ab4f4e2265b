"""Named power readings as facts of a design; the tables themselves are read in `test_readings`."""

from __future__ import annotations

import pytest
from kit import OWN_READINGS, planner, write_small

from planner.facts import Basis, Bound
from planner.faults import InputError
from planner.measurements import (
    TWO_SIDED_90,
    load_all_readings,
    load_readings,
    shipped_readings,
)


def written(folder, text=OWN_READINGS, name="own.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_readings_are_measured_facts_with_their_place(tmp_path):
    idle, busy = load_readings(written(tmp_path), "own.csv")["my-box"]
    assert (idle.load, idle.power.value, idle.power.basis) == (0.0, 12.0, Basis.MEASURED)
    assert (busy.load, busy.power.value, busy.power.bound) == (1.0, 31.0, Bound.UPPER)
    assert (idle.power.source, idle.power.note) == ("meter", "at rest")
    assert str(idle.power.mark).startswith("own.csv:2:")


def test_the_error_of_the_meter_is_a_range_of_ninety_percent(tmp_path):
    idle, busy = load_readings(written(tmp_path), "own.csv")["my-box"]
    assert idle.power.high - 12.0 == pytest.approx(TWO_SIDED_90 * 0.5)
    assert 12.0 - idle.power.low == pytest.approx(TWO_SIDED_90 * 0.5)
    assert not busy.power.has_range


def test_a_range_does_not_go_below_zero(tmp_path):
    text = "load,power_w,meter_sd_w\n0,1,5\n"
    (row,) = load_readings(written(tmp_path, text), "own.csv")["own"]
    assert row.power.low == 0.0


def test_rows_without_a_name_bear_that_of_the_file(tmp_path):
    path = written(tmp_path, "load,power_w\n0,10\n1,30\n", "rack-server.csv")
    assert list(load_readings(path, "f")) == ["rack-server"]


def test_readings_of_ones_own_replace_those_of_the_same_name(tmp_path):
    path = written(tmp_path, "reading,load,power_w\nvrt-node,0,11\nmine,0,9\n")
    found = load_all_readings([path])
    assert found["vrt-node"][0].power.value == 11.0
    assert set(found) == {*shipped_readings(), "mine"}


def test_bounds_alone_do_not_tell_the_power(tmp_path):
    path = written(tmp_path, "reading,load,power_w,bound\na,0,9,\nb,1,30,upper\nb,0,1,lower\n")
    with pytest.raises(
        InputError, match=r"^own\.csv:3:\d+: all readings of `b` are bounds: .*add a"
    ):
        load_readings(path, "own.csv")


def test_faults_of_the_table_are_told_where_they_are(tmp_path):
    path = write_small(tmp_path)
    written(tmp_path, OWN_READINGS.replace(",31,", ",31 W,").replace("upper", "uper"))
    result = planner("compare", path)
    assert result.code == 2
    assert all(line.startswith(f"{tmp_path}/own.csv:3:") for line in result.err.splitlines())


def test_an_unusable_table_is_told_where_it_is_named(tmp_path):
    path = write_small(tmp_path)
    (tmp_path / "own.csv").unlink()
    result = planner("compare", path)
    assert result.code == 2
    (line,) = result.err.splitlines()
    assert line.startswith(f"{path}:")
    assert "cannot use" in line
    assert "No such file" in line
