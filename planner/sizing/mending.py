"""What else a sized design needs: switches for its ports, hosts for its throughput."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.sizing.search import Search
from planner.sizing.trial import Trial

_MORE = (1, 2, 4, 8, 16)


@dataclass(frozen=True)
class Mend:
    """More items of a group that mend something.

    Parameters
    ----------
    text : str
        What is met with them.
    group : str
        The group.
    before, after : int
        Items of it.
    """

    text: str
    group: str
    before: int
    after: int


def mended(search: Search, trial: Trial) -> tuple[Trial, list[Mend]]:
    """The design with what mends its other failures, and what that is.

    Parameters
    ----------
    search : Search
        Knows the design.
    trial : Trial
        A design that holds all VMs and their disks.

    Returns
    -------
    (Trial, list of Mend)
        A failure stays where up to sixteen items more of no single group mend it.
    """
    mends: list[Mend] = []
    for check in list(trial.failed("other")):
        if check.met is None or check.text not in {one.text for one in trial.failed("other")}:
            continue
        for group in _groups(search, trial):
            found = _least(search, trial, group, check.text)
            if found is not None:
                before = _counts(search, trial)[group]
                mends.append(Mend(check.text, group, before, found))
                trial = search.bench.trial({**trial.counts, group: found})
                break
    return trial, mends


def _groups(search: Search, trial: Trial) -> list[str]:
    """Groups that may be enlarged: switches, then hosts of storage, then hosts."""
    assert trial.computed is not None
    switches = [group.name for group in trial.computed.plan.groups if group.switch]
    hosts = [name for name in search.sizable.hosts if trial.counts.get(name)]
    return [*switches, *search.sizable.stores, *hosts]


def _counts(search: Search, trial: Trial) -> Mapping[str, int]:
    return {**search.there, **trial.counts}


def _least(search: Search, trial: Trial, group: str, text: str) -> int | None:
    """The fewest items of a group with which a check is met, and no other is failed for it."""
    before = _counts(search, trial)[group]
    kept = {one.text for one in trial.failed()}

    def passes(number: int) -> bool:
        failed = {one.text for one in search.bench.trial({**trial.counts, group: number}).failed()}
        return text not in failed and failed <= kept

    enough = next((before + more for more in _MORE if passes(before + more)), None)
    if enough is None:
        return None
    return next(number for number in range(before + 1, enough + 1) if passes(number))
