"""The workbook: a sheet a table, numbers as numbers, every text inert."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from planner.export.listings import Listing, Row
from planner.faults import InputError, Mark
from planner.report.inert import plain, starts_formula

LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_576
CREATED = datetime(2000, 1, 1)
"""Not the time of the day, so that the same inputs give the same bytes."""

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
WIDEST, NARROWEST = 60, 8
FORMATS = ("#,##0", "#,##0.0", "#,##0.00##", "0.00E+00")
HEADER = {"bold": True, "bg_color": "#DDE6EE", "bottom": 1, "text_wrap": True, "valign": "top"}


def workbook(about: Listing, tables: Iterable[Listing]) -> bytes:
    """A workbook for Excel and the like, the same bytes for the same tables.

    Parameters
    ----------
    about : Listing
        What stands on the first sheet; below it the other sheets are listed.
    tables : iterable of Listing
        What stands on the others.

    Raises
    ------
    InputError
        When a table has more rows than a sheet.
    """
    from xlsxwriter import Workbook

    every = list(tables)
    target = io.BytesIO()
    book = Workbook(target, OPTIONS)
    book.set_properties({"title": "planner", "created": CREATED})
    writer = _Writer(book)
    contents = [(f"sheet {table.name}", table.holds) for table in every]
    writer.sheet(Listing(about.name, about.holds, about.header, (*about.rows, *contents)))
    for table in every:
        writer.sheet(table)
    book.close()
    return target.getvalue()


class _Writer:
    def __init__(self, book: Any) -> None:
        self._book = book
        self._header = book.add_format(HEADER)
        self._numbers = {text: book.add_format({"num_format": text}) for text in FORMATS}
        self._text = book.add_format({"valign": "top"})
        self._wrapped = book.add_format({"valign": "top", "text_wrap": True})
        self._quoted = book.add_format({"valign": "top", "text_wrap": True, "quote_prefix": True})

    def sheet(self, table: Listing) -> None:
        if len(table.rows) >= MOST_ROWS:
            message = f"{table.name} has {len(table.rows):,} rows, more than a sheet holds"
            raise InputError.at(Mark("export"), message, "export it with `--format csv`")
        sheet = self._book.add_worksheet(table.name)
        rows = [tuple(_cell(cell) for cell in row) for row in table.rows]
        for column, (name, width) in enumerate(
            zip(table.header, _widths(table, rows), strict=True)
        ):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, self._header)
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                self._write(sheet, at, column, cell)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(rows), 1), len(table.header) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def _write(self, sheet: Any, row: int, column: int, cell: Any) -> None:
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell)
        elif isinstance(cell, float):
            sheet.write_number(row, column, cell, self._numbers[number_format(cell)])
        elif cell:
            sheet.write_string(row, column, cell, self._style(cell))

    def _style(self, text: str) -> Any:
        if starts_formula(text):
            return self._quoted
        return self._wrapped if len(text) > WIDEST else self._text


def number_format(value: float) -> str:
    """How a number is shown; what is stored keeps all its digits.

    Examples
    --------
    >>> [number_format(value) for value in (96.0, 1234.5, 0.25, 6e-5)]
    ['#,##0', '#,##0.0', '#,##0.00##', '0.00E+00']
    """
    if value == round(value):
        return FORMATS[0]
    size = abs(value)
    return FORMATS[1] if size >= 100.0 else FORMATS[2] if size >= 0.001 else FORMATS[3]


def _cell(cell: Any) -> bool | float | str:
    """What a cell holds: nothing is an empty text."""
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else cell
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else ""
    return inert(str(cell))


def inert(text: str) -> str:
    """A text as a cell may hold it: shortened to what Excel takes, never read as rich text.

    Examples
    --------
    >>> len(inert("x" * 40_000))
    32767
    >>> inert("<r><t>bold</t></r>")
    '<r><t>bold</t></r> '
    """
    clean = plain(text).encode("utf-8", "replace").decode("utf-8")
    if clean.startswith("<r>") and clean.endswith("</r>"):
        clean += " "  # the writer would take it for its own markup
    units = clean.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return clean
    return units[: 2 * LONGEST_TEXT - 2].decode("utf-16-le", "ignore") + "…"


def _widths(table: Listing, rows: list[Row]) -> list[int]:
    columns = list(zip(*rows, strict=True)) or [()] * len(table.header)
    return [
        min(WIDEST, max(NARROWEST, len(name), *(_width(cell) for cell in cells), 0) + 2)
        for name, cells in zip(table.header, columns, strict=True)
    ]


def _width(cell: Any) -> int:
    if not isinstance(cell, float):
        return len(str(cell))
    return len(f"{cell:,.0f}") + len(number_format(cell).partition(".")[2]) + 1
