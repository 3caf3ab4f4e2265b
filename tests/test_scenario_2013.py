"""The shipped scenario of 2013 against what is known from outside.

Expected numbers are the plan's own statements and the worked cases of the reference files; the
rows marked self-pinned only hold our own output still.
"""

from __future__ import annotations

import pytest

from planner.report.tables import SECTIONS

TB = 1e12
NOMINAL = 0.0005  # a "3 TB" drive holds 3,000,592,982,016 bytes


@pytest.mark.parametrize(
    ("design", "quantity", "expected"),
    [
        ("legacy-rack", "peak_power", 1500.0),
        ("mini-itx-cluster", "compute.node_idle_power", 10.0),
        ("mini-itx-cluster", "compute.node_peak_power", 30.0),
        ("mini-itx-cluster", "raw_capacity", 18 * TB),
        ("mini-itx-cluster", "usable_capacity", 6 * TB),
        ("mini-itx-cluster", "full_limit_capacity", 5.7 * TB),
        ("mini-itx-cluster", "nearfull_capacity", 5.1 * TB),
        ("mini-itx-cluster", "self_heal_capacity", 0.0),
        ("mini-itx-cluster-4", "raw_capacity", 24 * TB),
        ("mini-itx-cluster-4", "usable_capacity", 8 * TB),
        ("mini-itx-cluster-4", "full_limit_capacity", 7.6 * TB),
        ("mini-itx-cluster-4", "nearfull_capacity", 6.8 * TB),
        ("mini-itx-cluster-4", "self_heal_capacity", 5.4 * TB),
        ("mini-itx-cluster", "host_losses_data_safe", 2.0),
        ("mini-itx-cluster", "host_losses_in_service", 1.0),
        ("mini-itx-cluster", "read_throughput", 600e6),
        ("mini-itx-cluster", "write_throughput", 100e6),
        ("mini-itx-cluster", "ingress_bound_write_throughput", 250e6),
        ("mini-itx-cluster", "egress_bound_write_throughput", 375e6),
        ("mini-itx-cluster-4", "write_throughput", 133.333333e6),
        ("mini-itx-cluster", "read_throughput_one_client", 250e6),
        ("mini-itx-cluster", "ports_needed_10g", 3.0),
        ("mini-itx-cluster", "ports_available_10g", 4.0),
        ("mini-itx-cluster", "ports_needed_1g", 16 * 3 + 3 * 2 + 3 * 3),
        ("mini-itx-cluster", "workload_vms", 96.0),
        ("mini-itx-test", "usable_capacity", 0.0),
        ("mini-itx-pooled", "raw_capacity", 16 * 240e9),
        ("mini-itx-pooled", "hosts_with_daemons_and_kernel_clients", 16.0),
        ("rack-san", "usable_capacity", 20 * TB),
    ],
)
def test_known_numbers(snapshot, design, quantity, expected):
    assert snapshot.value(design, quantity) == pytest.approx(expected, rel=NOMINAL)


def test_basis_of_measured_power_is_measured(snapshot):
    quantities = snapshot.design("legacy-rack")["quantities"]
    assert quantities["peak_power"] == {
        "value": 1500.0,
        "unit": "W",
        "low": None,
        "high": None,
        "basis": "measured",
    }


def test_memory_limits_the_cluster_and_storage_the_pooled_attempt(snapshot):
    assert snapshot.design("mini-itx-cluster")["limits"]["vms"] == "memory"
    assert snapshot.design("mini-itx-pooled")["limits"]["vms"] == "storage"
    assert snapshot.design("mini-itx-cluster")["limits"]["write_throughput"] == "disk"


def test_two_hosts_for_three_copies_say_why_nothing_fits(snapshot):
    findings = snapshot.design("mini-itx-test")["findings"]
    message = next(item["message"] for item in findings if item["code"] == "ESTO01")
    assert message == (
        "ceph: 3 shares of each object need as many failure domains, and there are 2: "
        "nothing can be stored safely"
    )


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("one-server-runs-ten-nodes", "holds-with-limits"),
        ("rack-runs-fifty-nodes", "holds"),
        ("ten-to-thirty-watts", "holds-with-limits"),
        ("six-vms-a-node", "holds-with-limits"),
        ("six-terabytes-a-storage-node", "holds-with-limits"),
        ("four-nodes-give-eight-terabytes", "holds-with-limits"),
        ("any-two-can-fail", "holds-with-limits"),
        ("three-nodes-saturate-a-client", "holds-with-limits"),
        ("sustained-160-megabits", "holds-with-limits"),
        ("dual-gigabit-suffices", "holds-with-limits"),
        ("everything-plugs-in", "fails"),
        ("daemons-and-kernel-clients-apart", "holds"),
        ("sixty-gigabytes-suffice", "holds"),
        ("san-is-expensive", "fails"),
        ("mini-itx-beats-1u", "fails"),
    ],
)
def test_claims(snapshot, claim, verdict):
    found = next(item for item in snapshot.claims if item["id"] == claim)
    assert found["verdict"] == verdict, found["because"]
    assert found["because"]


def test_every_design_lists_what_it_assumes(snapshot):
    for design in snapshot.designs:
        for item in design["assumptions"]:
            assert item["where"], item
            assert item["source"] or item["note"], item


def test_ranges_contain_their_values(snapshot):
    for design in snapshot.designs:
        for name, item in design["quantities"].items():
            if item["value"] is not None and item["low"] is not None:
                assert item["low"] <= item["value"] <= item["high"], (design["id"], name)


def test_power_rises_from_idle_to_peak(snapshot):
    for design in snapshot.designs:
        power = [
            design["quantities"][f"{kind}_power"]["value"] for kind in ("idle", "mean", "peak")
        ]
        assert power == sorted(power)


def test_columns_of_the_comparison_exist(snapshot):
    # the plan names neither circuits nor a UPS, and switches nothing off at night
    sections = [columns for title, columns in SECTIONS if title != "Circuits and UPS"]
    names = {column.quantity for columns in sections for column in columns}
    names -= {"consolidation_saving"}
    assert names <= set(snapshot.design("mini-itx-cluster")["quantities"])


def test_table_has_units_in_its_columns(snapshot):
    table = snapshot.table()
    assert list(table.index) == [design["id"] for design in snapshot.designs]
    assert table.loc["legacy-rack", "peak_power [W]"] == 1500.0
    assert table["capital_cost [AUD]"].notna().all()


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("three-nodes-saturate-a-client", ["read_rate 50.0 MB/s (400 Mbit/s) is 250 MB/s"]),
        (
            "three-nodes-saturate-a-client",
            ["single_flow_rate", "is 125 MB/s (1,000 Mbit/s), below"],
        ),
        ("sustained-160-megabits", ["is 37.5 MB/s (300 Mbit/s), at least 20.0 MB/s"]),
        ("sustained-160-megabits", ["is 25.0 MB/s (200 Mbit/s), at least", "four storage nodes"]),
        ("sustained-160-megabits", ["is 18.8 MB/s (150 Mbit/s), below", "three storage nodes"]),
        ("sustained-160-megabits", ["is 6.25 MB/s (50.0 Mbit/s), below"]),
        ("dual-gigabit-suffices", ["one_link_chance of mini-itx-cluster is 0.25, above 0"]),
    ],
)
def test_both_readings_of_800_megabits(snapshot, claim, told):
    """A disk's rate, as it is taken, and a node's: 16 clients get 150 Mbit/s of 3, 200 of 4."""
    found = next(item for item in snapshot.claims if item["id"] == claim)
    assert found["verdict"] == "holds-with-limits"
    for words in told:
        assert words in found["because"]
