"""``planner wiring``: a plan to plug by, checked from its own rows."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kit import few_draws, planner  # noqa: F401

import planner as api
from planner.evaluation import plan_of

pytestmark = pytest.mark.usefixtures("few_draws")

TWO = """\
scenario: plugs
title: Plugs
currency: AUD
site: {electricity_price: 0.25 AUD/kWh, years_of_use: 5 yr}
admission: openstack-2013
workload: {vm: {count: 1, vcpus: 1, memory: 1 GiB, disk: 10 GB, duty: 10 %}}
nodes:
  server: {parts: {dell-r320: 1, realtek-rtl8168: 1}}
  fast: {parts: {dell-r320: 1, intel-x520-da2: 2, sfp-dac-10g: 2}}
designs:
  one:
    title: One switch
    groups:
      server:
        count: 5
        node: server
        links:
          back-end: {part: dell-r320, ports: 2}
          lan: {part: realtek-rtl8168, ports: 1}
          lights-out: {part: dell-r320, ports: 1, management: true}
      fast: {count: 1, node: fast, links: {back-end: {part: intel-x520-da2, ports: 3}}}
      switch: {count: 1, part: cisco-sg500x-24}
  stack:
    title: A stack of two
    extends: one
    groups: {switch: {count: 2, stack: true}}
  pair:
    title: Two switches that are no stack
    extends: one
    groups: {switch: {count: 2}}
  shared:
    title: Two switches that share bonds
    extends: one
    groups: {switch: {count: 2, stack: mlag}}
  tree:
    title: Access and core
    extends: one
    groups:
      switch: {uplinks: {core: {ports: 1, speed: 10 Gbit/s}}}
      core: {count: 1, part: mikrotik-crs309}
"""


FAST = next(line for line in TWO.splitlines(True) if line.startswith("      fast:"))
PLAIN = """\
parts:
  switches:
    plain: {title: Plain, ports_1g: 24, ports_10g: 4, idle_power: 10 W, peak_power: 20 W,
            price: 100 AUD, rack_units: 1 U}
"""


OWN = """\
parts:
  switches:
    own: {title: Own, ports_1000base_t: 8, ports_sfp28: 16, ports_1g: 8, ports_10g: 0,
          ports_25g: 16, idle_power: 10 W, peak_power: 20 W, price: 100 AUD, rack_units: 1 U}
"""


def write(folder, text=TWO):
    path = folder / "plugs.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def wired(path, design):
    """The rows of the CSV table."""
    result = planner("wiring", path, design, "--format", "csv")
    assert result.code == 0, result.err
    return list(csv.DictReader(io.StringIO(result.out)))


def ends(row):
    """The ports of a row, as (device, unit, medium, port)."""
    if row["cable"]:
        yield (row["to"], row["unit"], row["switch_medium"], row["switch_port"])
        if row["what"] in ("stack", "uplink"):
            yield (row["from"], row["number"], row["medium"], row["port"])
    if row["what"] in ("link", "management"):
        yield (row["from"], row["number"], row["part"], row["port"])


def check(rows, links, joined, takes=()):
    """What any plan must keep: rows, ports, media, bonds and their order."""
    own = [row for row in rows if row["what"] in ("link", "management")]
    assert len(own) == links
    used = [end for row in rows for end in ends(row)]
    assert len(set(used)) == len(used), "a port is used twice"
    placed = [row for row in rows if row["cable"]]
    assert [int(row["cable"]) for row in placed] == list(range(1, len(placed) + 1))
    for row in placed:
        pair = (row["medium"], row["switch_medium"])
        assert pair[0] == pair[1] or pair in takes
    bonds = {}
    for row in own:
        if row["mode"] in ("802.3ad", "balance-xor", "balance-rr"):
            unit = "" if row["to"] in joined else row["unit"]
            bonds.setdefault(row["bond"], set()).add((row["to"], unit))
    assert all(len(found) == 1 for found in bonds.values()), "a bond ends on several switches"


@pytest.mark.parametrize(
    ("design", "joined", "links", "between"),
    [
        ("one", (), 23, 0),
        ("stack", ("switch",), 23, 2),
        ("pair", (), 23, 0),
        ("shared", ("switch",), 23, 2),
        ("tree", (), 23, 1),
    ],
)
def test_a_plan_can_be_plugged(tmp_path, design, joined, links, between):
    rows = wired(write(tmp_path), design)
    check(rows, links, joined)
    assert sum(row["what"] in ("stack", "uplink") for row in rows) == between


def test_a_stack_spreads_bonds_and_keeps_its_ports(tmp_path):
    rows = wired(write(tmp_path), "stack")
    for number in "12345":
        units = {r["unit"] for r in rows if r["bond"] == f"server-{number}.back-end"}
        assert units == {"1", "2"}
    stack = {
        (r["from"], r["number"], r["port"], r["unit"], r["switch_port"])
        for r in rows
        if r["what"] == "stack"
    }
    # of four cages a unit, XG3 and XG4 belong to the stack
    assert {port for item in stack for port in (item[2], item[4])} == {"3", "4"}
    fast = [r for r in rows if r["from"] == "fast"]
    assert {r["switch_port"] for r in fast} <= {"1", "2"}
    assert [r["port"] for r in fast] == ["1", "2", "2.1"]
    assert {r["cable_type"] for r in fast} == {"sfp-dac-10g"}


def test_management_ports_are_plugged_in_too(tmp_path):
    rows = [r for r in wired(write(tmp_path), "one") if r["what"] == "management"]
    assert [(r["number"], r["port"], r["network"]) for r in rows] == [
        (str(number), "management", "lights-out") for number in range(1, 6)
    ]
    more = TWO.replace(
        "{part: dell-r320, ports: 1, management: true}",
        "{part: dell-r320, ports: 2, management: true}",
    )
    result = planner("wiring", write(tmp_path, more), "one")
    assert result.code == 2
    assert "`dell-r320` has 1 management ports, but 2 are linked" in result.err


def test_links_without_a_port_are_named(tmp_path):
    text = TWO.replace("count: 5", "count: 9")
    result = planner("wiring", write(tmp_path, text), "one")
    assert result.code == 0
    # 9 hosts with 4 links each, and 24 ports: whole bonds first
    assert "12 links without a port." in result.out
    rows = wired(write(tmp_path, text), "one")
    check(rows, 39, ())
    assert sum(not row["cable"] for row in rows) == 12


def test_a_bond_that_fits_no_single_switch_is_left_out(tmp_path):
    text = TWO.replace("ports: 3}", "ports: 4}")
    rows = wired(
        write(tmp_path, text.replace("{count: 2, stack: true}", "{count: 2, stack: chain}")),
        "stack",
    )
    assert sum(bool(r["cable"]) for r in rows if r["from"] == "fast") == 4
    shared = api.evaluate(write(tmp_path, text)).design("pair")["quantities"]
    assert shared["unplaced_links"]["value"] == 0
    narrow = text.replace("count: 1, node: fast", "count: 3, node: fast")
    found = api.evaluate(write(tmp_path, narrow)).design("pair")["quantities"]
    assert found["unplaced_links"]["value"] == 4
    assert found["sfp-plus.ports_needed"]["value"] == 12


# Figures


def figures(folder, design, text=TWO):
    found = api.evaluate(write(folder, text)).design(design)["quantities"]
    return {name: item["value"] for name, item in found.items()}


def test_ports_of_a_kind_with_what_stack_and_uplinks_take(tmp_path):
    found = figures(tmp_path, "stack")
    assert [
        found[f"sfp-plus.{key}"] for key in ("ports_linked", "ports_for_stacks", "ports_needed")
    ] == [3, 4, 7]
    assert (found["sfp-plus.ports_available"], found["sfp-plus.spare_ports"]) == (8, 1)
    assert (found["ports_needed_10g"], found["ports_available_10g"]) == (7, 8)
    assert [found[f"1000base-t.{key}"] for key in ("ports_needed", "ports_available")] == [20, 48]
    tree = figures(tmp_path, "tree")
    assert (tree["sfp-plus.ports_for_uplinks"], tree["sfp-plus.ports_needed"]) == (2, 5)
    assert (tree["ports_needed_10g"], tree["ports_available_10g"]) == (5, 12)


def test_a_stack_of_two_keeps_four_of_eight_fast_ports_whatever_its_shape(tmp_path):
    """Correction: only XG1 and XG2 of a stacked SG500X are ordinary ports."""
    for shape in ("ring", "chain", "true"):
        found = figures(tmp_path, "stack", TWO.replace("stack: true", f"stack: {shape}"))
        assert found["sfp-plus.ports_available"] - found["sfp-plus.ports_for_stacks"] == 4


def test_other_switches_give_a_stack_what_its_shape_needs(tmp_path):
    text = TWO.replace("{count: 2, stack: true}", "{count: 4, part: mikrotik-crs309, stack: SHAPE}")
    for shape, taken in (("chain", 6), ("ring", 8)):
        found = figures(tmp_path, "stack", text.replace("SHAPE", shape))
        assert found["sfp-plus.ports_for_stacks"] == taken
        assert found["switch.stack_link_losses_tolerated"] == (1 if shape == "ring" else 0)


def test_what_is_lost_with_a_switch(tmp_path):
    keys = ("switch_units", "switch_domains", "hosts_cut_off_with_a_switch", "split_networks")
    assert [figures(tmp_path, "one")[key] for key in keys] == [1, 1, 6, 0]
    # in a stack every host has a bond on both units
    assert [figures(tmp_path, "stack")[key] for key in keys] == [2, 1, 0, 0]
    pair = figures(tmp_path, "pair")
    assert [pair[key] for key in keys[:2]] == [2, 2]
    assert figures(tmp_path, "stack")["hosts_losing_a_network_with_a_switch"] > 0


def test_networks_on_switches_that_nothing_joins(tmp_path):
    text = TWO.replace("ports: 3}", "ports: 3, switch: core}").replace(
        "{part: dell-r320, ports: 2}", "{part: dell-r320, ports: 2, switch: switch}"
    )
    text = text[: text.index("  stack:")] + text[text.index("  tree:") :]
    text = text.replace("extends: one", "extends: one", 1).replace(
        "      switch: {count: 1, part: cisco-sg500x-24}\n",
        "      switch: {count: 1, part: cisco-sg500x-24}\n"
        "      core: {count: 1, part: mikrotik-crs309}\n",
    )
    assert figures(tmp_path, "one", text)["split_networks"] == 1
    assert figures(tmp_path, "tree", text)["split_networks"] == 0


def test_oversubscription_of_forty_eight_hosts(tmp_path):
    """48 links of 1 Gbit/s over four of 10 Gbit/s: 1.2; over two: 2.4."""
    for uplinks, ratio in ((4, 1.2), (2, 2.4)):
        text = TWO.replace("count: 5", "count: 24").replace("cisco-sg500x-24", "cisco-sg500x-48")
        text = text.replace("          lan: {part: realtek-rtl8168, ports: 1}\n", "")
        text = text.replace(
            "          lights-out: {part: dell-r320, ports: 1, management: true}\n", ""
        )
        text = text.replace(FAST, "")
        text = text.replace("core: {ports: 1,", f"core: {{ports: {uplinks},")
        found = figures(tmp_path, "tree", text)
        assert found["switch.oversubscription"] == pytest.approx(ratio, rel=1e-12)
        assert found["single_uplink_switches"] == 0


def test_links_beyond_ten_gigabits_are_not_counted_as_ten(tmp_path):
    text = TWO.replace("intel-x520-da2", "nvidia-connectx5").replace(
        "mikrotik-crs309", "mikrotik-crs518"
    )
    found = figures(tmp_path, "tree", text)
    # three links, and the far end of an uplink of 10 Gbit/s, which the cage takes too
    assert (found["sfp28.ports_linked"], found["sfp28.ports_for_uplinks"]) == (3, 1)
    assert (found["sfp-plus.ports_for_uplinks"], found["ports_needed_10g"]) == (1, 1)
    assert found["unplaced_links"] == 0


def test_ports_whose_kind_nobody_tells_take_links_of_their_speed(tmp_path):
    text = PLAIN + TWO.replace("cisco-sg500x-24", "plain")
    rows = wired(write(tmp_path, text), "one")
    assert {(r["medium"], r["switch_medium"]) for r in rows} == {
        ("1000BASE-T", "1 Gbit/s"),
        ("SFP+", "10 Gbit/s"),
    }


def findings(folder, design, text):
    found = api.evaluate(write(folder, text)).design(design)["findings"]
    return {item["code"]: item["message"] for item in found}


def test_links_that_no_port_fits_are_an_error(tmp_path):
    """Cages for fast links only on the one, copper on the other: counts alone would do."""
    assert "ESW05" not in findings(tmp_path, "one", TWO)
    copper = TWO.replace("intel-x520-da2", "intel-x540-t2")
    found = findings(tmp_path, "one", copper)
    assert found["ESW05"] == "3 ports of 10GBASE-T are needed, and the switches have 0"
    assert "ESW01" not in found or "are taken" in found["ESW01"]


def test_links_in_faster_ports_lack_none_of_their_own_speed(tmp_path):
    """Three of 10 Gbit/s in cages of 25, which the switch has besides none of 10."""
    text = TWO.replace(
        "      switch: {count: 1, part: cisco-sg500x-24}\n",
        "      switch: {count: 1, part: cisco-sg500x-24}\n"
        "      quick: {count: 1, part: mikrotik-crs518}\n",
    ).replace("ports: 3}", "ports: 3, switch: quick}")
    found = figures(tmp_path, "one", text)
    assert (found["unplaced_links"], found["sfp28.ports_linked"]) == (0, 3)
    assert (found["ports_needed_10g"], found["spare_ports_10g"]) == (0, 4)
    assert found["ports_needed_1g"] == 20
    assert {"ESW01", "ESW05"}.isdisjoint(
        code for code, told in findings(tmp_path, "one", text).items() if "needed" in told
    )


@pytest.mark.parametrize(("hosts", "told"), [(8, False), (9, True)])
def test_ports_beyond_ten_gigabits_are_counted_by_kind(tmp_path, hosts, told):
    """Two links of 25 Gbit/s a host, on sixteen cages."""
    text = TWO.replace("fast: {count: 1", f"fast: {{count: {hosts}").replace("ports: 3", "ports: 2")
    text = text.replace("intel-x520-da2", "nvidia-connectx5")
    text = text.replace(
        "switch: {count: 1, part: cisco-sg500x-24}", "switch: {count: 1, part: own}"
    )
    text = OWN + text.replace("count: 5", "count: 1")
    found = findings(tmp_path, "one", text)
    assert ("ESW05" in found) == told
    if told:
        assert found["ESW05"] == "18 ports of SFP28 are needed, and the switches have 16"


def test_switches_that_nothing_joins_are_an_error(tmp_path):
    lines = ("          lan: {", "          lights-out: {")
    text = "".join(line for line in TWO.splitlines(True) if not line.startswith(lines))
    text = text.replace("count: 5", "count: 13")
    assert (
        findings(tmp_path, "pair", text)["ESW06"] == "1 network is on switches that nothing joins"
    )
    for design in ("stack", "shared", "one"):
        assert "ESW06" not in findings(tmp_path, design, text)
    assert "ESW06" not in findings(tmp_path, "tree", text.replace("count: 13", "count: 12"))


# Formats and faults


def test_every_format_tells_the_same(tmp_path):
    path = write(tmp_path)
    data = json.loads(planner("wiring", path, "stack", "--format", "json").out)
    rows = wired(path, "stack")
    assert (data["design"], data["proven"], len(data["cables"])) == ("stack", True, len(rows))
    assert [str(item["cable"]) for item in data["cables"]] == [row["cable"] for row in rows]
    text, md = (planner("wiring", path, "stack", "--format", name).out for name in ("text", "md"))
    assert max(map(len, text.splitlines())) <= 100
    assert "25 cables, 0 links without a port." in text
    assert "25 cables, 0 links without a port." in md
    assert planner("wiring", path, "stack").out == text


@pytest.mark.parametrize(
    ("old", "new", "gap"),
    [
        ("count: 5", "count: 1000000", "more than 5,000 links: none is placed"),
        ("{count: 2, stack: true}", "{count: 1000000, stack: chain}", "more than 20,000 switch"),
    ],
)
def test_plans_that_nobody_could_plug_are_not_made(tmp_path, old, new, gap):
    path = write(tmp_path, TWO.replace(old, new))
    result = planner("wiring", path, "stack")
    assert (result.code, result.err) == (0, "")
    assert gap in result.out
    assert gap in "\n".join(api.evaluate(path).design("stack")["unknown"])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("ports: 3}", "ports: 3, switch: server}", "`server` is no switch of this design"),
        ("core: {ports", "fast: {ports", "`fast` is no other group of switches"),
        ("count: 2, stack: mlag", "count: 3, stack: mlag", "has 3 switches, and `mlag` joins two"),
        ("count: 5\n", "count: 5\n        stack: true\n", "is no switch and cannot be stacked"),
        ("stack: true", "stack: star", "`star` is not known here"),
    ],
)
def test_faults_have_their_place(tmp_path, old, new, words):
    for design in ("one", "stack", "shared", "tree"):
        result = planner("wiring", write(tmp_path, TWO.replace(old, new)), design)
        if result.code == 2:
            assert words in result.err
            assert "plugs.yaml:" in result.err
            return
    pytest.fail("no fault")


def test_designs_that_are_not_there(tmp_path):
    result = planner("wiring", write(tmp_path), "stak")
    assert (result.code, result.out) == (2, "")
    assert "stak: no such design; did you mean `stack`?" in result.err


def test_the_plan_of_2013_lacks_ports():
    plan = plan_of("vrt-2013", "mini-itx-cluster").cabling
    assert (len(plan.cables), len(plan.unplaced)) == (51, 15)
    assert {cable.medium for cable in plan.unplaced} == {"1000BASE-T"}
    assert Counter(cable.switch_medium for cable in plan.cables)["SFP+"] == 3


# Any design


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    count=st.integers(1, 14),
    ports=st.integers(1, 2),
    fast=st.integers(0, 3),
    units=st.integers(1, 3),
    stack=st.sampled_from(["false", "ring", "chain"]),
    mode=st.sampled_from(["802.3ad", "active-backup"]),
)
def test_any_design_is_wired_soundly(tmp_path, count, ports, fast, units, stack, mode):
    link = f"{{part: dell-r320, ports: {ports}, bond: {{mode: {mode}}}}}"
    text = TWO.replace("count: 5", f"count: {count}").replace("{part: dell-r320, ports: 2}", link)
    text = text.replace("count: 1, node: fast", f"count: {fast}, node: fast")
    text = text.replace("{count: 2, stack: true}", f"{{count: {units}, stack: {stack}}}")
    path = write(tmp_path, text)
    rows = wired(path, "stack")
    check(rows, count * (ports + 2) + 3 * fast, ("switch",) if stack != "false" else ())
    cabling = plan_of(path, "stack").cabling
    assert cabling.proven
    room = units * 24
    copper = count * (ports + 2)
    placed = sum(cable.switch_medium == "1000BASE-T" for cable in cabling.cables)
    assert placed >= min(copper, room) - (ports - 1) * units
