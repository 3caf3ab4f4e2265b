"""Conversions between units that files use most, as pint gives them: these need no pint.

Importing pint takes longer than reading a scenario. Whatever is not here is left to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.unit_grammar import CURRENCIES

Factor = tuple[float, float]

_SAME = (
    *("A", "B", "B/s", "Hz", "IOPS", "U", "V", "VA", "W", "h", "kWh", "kg/kWh", "ms", "rpm", "s"),
    *("1/yr", "core", "node", "part", "port", "thread", "vcpu", "vm", "yr"),
)
_OF_MONEY = ("", "/U/yr", "/h", "/kWh", "/yr")
_WRITTEN_OTHERWISE = {
    "cores": "core",
    "nodes": "node",
    "parts": "part",
    "ports": "port",
    "threads": "thread",
    "vCPUs": "vcpu",
    "vcpus": "vcpu",
    "VM": "vm",
    "VMs": "vm",
    "vms": "vm",
    "hours": "h",
    "year": "yr",
    "years": "yr",
}
_TIMES: dict[str, dict[str, float]] = {
    "B": {
        "kB": 1e3,
        "MB": 1e6,
        "GB": 1e9,
        "TB": 1e12,
        "PB": 1e15,
        "KiB": 2.0**10,
        "MiB": 2.0**20,
        "GiB": 2.0**30,
        "TiB": 2.0**40,
    },
    "B/s": {
        "MB/s": 1e6,
        "GB/s": 1e9,
        "MiB/s": 2.0**20,
        "Mbit/s": 125e3,
        "Gbit/s": 125e6,
        "Mbps": 125e3,
        "Gbps": 125e6,
    },
    "Hz": {"MHz": 1e6, "GHz": 1e9},
    "IOPS": {"kIOPS": 1e3},
    "VA": {"kVA": 1e3},
    "W": {"kW": 1e3},
    "kWh": {"MWh": 1e3},
}
_BY = {"1": {"%": 100.0}, "1/yr": {"%/yr": 100.0}}


def _factors() -> Iterator[tuple[tuple[str, str], Factor]]:
    money = (f"{currency}{per}" for currency in CURRENCIES for per in _OF_MONEY)
    for unit in (*_SAME, *money):
        yield (unit, unit), (1.0, 1.0)
    for written, unit in _WRITTEN_OTHERWISE.items():
        yield (written, unit), (1.0, 1.0)
    for unit, larger in _TIMES.items():
        yield from (((written, unit), (times, 1.0)) for written, times in larger.items())
    for unit, smaller in _BY.items():
        yield from (((written, unit), (1.0, by)) for written, by in smaller.items())


USUAL_FACTORS = dict(_factors())
"""Numerator and denominator by the unit that is written and the unit that is meant."""
