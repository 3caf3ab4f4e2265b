"""The command line as a user sees it: arguments in, text and exit code out."""

from __future__ import annotations

import csv
import io
import json
import shlex
import subprocess
import sys

import pytest
from kit import few_draws, planner  # noqa: F401
from typer.main import get_command

from planner.cli import app
from planner.snapshot import QUANTITIES

DESIGNS = [
    "legacy-rack",
    "mini-itx-pooled",
    "mini-itx-test",
    "mini-itx-cluster",
    "mini-itx-cluster-4",
    "rack-1u",
    "rack-san",
]


def test_compare_json_is_the_snapshot_and_the_same_bytes_in_any_process(run_process, snapshot):
    first = run_process("compare", "vrt-2013", "--format", "json")
    assert first.returncode == 0
    assert first.stderr == ""
    assert first.stdout.rstrip() == snapshot.json().rstrip()
    data = json.loads(first.stdout)
    assert data["schema"] == "planner/snapshot/1"
    assert [design["id"] for design in data["designs"]] == DESIGNS
    for design in data["designs"]:
        assert set(QUANTITIES) <= set(design["quantities"])
        for item in design["quantities"].values():
            assert set(item) == {"value", "low", "high", "unit", "basis"}
    assert len(data["claims"]) == 15


def test_compare_text_fits_and_judges_every_design(run):
    result = run("compare", "vrt-2013")
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 100
    verdicts = lines[lines.index("Verdicts") :]
    for design in DESIGNS:
        assert sum(line.startswith(f"{design}: ") for line in verdicts) == 1
    assert "limited by memory" in result.stdout
    assert "Admission openstack-2013: 16 vCPUs a thread, 1.5 x memory, 1 x disk" in result.stdout
    assert "\x1b" not in result.stdout


def test_compare_csv_has_numbers_and_units(run):
    rows = list(csv.DictReader(io.StringIO(run("compare", "vrt-2013", "-f", "csv").stdout)))
    assert len(rows) == len(DESIGNS) * len(QUANTITIES)
    peak = next(r for r in rows if (r["design"], r["quantity"]) == ("legacy-rack", "peak_power"))
    assert (float(peak["value"]), peak["unit"], peak["basis"]) == (1500.0, "W", "measured")


def test_compare_markdown_has_one_table_a_topic(run):
    text = run("compare", "vrt-2013", "--format", "md").stdout
    assert text.startswith("# Private cloud of a small company")
    assert text.count("\n| design |") == 7
    widths = {line.count(" | ") for line in text.splitlines() if line.startswith("| legacy-rack")}
    assert min(widths) > 1


@pytest.mark.parametrize("output", ["text", "json", "csv", "md"])
@pytest.mark.parametrize(
    "command",
    [
        ("show", "vrt-2013", "mini-itx-cluster"),
        ("explain", "vrt-2013", "mini-itx-cluster", "usable_capacity"),
        ("check", "vrt-2013", "--fail-on", "never"),
        ("catalog", "list", "--kind", "boards"),
        ("catalog", "show", "intel-dq77kb"),
        ("quantities",),
    ],
    ids=lambda command: command[0] if command[0] != "catalog" else "-".join(command[:2]),
)
def test_every_command_prints_every_format(run, command, output):
    result = run(*command, "--format", output)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    if output == "json":
        json.loads(result.stdout)
    elif output == "csv":
        rows = list(csv.reader(io.StringIO(result.stdout)))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) > 1
    elif output == "text":
        assert max(map(len, result.stdout.splitlines())) <= 100


def test_explain_walks_to_the_facts_and_their_sources(run):
    text = run("explain", "vrt-2013", "mini-itx-cluster", "usable_capacity").stdout
    assert text.startswith("usable_capacity = 6.00 TB (5.46 TiB)  [datasheet]")
    assert "seagate-st3000vx000.capacity" in text
    assert "catalogs/drives.yaml:" in text
    assert "smartctl" in text
    assert "vrt-2013.yaml:" in text


def test_explain_stops_at_a_depth(run):
    text = run("explain", "vrt-2013", "legacy-rack", "annual_energy", "--depth", "1").stdout
    assert "= mean_power * hours_per_year / 1000.0" in text
    assert "source:" not in text


def test_explain_unknown_quantity_proposes_one(run):
    result = run("explain", "vrt-2013", "legacy-rack", "peek_power")
    assert result.returncode == 2
    assert "did you mean `peak_power`?" in result.stderr


def test_show_lists_assumptions_and_unknowns(run):
    text = run("show", "vrt-2013", "legacy-rack").stdout
    assert "existing-switch.ports_1g" in text[text.index("Unknown (") :]
    assert "site.electricity_price = 0.25 AUD/kWh [0.22 AUD/kWh .. 0.3 AUD/kWh]" in text


def test_show_unknown_design_proposes_one(run):
    result = run("show", "vrt-2013", "mini-itx-clutser")
    assert result.returncode == 2
    assert "did you mean `mini-itx-cluster`?" in result.stderr


def test_check_exits_with_one_and_ends_with_the_counts(run):
    result = run("check", "vrt-2013")
    assert result.returncode == 1
    summary = result.stdout.split("\n\n")[-1]
    assert summary.startswith("Requirements: ")
    assert "Claims: " in summary
    assert summary.splitlines()[-1].startswith("Rules: ")


def test_check_of_one_design(run):
    result = run("check", "vrt-2013", "--design", "rack-1u")
    assert result.returncode == 0, result.stdout
    assert "rack-san" not in result.stdout.split("Claims")[0]


def test_catalog_check_counts_the_shipped_parts(run):
    result = run("catalog", "check")
    assert result.returncode == 0
    assert "no fault found" in result.stdout


def test_catalog_check_names_the_place_of_a_fault(run, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("kind: boards\nparts:\n  b:\n    title: B\n    max_memory: 16 Gb\n")
    result = run("catalog", "check", str(file))
    assert result.returncode == 2
    assert f"{file}:5:17: max_memory: " in result.stderr


def test_init_writes_a_scenario_that_runs_and_keeps_what_is_there(run, tmp_path):
    assert run("init", "lab.yaml").returncode == 0
    assert json.loads(run("compare", "lab.yaml", "-f", "json").stdout)["scenario"]["name"] == "lab"
    again = run("init", "lab.yaml")
    assert again.returncode == 2
    assert "the file exists; name another, or use --force" in again.stderr
    (tmp_path / "lab.yaml").write_text("mine")
    assert run("init", "lab.yaml", "--force", "--from", "vrt-2013").returncode == 0
    assert "scenario: lab" in (tmp_path / "lab.yaml").read_text()


def test_help_loads_nothing_heavy():
    command = [sys.executable, "-X", "importtime", "-m", "planner", "--help"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in result.stderr.splitlines()
    }
    heavy = {"numpy", "pandas", "pint", "pydantic", "matplotlib", "scipy", "rich", "yaml"}
    assert "planner" in loaded
    assert not heavy & loaded


@pytest.mark.parametrize("output", ["text", "json"])
def test_compare_loads_neither_pandas_nor_matplotlib(output):
    code = (
        "import sys\n"
        "sys.argv = ['planner', 'compare', 'clean-reference', '--format', sys.argv[1]]\n"
        "from planner.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "assert not {'pandas', 'matplotlib'} & set(sys.modules), 'heavy'\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, output], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_version_and_usage(run):
    assert run("--version").stdout.startswith("planner ")
    wrong = run("compare", "vrt-2013", "--format", "pdf")
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr


def _commands(group, *above):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, *above, name)
        else:
            yield (*above, name), command


COMMANDS = dict(_commands(get_command(app)))


def test_the_list_of_commands_cuts_no_text_short():
    shown = planner("--help").out
    assert "..." not in shown.partition("Commands:")[2]
    for name, command in get_command(app).commands.items():
        assert f"  {name} " in shown
        assert command.get_short_help_str(61) in shown


@pytest.mark.parametrize("name", COMMANDS, ids=" ".join)
def test_help_fits_the_terminal_and_ends_with_an_example_that_is_understood(name):
    shown = planner(*name, "--help").out
    assert all(len(line) <= 100 for line in shown.splitlines())
    command = COMMANDS[name]
    assert command.epilog.startswith("Example: planner ")
    program, *words = shlex.split(command.epilog.removeprefix("Example: ").partition(" > ")[0])
    assert (program, *words[: len(name)]) == ("planner", *name)
    assert command.make_context(name[-1], words[len(name) :])


@pytest.mark.usefixtures("few_draws")
def test_names_of_files_come_out_inert_on_the_terminal(tmp_path):
    folder = tmp_path / "out\x1b[31m\u202e"
    for command in (
        ("export", "today", "--out", str(folder)),
        ("init", str(folder / "a.yaml")),
        ("report", "today", "--out", str(folder / "page.md")),
    ):
        result = planner(*command)
        assert result.code == 0, result.err
        assert "out?[31m?" in result.err
        assert not {"\x1b", "\u202e"} & set(result.err)
