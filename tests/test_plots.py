"""Pictures: drawn from the snapshot alone, the same bytes each time, nothing live in them."""

from __future__ import annotations

import re

import matplotlib as mpl
import pytest
from kit import SMALL, few_draws, planner, write_small  # noqa: F401

import planner as api
from planner.failing import failures
from planner.faults import InputError
from planner.plots import (
    capacity_waterfall,
    failures_staircase,
    load_curves,
    pareto_map,
    power_by_design,
)
from planner.plots.style import COLOURS, picture

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
    }


NAMES = ("power", "load", "capacity", "failures", "pareto")


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


@pytest.mark.usefixtures("few_draws")
def test_a_design_without_storage_is_told(tmp_path):
    snapshot = api.evaluate(write_small(tmp_path))
    name = snapshot.designs[0]["id"]
    with pytest.raises(InputError, match="has no storage nowhere; name one of"):
        capacity_waterfall(snapshot, name, "nowhere")
    with pytest.raises(InputError, match="no such design"):
        load_curves(snapshot, "nothing")


@pytest.mark.usefixtures("few_draws")
def test_the_command_writes_every_picture_and_tells_their_names(tmp_path):
    out = tmp_path / "pictures" / "deep"
    result = planner("plot", "vrt-2013", "-o", str(out), "-d", "rack-1u", "-f", "png", "-f", "svg")
    assert result.code == 0, result.err
    written = {file.name for file in out.iterdir()}
    assert {"power.png", "power.svg", "cost-and-vms.png", "rack-1u-ceph-capacity.png"} <= written
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
    for draw in (power_by_design, pareto_map):
        assert b"<script" not in picture(draw(snapshot), "svg")


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
