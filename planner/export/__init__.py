"""All results of a scenario as files for other programs: tidy CSV tables and one workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from planner.evaluation import Evaluation
from planner.export.listings import Listing, about, listings
from planner.export.workbook import workbook
from planner.report.render import csv_table
from planner.safe_write import make_folder, write_bytes

KINDS = ("csv", "xlsx")


def export_files(evaluation: Evaluation, kinds: Iterable[str] = KINDS) -> dict[str, bytes]:
    """The files of an export by name, the same bytes for the same inputs.

    Parameters
    ----------
    evaluation : Evaluation
        The scenario with everything that was computed from it.
    kinds : iterable of {"csv", "xlsx"}
        Formats: one CSV file a table, or one workbook with a sheet a table.

    Returns
    -------
    dict of str to bytes
        Contents by file name.
    """
    told, tables = about(evaluation), listings(evaluation)
    files: dict[str, bytes] = {}
    for kind in kinds:
        if kind == "csv":
            files |= {f"{table.name}.csv": _csv(table) for table in (told, *tables)}
        else:
            name = evaluation.loaded.scenario.scenario
            files[f"{name}.xlsx"] = workbook(told, tables)
    return files


def write_export(
    evaluation: Evaluation, folder: Path, kinds: Iterable[str], tell: Callable[[str], None]
) -> None:
    """Write the files of an export into a folder, which is made if it is not there.

    Raises
    ------
    InputError
        When the folder or a file cannot be written.
    """
    files = export_files(evaluation, kinds)
    make_folder(folder)
    for name, content in files.items():
        write_bytes(folder / name, content)
        tell(str(folder / name))


def _csv(table: Listing) -> bytes:
    return csv_table(table.header, table.rows).encode("utf-8", "backslashreplace")
