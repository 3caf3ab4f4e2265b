"""What designs cost over the years, and where one overtakes another, in each of the formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from planner.report.inert import markdown, plain
from planner.report.render import csv_table, markdown_table
from planner.report.tables import LEGEND, Heading, Table, number, value_text
from planner.report.text import table_text, wrap
from planner.snapshot import Snapshot, find_design
from planner.units import format_quantity

TOTALS = (
    ("capital_cost", "to buy"),
    ("annual_energy_cost", "energy a year"),
    ("annual_upkeep_cost", "upkeep a year"),
    ("total_cost", "in all"),
    ("net_present_cost", "worth today"),
)
SHARES = (("cost_per_vm", "a VM"), ("cost_per_usable_tb", "a usable TB"))
PAYBACK = (
    ("payback_years", "paid back after"),
    ("discounted_payback_years", "within its use"),
)
YEARLY = (
    ("annual_energy_cost", "electricity"),
    ("annual_labour_cost", "administrators"),
    ("annual_space_cost", "rack space"),
    ("annual_hosting_cost", "hosting"),
    ("annual_licence_cost", "licences"),
    ("annual_warranty_cost", "warranty and service"),
    ("annual_running_cost", "in all"),
)
FLOWS = (
    ("purchase", "bought"),
    ("energy", "energy"),
    ("upkeep", "upkeep"),
    ("replacement", "replaced"),
    ("end", "in the end"),
    ("cost", "this year"),
)
SUMS = (("spent", "spent"), ("worth_today", "worth today"))
Columns = Sequence[tuple[str, str]]
HEADER = ("design", "year", "until", "kind", "value", "low", "high", "unit")
GROWTH = (
    "More VMs mean more of the hosts that run them, while all else stays; ports, space and power "
    "have to be checked again. Prices of electricity are those of the first year."
)


PAID = (
    "Paid back: after so many years at the first year's costs; within its use by the flows of all "
    "years, with interest, replacements and what comes back in the end where these are stated."
)


def render_costs(snapshot: Snapshot, name: str | None, output: str) -> str:
    """The cost of all designs, or of one of them year by year.

    Raises
    ------
    InputError
        When there is no such design.
    """
    designs = snapshot.designs if name is None else [find_design(snapshot, name)]
    pairs = [
        pair for pair in snapshot.data["break_even"] if name is None or name in pair["designs"]
    ]
    if output == "json":
        return _json(snapshot, designs, pairs)
    if output == "csv":
        return csv_table(HEADER, cost_rows(designs))
    tables = _of_all(snapshot) if name is None else list(_of_one(snapshot, designs[0]))
    tables += crossings(pairs)
    notes = list(_notes(snapshot, designs, pairs))
    title = snapshot.data["scenario"]["title"] if name is None else designs[0]["title"]
    label = snapshot.data["scenario"]["name"] if name is None else name
    if output == "md":
        head = f"# {markdown(label)}: {markdown(title)}\n"
        return "\n".join([head, *map(markdown_table, tables), *(f"{markdown(n)}\n" for n in notes)])
    head = wrap(f"{label}: {title}")
    body = (f"{table_text(table)}\n" for table in tables)
    return "\n".join([plain(head), "", *body, *map(wrap, notes)]) + "\n"


def _json(snapshot: Snapshot, designs: list[dict[str, Any]], pairs: list[dict[str, Any]]) -> str:
    keys = [key for key, _ in (*TOTALS, *SHARES, *PAYBACK, *YEARLY)]
    data = {
        "scenario": snapshot.data["scenario"],
        "designs": [
            {
                "id": design["id"],
                "totals": {
                    key: design["quantities"][key] for key in keys if key in design["quantities"]
                },
                "cash_flow": design["cash_flow"],
                "not_counted": design["not_counted"],
            }
            for design in designs
        ],
        "break_even": pairs,
    }
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def cost_rows(designs: Iterable[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """One row a year and kind of money of a design."""
    for design in designs:
        for flow in design["cash_flow"]:
            for kind, _ in (*FLOWS, *SUMS):
                if kind in flow:
                    item = flow[kind]
                    ends = (item["value"], item["low"], item["high"], item["unit"])
                    yield (design["id"], flow["year"], flow["until"], kind, *ends)


# Tables


def _of_all(snapshot: Snapshot) -> list[Table]:
    """What each design costs, and what that means; interest only where it is stated."""
    totals = [item for item in TOTALS if snapshot.interest or item[0] != "net_present_cost"]
    cost = _by_design(snapshot, "Cost over the years of use", totals)
    shares = _by_design(snapshot, "Cost of each, and when it has paid for itself", SHARES)
    if snapshot.data["scenario"]["baseline"] is None:
        return [cost, shares]
    headings = (*shares.headings, *(Heading(text, "years") for _, text in PAYBACK))
    paid = (tuple(_paybacks(snapshot, design)) for design in snapshot.designs)
    rows = tuple((*row, *more) for row, more in zip(shares.rows, paid, strict=True))
    return [cost, Table(shares.title, headings, rows)]


def _by_design(snapshot: Snapshot, title: str, columns: Columns) -> Table:
    headings = [Heading("design", left=True)]
    headings += [Heading(text, snapshot.currency) for _, text in columns]
    rows = (
        (design["id"], *(value_text(design["quantities"].get(key)) for key, _ in columns))
        for design in snapshot.designs
    )
    return Table(title, tuple(headings), tuple(rows))


def _paybacks(snapshot: Snapshot, design: dict[str, Any]) -> Iterator[str]:
    baseline = snapshot.data["scenario"]["baseline"]
    if baseline is not None:
        for key, _ in PAYBACK:
            item = design["quantities"].get(key)
            # A snapshot leaves out what is infinite.
            never = "-" if design["id"] == baseline else "never"
            yield never if item is None else value_text(item)


def _of_one(snapshot: Snapshot, design: dict[str, Any]) -> Iterator[Table]:
    """The money of each year, and what makes up a year."""
    yield _flows(snapshot, design, "Money of each year", FLOWS)
    sums = SUMS if snapshot.interest else SUMS[:1]
    yield _flows(snapshot, design, "Money up to the end of each year", sums)
    found = design["quantities"]
    lines = [(text, value_text(found[key], ranged=True)) for key, text in YEARLY if key in found]
    heads = (Heading("first year", left=True), Heading("cost", snapshot.currency))
    yield Table("What a year costs", heads, tuple(lines))
    every = [item for item in (*TOTALS, *SHARES) if item[0] in found]
    if not snapshot.interest:
        every = [item for item in every if item[0] != "net_present_cost"]
    totals = [(text, value_text(found[key], ranged=True)) for key, text in every]
    heads = (Heading("over the years of use", left=True), Heading("cost", snapshot.currency))
    yield Table("In all", heads, tuple(totals))


def _flows(snapshot: Snapshot, design: dict[str, Any], title: str, columns: Columns) -> Table:
    """One row a year; without what is never spent."""
    flows = design["cash_flow"]
    used = [(key, text) for key, text in columns if any(_spent(flow, key) for flow in flows)]
    headings = [Heading("year"), *(Heading(text, snapshot.currency) for _, text in used)]
    rows = (
        (f"{flow['until']:g}", *(value_text({**flow[key], "basis": None}) for key, _ in used))
        for flow in flows
    )
    return Table(title, tuple(headings), tuple(rows))


def _spent(flow: dict[str, Any], key: str) -> bool:
    """Whether a part of a year's money is there, or may be."""
    return key in flow and flow[key]["value"] != 0.0


def crossings(pairs: Iterable[dict[str, Any]]) -> list[Table]:
    """Pairs of designs of which the one or the other is the cheaper, and where that turns."""
    pairs = list(pairs)
    kinds: tuple[tuple[str, str, tuple[str, str, str], Callable[[float], str]], ...] = (
        (
            "electricity_price",
            "Where the price of electricity decides",
            ("below it", "price", "above it"),
            number,
        ),
        (
            "vms",
            "Where the number of VMs decides",
            ("with fewer", "VMs", "with more"),
            lambda value: f"{value:,.0f}",
        ),
    )
    tables = []
    for key, title, (below, text, above), shown in kinds:
        met = [pair[key] for pair in pairs if pair[key]["value"] is not None]
        unit = met[0]["unit"] if met and key != "vms" else ""
        headings = (Heading(below, left=True), Heading(text, unit), Heading(above, left=True))
        rows = ((i["cheaper_below"], shown(i["value"]), i["cheaper_above"]) for i in met)
        if met:
            tables.append(Table(title, headings, tuple(rows)))
    return tables


# Sentences


def _notes(
    snapshot: Snapshot, designs: list[dict[str, Any]], pairs: list[dict[str, Any]]
) -> Iterator[str]:
    years = designs[0]["quantities"].get("years_of_use")
    if years is not None:
        yield f"Years of use: {value_text(years)}."
    if len(designs) == 1:
        yield from _payback_note(snapshot, designs[0])
    elif snapshot.data["scenario"]["baseline"] is not None:
        yield PAID
    if pairs:
        yield from _pair_notes(pairs)
        yield GROWTH
    told = dict.fromkeys(item for design in designs for item in design["not_counted"])
    if told:
        yield f"Not counted, as nothing is stated: {'; '.join(told)}."
    yield LEGEND


def _payback_note(snapshot: Snapshot, design: dict[str, Any]) -> Iterator[str]:
    baseline = snapshot.data["scenario"]["baseline"]
    if baseline in (None, design["id"]):
        return
    simple, within = _paybacks(snapshot, design)
    yield (
        f"Against {baseline} it has paid for itself after {_years(simple)} at the first year's "
        f"costs; by the flows of all years of use: {_years(within)}."
    )
    saved = design["quantities"].get("net_present_saving")
    if saved is not None and saved["value"] is not None:
        word = "less" if saved["value"] >= 0 else "more"
        amount = format_quantity(abs(saved["value"]), saved["unit"])
        yield f"Over the years of use it costs {amount} {word} than {baseline}."


def _years(text: str) -> str:
    return text if text in ("never", "?") else f"{text} years"


def _pair_notes(pairs: list[dict[str, Any]]) -> Iterator[str]:
    unknown = [pair for pair in pairs if pair["cheaper"] is None]
    if unknown:
        names = "; ".join(" and ".join(pair["designs"]) for pair in unknown)
        yield f"Not to be compared, as a cost is unknown: {names}."
    for key, what in (("electricity_price", "price of electricity"), ("vms", "number of VMs")):
        same = [p[key]["cheaper_below"] for p in pairs if p[key]["value"] is None]
        count = sum(name is not None for name in same)
        if count:
            yield f"{count} of {len(pairs)} pairs have the same winner at any {what}."
