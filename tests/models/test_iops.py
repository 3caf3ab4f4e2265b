"""Random operations: recorded rows, RAID penalties, and what must hold."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models import iops
from planner.models.write_cost import small_write_operations

REFERENCE = Path(__file__).parent.parent / "reference"
CASES = json.loads((REFERENCE / "storage-cases.json").read_text())["cases"]
ROWS = [case for case in CASES if case["kind"] == "iops_estimate"]
quick = settings(max_examples=60, deadline=None)
operations = st.floats(1.0, 1e7)


def test_there_are_recorded_rows():
    assert len(ROWS) == 2


@pytest.mark.parametrize("case", ROWS, ids=lambda case: case["id"])
def test_recorded_rows(case):
    given, rel = case["inputs"], case["tolerance"]["rel"]
    found = iops.disk_bound_write_iops(
        given["disks"] * given["disk_write_iops"],
        small_write_operations(given["replicas"], 1),
        given["write_amp"],
        given["derate"],
    )
    assert found == pytest.approx(case["expected"]["iops"], rel=rel)


# Disks of a set and those with data, operations for one small write: RAID 0, 1 and 10, 5, 6.
PENALTIES = [(8, 8, 1), (2, 1, 2), (8, 7, 4), (8, 6, 6)]


@pytest.mark.parametrize(("disks", "data", "penalty"), PENALTIES)
@pytest.mark.parametrize("read_share", [0.0, 0.5, 1.0])
def test_a_raid_by_itself(disks, data, penalty, read_share):
    """n b / (q + (1 - q) p), the published form."""
    together = 8 * 100.0
    writes = iops.disk_bound_write_iops(together, small_write_operations(1, 1, disks, data))
    assert writes == together / penalty
    mixed = iops.mixed_iops(together, writes, read_share)
    assert mixed == pytest.approx(together / (read_share + (1 - read_share) * penalty), rel=1e-12)


@quick
@given(operations, operations, st.floats(0.0, 1.0))
def test_a_mix_lies_between_reads_and_writes(reads, writes, share):
    mixed = iops.mixed_iops(reads, writes, share)
    assert min(reads, writes) * (1 - 1e-12) <= mixed <= max(reads, writes) * (1 + 1e-12)


@quick
@given(st.lists(operations, min_size=1, max_size=6), st.floats(1.0, 5.0), st.data())
def test_a_faster_host_never_slows_the_whole(hosts, factor, data):
    share = np.full(len(hosts), 1.0 / len(hosts))
    faster = np.array(hosts)
    faster[data.draw(st.integers(0, len(hosts) - 1))] *= factor
    for law in (iops.effective_read_iops, iops.effective_write_iops):
        assert law(faster, share) >= law(np.array(hosts), share)
        assert law(np.array(hosts), share) == pytest.approx(len(hosts) * min(hosts), rel=1e-12)


@quick
@given(operations, st.integers(1, 6), st.sampled_from([1.0, 2.0]))
def test_reading_is_never_slower_than_writing_on_equal_drives(each, copies, journal):
    writes = iops.disk_bound_write_iops(each, small_write_operations(copies, 1), journal)
    assert iops.disk_bound_read_iops(each) >= writes
    more = iops.disk_bound_write_iops(each, small_write_operations(copies + 1, 1), journal)
    assert more <= writes


@quick
@given(st.floats(1e6, 1e10), st.floats(1e6, 1e10), st.sampled_from([4096.0, 65536.0]))
def test_links_carry_blocks(host, client, block):
    least = min(host, client)
    assert iops.link_bound_read_iops(host, client, block) * block == pytest.approx(least)
    assert iops.link_bound_write_iops(host, np.inf, client, block) * block == pytest.approx(least)
    assert iops.read_iops(least, host) == min(least, host)
    assert iops.write_iops(least, host, client) == min(host, client)


@pytest.mark.parametrize(("rpm", "half_turn"), [(7200, 4.17), (10000, 3.0), (15000, 2.0)])
def test_half_a_turn(rpm, half_turn):
    # Rounded to a hundredth of a millisecond where it is published.
    assert 1e3 / iops.rotating_disk_iops(0.0, rpm) == pytest.approx(half_turn, abs=0.005)
    assert iops.rotating_disk_iops(8.5, rpm) < iops.rotating_disk_iops(4.0, rpm)


def test_a_disk_that_does_not_turn_is_refused():
    with pytest.raises(ValueError, match="rotation must be positive, got 0"):
        iops.rotating_disk_iops(8.5, 0)
    with pytest.raises(ValueError, match="seek_time must be zero or positive, got -1"):
        iops.rotating_disk_iops(-1.0, 7200)
