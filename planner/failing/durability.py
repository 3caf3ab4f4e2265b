"""How likely a backend loses data within a year, by several published models side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.compute import Computed
from planner.facts import Fact
from planner.failing.healing import Healing, healing, least_rate, rebuild_hours
from planner.failing.losses import Loss, drives_of, places_of
from planner.failing.survival import state_after
from planner.models.copysets import copysets_in_use, possible_copysets
from planner.models.durability import (
    model_spread,
    nines,
    pool_loss_probability,
    read_error_probability,
)
from planner.models.markov import rate_from_probability
from planner.models.published_durability import ceph_tools_pool, ceph_tools_raid
from planner.models.recovery import recovery_targets
from planner.plan import BackendPlan, StorePlan

ENDS = ("low", "value", "high")
SLOW = "by_hand"
NAMES = {
    "markov_serial": "Markov, one repair a time",
    "markov_parallel": "Markov, parallel repairs",
    "ceph_tools": "ceph-tools, one peer",
    "backblaze": "Backblaze, fixed windows",
}
RAID_NAME = "ceph-tools, read errors"
POOL_NAME = "ceph-tools pool, declustered"


def durability(
    plan: BackendPlan, computed: Computed, stored: float, replace_hours: float
) -> dict[str, Any]:
    """Annual loss by model, with the drive's failure rate over its range.

    Parameters
    ----------
    plan : BackendPlan
        The backend.
    computed : Computed
        The design that it is part of.
    stored : float
        User data [B]; NaN where the scenario does not say.
    replace_hours : float
        Hours until a failed drive is replaced by hand, where nothing heals by itself.

    Returns
    -------
    dict
        JSON-able; probabilities are None where the failure rate is unknown.
    """
    return _Durability(plan, computed, stored, replace_hours).data()


@dataclass(frozen=True)
class _Durability:
    plan: BackendPlan
    computed: Computed
    stored: float
    replace_hours: float

    @property
    def store(self) -> StorePlan:
        """The drives that fail most often; unknown ones first."""
        return max(self.plan.stores, key=lambda item: _rate(item.reliability))

    def data(self) -> dict[str, Any]:
        """The report on one backend."""
        hours, how = self._repair()
        shares, data, sets = self._sets()
        rate = self.store.reliability["annual_failure_rate"]
        found = self._models(hours)
        spread = [item["object"][end] for item in found for end in (*ENDS, SLOW)]
        known = [value for value in spread if value is not None]
        return {
            "backend": self.plan.name,
            "drive": self.store.drive,
            "failure_rate": {
                **{end: getattr(rate, end) for end in ENDS},
                "basis": str(rate.basis),
                "source": rate.source,
                "note": rate.note,
            },
            "shares": shares,
            "data_shares": data,
            "sets": _plain(sets),
            "repair_hours": _plain(hours),
            "repair": how,
            "repair_hours_by_hand": _plain(self._by_hand()),
            "read_error_probability": _plain(self._read_error()),
            "models": found,
            "least": min(known) if known else None,
            "most": max(known) if known else None,
        }

    def _healing(self) -> Healing:
        """What follows the failure of one drive."""
        loss = Loss("drives", self.plan.name, 1, drives_of(self.plan))
        state = state_after(self.plan, self.computed, loss)
        return healing(self.plan, self.computed, loss, state, self.stored)

    def _heals(self) -> bool:
        return bool(self._healing().heals)

    def _repair(self) -> tuple[float, str]:
        """Time until a failed drive's shares exist again [h], and how."""
        healed = self._healing()
        if healed.heals and healed.hours > 0.0:
            return healed.hours, "by itself, at full rate"
        return self._by_hand(), "after replacing the drive"

    def _by_hand(self) -> float:
        """Time until a drive is replaced and written again [h]."""
        return self.replace_hours + rebuild_hours(self.store.reliability)

    def _sets(self) -> tuple[int, int, float]:
        """Shares and data shares of a redundancy set, and how many sets hold the data."""
        scheme, hosts = self.plan.scheme, sum(store.hosts for store in self.plan.stores)
        if scheme.raid is not None and scheme.shares == 1:
            return scheme.raid.disks, scheme.raid.data, float(scheme.raid.sets * hosts)
        if scheme.in_sets:
            per_host = 1 if scheme.raid else max(drives_of(self.plan) // hosts, 1)
            return (
                scheme.shares,
                scheme.data_shares,
                float(hosts // scheme.shares * per_host),
            )
        members = [
            1 if scheme.raid else store.drives_per_host
            for store in self.plan.stores
            for _ in range(store.hosts)
        ]
        if scheme.domain != "host":
            members = [max(drives_of(self.plan) // places_of(self.plan), 1)] * places_of(self.plan)
        possible = float(
            np.asarray(possible_copysets(np.array(members, dtype=float), scheme.shares))
        )
        groups = self.computed.backends[self.plan.name].get("placement_groups")
        if groups is not None:
            possible = float(np.asarray(copysets_in_use(possible, float(groups.nominal))))
        return scheme.shares, scheme.data_shares, possible

    def _models(self, hours: float) -> list[dict[str, Any]]:
        fact = self.store.reliability["annual_failure_rate"]
        rates = {end: _end(fact, end) for end in ENDS}
        by_end = {end: self._losses(rate, hours) for end, rate in rates.items()}
        by_end[SLOW] = self._losses(rates["value"], self._by_hand())
        _, _, sets = self._sets()
        return [
            {
                "model": name,
                "object": {end: _plain(losses[name]) for end, losses in by_end.items()},
                "nines": {end: _nines(losses[name]) for end, losses in by_end.items()},
                "pool": {end: _pool(losses[name], sets) for end, losses in by_end.items()},
            }
            for name in by_end["value"]
        ]

    def _losses(self, rate: float, hours: float) -> dict[str, float]:
        """Annual loss of one redundancy set by model."""
        shares, data, _ = self._sets()
        raid, hosts_fail = self.plan.scheme.raid, self.plan.scheme.shares > 1
        if raid is not None and hosts_fail:
            rate = self._host_rate(rate, hours)
        spread = model_spread(shares, data, rate, hours)
        found = {NAMES[key]: float(np.asarray(value)) for key, value in spread._asdict().items()}
        if raid is not None and not hosts_fail:
            found[RAID_NAME] = self._raid_loss(rate, hours)
        elif raid is None and self.plan.scheme.crush and data == 1 and self._heals():
            found[POOL_NAME] = self._declustered(rate, hours)
        return found

    def _host_rate(self, rate: float, hours: float) -> float:
        """Rate at which a host loses its RAID [1/yr], by the most cautious model."""
        raid = self.plan.scheme.raid
        assert raid is not None
        one = float(np.asarray(model_spread(raid.disks, raid.data, rate, hours).high))
        return float(np.asarray(rate_from_probability(min(one * raid.sets, 0.999999))))

    def _raid_loss(self, rate: float, hours: float) -> float:
        raid, drive = self.plan.scheme.raid, self.store.reliability
        assert raid is not None
        errors = drive["unrecoverable_errors"].value
        capacity = drive["capacity"].value or math.nan
        loss = ceph_tools_raid(
            raid.disks,
            raid.data,
            rate,
            capacity,
            least_rate(drive),
            max(hours - rebuild_hours(drive), 0.0),
            math.nan if errors is None else errors,
        )
        return float(np.asarray(loss.object_loss))

    def _declustered(self, rate: float, hours: float) -> float:
        """The ceph-tools model, the drives that can really take part as peers.

        Repairs that take longer than drives allow count as a longer delay before they begin.
        """
        scheme, drives = self.plan.scheme, drives_of(self.plan)
        hosts = places_of(self.plan)
        per_host = max(drives // max(hosts, 1), 1)
        targets = recovery_targets(max(hosts, 1), per_host, scheme.shares).after_disk
        cells = self.computed.backends[self.plan.name]
        raw = float(cells["raw_capacity"].nominal)
        full = self.stored * scheme.shares / raw if raw else math.nan
        if math.isnan(full):
            full = float(cells["nearfull_ratio"].nominal)
        journal = float(cells["journal_factor"].nominal)
        loss = ceph_tools_pool(
            scheme.shares,
            rate,
            self.store.reliability["capacity"].value or math.nan,
            min(full, 1.0),
            least_rate(self.store.reliability) / (1.0 + journal),
            max(float(np.asarray(targets)), 1.0),
            (scheme.mark_out_delay.value or 0.0) / 3600.0 + max(hours - self._repair()[0], 0.0),
        )
        return float(np.asarray(loss.object_loss))

    def _read_error(self) -> float:
        """Probability of an unrecoverable error while a drive is re-created [1]."""
        drive, scheme = self.store.reliability, self.plan.scheme
        errors, capacity = drive["unrecoverable_errors"].value, drive["capacity"].value
        if errors is None or capacity is None:
            return math.nan
        sources = scheme.raid.data if scheme.raid else scheme.data_shares
        return float(np.asarray(read_error_probability(capacity * sources, errors)))


def _rate(drive: Mapping[str, Fact]) -> float:
    value = drive["annual_failure_rate"].value
    return math.inf if value is None else value


def _end(fact: Fact, end: str) -> float:
    """The value of a fact at an end of its range; NaN where it is unknown."""
    value = getattr(fact, end)
    value = fact.value if value is None else value
    return math.nan if value is None else float(value)


def _nines(loss: float) -> float | None:
    if math.isnan(loss):
        return None
    return _plain(float(np.asarray(nines(min(max(loss, 0.0), 1.0)))))


def _pool(loss: float, sets: float) -> float | None:
    if math.isnan(loss):
        return None
    return _plain(float(np.asarray(pool_loss_probability(min(max(loss, 0.0), 1.0), sets))))


def _plain(value: float) -> float | None:
    """A number for JSON without the noise of its last digits."""
    return float(f"{value:.6g}") if math.isfinite(value) else None
