"""What survives which losses, and how durable the data is, from the report's data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from planner.report.admission import admission_line
from planner.report.inert import markdown
from planner.report.render import csv_table, markdown_table
from planner.report.tables import Heading, Table, number
from planner.report.text import table_text, wrap
from planner.units import format_quantity

TB, MEGABYTE = 1e12, 1e6
HEADER = (
    "design", "lost", "of", "number", "total", "backend", "data_loss_probability", "data_lost",
    "not_served", "stop_probability", "quorums_lost", "heals", "because", "heal_capacity [B]",
    "recovery_hours [h]", "recovery_limit", "network_busy", "vms [vm]", "vm_limit",
    "usable_capacity [B]", "read_throughput [B/s]", "write_throughput [B/s]", "limit",
)  # fmt: skip
STAY = {True: "yes", False: "no", None: "not found"}
LEGEND = (
    "Lost at once, whichever they are, before anything heals; percentages are chances, or parts of "
    "the data. Usable is what the survivors hold once healed. VMs and throughput are those of the "
    "worst case: a disk of a VM lies on many placement groups, so that it hangs when some are not "
    "served. The others stay: whichever hosts are lost, their VMs find room while all others stay "
    "where they are; if not, so many run as find room when all may move. Recovery times, and how "
    "busy they keep the storage hosts' links, are what drives and links allow: default throttles "
    "and clients make it longer."
)
SWITCHES = (
    "Of several switches the one without which most hosts lose a network. All is there without it, "
    "and served again once it is replaced; what the links that are left carry is not reckoned."
)
CAUTION = (
    "Every model takes failures as independent and repairs as above; a repair that takes longer "
    "raises a figure by the power of the failures that are borne. A model built on field data "
    "predicts 2 to 1,500 times as many double failures (Elerath and Pecht, 2009). Compare designs "
    "with these figures; do not promise them."
)


def render_failures(report: dict[str, Any], output: str) -> str:
    """What survives, in one of the formats."""
    if output == "json":
        return json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if output == "csv":
        return csv_table(HEADER, _csv_rows(report))
    if output == "md":
        return _markdown(report)
    return _text(report)


def _text(report: dict[str, Any]) -> str:
    parts = [
        wrap(f"{report['design']}: {report['title']}"),
        wrap(admission_line(report["admission"])),
        wrap(stored_line(report)),
        "",
    ]
    parts += [f"{table_text(table)}\n" for table in tables(report)]
    parts += [wrap(legend(report)), ""]
    for item in report["durability"]:
        parts += [table_text(durability_table(item)), wrap(durability_line(item)), ""]
    return "\n".join([*parts, wrap(CAUTION)]) + "\n"


def _markdown(report: dict[str, Any]) -> str:
    parts = [f"# {markdown(report['design'])}: {markdown(report['title'])}", ""]
    parts += [markdown(admission_line(report["admission"])), ""]
    parts += [markdown(stored_line(report)), ""]
    parts += [markdown_table(table) for table in tables(report)]
    parts += [markdown(legend(report)), ""]
    for item in report["durability"]:
        parts += [
            markdown_table(durability_table(item)),
            markdown(durability_line(item)),
            "",
        ]
    return "\n".join([*parts, markdown(CAUTION), ""])


def legend(report: dict[str, Any]) -> str:
    """What the tables say, and what they leave out."""
    switches = any(row["lost"]["kind"] == "switches" for row in report["rows"])
    return f"{LEGEND} {SWITCHES}" if switches else LEGEND


def stored_line(report: dict[str, Any]) -> str:
    """How much data is reckoned with."""
    return f"Data: {'; '.join(_stored(report, name) for name in report['stored']) or 'none'}."


def _stored(report: dict[str, Any], name: str) -> str:
    wanted, stored = report["wanted"][name], report["stored"][name]
    if wanted is None or stored is None:
        return f"{name} not stated"
    text = f"{name} {format_quantity(wanted, 'B')}"
    return text if stored == wanted else f"{text}, of which {format_quantity(stored, 'B')} fit"


def tables(report: dict[str, Any]) -> Iterator[Table]:
    """What survives, and what is left."""
    heads = ("lost", "data", "serves", "quorum", "heals by itself", "recovery")
    yield Table(
        "What survives",
        tuple(Heading(text, left=True) for text in heads),
        tuple(tuple(_survival(row)) for row in report["rows"]),
    )
    yield Table(
        "What is left",
        (
            Heading("lost", left=True),
            Heading("run", "VMs"),
            Heading("limit", left=True),
            Heading("usable", "TB"),
            Heading("read", "MB/s"),
            Heading("write", "MB/s"),
            Heading("limit", left=True),
        ),
        tuple(line for row in report["rows"] for line in _left(row)),
    )
    if report["density"]:
        yield density_table(report)


def density_table(report: dict[str, Any]) -> Table:
    """VMs that still run when the hosts that hold most are lost."""
    headings = (
        Heading("lost", left=True),
        Heading("held of the mean size", "VMs"),
        Heading("limit", left=True),
        Heading("of the workload run", "VMs"),
        Heading("lacking", left=True),
        Heading("the others stay", left=True),
    )
    rows = tuple(
        (
            ", ".join(f"{n} {name}" for name, n in row["of"].items()) or "nothing",
            "?" if row["vms"] is None else f"{row['vms']:,.0f}",
            row["limit"],
            "?" if row["run"] is None else f"{row['run']:,} of {row['asked']:,}",
            row["lacking"],
            STAY[row["stay"]],
        )
        for row in report["density"]
    )
    return Table("VMs after the loss of the hosts that hold most", headings, rows)


def lost_text(row: dict[str, Any]) -> str:
    """What is lost, in words."""
    lost = row["lost"]
    if lost["kind"] == "none":
        return "nothing"
    single = {"switches": "switch"}.get(lost["kind"], lost["kind"].removesuffix("s"))
    kind = lost["kind"] if row["total"] != 1 else single
    of = "" if lost["of"] == single else f"{lost['of']} "
    return f"{lost['number']} of {row['total']} {of}{kind}"


def _survival(row: dict[str, Any]) -> Iterator[str]:
    storage = row["storage"]
    yield lost_text(row)
    yield _each(storage, _data, "safe")
    yield _each(storage, _service, "all")
    yield _quorum(row["quorums"])
    yield _each(storage, _heals, "-")
    yield _each(storage, _hours, "-")


def _each(storage: dict[str, Any], text: Any, same: str) -> str:
    """What is to be said of each backend, without its name where there is only one."""
    told = {name: text(item) for name, item in storage.items()}
    if len(told) == 1:
        return str(next(iter(told.values())))
    return "; ".join(f"{name}: {item}" for name, item in told.items() if item != same) or same


def _data(item: dict[str, Any]) -> str:
    chance = item["data_loss_probability"]
    if chance is None:
        return "no place for it"
    if chance == 0.0:
        return "safe"
    part = "" if item["data_lost"] is None else f": {percent(item['data_lost'])}"
    return f"lost{part}" if chance > 0.9999 else f"lost with {percent(chance)}"


def _service(item: dict[str, Any]) -> str:
    chance, part = item["stop_probability"], item["not_served"]
    if chance is None:
        return "no"
    if chance == 0.0:
        return "all"
    if chance < 0.9999:
        return f"stops with {percent(chance)}"
    return "no" if part is None or part > 0.9999 else f"all but {percent(part)}"


def _quorum(quorums: dict[str, Any]) -> str:
    names: dict[float, list[str]] = {}
    for name, chance in quorums.items():
        if chance:
            names.setdefault(chance, []).append(name)
    if not names:
        return "holds" if quorums else "-"
    return "; ".join(
        f"{'all' if len(lost) == len(quorums) > 1 else ', '.join(lost)} "
        f"{'lost' if chance == 1.0 else f'lost with {percent(chance)}'}"
        for chance, lost in names.items()
    )


def _heals(item: dict[str, Any]) -> str:
    if item["heals"] is None:
        return "-"
    if not item["heals"]:
        return f"no: {item['because']}"
    capacity = item["heal_capacity"]
    return "yes" if capacity is None else f"yes, up to {number(capacity / TB)} TB"


def _hours(item: dict[str, Any]) -> str:
    if item["recovery_hours"] is None:
        return "-"
    busy = item["network_busy"] or 0.0
    return f"{number(item['recovery_hours'])} h, links {100.0 * busy:.0f} %"


def _left(row: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """One line a backend; the VMs stand on the first."""
    vms = "-" if row["vms"] is None else f"{row['vms']:,.0f}"
    head = (lost_text(row), vms, row["vm_limit"])
    if not row["storage"]:
        yield (*head, "-", "-", "-", "")
    for name, item in row["storage"].items():
        rates = (item["read_throughput"], item["write_throughput"])
        told = ["-" if rate is None else number(rate / MEGABYTE) for rate in rates]
        usable = item["usable_capacity"]
        limit = item["limit"] if len(row["storage"]) == 1 else f"{name}: {item['limit']}"
        yield (*head, "-" if usable is None else number(usable / TB), *told, limit)
        head = ("", "", "")


def percent(value: float) -> str:
    """A part or a chance.

    Examples
    --------
    >>> [percent(value) for value in (0.5, 0.0251, 1e-5, 1.0)]
    ['50 %', '2.51 %', '0.001 %', '100 %']
    """
    return f"{100.0 * value:.3g} %"


def durability_table(item: dict[str, Any]) -> Table:
    """One row a model: loss of an object's shares within a year, by the drive's failure rate."""
    rate = item["failure_rate"]
    headings = [Heading("model", left=True)]
    for end in ("low", "value", "high"):
        at = rate["value"] if rate[end] is None else rate[end]
        headings.append(Heading("object lost", "?" if at is None else f"at {percent(at)}"))
    headings += [Heading("repair by", "hand"), Heading("nines"), Heading("pool", "loses any")]
    rows = tuple(
        (
            model["model"],
            *(_small(model["object"][end]) for end in ("low", "value", "high", "by_hand")),
            _nines(model["nines"].values()),
            _small(model["pool"]["value"]),
        )
        for model in item["models"]
    )
    return Table(f"{item['backend']}: chance of loss in a year, by model", tuple(headings), rows)


def durability_line(item: dict[str, Any]) -> str:
    """What the models were given."""
    rate = item["failure_rate"]
    if rate["value"] is None:
        start = f"Nothing is known of how often a {item['drive']} fails"
    else:
        start = f"A {item['drive']} fails with {percent(rate['value'])} a year"
        start += f" ({'; '.join(filter(None, (rate['basis'], rate['source'], rate['note'])))})"
    hours = "?" if item["repair_hours"] is None else number(item["repair_hours"])
    by_hand = item["repair_hours_by_hand"]
    by_hand = "?" if by_hand is None else number(by_hand)
    errors = item["read_error_probability"]
    told = [
        start,
        f"of {item['shares']} shares {item['data_shares']} must be left",
        f"{item['sets'] or 0:,.0f} sets of drives in use",
        f"repair takes at least {hours} h, {item['repair']}"
        + ("" if hours == by_hand else f", or {by_hand} h by hand"),
        "read errors of the drive are unknown"
        if errors is None
        else f"re-creating a full drive meets an unreadable sector with {percent(errors)}",
    ]
    if item["least"] is not None:
        told.append(f"the models span {_small(item['least'])} to {_small(item['most'])} an object")
    return "; ".join(told) + "."


def _small(value: float | None) -> str:
    return "?" if value is None else "0" if value == 0.0 else f"{value:.1e}"


def _nines(found: Iterable[float | None]) -> str:
    known = [value for value in found if value is not None]
    return f"{min(known):.1f}-{max(known):.1f}" if known else "?"


def _csv_rows(report: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    for row in report["rows"]:
        lost = "; ".join(f"{name} {chance:g}" for name, chance in row["quorums"].items() if chance)
        head = (*(row["lost"][key] for key in ("kind", "of", "number")), row["total"])
        for name, item in row["storage"].items():
            keys = (
                "data_loss_probability",
                "data_lost",
                "not_served",
                "stop_probability",
            )
            heals = {None: "", True: "yes", False: "no"}[item["heals"]]
            healing = (item[k] for k in ("because", "heal_capacity", "recovery_hours"))
            yield (
                report["design"], *head, name, *(item[key] for key in keys), lost, heals, *healing,
                item["recovery_limit"], item["network_busy"], row["vms"], row["vm_limit"],
                item["usable_capacity"], item["read_throughput"], item["write_throughput"],
                item["limit"],
            )  # fmt: skip
