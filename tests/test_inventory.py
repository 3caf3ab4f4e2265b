"""VMs from a CSV file: what it may hold, what is refused, and where the VMs then run."""

import csv
import io
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import SMALL, few_draws, planner, write_small  # noqa: F401

from planner.faults import InputError, Mark
from planner.scenario import inventory
from planner.scenario.inventory import InventoryVm, flavours_of_vms, read_inventory

pytestmark = pytest.mark.usefixtures("few_draws")

VMS = """\
name,vcpus,memory [GiB],disk,duty,group,host,count
web-1,2,4,40 GB,10 %,web,,
web-2,2,4,40 GB,10 %,web,,
web-3,2,4,40 GB,10 %,web,,
database,8,16,200 GB,,,box-3,
batch,1,2,10 GB,,,box,12
"""


def read(tmp_path, text):
    path = tmp_path / "vms.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_inventory(path, "vms.csv")[0]


def faults(tmp_path, text):
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    return [str(fault) for fault in caught.value.faults]


def scenario(tmp_path, vms=VMS, text=SMALL):
    (tmp_path / "vms.csv").write_text(vms)
    return write_small(tmp_path, text.replace("workload:", "inventory: vms.csv\nworkload:", 1))


def test_rows_are_read_with_their_units(tmp_path):
    found = read(tmp_path, VMS)
    assert [vm.name for vm in found] == ["web-1", "web-2", "web-3", "database", "batch"]
    first = found[0]
    assert (first.vcpus, first.memory, first.disk) == (2, 4 * 2**30, 40e9)
    assert (first.duty, first.group, found[3].host, found[4].count) == (0.1, "web", "box-3", 12)
    assert first.mark == Mark("vms.csv", 2, 1)


def test_a_cell_may_bear_the_unit_and_columns_any_order(tmp_path):
    (vm,) = read(
        tmp_path, "disk;name;memory;vcpus;network [Gbit/s];iops\n1 TB;a b;8 GiB;4;2;5 kIOPS"
    )
    assert (vm.name, vm.memory, vm.network, vm.iops) == ("a b", 8 * 2**30, 250e6, 5000)


def test_vms_that_are_alike_are_one_flavour(tmp_path):
    flavours = flavours_of_vms(read(tmp_path, VMS))
    assert {name: one.count.value for name, one in flavours.items()} == {
        "web-1": 3, "database": 1, "batch": 12,
    }  # fmt: skip
    assert flavours["web-1"].names == ["web-1", "web-2", "web-3"]
    assert flavours["batch"].names == []
    assert str(flavours["web-1"].memory.mark) == "vms.csv:2:1"
    assert flavours["batch"].duty.low == 0.05  # what is not said has a range


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "vms.csv: the file is empty; begin with a header line"),
        ("name,vcpus,memory,disk\n", "vms.csv: no VM is listed; write a row for each"),
        ("name,vcpus,memory\n", "vms.csv:1:1: without the column `disk`; add it"),
        ("name,cpus,memory,disk\n", "vms.csv:1:6: the column `cpus` is not known; did you mean"),
        ("name,name,memory,disk\n", "vms.csv:1:6: the column `name` is there twice; keep one"),
        ("name,vcpus,memory [Gb],disk\n", "vms.csv:1:12: `Gb` may mean bits or bytes"),
        ("name [GiB],vcpus,memory,disk\n", "vms.csv:1:1: `name` has no unit; write `name`"),
        ("name,vcpus,memory,disk\na,1,2,3 GB\n", "vms.csv:2:5: memory: `2` has no unit"),
        ("name,vcpus,memory [GiB],disk\na,1,2 GiB,3 GB\n", "vms.csv:2:5: memory: "),
        ("name,vcpus,memory,disk\na,1.5,2 GiB,3 GB\n", "vms.csv:2:3: vcpus: "),
        ("name,vcpus,memory,disk\na,0,2 GiB,3 GB\n", "vms.csv:2:3: vcpus: `0` is out of range"),
        ("name,vcpus,memory,disk\na,-1,2 GiB,3 GB\n", "vms.csv:2:3: vcpus: "),
        ("name,vcpus,memory,disk\na,nan,2 GiB,3 GB\n", "vms.csv:2:3: vcpus: "),
        ("name,vcpus,memory,disk\na,1,,3 GB\n", "vms.csv:2:5: memory: "),
        ("name,vcpus,memory,disk\n,1,2 GiB,3 GB\n", "vms.csv:2:1: this VM has no name"),
        ("name,vcpus,memory,disk\na,1,2 GiB\n", "vms.csv:2:1: this row has 3 cells, the header 4"),
        ("name,vcpus,memory,disk\na\x1bb,1,2 GiB,3 GB\n", "vms.csv:2:1: the name has characters"),
        ('name,vcpus,memory,disk\n"a,1,2 GiB,3 GB\n', "vms.csv:2:1: a quotation mark stands alone"),
        ("name,vcpus,memory,disk,duty\na,1,2 GiB,3 GB,120 %\n", "vms.csv:2:16: duty: `120 %`"),
        ("name,vcpus,memory,disk,count\na,1,2 GiB,3 GB,0\n", "vms.csv:2:16: count: `0` is out of"),
        ("name,vcpus,memory,disk,count\na,1,2 GiB,3 GB,1e9\n", "vms.csv:2:16: count: "),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_place(tmp_path, text, told):
    assert any(line.startswith(told) for line in faults(tmp_path, text)), faults(tmp_path, text)


def test_all_faults_come_at_once(tmp_path):
    text = "name,vcpus,memory,disk\na,x,2,3 GB\na,1,2 GiB,y\na,1,2 GiB,3 GB\na,1,2 GiB,3 GB\n"
    found = faults(tmp_path, text)
    places = [line.partition(": ")[0] for line in found]
    assert places == ["vms.csv:2:3", "vms.csv:2:5", "vms.csv:3:11", "vms.csv:5:1"]
    assert found[-1].startswith("vms.csv:5:1: `a` is also the VM of line 4")


def test_numbered_vms_take_their_names(tmp_path):
    head = "name,vcpus,memory,disk,count\n"
    text = f"{head}web,1,2 GiB,3 GB,3\nweb-3,1,2 GiB,3 GB,\nweb-4,1,2 GiB,3 GB,\n"
    assert faults(tmp_path, text) == [
        "vms.csv:3:1: `web-3` is also one of the VMs of line 2; give each VM a name of its own"
    ]


def test_sizes_are_capped(tmp_path, monkeypatch):
    head, row = "name,vcpus,memory,disk,count\n", "vm{},1,{} MiB,3 GB,{}\n"
    monkeypatch.setattr(inventory, "MOST_ROWS", 3)
    monkeypatch.setattr(inventory, "MOST_VMS", 20)
    monkeypatch.setattr(inventory, "MOST_SIZES", 2)
    rows = head + "".join(row.format(n, 100, 1) for n in range(4))
    assert "more than 3 rows" in faults(tmp_path, rows)[0]
    assert "more than 20 VMs" in faults(tmp_path, head + row.format(1, 100, 21))[0]
    sizes = head + "".join(row.format(n, 100 + n, 1) for n in range(3))
    assert "more than 2 different sizes" in faults(tmp_path, sizes)[0]


@pytest.mark.parametrize("text", [b"\xff\xfe", b"name,vcpus,memory,disk\n\xc3\x28,1,1 GiB,1 GB"])
def test_bytes_that_are_no_text(tmp_path, text):
    assert "is not UTF-8 text" in faults(tmp_path, text)[0]


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet='namevcpusory,;"\t\n[GiB]0123456789.-% =@', max_size=120))
def test_any_text_is_read_or_refused(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any") / "vms.csv"
    path.write_text(text, newline="")
    with suppress(InputError):
        vms, digest = read_inventory(path, "vms.csv")
        assert vms
        assert len(digest) == 64


def test_a_scenario_without_vms_is_refused(tmp_path):
    at = SMALL.index("workload:")
    path = write_small(tmp_path, SMALL[:at] + SMALL[SMALL.index("nodes:") :])
    found = planner("compare", path)
    assert found.code == 2
    assert "no VM is asked for: `workload` and `inventory` are missing" in found.err


def test_a_missing_file_is_told_where_it_is_named(tmp_path):
    path = scenario(tmp_path)
    Path(tmp_path / "vms.csv").unlink()
    found = planner("compare", path)
    assert found.code == 2
    line = 1 + SMALL[: SMALL.index("workload:")].count("\n")
    assert f"small.yaml:{line}:12: cannot use" in found.err
    assert "No such file or directory" in found.err


def test_a_vm_named_like_a_flavour_is_refused(tmp_path):
    found = planner("compare", scenario(tmp_path, VMS.replace("database", "desktop")))
    assert found.code == 2
    assert "vms.csv:5:1: `desktop` is also a flavour of the workload" in found.err


def test_the_file_counts_among_the_inputs(tmp_path):
    found = planner("compare", scenario(tmp_path), "--format", "json")
    inputs = json.loads(found.out)["scenario"]["inputs"]
    assert len(inputs[str(tmp_path / "vms.csv")]) == 64


# Where they run


def placed(path, design="cluster", *options):
    found = planner("place", path, design, "--format", "csv", *options)
    assert found.code == 0, found.err
    return list(csv.DictReader(io.StringIO(found.out)))


def test_the_layout_keeps_groups_apart_and_pinned_vms_in_place(tmp_path):
    rows = placed(scenario(tmp_path))
    hosts = {row["vm"]: row["host"] for row in rows}
    assert len(rows) == len(hosts) == 20 + 3 + 1 + 12
    assert len({hosts[f"web-{n}"] for n in (1, 2, 3)}) == 3
    assert hosts["database"] == "box-3"
    assert {hosts[f"batch-{n}"] for n in range(1, 13)} <= {f"box-{n}" for n in (1, 2, 3, 4)}
    assert {row["group"] for row in rows} == {"box"}


def test_vms_that_have_no_place_are_listed_with_the_reason(tmp_path):
    vms = VMS.replace("box-3", "box-9").replace("database,8,", "huge,64,") + (
        "web-4,2,4,40 GB,10 %,web,,\nweb-5,2,4,40 GB,10 %,web,,\nwide,900,4,40 GB,,,,\n"
    )
    text = planner("place", scenario(tmp_path, vms), "cluster").out
    flat = " ".join(text.split())
    assert "36 of 39 VMs have a place; there is none for all." in flat
    assert "bound to `box-9`, which is no host" in flat
    assert "every host has a VM of the group" in flat
    assert "a VM may have no more vcpus than a host has" in flat
    data = json.loads(planner("place", scenario(tmp_path, vms), "cluster", "-f", "json").out)
    assert {one["flavour"]: one["vms"] for one in data["unplaced"]} == {
        "huge": 1, "web-1": 1, "wide": 1,
    }  # fmt: skip


def test_hosts_are_kept_empty(tmp_path):
    data = json.loads(
        planner("place", scenario(tmp_path), "cluster", "-k", "1", "--maintenance", "1",
                "-f", "json").out
    )  # fmt: skip
    assert len(data["spare_hosts"]) == 2
    assert not {host["host"] for host in data["hosts"]} & set(data["spare_hosts"])
    assert data["admission"]["policy"] == "openstack"


def test_the_table_says_what_binds_and_what_is_stranded():
    text = planner("place", "vrt-2013", "mini-itx-cluster").out
    assert "All 96 VMs have a place." in text
    assert "Admission openstack-2013: 16 vCPUs a thread, 1.5 x memory" in text
    assert "Scarcest: memory." in text
    assert "compute-1 .. compute-3" in text
    markdown = planner("place", "vrt-2013", "mini-itx-cluster", "-f", "md").out
    assert "| memory | 372 GiB |" in markdown


def test_formulas_in_names_stay_text(tmp_path):
    path = scenario(tmp_path, VMS.replace("database", "=cmd()"))
    assert "'=cmd()" in {row["vm"] for row in placed(path)}


def test_an_unknown_design_is_refused():
    found = planner("place", "vrt-2013", "mini-itx-clutser")
    assert found.code == 2
    assert "no such design; did you mean `mini-itx-cluster`?" in found.err


def test_other_importers_make_the_same_vms():
    """The seam: rows of any origin become flavours."""
    mark = Mark("export", 1, 1)
    rows = [InventoryVm("a", 1.0, 2e9, 1e10, mark), InventoryVm("b", 1.0, 2e9, 1e10, mark)]
    assert flavours_of_vms(rows)["a"].names == ["a", "b"]
