"""The result of an evaluation as plain data; every later step reads only this."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from planner.faults import InputError, Mark
from planner.wording import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "planner/snapshot/1"

QUANTITIES = {
    "idle_power": "W",
    "mean_power": "W",
    "peak_power": "W",
    "peak_apparent_power": "VA",
    "heat": "BTU/h",
    "annual_energy": "kWh",
    "facility_energy": "kWh",
    "power_per_vm": "W",
    "marginal_power_per_vm": "W",
    "idle_energy_share": "1",
    "vms": "vm",
    "vms_after_one_host_loss": "vm",
    "raw_capacity": "B",
    "usable_capacity": "B",
    "full_limit_capacity": "B",
    "nearfull_capacity": "B",
    "self_heal_capacity": "B",
    "host_losses_data_safe": "node",
    "host_losses_in_service": "node",
    "read_throughput": "B/s",
    "write_throughput": "B/s",
    "read_throughput_per_client": "B/s",
    "write_throughput_per_client": "B/s",
    "ports_needed_1g": "port",
    "ports_available_1g": "port",
    "ports_needed_10g": "port",
    "ports_available_10g": "port",
    "rack_units": "U",
    "capital_cost": "money",
    "annual_energy_cost": "money",
    "annual_labour_cost": "money",
    "total_cost": "money",
}
"""The quantities that every design shows, in order; a storage quantity is unknown here where a
design has no backend or several."""


class Number(NamedTuple):
    """A result with its 90 % range.

    Parameters
    ----------
    value, low, high : float or None
        The result and the ends of its range; None where it is unknown, or has no range.
    unit : str
        The unit of all three.
    basis : str or None
        The weakest basis of the facts below it: measured, datasheet, assumption and so on.
    """

    value: float | None
    low: float | None
    high: float | None
    unit: str
    basis: str | None


@dataclass(frozen=True)
class Snapshot:
    """All results of one scenario.

    Parameters
    ----------
    data : dict
        The results as JSON-able data, as `planner compare --format json` prints them.

    Examples
    --------
    >>> from planner import evaluate
    >>> snapshot = evaluate("vrt-2013", samples=200)
    >>> snapshot.number("rack-1u", "vms").unit, snapshot.number("rack-1u", "vms").value
    ('vm', 160.0)
    >>> snapshot.table()["peak_power [W]"]["legacy-rack"].item()
    1500.0
    >>> snapshot.percentiles("total_cost").columns.tolist()
    ['p5 [AUD]', 'p50 [AUD]', 'p95 [AUD]']
    """

    data: dict[str, Any]

    @property
    def currency(self) -> str:
        """The currency of all money in the snapshot."""
        return str(self.data["scenario"]["currency"])

    @property
    def interest(self) -> bool:
        """Whether the scenario states a discount rate: later payments then count less."""
        return any("discount_rate" in design["quantities"] for design in self.designs)

    @property
    def designs(self) -> list[dict[str, Any]]:
        """One entry a design, in the order of the scenario."""
        return list(self.data["designs"])

    @property
    def recommendation(self) -> dict[str, Any]:
        """Which design to choose, why, how sure that is, and what would change it."""
        return dict(self.data["recommendation"])

    @property
    def claims(self) -> list[dict[str, Any]]:
        """One entry a claim, in the order of the scenario."""
        return list(self.data["claims"])

    def design(self, name: str) -> dict[str, Any]:
        """The entry of one design.

        Raises
        ------
        KeyError
            When there is no such design.
        """
        return next(design for design in self.designs if design["id"] == name)

    def value(self, design: str, quantity: str) -> float | None:
        """A quantity of a design; None where it is unknown."""
        return self.number(design, quantity).value

    def number(self, design: str, quantity: str) -> Number:
        """A quantity of a design with its 90 % range, unit and basis.

        Raises
        ------
        KeyError
            When there is no such design, or it has no such quantity.
        """
        item = self.design(design)["quantities"][quantity]
        value, low, high = (
            None if item[end] is None else float(item[end]) for end in ("value", "low", "high")
        )
        return Number(value, low, high, item["unit"], item["basis"])

    def json(self) -> str:
        """The snapshot as text, the same for the same inputs."""
        return json.dumps(self.data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    def table(self) -> pd.DataFrame:
        """A pandas table with one row a design; units are in the names of the columns."""
        import pandas as pd

        rows = [
            {
                column_name(name, item["unit"]): item["value"]
                for name, item in design["quantities"].items()
                if name in QUANTITIES
            }
            for design in self.designs
        ]
        index = pd.Index([design["id"] for design in self.designs], name="design")
        return pd.DataFrame(rows, index=index, dtype=float)

    def percentiles(self, quantity: str) -> pd.DataFrame:
        """5th, 50th and 95th percentile of a quantity over the draws, one row a design.

        Raises
        ------
        KeyError
            When the snapshot was made without `samples`, or no design has the quantity.
        """
        import pandas as pd

        rows = {
            item["design"]: item["quantities"][quantity]
            for item in self.data["uncertainty"]["designs"]
            if quantity in item["quantities"]
        }
        if not rows:
            raise KeyError(quantity)
        unit = next(iter(rows.values()))["unit"]
        found = pd.DataFrame.from_dict(rows, orient="index")[["p5", "p50", "p95"]]
        columns = {name: column_name(name, unit) for name in found.columns}
        return found.rename(columns=columns).rename_axis("design")

    def fails(self, severity: str) -> bool:
        """Whether a design has a finding of a severity or worse, or an unmet requirement.

        Parameters
        ----------
        severity : {"error", "warning", "never"}
            The least severity that counts.
        """
        if severity == "never":
            return False
        counted = ("error",) if severity == "error" else ("error", "warning")
        return any(
            item["met"] is False for design in self.designs for item in design["requirements"]
        ) or any(
            item["severity"] in counted for design in self.designs for item in design["findings"]
        )


def find_design(snapshot: Snapshot, name: str) -> dict[str, Any]:
    """The entry of one design.

    Raises
    ------
    InputError
        When there is no such design.
    """
    names = [design["id"] for design in snapshot.designs]
    if name not in names:
        raise InputError.at(Mark(name), "no such design", did_you_mean(name, names))
    return snapshot.design(name)


def only_design(snapshot: Snapshot, name: str) -> Snapshot:
    """The snapshot without the other designs; the claims stay.

    Raises
    ------
    InputError
        When there is no such design.
    """
    unused = [
        item for item in snapshot.data["unused_suppressions"] if item["design"] in (None, name)
    ]
    kept = {"designs": [find_design(snapshot, name)], "unused_suppressions": unused}
    return Snapshot({**snapshot.data, **kept})


def only_codes(snapshot: Snapshot, codes: Sequence[str]) -> Snapshot:
    """The snapshot with what some rules found, without requirements and claims."""
    kept = ("findings", "suppressed", "passed", "not_applicable")

    def of_codes(design: dict[str, Any]) -> dict[str, Any]:
        rules = {key: [item for item in design[key] if item["code"] in codes] for key in kept}
        return {**design, **rules, "requirements": []}

    designs = [of_codes(design) for design in snapshot.designs]
    unused = [item for item in snapshot.data["unused_suppressions"] if item["code"] in codes]
    kept_data = {"designs": designs, "claims": [], "unused_suppressions": unused}
    return Snapshot({**snapshot.data, **kept_data})


def column_name(name: str, unit: str) -> str:
    """The header of a column: the quantity and its unit.

    Examples
    --------
    >>> column_name("peak_power", "W"), column_name("shares", "1")
    ('peak_power [W]', 'shares')
    """
    return name if unit == "1" else f"{name} [{unit}]"
