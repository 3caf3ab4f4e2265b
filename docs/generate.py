"""Write the reference pages that are made from the code: ``python docs/generate.py``."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.main import get_command

from planner.catalog import KINDS
from planner.cli import app
from planner.derivation import formula_of, section_of
from planner.fields import FactReader
from planner.json_schema import FILES, schema_text
from planner.meanings import meanings
from planner.report.inert import markdown
from planner.report.render import render_rules
from planner.report.wiring_text import needs_text
from planner.rules import RULES
from planner.scenario import Scenario
from planner.sheet import Quantity
from planner.wiring import sheets

HERE = Path(__file__).parent

SCENARIO_HEAD = """# The scenario file

A scenario is one YAML file. Start with `planner init my-cloud.yaml`; this page lists every key.

Numbers carry their unit: `35 W`, `16 GiB`, `0.25 AUD/kWh`, `10 Gbit/s`, `15 %`. A number may say
what is known of it:

```yaml
electricity_price: {value: 0.25 AUD/kWh, low: 0.22 AUD/kWh, high: 0.30 AUD/kWh,
                    basis: assumption, source: tariff, note: without tax}
```

`date` (`2013`, `2013-05` or `2013-05-27`) says when a price was asked; `low` and `high` are a 90 %
range; `basis` is `measured`, `calibrated`, `datasheet`, `look-alike`,
`components`, `nameplate` or `assumption`; `source` may be a key of the file's `sources`;
`value: unknown` is allowed, and makes what depends on it unknown or "at least".

`extends:` at the top names another scenario (a file or a shipped one), in a design another design;
either then holds only what is different. Mappings merge key by key, everything else replaces, and
`null` takes a key away: a design that changes from copies to an erasure code writes
`copies: null, data_shares: 4, parity_shares: 2`.

`inventory:` names a CSV file that lists VMs, beside the scenario or below its folder. Its first
line names the columns, in any order; a row is a VM, or several alike:

```csv
name,vcpus,memory [GiB],disk,duty,iops,network,group,host,count
web-1,2,4,40 GB,10 %,,,web,,
web-2,2,4,40 GB,10 %,,,web,,
database,8,64,500 GB,40 %,2000 IOPS,1 Gbit/s,,compute-3,
desktop,1,2,30 GB,,,,,,20
```

`name`, `vcpus`, `memory` and `disk` are needed. A unit stands in each cell (`64 GiB`), or once in
the header (`memory [GiB]`) above plain numbers. `duty` is the share of time that each virtual
processor runs, 15.5 % with a range where it is left out; `iops` and `network` (each way) are
checked where the catalog knows what drives and links offer; of the VMs of a `group` each runs on
another host; `host` is a group of hosts, or one host such as `compute-3`; `count` makes a row
several VMs that are numbered. `planner place SCENARIO DESIGN --format csv` writes which VM runs
on which host.

`admission:` names the rule by which VMs are admitted: `planner catalog list --kind admission`. A
rule of one's own is a part, with its policy (`openstack`, `ganeti`, `vsphere-slots`,
`vsphere-percentage`) and ratios; those of a shipped rule change under `corrections`:

```yaml
admission: ours
parts:
  admission:
    ours: {title: Ours, policy: openstack, cpu_overcommit: 3, memory_overcommit: 1,
           disk_overcommit: 1, strict: 0, memory_reserve: 4 GiB, thread_reserve: 2 thread}
```

`corrections:` change facts of catalog parts, each with its reason:

```yaml
corrections:
  seagate-st3000vx000:
    capacity: {value: 4 TB, reason: what 4 TB drives would do}
```

`measurements:` lists CSV files of power readings with the header
`reading,load,load_average,threads,power_w,bound,scope,meter_sd_w,vms,source,note`; a row gives
the `load` (0 to 1), or a `load_average` with `threads`; `bound` is empty, `upper` or `lower`;
`scope` is `wall`, `psu_output`, `rapl` or `ups_output`. A node type names a reading under
`reading:`.
"""

CATALOG_HEAD = """# The catalog file

A catalog file holds parts of one kind; `planner catalog check FILE` checks it. Every fact has a
basis, and a source unless it is an assumption:

```yaml
kind: boards
sources:
  manual: maker's manual, revision 2
parts:
  my-board:
    title: My board
    max_memory: {value: 64 GiB, basis: datasheet, source: manual}
```

Name the file under `catalogs:` of a scenario, or write the parts there under `parts:` by kind.
"""


RULES_HEAD = """# Design rules

`planner check SCENARIO` holds these rules against every design. `planner rules CODE` prints one of
them.

The first letter of a code is the worst severity that the rule can reach: E error, W warning, I
information. Two say why it is not: EOST03 and WCEP22. `rules: 2013` in a scenario chooses the set
of the FileStore and 1 Gbit/s time, `rules: current`, the default, that of today; most rules belong
to both.

A rule whose input is unknown is *not applicable*, and the report says which input is missing; it
never passes silently. What is known and accepted is suppressed in the scenario, with its reason;
it stays listed, and does not count. A suppression that suppresses nothing is told at its place in
the file:

```yaml
suppress:
  - {code: WSW04, design: small-office, reason: a spare switch is on the shelf}
```

`planner check --fail-on error` (the default) exits with 1 where a design has an error or fails a
requirement, `--fail-on warning` on warnings too, `--fail-on never` not at all; wrong input exits
with 2.

`planner check --format json` is made for programs: its `schema` is `planner/check/1`, and keys are
only added to it. Each design has `findings` (`code`, `severity`, `topic`, `subject`, `message`,
`fix`, `source`, and the `numbers` that were compared, by the names that `planner explain` knows),
`suppressed` (the same with its `reason`), `requirements`, `passed`, `not_applicable` (with
`because`) and `counts`; the whole has `unused_suppressions`, `counts` and `summary` too. A pipeline
needs no more than

```sh
planner check my-cloud.yaml --fail-on warning
```

Some rules know a group that votes by its name under `quorums`: `monitors` are Ceph's, `database`
(or `galera`) and `message-queue` (or `rabbitmq`) OpenStack's, `juju` Juju's. Each group is judged
by one rule. `planned_host_losses` says how many hosts may fail at once as the plan has it.
"""

QUANTITIES_HEAD = """# Quantities

Every number that `planner explain SCENARIO DESIGN QUANTITY` derives, by the sheet that it is
computed on: its formula, what it needs, where the formula comes from, and the function, which is
plain Python on numbers and arrays. `planner quantities` prints the list.
"""

COMMANDS_HEAD = """# Commands

`planner COMMAND --help` prints the same. SCENARIO is a file, or the name of a shipped scenario:
`vrt-2013`, `today`, `clean-reference`. Results go to standard output, progress and faults to
standard error. Exit codes: 0 done, 1 where `check` finds a fault, 2 where the input cannot be used.
"""

NOT_CHECKED = """
## Not checked

- WPWR02, a redundant pair of inputs counted twice or the rating of a PDU as load: cannot be
  written. A machine's power is stated once, whatever its inputs, and a PDU draws nothing.
- IPWR04, power read at different points: refused on reading. What a supply puts out or RAPL tells
  is not taken for what a machine draws.
- ELAG02, members of a bond of different speed: refused on reading, with the line and the parts.
- Several monitors on one host, a part of WCEP14: refused on reading.
- The error of EOST03, a VM larger than every host: is EVM01.
- Majorities of Ceph's monitors, Galera and RabbitMQ under EQUO01: are ECEP13 and WOST01, as a group
  is judged by one rule. Five controllers are no fault there.
- IOST04 compares the controller with that of the guide, and does not count racks for each.
- WGAN01 bounds what any placement of Ganeti's secondaries can do; `planner place` places VMs one by
  one.
- ILAG06 takes `rules: 2013` for a kernel before 2017.
"""


def scenario_page() -> str:
    """Every key of a scenario."""
    return SCENARIO_HEAD + "\n" + "\n".join(_models(Scenario))


def catalog_page() -> str:
    """Every kind of part with its facts."""
    parts = [f"## {kind}\n\n{_doc(model)}\n\n{_table(model)}" for kind, model in KINDS.items()]
    return CATALOG_HEAD + "\n" + "\n".join(parts)


def quantities_page() -> str:
    """Every quantity with its formula, what it needs and who says so, by sheet."""
    parts = [QUANTITIES_HEAD]
    for sheet in sheets():
        parts.append(f"\n## {sheet.name} sheet\n")
        parts += map(_quantity, sheet.quantities.values())
    return "\n".join(parts)


def _quantity(one: Quantity) -> str:
    """A formula as the code has it, and what the notes say of it; each source in a line."""
    function = one.function
    formula, notes = formula_of(function), section_of(function, "Notes")
    unit = "" if one.unit == "1" else f" [{one.unit}]"
    lines = [f"### {one.name}{unit}\n", f"{markdown(one.summary)}\n"]
    lines += [f"    {formula}\n"] if formula and formula != notes else []
    lines += [f"{markdown(notes)}\n"] if notes else []
    told = {
        "needs": markdown(needs_text(one)),
        "source": markdown(section_of(function, "References")),
        "model": f"`{function.__module__}.{function.__name__}`",
    }
    return "\n".join([*lines, *(f"- {key}: {text}" for key, text in told.items() if text), ""])


def commands_page() -> str:
    """Every command with its options."""
    return COMMANDS_HEAD + "".join(_command("planner", name, one) for name, one in _commands(app))


def _commands(group: Any) -> Iterator[tuple[str, Any]]:
    for name, command in get_command(group).commands.items():
        if isinstance(command, TyperGroup):
            yield from ((f"{name} {inner}", one) for inner, one in command.commands.items())
        else:
            yield name, command


def _command(program: str, name: str, command: Any) -> str:
    arguments = [one for one in command.params if isinstance(one, TyperArgument)]
    usage = " ".join([program, name, *(_argument(one) for one in arguments)])
    rows = [
        f"| `{_spelling(one)}` | {(one.help or '').replace('|', '/')} | {_default(one)} |"
        for one in command.params
    ]
    table = "\n".join(["| option | meaning | default |", "| --- | --- | --- |", *rows, ""])
    example = command.epilog.removeprefix("Example: ")
    code = f"```sh\n{usage}\n```\n\nAn example:\n\n```sh\n{example}\n```\n\n"
    return f"\n## {program} {name}\n\n{command.help}\n\n{code}{table if rows else ''}"


def _default(one: TyperArgument | TyperOption) -> str:
    """What an option is where it is left out; a switch is off."""
    if one.required:
        return "needed"
    value = getattr(one.default, "value", one.default)
    return "" if value is None or isinstance(value, bool) else f"`{value}`"


def _argument(one: TyperArgument) -> str:
    name = (one.metavar or one.name or "").strip("{}[]").upper()
    return name if one.required else f"[{name}]"


def _spelling(one: TyperArgument | TyperOption) -> str:
    return _argument(one) if isinstance(one, TyperArgument) else ", ".join(one.opts)


def _models(root: type[BaseModel]) -> Iterator[str]:
    todo, done = [root], set()
    while todo:
        model = todo.pop(0)
        if model not in done:
            done.add(model)
            yield f"## {model.__name__}\n\n{_doc(model)}\n\n{_table(model)}"
            todo += [inner for field in model.model_fields.values() for inner in _inner(field)]


def _doc(model: type[BaseModel]) -> str:
    return (inspect.getdoc(model) or "").partition("\n")[0]


def _table(model: type[BaseModel]) -> str:
    head = "| key | value | needed | meaning |\n| --- | --- | --- | --- |"
    meaning = meanings(model)
    rows = [
        f"| `{name}` | {_value(field)} | {'yes' if field.is_required() else ''} "
        f"| {meaning.get(name, '').replace('|', '/')} |"
        for name, field in model.model_fields.items()
    ]
    return "\n".join([head, *rows, ""])


def _value(field: FieldInfo) -> str:
    readers = (getattr(item, "func", None) for item in field.metadata)
    reader = next((item for item in readers if isinstance(item, FactReader)), None)
    if reader is not None:
        return "number" if reader.unit == "1" else f"number in {reader.unit}"
    return _kind(field.annotation)


def _kind(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(f"`{item}`" for item in arguments)
    if origin is dict:
        return f"mapping to {_kind(arguments[1])}"
    if origin is list:
        return f"list of {_kind(arguments[0])}"
    if origin in (Union, types.UnionType):
        kinds = [_kind(item) for item in arguments if item is not type(None)]
        return " or ".join(dict.fromkeys(kinds))
    if arguments:
        return _kind(arguments[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    names = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    return names.get(annotation, "text" if annotation is not Any else "see above")


def _inner(field: FieldInfo) -> Iterator[type[BaseModel]]:
    todo = [field.annotation]
    while todo:
        annotation = todo.pop()
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield annotation
        todo += list(get_args(annotation))


PAGES = {
    "scenario-format.md": scenario_page,
    "catalog-format.md": catalog_page,
    "rules.md": lambda: RULES_HEAD + "\n" + render_rules(RULES, "md") + NOT_CHECKED,
    "quantities.md": quantities_page,
    "commands.md": commands_page,
    **{f"{file}.schema.json": partial(schema_text, file) for file in FILES},
}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
