"""Designs compared in a second: ``python benchmarks/compare.py``.

Whole designs as `planner compare` computes them, alone and with draws; then VMs, power and cost of
many candidates at once by the same models, beside the same formulas written as a plain loop and
beside the time that this machine needs to move as many bytes. All in one run: compare the ratios,
since the times depend on the machine.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from planner.compute import compute
from planner.evaluation import evaluate, evaluate_fully
from planner.ranges import Draws
from planner.sheet import Cell
from planner.wiring import design_sheet

SCENARIO, DESIGN = "vrt-2013", "mini-itx-cluster"
WANTED = ("vms", "mean_power", "total_cost")
CANDIDATES, LOOPED = 100_000, 2_000
GIB = 2.0**30
Given = dict[str, np.ndarray[Any, np.dtype[np.float64]]]


def seconds(call: Callable[[], Any], rounds: int = 3) -> float:
    """Least processor time of one call."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)


def whole_designs() -> None:
    """Every quantity of every design of a scenario."""
    plans = [computed.plan for computed in evaluate_fully(SCENARIO).designs.values()]
    for draws in (0, 1_010, 10_000):

        def every(draws: int = draws) -> None:
            shared = Draws(draws)
            for plan in plans:
                compute(plan, shared)

        taken = seconds(every)
        rate, values = len(plans) / taken, len(plans) * max(draws, 1) / taken
        print(f"whole designs, {draws:6,} draws {rate:12,.1f} designs/s {values:14,.0f} draws/s")
    for samples in (None, 10_000):
        taken = seconds(lambda samples=samples: evaluate(SCENARIO, samples))
        name = "compare" if samples is None else f"compare --samples {samples}"
        print(f"{name:24} {taken:8.2f} s for {len(plans)} designs, with everything it reports")


def candidates(count: int) -> Given:
    """What the design sheet is given for variations of one design, candidates last."""
    rng = np.random.default_rng(1)
    found = evaluate_fully(SCENARIO, samples=100).designs[DESIGN].given
    inputs = design_sheet().inputs
    given = {name: c.nominal[..., np.newaxis] for name, c in found.items() if name in inputs}
    hosts = rng.integers(4, 41, count).astype(float)
    varied = np.array(np.broadcast_to(given["equipment_count"], (4, count)))
    varied[0] = hosts
    memory = rng.choice([16.0, 24.0, 32.0], count) * GIB
    return given | {
        "equipment_count": varied,
        "host_count": hosts[np.newaxis],
        "host_memory": memory[np.newaxis],
        "equipment_price": given["equipment_price"] * rng.uniform(0.8, 1.3, (4, count)),
        "flavour_memory": given["flavour_memory"] * rng.uniform(0.7, 1.5, (4, count)),
        "flavour_duty": given["flavour_duty"] * rng.uniform(0.5, 2.0, (4, count)),
        "electricity_price": given["electricity_price"] * rng.uniform(0.8, 1.5, count),
        "vm_store_capacity": given["vm_store_capacity"] * rng.uniform(0.2, 2.0, count),
    }


def cells_of(given: Given) -> dict[str, Cell]:
    sheet = design_sheet()
    return {name: Cell(name, sheet.inputs[name], values) for name, values in given.items()}


def vectorised(given: Given) -> dict[str, Cell]:
    """The models themselves, all candidates at once."""
    return design_sheet().evaluate(cells_of(given), WANTED)


def plain_loop(given: Given, count: int) -> list[tuple[float, float, float]]:
    """The same formulas in plain Python, one candidate after another."""
    wide = {name: np.broadcast_to(v, (*v.shape[:-1], count)) for name, v in given.items()}
    rows = {name: np.moveaxis(values, -1, 0).tolist() for name, values in wide.items()}
    return [plain({name: values[i] for name, values in rows.items()}) for i in range(count)]


def plain(g: dict[str, Any]) -> tuple[float, float, float]:
    """VMs, mean power and total cost of one candidate without losses of hosts."""
    counts, memories, vcpus = g["flavour_count"], g["flavour_memory"], g["flavour_vcpus"]
    asked = sum(counts)
    memory = sum(n * m for n, m in zip(counts, memories, strict=True)) / asked
    vcpu = sum(n * v for n, v in zip(counts, vcpus, strict=True)) / asked
    disk = sum(n * d for n, d in zip(counts, g["flavour_disk"], strict=True)) / asked
    free = (g["host_memory"][0] - g["host_memory_reserve"][0]) * g["memory_overcommit"]
    threads = (g["host_threads"][0] - g["host_thread_reserve"][0]) * g["cpu_overcommit"]
    by_memory = g["host_count"][0] * math.floor(free / memory * (1.0 + 1e-12))
    by_cpu = g["host_count"][0] * math.floor(threads / vcpu * (1.0 + 1e-12))
    by_disk = math.floor(g["vm_store_capacity"] * g["disk_overcommit"] / disk * (1.0 + 1e-9))
    vms = min(by_memory, by_cpu, by_disk)
    placed = min(vms, asked)
    load = sum(n * v * d for n, v, d in zip(counts, vcpus, g["flavour_duty"], strict=True))
    busy = min(1.0, load * placed / asked / (g["host_count"][0] * g["host_threads"][0]))
    power = 0.0
    for group, number in enumerate(g["equipment_count"]):
        used = busy if g["runs_vms"][group] else g["stated_utilisation"][group]
        level = min(int(used * 10.0), 9)
        curve = [row[group] for row in (g["equipment_load_curve"][level : level + 2])]
        power += number * (curve[0] + (used * 10.0 - level) * (curve[1] - curve[0]))
    energy = power * 8760.0 / 1000.0 * g["electricity_price"]
    nodes = sum(n * is_node for n, is_node in zip(g["equipment_count"], g["is_node"], strict=True))
    labour = nodes * g["labour_per_node"] * g["labour_price"]
    price = sum(n * p for n, p in zip(g["equipment_count"], g["equipment_price"], strict=True))
    return vms, power, price + g["years_of_use"] * (energy + labour)


def moved(cells: dict[str, Cell]) -> int:
    """Bytes that the models read and write: every argument and every result once a formula."""
    found = {id(cell): cell for name in WANTED for cell in cells[name].walk() if cell.function}
    return sum(
        cell.value.nbytes + sum(below.value.nbytes for _, below in cell.inputs)
        for cell in found.values()
    )


def bytes_a_second() -> float:
    """What numpy moves while it multiplies two arrays that fit no cache into a third."""
    size = 20_000_000
    one, other, out = np.ones(size), np.ones(size), np.empty(size)
    return 3.0 * one.nbytes / seconds(lambda: np.multiply(one, other, out=out), 7)


def many_candidates() -> None:
    """Candidates a second: vectorised, plain loop, and what the memory alone would allow."""
    given = candidates(CANDIDATES)
    few = {name: v if v.shape[-1] == 1 else v[..., :LOOPED] for name, v in given.items()}
    cells = vectorised(given)
    ours = np.array([np.broadcast_to(cells[name].value, CANDIDATES)[:LOOPED] for name in WANTED]).T
    np.testing.assert_allclose(plain_loop(few, LOOPED), ours, rtol=1e-9)
    fast = CANDIDATES / seconds(lambda: vectorised(given))
    one = {name: v[..., :1] for name, v in given.items()}
    single = 1.0 / seconds(lambda: vectorised(one), 20)
    slow = LOOPED / seconds(lambda: plain_loop(few, LOOPED))
    limit = CANDIDATES * bytes_a_second() / moved(cells)
    print(f"\n{' and '.join(WANTED)} of {CANDIDATES:,} candidates, the same to 1e-9")
    for name, rate in (
        ("models, one candidate", single),
        ("plain Python loop", slow),
        ("models, vectorised", fast),
        ("memory alone", limit),
    ):
        print(f"{name:24} {rate:14,.0f} candidates/s {rate / slow:10.2f} x the plain loop")
    print(f"vectorised, of the memory's limit: {100.0 * fast / limit:.0f} %")


if __name__ == "__main__":
    whole_designs()
    many_candidates()
