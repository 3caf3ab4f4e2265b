"""Machines that can be built, and machines that cannot: by the command line, and by law."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import few_draws, planner  # noqa: F401

from planner.catalog import shipped_catalog
from planner.connectors import (
    BOARD_FORMS,
    MEDIA,
    board_fits,
    medium_of,
    module_fits,
    read_module,
    read_slots,
    read_takes,
)
from planner.context import PartOf
from planner.facts import Basis, Fact
from planner.faults import Mark
from planner.fitting import rank, seated
from planner.rules import RULES

pytestmark = pytest.mark.usefixtures("few_draws")

SCENARIO = """\
scenario: build
title: One machine
currency: AUD
site: {{electricity_price: 0.25 AUD/kWh, years_of_use: 5 yr{site}}}
admission: openstack-2013
workload: {{vm: {{count: 1, vcpus: 1, memory: 1 GiB, disk: 10 GB, duty: 10 %}}}}
nodes: {{box: {{parts: {{{parts}}}{node}}}}}
{more}
designs: {{one: {{title: One, groups: {{box: {{count: 2, node: box}}}}}}}}
"""

BUILDING = [word for rule in RULES if "BLD" in rule.code for word in ("--code", rule.code)]

BOARD = {
    "intel-dq77kb": 1,
    "intel-i3-3220t": 1,
    "ddr3-1600-sodimm-8g": 2,
    "intel-ssd-520-60": 1,
    "mini-itx-media-case": 1,
    "mini-itx-brick": 1,
}
MICRO_ATX = {
    "intel-dq77mh": 1,
    "intel-i3-3220t": 1,
    "ddr3-1600-dimm-8g": 2,
    "case-2u": 1,
    "atx-supply": 1,
}


def checked(folder, parts, more="", site="", node=", reading: vrt-node"):
    """Codes and messages of the findings on building a machine, and the exit code for these rules.

    What else is wrong with a design of one machine that runs no VMs is not asked.
    """
    if any(part in parts for part in ("dell-r420", "dell-r320", "minisforum-ms01")):
        node = ""
    listed = ", ".join(f"{part}: {number}" for part, number in parts.items())
    text = SCENARIO.format(parts=listed, more=more, site=site, node=node)
    path = folder / "build.yaml"
    path.write_text(text, encoding="utf-8")
    result = planner("check", str(path), "--format", "json", *BUILDING)
    assert result.code in (0, 1), result.err
    (design,) = json.loads(result.out)["designs"]
    found = {item["code"]: item["message"] for item in design["findings"]}
    return found, result.code, str(path)


def test_what_was_built_in_2013_can_be_built(tmp_path):
    assert checked(tmp_path, {**BOARD, "realtek-rtl8168": 1})[:2] == ({}, 0)
    storage = {**MICRO_ATX, "intel-ssd-520-60": 1, "seagate-st3000vx000": 2}
    assert checked(tmp_path, {**storage, "intel-x520-da2": 1})[:2] == ({}, 0)


BAD = [
    (
        {"dell-r420": 1, "seagate-st3000vx000": 24},
        "EBLD07",
        "24 x .* needs 24, and .* has 4 drive bays",
    ),
    ({"dell-r420": 1, "seagate-st3000vx000": 5}, "EBLD07", "needs 5, and `dell-r420` has 4"),
    ({"dell-r320": 1, "ddr3-1600-sodimm-8g": 1}, "EBLD06", "`dell-r320` does not take"),
    ({"dell-r320": 1, "ddr3-1600-dimm-8g": 7}, "EBLD04", "needs 7, and `dell-r320` has 6"),
    ({"dell-r420": 1, "ddr5-rdimm-64g": 6}, "EBLD05", "needs .*, and `dell-r420` has 412 GB"),
    ({"dell-r420": 1, "samsung-pm9a3-1t92": 1}, "EBLD11", "connects a drive like `samsung"),
    (
        {"dell-r420": 1, "intel-x520-da2": 3},
        "EBLD12",
        "3 x `intel-x520-da2` needs 3 slots, .* slots for 2",
    ),
    ({"minisforum-ms01": 1, "seagate-st3000vx000": 1}, "EBLD07", "`minisforum-ms01` has 0"),
    ({"minisforum-ms01": 1, "micron-7450-3t84": 4}, "EBLD07", "needs 1, and"),
    ({**BOARD, "intel-i3-3220t": 2}, "EBLD01", "needs 2, and `intel-dq77kb` has 1"),
    ({**BOARD, "epyc-4464p": 1, "intel-i3-3220t": 0}, "EBLD02", "`epyc-4464p` does not fit"),
    ({**BOARD, "epyc-9124": 1, "intel-i3-3220t": 0}, "EBLD03", "needs 200 W, and .* has 65 W"),
    ({**BOARD, "ddr3-1600-sodimm-8g": 3}, "EBLD04", "needs 3, and `intel-dq77kb` has 2"),
    ({**BOARD, "ddr3-1600-sodimm-8g": 3}, "EBLD05", "needs 25.8 GB .* has 17.2 GB .* as its most"),
    ({**BOARD, "ddr3-1600-sodimm-8g": 0, "ddr3-1600-dimm-8g": 2}, "EBLD06", "2 x `ddr3-1600-d"),
    ({**BOARD, "seagate-st3000vx000": 1}, "EBLD07", "needs 2, and `mini-itx-media-case` has 1"),
    ({**BOARD, "seagate-st3000vx000": 1}, "EBLD08", "`seagate-st3000vx000` needs 1, .* has 0"),
    (
        {**MICRO_ATX, "fleet-ssd": 0, "intel-ssd-520-60": 6},
        "EBLD10",
        "needs 6, .* has 5 SATA ports",
    ),
    (
        {**BOARD, "intel-x520-da2": 1},
        "EBLD12",
        "`intel-x520-da2` needs 1 slots, .* has slots for 0",
    ),
    ({**BOARD, "intel-dq77kb": 0, **MICRO_ATX, "case-2u": 0}, "EBLD13", "`intel-dq77mh` is too"),
    ({**BOARD, "mini-itx-brick": 0, "atx-supply": 1}, "EBLD14", "`atx-supply` cannot feed"),
    ({"ddr3-1600-dimm-8g": 2, "case-2u": 1, "atx-supply": 1}, "EBLD00", "there is no board for"),
    ({**MICRO_ATX, "intel-ssd-520-60": 3}, "WBLD17", "needs 3, .* has 2 SATA ports of 6"),
]


@pytest.mark.parametrize(
    ("parts", "code", "words"), BAD, ids=[f"{c}-{i}" for i, (_, c, _) in enumerate(BAD)]
)
def test_what_does_not_fit_is_named_with_the_rule(tmp_path, parts, code, words):
    found, fails, _ = checked(tmp_path, parts)
    assert code in found
    assert re.search(words, found[code]), found[code]
    assert fails == (1 if any(name.startswith("E") for name in found) else 0)


@pytest.mark.parametrize(("modules", "code"), [(2, 0), (3, 1)])
def test_memory_is_held_against_the_limit_that_is_known(tmp_path, modules, code):
    """The processor's is unknown: three modules of 8 GiB are too many for the board's 16 GB."""
    unknown = "corrections: {intel-i3-3220t: {max_memory: {value: unknown, reason: not found}}}"
    found, exit_code, path = checked(
        tmp_path, {**BOARD, "ddr3-1600-sodimm-8g": modules}, more=unknown
    )
    assert (exit_code, "EBLD05" in found) == (code, bool(code))
    result = planner("check", path, "--format", "json", "--code", "EBLD05")
    (design,) = json.loads(result.out)["designs"]
    assert bool(design["not_applicable"]) == (not code)


def test_a_supply_that_is_too_small(tmp_path):
    weak = "corrections: {mini-itx-brick: {rating: {value: 25 W, reason: an old one}}}"
    found, code, _ = checked(tmp_path, BOARD, more=weak)
    assert (code, list(found)) == (1, ["EBLD15"])
    assert "needs 30 W at peak, and `mini-itx-brick` has a rating of 25 W" in found["EBLD15"]


def test_a_rack_that_is_too_low(tmp_path):
    found, code, _ = checked(tmp_path, BOARD, site=", rack_space: 1 U")
    assert (code, found) == (1, {"EBLD16": "1.5 U of rack are needed, and 1 U are free"})
    assert checked(tmp_path, BOARD, site=", rack_space: 1.5 U")[:2] == ({}, 0)


def test_a_slot_that_is_slower_than_the_card(tmp_path):
    narrow = (
        "corrections: {intel-dq77mh: {slots: {value: PCIe 2.0 x8 with 2 lanes, reason: as seen}}}"
    )
    found, code, _ = checked(tmp_path, {**MICRO_ATX, "intel-x520-da2": 1}, more=narrow)
    # two ports of 1.25 GB/s over two lanes of 0.5 GB/s
    assert code == 0
    assert "carries 1,500 MB/s (12,000 Mbit/s) less" in found["WBLD18"]
    wide = narrow.replace("2 lanes", "8 lanes")
    assert checked(tmp_path, {**MICRO_ATX, "intel-x520-da2": 1}, more=wide)[0] == {}


def test_what_the_catalog_does_not_know_is_listed(tmp_path):
    found, code, path = checked(tmp_path, {"dell-r320": 1, "intel-x520-da2": 1})
    assert (found, code) == ({}, 0)
    shown = planner("show", path, "one", "--format", "json")
    unknown = "\n".join(json.loads(shown.out)["unknown"])
    assert "one.box.seated_cards: the catalog does not tell the PCIe slots of dell-r320" in unknown
    assert "dell-r320.supply_rating: whether the machine can be built cannot be judged" in unknown


def test_the_places_left_can_be_explained(tmp_path):
    _, _, path = checked(tmp_path, {"dell-r420": 1, "seagate-st3000vx000": 3})
    result = planner("explain", path, "one", "box.spare_drive_bays")
    assert result.code == 0
    for words in ("1 part", "drive_bays_needed", "dell-r420.drive_bays", "4 parts"):
        assert words in result.out


def test_a_form_that_nobody_can_read_has_its_place(tmp_path):
    more = "parts: {boards: {mine: {title: Mine, slots: {value: a long one, basis: assumption}}}}"
    path = tmp_path / "build.yaml"
    text = SCENARIO.format(parts="mine: 1", more=more, site="", node="")
    path.write_text(text, encoding="utf-8")
    result = planner("check", str(path))
    assert result.code == 2
    assert "build.yaml:8:" in result.err
    assert "cannot read the slot `a long one`; write it like `PCIe 3.0 x8`" in result.err


# Words


@given(st.sampled_from(BOARD_FORMS), st.sampled_from(BOARD_FORMS))
def test_a_case_holds_what_is_no_larger(case, board):
    assert board_fits(case, board) or board_fits(board, case)
    assert (board_fits(case, board) and board_fits(board, case)) == (case == board)


@pytest.mark.parametrize(
    ("board", "module", "fits"),
    [
        ("DDR3 SO-DIMM", "DDR3 SO-DIMM", True),
        ("DDR3 SO-DIMM", "DDR3 DIMM", False),
        ("DDR3 DIMM", "DDR4 DIMM", False),
        ("DDR5 UDIMM", "DDR5 RDIMM", False),
        ("DDR5 UDIMM with ECC", "DDR5 UDIMM", True),
        ("DDR3 RDIMM or DDR3 UDIMM", "DDR3 DIMM", True),
        ("DDR5 RDIMM or DDR4 RDIMM", "DDR4 RDIMM", True),
    ],
)
def test_modules(board, module, fits):
    assert module_fits(board, module) is fits


@pytest.mark.parametrize("text", ["DDR3", "DDR1 DIMM", "SO-DIMM DDR3", ""])
def test_modules_that_nobody_can_read(text):
    with pytest.raises(ValueError, match="cannot read the memory"):
        read_module(text)


@pytest.mark.parametrize("text", ["PCIe x4", "PCIe 3.0 x3", "0 x PCIe 3.0 x4", "PCIe 3.0 x4,"])
def test_slots_that_nobody_can_read(text):
    with pytest.raises(ValueError, match="cannot read the slot"):
        read_slots(text)


def test_ports_that_nobody_can_read():
    with pytest.raises(ValueError, match="unknown port `SFP5`; write one of 1000BASE-T"):
        medium_of("SFP5, fast")
    with pytest.raises(ValueError, match="cannot read `SFP`; write it like"):
        read_takes("SFP")
    assert {medium_of(f"{name}, note") for name in MEDIA} == set(MEDIA)


# Cards in slots, against every way of seating them


def card(width, index):
    entry = shipped_catalog().entry("intel-x520-da2", Mark("test"), ["nics"])
    slot = entry.part.slot.__class__("", f"PCIe 2.0 x{width}", Basis.GIVEN)
    part = entry.part.model_copy(update={"slot": slot})
    count = Fact(f"card{index}", 1.0, "part", Basis.GIVEN)
    return PartOf(entry.__class__(f"card{index}", "nics", part), count)


def most_seated(widths, slots):
    """By trying every slot for every card."""
    if not widths:
        return 0
    rest = most_seated(widths[1:], slots)
    tries = [
        1 + most_seated(widths[1:], slots[:i] + slots[i + 1 :])
        for i, slot in enumerate(slots)
        if widths[0] <= slot.width or slot.open_end
    ]
    return max([rest, *tries])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([1, 4, 8, 16]), max_size=4),
    st.lists(
        st.sampled_from(["PCIe 2.0 x1", "PCIe 3.0 x4 open", "PCIe 3.0 x8", "PCIe 3.0 x16"]),
        max_size=4,
    ),
)
def test_as_many_cards_are_seated_as_can_be(widths, names):
    slots = [read_slots(name)[0] for name in names]
    cards = [card(width, index) for index, width in enumerate(widths)]
    seats = seated(cards, slots)
    taken = [slot for _, slot in seats if slot is not None]
    assert len(seats) == len(cards)
    assert len(taken) == most_seated(widths, slots)
    assert all(taken.count(slot) <= slots.count(slot) for slot in taken)


def test_a_card_takes_the_narrowest_slot_that_gives_it_all_lanes():
    edge, full, narrow = read_slots("PCIe 2.0 x8, PCIe 3.0 x16, PCIe 3.0 x16 with 4 lanes")
    exact = read_slots("PCIe 2.0 x8")[0]
    assert sorted([narrow, full, exact], key=lambda slot: rank(edge, slot, 0)) == [
        exact,
        full,
        narrow,
    ]
