"""VMs that a CSV file lists, one or several alike a row.

Importers of other formats make `InventoryVm` too; `flavours_of_vms` does the rest.
"""

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from planner.csv_table import Cell, Cells, read_bytes, rows_of
from planner.facts import Basis, Fact
from planner.faults import Fault, InputError, Mark
from planner.scenario.workload import Flavour
from planner.text_file import decode
from planner.units import UnitError, quantity
from planner.wording import quoted

MOST_ROWS = 50_000
MOST_VMS = 1_000_000
MOST_SIZES = 2_000
MOST_FAULTS = 200
COLUMNS = {
    "name": "",
    "vcpus": "vcpu",
    "memory": "B",
    "disk": "B",
    "duty": "1",
    "iops": "IOPS",
    "network": "B/s",
    "group": "",
    "host": "",
    "count": "vm",
}
NEEDED = ("name", "vcpus", "memory", "disk")
LIMITS = {
    "vcpus": (1.0, 1024.0),
    "memory": (1e6, 1e14),
    "disk": (0.0, 1e16),
    "duty": (0.0, 1.0),
    "iops": (0.0, 1e9),
    "network": (0.0, 1e13),
    "count": (1.0, 1e6),
}
COUNTS = ("vcpus", "count")
_HEADER = re.compile(r"([a-z]+)(?: ?[\[(]([^\])]{1,20})[\])])?")
_BUSY = Fact(
    "duty of VMs in the inventory",
    0.155,
    "1",
    Basis.ASSUMPTION,
    "Bitbrains GWA-T-12, 50 business VMs, mean use of their processors over 30 days",
    0.05,
    0.3,
    note="where the inventory states none",
)


@dataclass(frozen=True)
class InventoryVm:
    """A VM that is to be placed, or several alike.

    Parameters
    ----------
    name : str
        Name; of several alike the name that they share.
    vcpus, memory, disk : float
        What one of them needs [vcpu], [B], [B].
    mark : Mark
        Where it is listed.
    duty : float or None
        Share of time that each virtual processor runs; None where it is not known.
    iops, network : float
        Disk operations [1/s] and traffic each way [B/s]; 0 where nothing is said.
    group : str
        Anti-affinity group; empty: none.
    host : str
        Host or group of hosts that it runs on; empty: any.
    count : int
        How many.
    """

    name: str
    vcpus: float
    memory: float
    disk: float
    mark: Mark
    duty: float | None = None
    iops: float = 0.0
    network: float = 0.0
    group: str = ""
    host: str = ""
    count: int = 1


def flavours_of_vms(vms: Iterable[InventoryVm]) -> dict[str, Flavour]:
    """The VMs of an inventory as flavours: those alike together, named like the first.

    Parameters
    ----------
    vms : iterable of InventoryVm
        VMs with names that differ.

    Returns
    -------
    dict of str to Flavour
        By name. VMs are alike if all that is said of them is the same; a row of several is a
        flavour of its own, whose VMs are numbered.
    """
    alike: dict[object, list[InventoryVm]] = {}
    for vm in vms:
        same = (vm.vcpus, vm.memory, vm.disk, vm.duty, vm.iops, vm.network, vm.group, vm.host)
        alike.setdefault(same if vm.count == 1 else vm.name, []).append(vm)
    return {members[0].name: _flavour(members) for members in alike.values()}


def _flavour(members: list[InventoryVm]) -> Flavour:
    first = members[0]

    def fact(key: str, value: float, unit: str) -> Fact:
        return Fact(
            f"inventory.{first.name}.{key}", value, unit, Basis.GIVEN, "the inventory",
            mark=first.mark,
        )  # fmt: skip

    several = first.count > 1
    return Flavour(
        count=fact("count", float(first.count if several else len(members)), "vm"),
        vcpus=fact("vcpus", first.vcpus, "vcpu"),
        memory=fact("memory", first.memory, "B"),
        disk=fact("disk", first.disk, "B"),
        duty=_BUSY if first.duty is None else fact("duty", first.duty, "1"),
        iops=fact("iops", first.iops, "IOPS") if first.iops else None,
        network=fact("network", first.network, "B/s") if first.network else None,
        apart=first.group,
        on=first.host,
        names=[] if several else [vm.name for vm in members],
    )


def read_inventory(path: Path, name: str) -> tuple[list[InventoryVm], str]:
    """Read a CSV file of VMs.

    Parameters
    ----------
    path : Path
        The file: a header line, then a row for each VM.
    name : str
        How it is called in messages.

    Returns
    -------
    list of InventoryVm, str
        The VMs in the order of the file, and the checksum of the file.

    Raises
    ------
    InputError
        With every fault of the file, up to 200.
    """
    raw = read_bytes(path, name)
    text = decode(raw, name).removeprefix("\ufeff")
    rows = rows_of(text, name)
    header = next(rows, None)
    if header is None:
        raise InputError.at(Mark(name), "the file is empty", "begin with a header line")
    columns = _columns(header)
    faults: list[Fault] = []
    vms: list[InventoryVm] = []
    for row in _limited(rows):
        try:
            vms.append(_vm(row, header, columns))
        except InputError as error:
            faults += error.faults
        if len(faults) >= MOST_FAULTS:
            raise InputError(faults[:MOST_FAULTS])
    faults += _name_faults(vms)
    if not vms and not faults:
        faults.append(Fault(Mark(name), "no VM is listed", "write a row for each"))
    if sum(vm.count for vm in vms) > MOST_VMS:
        faults.append(Fault(Mark(name), f"more than {MOST_VMS:,} VMs", "split the inventory"))
    if len({vm.name if vm.count > 1 else _size(vm) for vm in vms}) > MOST_SIZES:
        message = f"the VMs are of more than {MOST_SIZES:,} different sizes and places"
        faults.append(Fault(Mark(name), message, "round their sizes"))
    if faults:
        raise InputError(faults)
    return vms, hashlib.sha256(raw).hexdigest()


def _size(vm: InventoryVm) -> tuple[object, ...]:
    return vm.vcpus, vm.memory, vm.disk, vm.duty, vm.iops, vm.network, vm.group, vm.host


def _limited(rows: Iterator[Cells]) -> Iterator[Cells]:
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            message = f"more than {MOST_ROWS:,} rows"
            raise InputError.at(row[0].mark, message, "write VMs that are alike as one row")
        yield row


def _columns(header: Cells) -> dict[str, tuple[int, str]]:
    """Number of each column, and the unit that stands above it."""
    columns: dict[str, tuple[int, str]] = {}
    faults: list[Fault] = []
    for number, cell in enumerate(header):
        match = _HEADER.fullmatch(cell.text.strip()) or _HEADER.fullmatch(cell.text.lower())
        title, unit = match.groups() if match else (cell.text, None)
        if title not in COLUMNS:
            near = difflib.get_close_matches(title.lower()[:40], COLUMNS, n=1)
            remedy = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(COLUMNS)}"
            faults.append(Fault(cell.mark, f"the column {quoted(title)} is not known", remedy))
        elif title in columns:
            faults.append(Fault(cell.mark, f"the column `{title}` is there twice", "keep one"))
        else:
            columns[title] = number, unit or ""
            faults += _unit_faults(cell, title, unit)
    missing = [title for title in NEEDED if title not in columns]
    if missing and not faults:
        told = ", ".join(f"`{title}`" for title in missing)
        faults.append(Fault(header[0].mark, f"without the column {told}", "add it"))
    if faults:
        raise InputError(faults)
    return columns


def _unit_faults(cell: Cell, title: str, unit: str | None) -> Iterator[Fault]:
    if unit is None:
        return
    if not COLUMNS[title]:
        yield Fault(cell.mark, f"`{title}` has no unit", f"write `{title}`")
        return
    try:
        quantity(f"1 {unit}", COLUMNS[title])
    except UnitError as error:
        yield Fault(cell.mark, error.message, error.remedy)


def _vm(row: Cells, header: Cells, columns: Mapping[str, tuple[int, str]]) -> InventoryVm:
    if len(row) != len(header):
        message = f"this row has {len(row)} cells, the header {len(header)}"
        raise InputError.at(row[0].mark, message, "a separator too many or too few?")
    faults: list[Fault] = []
    texts: dict[str, str] = {}
    numbers: dict[str, float] = {}
    for title, (index, unit) in columns.items():
        cell = row[index]
        try:
            if not COLUMNS[title]:
                texts[title] = _text(cell, title)
            elif cell.text or title in NEEDED:
                numbers[title] = _number(cell, title, unit)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return InventoryVm(
        texts["name"],
        numbers["vcpus"],
        numbers["memory"],
        numbers["disk"],
        row[columns["name"][0]].mark,
        numbers.get("duty"),
        numbers.get("iops", 0.0),
        numbers.get("network", 0.0),
        texts.get("group", ""),
        texts.get("host", ""),
        int(numbers.get("count", 1.0)),
    )


def _text(cell: Cell, title: str) -> str:
    text = cell.text
    if title == "name" and not text:
        raise InputError.at(cell.mark, "this VM has no name", "write one")
    if len(text) > 200:
        raise InputError.at(cell.mark, f"the {title} is longer than 200 characters", "shorten it")
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in text):
        raise InputError.at(
            cell.mark, f"the {title} has characters that cannot be seen", "delete them"
        )
    return text


def _number(cell: Cell, title: str, unit: str) -> float:
    """The number of a cell in the unit of the column's quantity."""
    wanted, (least, most) = COLUMNS[title], LIMITS[title]
    counted = title in COUNTS and cell.text.isdecimal() and cell.text.isascii()
    text = cell.text if not unit else f"{cell.text} {unit}"
    try:
        value = float(cell.text) if counted else quantity(text, wanted)
    except UnitError as error:
        remedy = "a plain number; the header has the unit" if unit else error.remedy
        raise InputError.at(cell.mark, f"{title}: {error.message}", remedy) from None
    if title in COUNTS and value != round(value):
        raise InputError.at(cell.mark, f"{title}: {quoted(cell.text)} is not a whole number", "")
    if not least <= value <= most:
        remedy = f"write {least:,.12g} to {most:,.12g}{'' if wanted == '1' else ' ' + wanted}"
        raise InputError.at(cell.mark, f"{title}: {quoted(cell.text)} is out of range", remedy)
    return value


def _name_faults(vms: list[InventoryVm]) -> Iterator[Fault]:
    """VMs of the same name, those that a row of several numbers among them."""
    first: dict[str, InventoryVm] = {}
    for vm in vms:
        other = first.setdefault(vm.name, vm)
        if other is not vm:
            message = f"{quoted(vm.name)} is also the VM of line {other.mark.line}"
            yield Fault(vm.mark, message, "give each VM a name of its own")
    for vm in vms:
        base, _, digits = vm.name.rpartition("-")
        several = first.get(base)
        number = int(digits) if digits.isdecimal() and len(digits) < 9 else 0
        if several is not None and vm.count == 1 and 1 <= number <= several.count > 1:
            message = f"{quoted(vm.name)} is also one of the VMs of line {several.mark.line}"
            yield Fault(vm.mark, message, "give each VM a name of its own")
