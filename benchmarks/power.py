"""Time of calibrations and of load curves: ``python benchmarks/power.py``.

Published formulas of other planners, written as they publish them (one value a call), run beside
ours in the same process; compare the ratios, since the times depend on the machine.
"""

from __future__ import annotations

import math
import timeit
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from planner.calibration import calibrate, next_measurement
from planner.models.load_curves import curve_power, load_curve

LEVELS = [58.4, 98, 109, 118, 128, 140, 153, 170, 189, 205, 222]
YEAR = np.random.default_rng(1).beta(2.0, 5.0, 8760)
HOURS = YEAR.tolist()


def peer_table(load: float) -> float:
    """CloudSim ``PowerModelSpecPower``: a table of eleven values, straight lines between."""
    if load % 0.1 == 0:
        return LEVELS[int(load * 10)]
    lower, upper = math.floor(load * 10), math.ceil(load * 10)
    delta = (LEVELS[upper] - LEVELS[lower]) / 10
    return LEVELS[lower] + delta * (load - lower / 10) * 100


def peer_formula(name: str) -> Callable[[float], float]:
    """OpenDC ``PowerModels.java``, between 58.4 and 222 W."""
    shapes: dict[str, Callable[[float], float]] = {
        "linear": lambda load: load,
        "square": lambda load: load**2,
        "cubic": lambda load: load**3,
        "sqrt": math.sqrt,
        "mse": lambda load: 2 * load - load**1.4,
        "asymptotic": lambda load: (1 + load - math.exp(-load / 0.3)) / 2,
    }
    shape = shapes[name]
    return lambda load: 58.4 + (222 - 58.4) * shape(min(1.0, max(0.0, load)))


def seconds(call: Callable[[], Any], runs: int) -> float:
    """Least time of one call, over five rounds."""
    return min(timeit.repeat(call, number=runs, repeat=5)) / runs


def calibrations() -> None:
    """Calibrations a second, by what was read."""
    ends = [(0.0, 58.4, 2.0), (1.0, 222.0, 5.0)]
    sets = {
        "idle and maximum": ends,
        "and 50 %": [*ends, (0.5, 140.0, 4.0)],
        "20 and 70 % only": [(0.2, 109.0, 3.0), (0.7, 170.0, 4.0)],
        "a year of hours": [(load, float(curve_power(LEVELS, load)), 5.0) for load in HOURS],
    }
    warnings.simplefilter("ignore")
    for name, readings in sets.items():
        time = seconds(lambda: calibrate(readings), 3 if len(readings) > 100 else 200)  # noqa: B023
        print(f"calibrate, {name:18} {1 / time:10,.0f} a second {1e6 * time:10,.0f} us")
    curve = calibrate(ends)
    time = seconds(lambda: next_measurement(curve), 50)
    print(f"next measurement              {1 / time:10,.0f} a second {1e6 * time:10,.0f} us")


def years() -> None:
    """A year of hourly loads through each curve, ours and the peer's."""
    curve = calibrate([(0.0, 58.4), (0.5, 140.0), (1.0, 222.0)])
    time = seconds(lambda: curve.interval(YEAR), 20)
    print(f"year of hours, band of a calibrated curve {1e6 * time:9,.0f} us")
    names = ["linear", "square", "cubic", "sqrt", "mse", "asymptotic"]
    ours = {name: load_curve(name, 58.4, 222.0) for name in names}
    peers = {name: peer_formula(name) for name in names}
    ours["table of 11 levels"] = load_curve("interpolate", LEVELS)
    peers["table of 11 levels"] = peer_table
    for name, peer in peers.items():
        mine = seconds(lambda: ours[name](YEAR), 50)  # noqa: B023
        theirs = seconds(lambda: [peer(load) for load in HOURS], 3)  # noqa: B023
        ratio = theirs / mine
        print(
            f"year of hours, {name:20} {1e6 * mine:7,.0f} us, peer {1e6 * theirs:8,.0f} us", end=""
        )
        print(f" = {ratio:5.1f} x")


def samples() -> None:
    """A year of hourly loads for 100 sampled curves at once."""
    drawn = calibrate([(0.0, 58.4, 2.0), (1.0, 222.0, 5.0)]).samples(100, seed=1)
    time = seconds(lambda: curve_power(drawn, YEAR[:, np.newaxis]), 3)
    print(
        f"100 sampled curves over a year {1e3 * time:.1f} ms, {0.876 / time:.1f} M points a second"
    )


if __name__ == "__main__":
    calibrations()
    years()
    samples()
