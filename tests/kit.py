"""A small scenario that uses every section, and the command line run inside the test process."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from planner.build import build
from planner.cli import main
from planner.compute import Computed, compute, compute_all
from planner.measurements import load_all_readings
from planner.ranges import Columns, Draws
from planner.scenario import load_scenario

SMALL = """\
scenario: small
title: Small cloud
description: Everything that a file may hold, once.
currency: AUD
sources:
  meter: the plug-in meter of the office
  guess: an estimate
site:
  electricity_price: {value: 0.25 AUD/kWh, low: 0.22 AUD/kWh, high: 0.30 AUD/kWh,
                      basis: assumption, source: guess, note: with tax}
  years_of_use: 5 yr
  labour_price: 70 AUD/h
  labour_per_node: 3 h
  cooling_cop: {value: 3, low: 2, high: 4, basis: assumption}
  air_temperature_rise: 12 degC
  ups: {rating: 3 kW, apparent_rating: 3.3 kVA, no_load_loss: 40 W, proportional_loss: 0.03,
        square_loss: 0.02, battery: 1 kWh}
  circuits: {volts: 230 V, amps: 16 A, phases: 1, feeds: 2, per_feed: 2, thermal: 0.9,
             derate: {value: 80 %, basis: datasheet, source: the rule of the house}}
  discount_rate: {value: 5 %/yr, low: 3 %/yr, high: 8 %/yr, basis: assumption}
  electricity_price_change: 2 %/yr
  rack_unit_price: 40 AUD/U/month
  hosting_price: 100 AUD/month
  replace_after: 4 yr
  warranty: 3 %/yr
  disposal_price: 20 USD
  residual_share: 10 %
  grid: {intensity: {value: 0.7 kg/kWh, basis: datasheet, source: guess}, region: here, year: 2013}
admission: openstack-2013
workload:
  desktop:
    count: 20
    vcpus: 1
    memory: 2 GiB
    disk: 30 GB
    duty: 15 %
    note: about 20 workstations
growth:
  vms: {value: 20 %/yr, low: 10 %/yr, high: 40 %/yr, basis: assumption, source: guess}
  disk: 30 %/yr
  cpu: 20 %/yr
  memory: 25 %/yr
  years: 3 yr
  start: 2013-05
nodes:
  box:
    title: Box with disks
    parts: {dell-r320: 1, intel-ssd-520-60: 1, big-disk: 2}
    load_model: {name: fan, exponent: 1.4}
    power_from: datasheet
    beyond: {big-disk: 2}
    note: own disks
  metered:
    parts: {intel-dq77kb: 1, intel-i3-3220t: 1, ddr3-1600-sodimm-8g: 2, realtek-rtl8168: 1}
    reading: my-box
    reading_of: look-alike
    load_shape: specpower-2012-2013
parts:
  drives:
    big-disk:
      title: A disk of our own
      capacity: {value: 4 TB, low: 3.9 TB, high: 4.1 TB, basis: datasheet, source: meter}
      read_rate: 150 MB/s
      write_rate: 140 MB/s
      idle_power: 4 W
      peak_power: 7 W
      price: unknown
corrections:
  dell-r320:
    memory: {value: 64 GiB, reason: more modules were bought, source: guess}
catalogs: [own.yaml]
measurements: [own.csv]
rates:
  USD: {value: 1.03 AUD/USD, low: 1 AUD/USD, high: 1.06 AUD/USD, date: 2013-05, source: meter}
spares: {big-disk: {share: 5 %}}
licences:
  guest: {title: System of the guests, per_vm: 10 AUD/month, flavours: [desktop]}
  cloud: {per_host: 100 USD/yr, per_core: 5 AUD/yr, flat: 50 AUD/yr}
designs:
  cluster:
    title: Three boxes
    note: the first idea
    groups:
      box:
        count: 4
        node: box
        runs_vms: true
        owned: false
        memory_reserve: {value: 1 GiB, low: 0.5 GiB, high: 2 GiB, basis: assumption}
        thread_reserve: 1 thread
        links: {back-end: {part: dell-r320, ports: 2}}
      desk: {count: 2, node: metered, utilisation: 10 %, rack: left,
             replace_after: 3 yr, warranty: 0 %/yr, service_price: 15 AUD/yr,
             night: {hours: 10 h, nodes_off: 1}}
      switch: {count: 1, part: own-switch}
    storage:
      ceph:
        software: ceph-filestore
        hosts: {box: {drive: big-disk, reserve: 20 GB}}
        copies: 3
        minimum_shares: 2
        failure_domain: host
        network: back-end
        client: library
        local: false
        clients: [box]
      own:
        software: local-lvm
        hosts: {box: {drive: intel-ssd-520-60, drives: 1, share: 50 %}}
        raid: {level: 0, spares: 0}
        local: true
    vm_disks: ceph
    quorums: {monitors: {box: 3}}
    spares: {desk: {count: 1}}
    licences: [guest, cloud]
    pools:
      volumes: {use: block, backend: ceph, data: 1 TB, growth: 20 %/yr, copies: 2}
  coded:
    title: The same with parity
    extends: cluster
    apply: [more-boxes]
    storage: {ceph: {copies: null, data_shares: 2, parity_shares: 1}, own: null}
overrides:
  more-boxes: {groups: {box: {count: 6}}}
baseline: cluster
requirements:
  - {text: all VMs fit, quantity: vms, at_least: {quantity: workload_vms, times: 1.0}}
  - {quantity: mean_power, at_most: 2 kW, note: one circuit}
weights: {mean_power: 2, vms: {weight: 1, better: higher}}
penalties:
  - {quantity: vms, needed: {quantity: workload_vms}, under: 500 AUD, over: 20 AUD, per: 1 vm}
claims:
  - id: same-power
    text: Both draw about the same.
    holds_if:
      - {design: cluster, quantity: peak_power, about: {design: coded, quantity: peak_power},
         within: 0.6}
    limits:
      - {design: cluster, quantity: box.node_peak_power, at_least: 10 W, note: at the wall}
    note: with the switch
rules: current
planned_host_losses: 1
suppress:
  - {code: EQUO01, design: cluster, reason: the fourth box is bought next year}
"""

OWN_CATALOG = """\
kind: switches
about: What stands in the cellar.
sources: {label: label on the back}
parts:
  own-switch:
    title: Old switch
    era: about 2012
    note: noisy
    ports_1g: {value: 24, basis: datasheet, source: label}
    ports_10g: {value: 0, basis: datasheet, source: label}
    idle_power: {value: 20 W, low: 15 W, high: 25 W, basis: assumption}
    peak_power: {value: 30 W, basis: nameplate, source: label}
    price: {value: unknown}
"""

OWN_READINGS = """\
reading,load,load_average,threads,power_w,bound,scope,meter_sd_w,vms,source,note
my-box,0,,4,12,,wall,0.5,0,meter,at rest
my-box,,6.0,4,31,upper,wall,,6,meter,busy
"""


@pytest.fixture
def few_draws(monkeypatch):
    """Few draws for the ranges, where these are not at issue: it is ten times faster."""
    for function in (compute, Draws.__init__):
        monkeypatch.setattr(function, "__defaults__", (30, *function.__defaults__[1:]))


@dataclass(frozen=True)
class Result:
    """What a run of the command line gave."""

    code: int
    out: str
    err: str


def planner(*arguments: str) -> Result:
    """Run the command line in this process, as its entry point would."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with patch.multiple(sys, argv=["planner", *arguments], stdout=out, stderr=err):
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
        out.flush(), err.flush()
        texts = [stream.buffer.getvalue().decode() for stream in (out, err)]
    return Result(code, *texts)


def computed(path: str) -> dict[str, Computed]:
    """Every design of a scenario, computed and not judged."""
    loaded = load_scenario(path)
    readings = load_all_readings(loaded.readings_files)
    plans = {name: build(loaded, readings, name) for name in loaded.scenario.designs}
    columns = Columns.of((fact for plan in plans.values() for fact in plan.facts()), Draws())
    return compute_all(plans, columns, plans.get(loaded.scenario.baseline or ""))


def write_alone(folder: Path, design: str, change: dict[str, Any], base: str = "vrt-2013") -> str:
    """One design of a shipped scenario with a change, and nothing asked of it; the path."""
    others = {name: None for name in load_scenario(base).scenario.designs if name != design}
    left_out = {"baseline": None, "claims": None, "requirements": None, "designs": others}
    path = folder / "alone.yaml"
    path.write_text(json.dumps({"extends": base, **left_out, **change}), encoding="utf-8")
    return str(path)


def write_small(folder: Path, text: str = SMALL) -> str:
    """The small scenario with its catalog and readings in a folder; its path."""
    (folder / "own.yaml").write_text(OWN_CATALOG, encoding="utf-8")
    (folder / "own.csv").write_text(OWN_READINGS, encoding="utf-8")
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)
