"""Exports: read back as a spreadsheet would, the same bytes each time, nothing live in them."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import SMALL, few_draws, planner, write_small  # noqa: F401

import planner as api
from planner.evaluation import evaluate_fully
from planner.export import export_files
from planner.export.listings import Listing, listings
from planner.export.workbook import LONGEST_TEXT, MOST_ROWS, workbook
from planner.faults import InputError

FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", " =1+1", "\x00=1", "＝1+1")
STRANGE = (
    *FORMULAS,
    "<script>alert(1)</script>",
    "<r><t>rich</t></r>",
    "_x0041_",
    "\x1b[31mred\x1b]0;title\x07",
    "https://example.org/ mailto:a@example.org",
    "\U0001f600" * 20,
    "‮reversed",
    "a\r\nb;c,d\"e'",
    "\ud800",
    "x" * 10_000,
    "y" * 40_000,
    "\U0001f600" * 20_000,
    "0123",
    "1e5",
    "TRUE",
)


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    return evaluate_fully(write_small(tmp_path_factory.mktemp("small")))


@pytest.fixture(scope="module")
def files(evaluation):
    return export_files(evaluation)


@pytest.fixture(scope="module")
def book(files):
    return openpyxl.load_workbook(io.BytesIO(files["small.xlsx"]))


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def book_of(cells, header=None):
    table = Listing("t", "", header or tuple(f"c{at}" for at in range(len(cells))), (tuple(cells),))
    content = workbook(Listing("about", "", ("what", "value"), ()), [table])
    return content, openpyxl.load_workbook(io.BytesIO(content))["t"]


@pytest.mark.usefixtures("few_draws", "anew")
def test_the_command_writes_tables_and_a_workbook_that_are_the_same_each_time(tmp_path):
    path = write_small(tmp_path)
    contents = []
    for name in ("one", "two"):
        out = tmp_path / name / "deep"
        result = planner("export", path, "--out", str(out))
        assert result.code == 0, result.err
        assert set(result.err.split()) == {str(file) for file in out.iterdir()}
        assert result.out == ""
        contents.append({file.name: file.read_bytes() for file in out.iterdir()})
    assert contents[0] == contents[1]
    assert {"quantities.csv", "wiring.csv", "assumptions.csv", "small.xlsx"} <= contents[0].keys()


@pytest.mark.usefixtures("few_draws")
def test_one_format_alone_can_be_asked_for(tmp_path):
    path = write_small(tmp_path)
    for kind, number in (("csv", 0), ("xlsx", 1)):
        out = tmp_path / kind
        assert planner("export", path, "-o", str(out), "-f", kind).code == 0
        assert {file.suffix for file in out.iterdir()} == {f".{kind}"}
        assert len(list(out.glob("*.xlsx"))) == number


@pytest.mark.usefixtures("few_draws")
def test_a_folder_that_is_a_file_is_told(tmp_path):
    path = write_small(tmp_path)
    result = planner("export", path, "-o", path)
    assert result.code == 2
    assert "name a folder that can be made" in result.err


def test_sheets_and_files_hold_the_same(files, book):
    names = [name.removesuffix(".csv") for name in files if name.endswith(".csv")]
    assert book.sheetnames == names
    for name in names[1:]:
        sheet = list(book[name].iter_rows(values_only=True))
        rows = rows_of(files[f"{name}.csv"])
        assert len(sheet) == len(rows) > 1 or name in ("unknown", "findings"), name
        for found, text in zip(sheet, rows, strict=True):
            for cell, entry in zip(found, text, strict=True):
                if isinstance(cell, bool | str):
                    assert entry.removeprefix("'") == str(cell)
                else:
                    assert entry == "" if cell is None else float(entry) == pytest.approx(cell)


def test_every_number_of_the_snapshot_is_there_with_its_unit(evaluation, files):
    rows = {tuple(row[:2]): row for row in rows_of(files["quantities.csv"])}
    for design in evaluation.snapshot.designs:
        for name, item in design["quantities"].items():
            row = rows[design["id"], name]
            assert row[5] == item["unit"]
            for text, key in zip(row[2:5], ("value", "low", "high"), strict=True):
                assert (float(text) if text else None) == pytest.approx(item[key])


def test_the_bill_adds_up_to_the_capital_cost(evaluation, files):
    head, *rows = rows_of(files["bill_of_materials.csv"])
    at, price = head.index("total_price"), head.index("price")
    for design in evaluation.snapshot.designs:
        mine = [row for row in rows if row[0] == design["id"]]
        total = design["quantities"]["capital_cost"]
        known = sum(float(row[at]) for row in mine if row[at])
        assert known == pytest.approx(total["value"] or total["low"], rel=0.2)
        assert any(row[price] == row[at] == "" for row in mine), "an unknown price is not zero"


def test_headers_name_units_that_the_planner_reads(files):
    units = set(re.findall(r"\[(.*?)\]", files["comparison.csv"].decode().splitlines()[0]))
    assert {"W", "VA", "kWh", "B", "B/s", "AUD", "U"} <= units
    for row in rows_of(files["quantities.csv"])[1:]:
        assert row[5]


def test_the_first_sheet_says_what_it_is(evaluation, book):
    rows = dict(row for row in book["about"].iter_rows(values_only=True))
    assert rows["planner"] == api.__version__
    (path,) = evaluation.loaded.digests
    assert path.endswith("small.yaml")
    assert rows[path] == f"sha256 {evaluation.loaded.document.sha256}"
    assert set(book.sheetnames[1:]) == {
        name.removeprefix("sheet ") for name in rows if name.startswith("sheet ")
    }


def test_sheets_are_formatted_for_reading(book):
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref
        assert all(cell.font.bold for cell in sheet[1])
        assert all(8 <= column.width <= 63 for column in sheet.column_dimensions.values())
    value = next(cell for row in book["quantities"].iter_rows(min_row=2) for cell in row[2:3])
    assert value.data_type == "n"
    assert "#,##0" in value.number_format


def test_the_workbook_has_no_time_of_the_day_and_nothing_executable(files):
    with zipfile.ZipFile(io.BytesIO(files["small.xlsx"])) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = archive.namelist()
        assert not [name for name in names if re.search(r"vba|external|macro|embed", name, re.I)]
        for name in names:
            text = archive.read(name).decode("utf-8")
            assert "<f>" not in text
            assert "hyperlink" not in text
        stamps = re.findall(r">(\d{4}-[^<]*)<", archive.read("docProps/core.xml").decode())
    assert set(stamps) == {"2000-01-01T00:00:00Z"}


@pytest.mark.parametrize("text", STRANGE, ids=lambda text: ascii(text[:12]))
def test_strange_texts_come_out_inert_in_a_workbook(text):
    content, sheet = book_of([text, 1.0])
    cell = sheet["A2"]
    assert cell.data_type == "s"
    assert len(cell.value.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert cell.hyperlink is None
    assert not re.search(r"[\x00-\x1f‮]", cell.value)
    assert sheet["B2"].data_type == "n"
    if text in FORMULAS and text.isprintable():
        assert cell.quotePrefix, "stays a text when somebody edits the cell"
    assert content == book_of([text, 1.0])[0]


@given(st.lists(st.text(max_size=50), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_text_is_a_text_in_a_workbook(texts):
    _, sheet = book_of(texts)
    for cell in sheet[2]:
        assert cell.value is None or cell.data_type == "s"


@given(st.floats(-1e307, 1e307), st.booleans())  # Excel's own limit is 9.99e307
@settings(max_examples=60, deadline=None)
def test_any_number_keeps_its_value_and_unknowns_are_empty(number, flag):
    _, sheet = book_of([number, flag, None, float("nan"), float("inf")])
    found = [cell.value for cell in sheet[2]]
    assert found[0] == pytest.approx(number, rel=1e-15, abs=0)
    assert found[1:] == [flag, None, None, None][: len(found) - 1]


def test_more_rows_than_a_sheet_has_are_told():
    table = Listing("wiring", "", ("cable",), ((1,),) * MOST_ROWS)
    with pytest.raises(InputError, match="more than a sheet holds; export it with `--format csv`"):
        workbook(Listing("about", "", ("what", "value"), ()), [table])


def hostile_scenario(text):
    shown = text.replace("\\", "\\\\").replace('"', '\\"')
    marked = "".join(f"\\u{ord(char):04x}" if ord(char) < 32 else char for char in shown)
    return (
        SMALL.replace("title: Three boxes", f'title: "{marked}"')
        .replace("text: all VMs fit", f'text: "{marked}"')
        .replace("title: A disk of our own", f'title: "{marked}"')
        .replace("source: guess, note: with tax", f'source: guess, note: "{marked}"')
        .replace("reason: the fourth box is bought next year", f'reason: "{marked}"')
    )


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize("text", [STRANGE[0], "<script>x</script>", "\x1b[31m", "\U0001f600"])
def test_hostile_names_in_a_scenario_come_out_inert(tmp_path, text):
    path = write_small(tmp_path, hostile_scenario(text))
    out = tmp_path / "out"
    result = planner("export", path, "-o", str(out))
    if result.code == 2:  # the reader refused it already
        assert re.search(r"small\.yaml:\d+:\d+: ", result.err)
        return
    assert result.code == 0, result.err
    for file in out.glob("*.csv"):
        content = file.read_bytes().decode("utf-8")
        assert "\x1b" not in content
        for row in rows_of(file.read_bytes())[1:]:
            for cell in row:
                assert not re.match(r"\s*[=@\t\r\x00]|\s*[+-](?![\d.])", cell), cell
    book = openpyxl.load_workbook(next(out.glob("*.xlsx")))
    seen = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in "snb"
                seen += isinstance(cell.value, str) and cell.value == text.replace("\x1b", "?")
    assert seen >= 3


def test_listings_are_whole(evaluation):
    for table in listings(evaluation):
        assert len(set(table.header)) == len(table.header)
        assert all(len(row) == len(table.header) for row in table.rows), table.name
        assert re.fullmatch(r"[a-z_]{1,31}", table.name)
