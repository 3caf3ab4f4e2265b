"""What is known of a load curve before anything is measured: the shape that machines have."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from planner.data_files import shipped

Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

LEVELS: Floats = np.arange(11) / 10.0
"""The load levels of a curve [1]."""

_SHARES = (0.1, 0.7)


@dataclass(frozen=True, eq=False)
class ShapePrior:
    """Gaussian distribution of the shape g in ``P(u) = idle + (max - idle) g(u)``.

    Parameters
    ----------
    mean : ndarray, shape (11,)
        Mean of g at 0, 10 .. 100 % load [1]; 0 at the first level and 1 at the last.
    covariance : ndarray, shape (11, 11)
        Covariance of g [1]; zero in the first and last row and column.
    idle_share : float
        Mean of idle/max [1].
    idle_share_sd : float
        Standard deviation of idle/max [1].
    slope : ndarray, shape (11,)
        Change of the mean of g for a change of idle/max [1]: machines with a high idle share
        have a straighter curve.
    attribution : str
        Whose results the prior is derived from; to be shown wherever the prior is.
    """

    mean: Floats
    covariance: Floats
    idle_share: float
    idle_share_sd: float
    slope: Floats
    attribution: str

    def mean_at(self, idle_share: float) -> Floats:
        """Mean shape of machines of an idle share, kept within the range that was seen."""
        return self.mean + self.slope * (float(np.clip(idle_share, *_SHARES)) - self.idle_share)


def read_prior(path: Path) -> ShapePrior:
    """A prior from a JSON file.

    Parameters
    ----------
    path : Path
        A file with the fields of ``catalogs/power-shape-prior.json``.

    Returns
    -------
    ShapePrior
        The prior.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    share = data["idle_share"]
    return ShapePrior(
        mean=np.array(data["mean"]),
        covariance=np.array(data["cov"]),
        idle_share=share["mean"],
        idle_share_sd=share["sd"],
        slope=np.array(share["slope"]),
        attribution=data["attribution"],
    )


@lru_cache(maxsize=8)
def shipped_prior(scope: str = "wall") -> ShapePrior:
    """The prior that comes with the project, for readings of a scope.

    Parameters
    ----------
    scope : str
        Where the power is measured. ``rapl`` gives the curve of a processor package; anything
        else that of a whole server.

    Returns
    -------
    ShapePrior
        The prior.

    Examples
    --------
    >>> prior = shipped_prior()
    >>> prior.attribution
    'derived from SPECpower_ssj2008 results published by SPEC (spec.org)'
    >>> round(float(prior.mean[5]), 3), round(float(shipped_prior("rapl").mean[5]), 3)
    (0.471, 0.699)
    """
    name = "power-shape-prior-cpu.json" if scope == "rapl" else "power-shape-prior.json"
    return read_prior(shipped("catalogs") / name)
