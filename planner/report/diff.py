"""What changed between two comparisons, in each of the formats."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from planner.report.inert import markdown
from planner.report.render import csv_table, markdown_table
from planner.report.tables import Heading, Table
from planner.report.text import shown, table_text, wrap
from planner.snapshot import QUANTITIES
from planner.units import format_quantity

MAIN = {*QUANTITIES, "net_present_cost", "cost_per_vm", "cost_per_usable_tb", "payback_years"}
HEADER = ("kind", "design", "name", "status", "old", "new", "unit", "change", "relative", "cause")
MET = {True: "met", False: "not met", None: "unknown"}
MOST_CAUSES = 3

Entry = dict[str, Any]
Row = tuple[Any, ...]


def render_difference(found: Entry, output: str, *, everything: bool = False) -> str:
    """What changed; of the results only the main ones, unless everything is asked for."""
    if output == "json":
        return json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if output == "csv":
        return csv_table(HEADER, _rows(found))
    head = f"{found['old']['from']} -> {found['new']['from']}"
    blocks = list(_blocks(found, everything))
    if output == "md":
        body = (
            markdown_table(item) if isinstance(item, Table) else _listed(item) for item in blocks
        )
        return "\n".join([f"# {markdown(head)}", "", *body])
    texts = (table_text(item) if isinstance(item, Table) else _wrapped(item) for item in blocks)
    return "\n\n".join([wrap(head), *texts]) + "\n"


Lines = list[str]


def _listed(lines: Lines) -> str:
    return "".join(f"{markdown(line.strip())}\n\n" for line in lines)


def _wrapped(lines: Lines) -> str:
    return "\n".join(
        wrap(line.lstrip(), "    ", line[: len(line) - len(line.lstrip())]) for line in lines
    )


def _blocks(found: Entry, everything: bool) -> Iterator[Table | Lines]:
    if found["notes"]:
        yield [f"Note: {note}." for note in found["notes"]]
    inputs = list(_inputs(found, everything))
    if inputs:
        yield ["Inputs", *inputs]
    for name, design in found["designs"]["changed"].items():
        yield from _design_blocks(name, design, everything)
    yield list(_summary(found))


# Inputs


def _inputs(found: Entry, everything: bool) -> Iterator[str]:
    """Each changed input; those of a design as a whole that is new or gone only on request."""
    whole = [name for kind in ("new", "gone") for name in found["designs"][kind]]
    left_out = 0
    for sign, kind in (("~", "changed"), ("+", "new"), ("-", "gone")):
        for name, item in found["inputs"][kind].items():
            if not everything and (item["derived"] or _belongs(name, whole)):
                left_out += 1
                continue
            told = _input_change(item) if kind == "changed" else _number(item)
            yield f"  {sign} {name}: {told}"
    if left_out:
        yield f"  and {left_out} that follow from how the designs are built (--all)"


def _belongs(name: str, designs: Iterable[str]) -> bool:
    return any(name.startswith(f"designs.{design}.") for design in designs)


def _input_change(item: Entry) -> str:
    told = []
    if item["old"] != item["new"]:
        told.append(f"{_number(item['old'])} -> {_number(item['new'])}, {_change(item)}")
    for key in ("basis", "source"):
        if key in item:
            old, new = (item[key][end] or "none" for end in ("old", "new"))
            told.append(f"{key}: {old} -> {new}")
    return "; ".join(told)


def _number(item: Entry) -> str:
    """A number with its range."""
    if item["value"] is None or item["low"] is None or item["high"] is None:
        return shown(item)
    ends = (format_quantity(item[key], item["unit"]).partition(" (")[0] for key in ("low", "high"))
    return f"{shown(item)} [{' .. '.join(ends)}]"


def _change(item: Entry) -> str:
    """The difference, in its unit and in per cent."""
    share = _share(item)
    return f"{_amount(item)} ({share} %)" if share else _amount(item)


def _amount(item: Entry) -> str:
    if item["change"] is None:
        units = {item["old"]["unit"], item["new"]["unit"]}
        return "another unit" if len(units) > 1 else "known or not"
    if item["change"] == 0.0:
        return "range only"
    sign = "+" if item["change"] > 0 else "-"
    return sign + format_quantity(abs(item["change"]), item["new"]["unit"]).partition(" (")[0]


def _share(item: Entry) -> str:
    return _percent(item["relative"]) if item["relative"] else ""


def _percent(relative: float) -> str:
    size = abs(relative) * 100.0
    text = f"{size:,.0f}" if size >= 99.5 else f"{size:.2g}"
    return f"{'+' if relative > 0 else '-'}{text}"


# Designs


def _design_blocks(name: str, design: Entry, everything: bool) -> Iterator[Table | Lines]:
    quantities = design["quantities"]
    every = list(_quantity_rows(name, quantities))
    rows = [row for key, row in every if everything or key in MAIN]
    if rows:
        titles = ("result", "old", "new", "change", "in %", "cause")
        headings = tuple(Heading(title, left=True) for title in titles)
        yield Table(name, headings, tuple(rows))
    lines = [] if rows else [name]
    if len(every) > len(rows):
        more = len(every) - len(rows)
        lines.append(f"  and {more} further results (--all); {quantities['same']} are the same")
    findings = _findings(design["findings"], everything)
    lines += [f"  {line}" for line in (*findings, *_requirements(design))]
    if lines:
        yield lines


def _quantity_rows(design: str, quantities: Entry) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, item in quantities["changed"].items():
        numbers = (_short(item["old"]), _short(item["new"]))
        yield name, (f"~ {name}", *numbers, _amount(item), _share(item), _cause(design, item))
    for name, item in quantities["new"].items():
        yield name, (f"+ {name}", "", _short(item), "new", "", "")
    for name, item in quantities["gone"].items():
        yield name, (f"- {name}", _short(item), "", "gone", "", "")


def _short(item: Entry) -> str:
    """A number in one unit only."""
    return shown(item).partition(" (")[0]


def _cause(design: str, item: Entry) -> str:
    causes = item["causes"]
    if causes is None:
        return "?"
    if len(causes) > MOST_CAUSES:
        return f"{len(causes)} inputs"
    return ", ".join(cause.removeprefix(f"designs.{design}.") for cause in causes)


def _findings(findings: Entry, everything: bool) -> Iterator[str]:
    for sign, kind in (("+", "new"), ("-", "gone")):
        for name, item in findings[kind].items():
            yield f"{sign} {item['severity']} {name}: {item['message']}"
    other = 0
    for name, item in findings["changed"].items():
        old, new = item["old"], item["new"]
        if everything or old["severity"] != new["severity"]:
            severity = " -> ".join(dict.fromkeys((old["severity"], new["severity"])))
            yield f"~ {severity} {name}: {old['message']} -> {new['message']}"
        else:
            other += 1
    if other:
        yield f"~ {other} findings with other numbers (--all)"


def _requirements(design: Entry) -> Iterator[str]:
    found = design["requirements"]
    for name, item in found["changed"].items():
        yield f"~ requirement {name}: {MET[item['old']['met']]} -> {MET[item['new']['met']]}"
    for name, item in found["new"].items():
        yield f"+ requirement {name}: {MET[item['met']]}"
    for name, item in found["gone"].items():
        yield f"- requirement {name}: was {MET[item['met']]}"


# In short


def _summary(found: Entry) -> Iterator[str]:
    for sign, kind in (("+", "new"), ("-", "gone")):
        for name, design in found["designs"][kind].items():
            yield f"{sign} design {name}: {design['title']}"
    for name, item in found["claims"]["changed"].items():
        yield f"~ claim {name}: {item['old']} -> {item['new']}"
    for sign, kind in (("+", "new"), ("-", "gone")):
        for name, item in found["claims"][kind].items():
            yield f"{sign} claim {name}: {item['verdict']}"
    advice = found["recommendation"]
    if advice["old"] != advice["new"]:
        yield f"~ recommended: {advice['old'] or 'none'} -> {advice['new'] or 'none'}"
    kinds = ("inputs", "designs", "claims")
    yield ". ".join(_count(kind, found[kind]) for kind in kinds) + "."
    if not found["changed"]:
        yield "Nothing changed."


def _count(kind: str, item: Entry) -> str:
    told = (f"{len(item[key])} {key}" for key in ("changed", "new", "gone") if item[key])
    return f"{kind.capitalize()}: " + ", ".join((*told, f"{item['same']} the same"))


# CSV


def _rows(found: Entry) -> Iterator[Row]:
    yield from _number_rows("input", "", found["inputs"])
    for name, design in found["designs"]["changed"].items():
        yield from _number_rows("result", name, design["quantities"])
        yield from _text_rows("finding", name, design["findings"], "message")
        yield from _text_rows("requirement", name, design["requirements"], "met")
    yield from _text_rows("design", "", {**found["designs"], "changed": {}}, "title")
    changed = found["claims"]["changed"].items()
    verdicts = {
        name: {key: {"verdict": item[key]} for key in ("old", "new")} for name, item in changed
    }
    yield from _text_rows("claim", "", {**found["claims"], "changed": verdicts}, "verdict")


def _number_rows(kind: str, design: str, items: Entry) -> Iterator[Row]:
    for name, item in items["changed"].items():
        numbers = (item["old"]["value"], item["new"]["value"], item["new"]["unit"])
        cause = "; ".join(item.get("causes") or ())
        yield (kind, design, name, "changed", *numbers, item["change"], item["relative"], cause)
    for name, item in items["new"].items():
        yield (kind, design, name, "new", None, item["value"], item["unit"], None, None, "")
    for name, item in items["gone"].items():
        yield (kind, design, name, "gone", item["value"], None, item["unit"], None, None, "")


def _text_rows(kind: str, design: str, items: Entry, key: str) -> Iterator[Row]:
    def told(item: Entry) -> str:
        return MET[item[key]] if key == "met" else str(item[key])

    nothing = ("", None, None, "")
    for name, item in items["changed"].items():
        yield (kind, design, name, "changed", told(item["old"]), told(item["new"]), *nothing)
    for name, item in items["new"].items():
        yield (kind, design, name, "new", None, told(item), *nothing)
    for name, item in items["gone"].items():
        yield (kind, design, name, "gone", told(item), None, *nothing)
