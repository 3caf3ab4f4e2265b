"""Pictures: drawn from the snapshot alone, the same bytes each time, nothing live in them."""

from __future__ import annotations

import copy
import re

import matplotlib as mpl
import numpy as np
import pytest
from kit import SMALL, few_draws, planner, write_small  # noqa: F401

import planner as api
from planner.failing import failures
from planner.faults import InputError
from planner.plots import (
    capacity_waterfall,
    cost_over_time,
    failures_staircase,
    load_curves,
    pareto_map,
    power_by_design,
    tornado,
    utilisation_by_design,
)
from planner.plots.resources import RESOURCES
from planner.plots.style import COLOURS, picture, safe
from planner.snapshot import Snapshot

DESIGN = "mini-itx-cluster-4"


@pytest.fixture(scope="module")
def snapshot():
    return api.evaluate("vrt-2013")


@pytest.fixture(scope="module")
def survival():
    return failures("vrt-2013", DESIGN)


@pytest.fixture(scope="module")
def figures(snapshot, survival):
    return {
        "power": lambda: power_by_design(snapshot),
        "load": lambda: load_curves(snapshot, DESIGN),
        "capacity": lambda: capacity_waterfall(snapshot, DESIGN),
        "failures": lambda: failures_staircase(survival),
        "pareto": lambda: pareto_map(snapshot),
        "cost": lambda: cost_over_time(snapshot),
        "utilisation": lambda: utilisation_by_design(snapshot),
        "tornado": lambda: tornado(snapshot, DESIGN),
    }


NAMES = ("power", "load", "capacity", "failures", "pareto", "cost", "utilisation", "tornado")


@pytest.fixture
def coarse(monkeypatch):
    """Few dots an inch, where their number is not at issue."""
    monkeypatch.setattr("planner.plots.style.DPI", 40)


@pytest.mark.usefixtures("coarse")
@pytest.mark.parametrize("name", NAMES)
def test_the_same_snapshot_gives_the_same_bytes(figures, name):
    figure = figures[name]()
    png = picture(figure, "png")
    assert png.startswith(b"\x89PNG")
    assert png == picture(figure, "png") == picture(figures[name](), "png")
    svg = picture(figures[name](), "svg")
    assert svg == picture(figures[name](), "svg")
    assert b"<script" not in svg
    assert not re.search(rb"<dc:date>", svg)


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_names_its_axes_and_fits_half_a_page(figures, name):
    figure = figures[name]()
    assert figure.get_suptitle()
    assert max(figure.get_size_inches()) <= 11
    labels = [axes.get_xlabel() + axes.get_ylabel() for axes in figure.axes]
    assert any("[" in label or "lost" in label for label in labels)


def _grey(colour):
    red, green, blue = mpl.colors.to_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_stay_apart_from_white_and_roles_have_hatches(figures):
    assert all(_grey(colour) < 0.72 for colour in COLOURS)
    bars = figures["power"]().axes[0].patches
    looks = {(patch.get_facecolor(), patch.get_hatch()) for patch in bars}
    assert len({hatch for _, hatch in looks}) == len(looks) == 4


def test_the_bars_of_a_design_add_up_to_its_power(snapshot, figures):
    axes = figures["power"]().axes[0]
    for at, design in enumerate(snapshot.designs):
        widths = [
            patch.get_width()
            for patch in axes.patches
            if abs(patch.get_y() + patch.get_height() / 2 - (at + 0.26)) < 0.01
        ]
        assert sum(widths) == pytest.approx(design["quantities"]["peak_power"]["value"])


def test_the_waterfall_ends_at_what_is_safe(snapshot, figures):
    bars = figures["capacity"]().axes[0].patches
    quantities = snapshot.design(DESIGN)["quantities"]
    assert bars[0].get_height() == pytest.approx(quantities["raw_capacity"]["value"] / 1e12)
    assert bars[-1].get_height() == pytest.approx(quantities["self_heal_capacity"]["value"] / 1e12)


def test_lines_of_cost_end_at_what_it_costs_in_all(snapshot, figures):
    axes = figures["cost"]().axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    for design in snapshot.designs:
        x, y = lines[design["id"]].get_data()
        assert list(x) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
        assert y[0] == pytest.approx(design["quantities"]["capital_cost"]["value"])
        assert y[-1] == pytest.approx(design["quantities"]["total_cost"]["value"])


def test_a_ring_stands_where_two_lines_of_cost_cross(snapshot, figures):
    axes = figures["cost"]().axes[0]
    lines = {line.get_label(): line.get_data() for line in axes.lines}
    rings = [line.get_data() for line in axes.lines if line.get_markersize() == 14]
    paid = [
        design["id"]
        for design in snapshot.designs
        if design["quantities"].get("discounted_payback_years", {"value": None})["value"]
    ]
    assert len(rings) == len(paid) == 1
    for name in (snapshot.data["scenario"]["baseline"], *paid):
        assert np.interp(rings[0][0][0], *lines[name]) == pytest.approx(rings[0][1][0], rel=1e-6)


def test_a_design_of_unknown_cost_has_no_line(snapshot):
    data = copy.deepcopy(snapshot.data)
    for flow in data["designs"][0]["cash_flow"]:
        flow["spent"]["value"] = None
    figure = cost_over_time(Snapshot(data))
    name = data["designs"][0]["id"]
    assert name not in [line.get_label() for line in figure.axes[0].lines]
    assert f"cost unknown: {name}" in figure.get_supxlabel()


def test_cost_with_interest_is_what_it_is_worth_today(snapshot):
    data = copy.deepcopy(snapshot.data)
    for design in data["designs"]:
        design["quantities"]["discount_rate"] = {"value": 0.05, "unit": "1/yr"}
        for flow in design["cash_flow"]:
            flow["worth_today"] |= {"value": 7.0, "low": None, "high": None}
    axes = cost_over_time(Snapshot(data)).axes[0]
    assert "worth today" in axes.get_ylabel()
    assert set(axes.lines[0].get_ydata()) == {7.0}


def test_bars_of_a_tornado_reach_from_the_result_to_its_ends(snapshot, figures):
    found = next(item for item in snapshot.data["sensitivity"] if item["design"] == DESIGN)
    bars = figures["tornado"]().axes[0].patches
    ends = sorted(round(bar.get_x() + bar.get_width(), 3) for bar in bars)
    swings = [round(item[end], 3) for item in found["swings"] for end in ("low", "high")]
    assert ends == pytest.approx(sorted(swings), abs=0.01)
    widths = [abs(bars[at].get_width()) + abs(bars[at + 12].get_width()) for at in range(12)]
    assert widths == sorted(widths, reverse=True)


def test_a_tornado_of_what_was_not_asked_is_told(snapshot):
    with pytest.raises(InputError, match=r"what moves vms is not .*name one of total_cost"):
        tornado(snapshot, DESIGN, "vms")
    with pytest.raises(InputError, match="no such design"):
        tornado(snapshot, "nothing")


def test_marks_of_utilisation_stand_at_the_shares(snapshot, figures):
    axes = figures["utilisation"]().axes[0]
    lines = [line for line in axes.lines if len(line.get_xdata())]
    marks = [line.get_xdata()[0] for line in lines if line.get_marker() not in ("None", "")]
    shares = [
        item["value"]
        for design in snapshot.designs
        for name, item in design["quantities"].items()
        if name in RESOURCES and item["value"] is not None
    ]
    for share in shares:
        assert any(mark == pytest.approx(100 * min(share, 2.0)) for mark in marks)
    assert 100.0 in [line.get_xdata()[0] for line in lines]
    told = {text.get_text() for text in axes.texts}
    assert "none" in told, "a store that never heals"
    assert any(text.isdigit() and int(text) > 200 for text in told)


@pytest.mark.usefixtures("anew", "few_draws")
def test_the_files_are_the_same_each_time(tmp_path):
    path = write_small(tmp_path)
    for name in ("one", "two"):
        out = str(tmp_path / name)
        made = planner("plot", path, "-o", out, "-d", "cluster", "-f", "svg")
        assert made.code == 0, made.err
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


@pytest.mark.usefixtures("anew", "few_draws")
@pytest.mark.parametrize("output", ["text", "json", "csv", "md"])
@pytest.mark.parametrize("command", ["compare", "check", "cost"])
def test_what_is_printed_is_the_same_each_time(tmp_path, command, output):
    path = write_small(tmp_path)
    made = [planner(command, path, "--format", output) for _ in range(2)]
    assert made[0].out == made[1].out != ""


@pytest.mark.usefixtures("few_draws")
def test_a_design_without_storage_is_told(tmp_path):
    snapshot = api.evaluate(write_small(tmp_path))
    name = snapshot.designs[0]["id"]
    with pytest.raises(InputError, match="has no storage nowhere; name one of"):
        capacity_waterfall(snapshot, name, "nowhere")
    with pytest.raises(InputError, match="no such design"):
        load_curves(snapshot, "nothing")


@pytest.mark.usefixtures("coarse", "few_draws")
def test_the_command_writes_every_picture_and_tells_their_names(tmp_path):
    out = tmp_path / "pictures" / "deep"
    result = planner("plot", "vrt-2013", "-o", str(out), "-d", "rack-1u", "-f", "png", "-f", "svg")
    assert result.code == 0, result.err
    written = {file.name for file in out.iterdir()}
    kinds = ("load", "ceph-capacity", "failures", "total-cost-sensitivity")
    own = [*(f"rack-1u-{kind}" for kind in kinds), "rack-1u-mean-power-sensitivity"]
    every = ["power", "utilisation", "cost-over-time", "cost-and-vms", *own]
    assert {f"{name}.{kind}" for name in every for kind in ("png", "svg")} == written
    assert {str(out / name) for name in written} == set(result.err.splitlines())
    assert result.out == ""


@pytest.mark.usefixtures("few_draws")
def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    result = planner("plot", "vrt-2013", "--out", str(tmp_path / "file" / "below"))
    assert result.code == 2
    assert "name a folder that can be made" in result.err


@pytest.mark.usefixtures("few_draws")
def test_hostile_names_are_drawn_as_they_stand(tmp_path):
    text = SMALL.replace("title: Box with disks", 'title: "$\\\\frac{1}{0}$ <script>"')
    snapshot = api.evaluate(write_small(tmp_path, text))
    for draw in (power_by_design, pareto_map, cost_over_time, utilisation_by_design):
        assert b"<script" not in picture(draw(snapshot), "svg")


def test_long_names_are_told_apart_by_either_end():
    middle = "-with-a-name-of-sixty-characters-"
    names = [f"{start}{middle}{end}" for start in ("small", "large") for end in ("three", "four")]
    shown = {safe(name, 24) for name in names}
    assert len(shown) == 4
    assert {len(name) for name in shown} == {24}


def test_services_that_lose_their_quorum_fall(survival, figures):
    figure = figures["failures"]()
    groups = [axes.get_title() for axes in figure.axes]
    rows = [row for row in survival["rows"] if row["lost"]["kind"] in ("none", "hosts")]
    fallen = 0
    for group, axes in zip(groups, figure.axes, strict=True):
        line = next(line for line in axes.lines if "quorum" in line.get_label())
        chances = [
            list(row["quorums"].values()) for row in rows if row["lost"]["of"] in ("", group)
        ]
        wanted = [100 * (1 - sum(chance) / len(chance)) for chance in chances]
        assert line.get_ydata() == pytest.approx(wanted)
        fallen += min(wanted) < 100
    assert fallen == 1  # of the management hosts


def test_a_style_of_the_user_changes_no_picture(figures):
    plain = picture(figures["pareto"](), "svg")
    style = {"axes.facecolor": "red", "font.family": "monospace", "lines.linewidth": 9.0}
    with mpl.rc_context(style):
        assert picture(figures["pareto"](), "svg") == plain
        assert mpl.rcParams["axes.facecolor"] == "red"  # it is the user's own again


def test_what_is_dominated_says_so(snapshot):
    data = copy.deepcopy(snapshot.data)
    data["recommendation"]["dominated"] = [{"design": "rack-san", "by": ["rack-1u"]}]
    texts = [text.get_text() for text in pareto_map(Snapshot(data)).axes[0].texts]
    assert "rack-san (dominated)" in texts
    assert "rack-1u" in texts


def test_hosts_by_constraint_draws_what_sizing_says():
    sizing = api.size("vrt-2013", "rack-1u")
    figure = api.plots.hosts_by_constraint(sizing, "rack-1u")
    for bars, time in zip(figure.axes[0].containers, sizing["designs"][0]["times"], strict=True):
        told = {
            (one["group"], one["short"]): one["hosts"]
            for one in time["constraints"]
            if not one["required"] and not one["at_most"]
        }
        assert sorted(bar.get_width() for bar in bars) == sorted(told.values())
        longest = max(bar.get_width() for bar in bars)
        assert longest == time["groups"][0]["proposed"]


def test_hosts_by_constraint_wants_a_design_that_was_sized():
    sizing = {"designs": [{"id": "one", "times": [{"sized": False}]}]}
    with pytest.raises(InputError, match=r"^two: no such design"):
        api.plots.hosts_by_constraint(sizing, "two")
    with pytest.raises(InputError, match=r"^one: no number of hosts was found"):
        api.plots.hosts_by_constraint(sizing, "one")
