"""How many hosts a mix of VMs needs, whether it fits given hosts, and which VM runs where.

Both questions are answered by one search, so that the answers agree: what `cheapest_hosts`
proposes, `fit_into` finds to fit, on these hosts and on more of them. Every answer comes with a
lower bound of the cost, and every layout has passed a checker that knows nothing of the search.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.packing.check import layout_faults
from planner.packing.model import Flavour, HostKind, Problem, Vm, flavours_of, problem_of
from planner.packing.plan import Plan, Unplaced, named_contents, reasons
from planner.packing.solve import Effort, Found, fewest_hosts, within_limits

__all__ = [
    "Effort",
    "Flavour",
    "HostKind",
    "Plan",
    "Unplaced",
    "Vm",
    "cheapest_hosts",
    "fit_into",
    "flavours_of",
]

_POLISH_SECONDS = 10.0


def cheapest_hosts(
    kinds: Sequence[HostKind],
    flavours: Sequence[Flavour],
    losses: int = 0,
    maintenance: int = 0,
    effort: Effort = "bound",
    seconds: float = _POLISH_SECONDS,
) -> Plan:
    """Hosts of the least cost that hold all VMs.

    Parameters
    ----------
    kinds : sequence of HostKind
        Hosts to choose from. What their cost is decides what is kept small: 1 for the number of
        hosts, else price, power or space.
    flavours : sequence of Flavour
        VMs.
    losses : int
        Hosts that may fail at the same time with room for their VMs left (N+k).
    maintenance : int
        Hosts that may be empty for maintenance besides.
    effort : {"quick", "bound", "polish"}
        ``quick`` takes milliseconds, bounds the cost by totals, and may use more hosts than it
        must; ``bound`` solves a linear program over sets of VMs too, packs by its prices, and
        leaves out hosts until none can be; ``polish`` hands the best sets to an integer program
        besides, which needs SciPy.
    seconds : float
        Time limit of the integer program [s].

    Returns
    -------
    Plan
        Hosts, layout, cost and bound. VMs are left over only where they fit no host, or the hosts
        there are do not suffice.

    Raises
    ------
    ValueError
        If a number is negative, names are not unique, or VMs are pinned to a host that does not
        exist or cannot hold them.
    ImportError
        If the integer program is asked for and SciPy is not installed.

    Notes
    -----
    The time depends on the flavours and kinds, not on the number of VMs. With more than 80
    flavours, or 60 kinds of which none makes another useless, there is no linear program; with
    more than 200 flavours times kinds it is not tried whether a host can be left out.

    Hosts kept empty are such that each host in use fits on as many of them as may be lost; they
    count in the cost. The bound then rests on what must survive: hosts for all VMs, without a
    dearest one in use.

    Examples
    --------
    >>> plan = cheapest_hosts(
    ...     [HostKind("host", {"cpu": 64.0, "ram": 250.0})],
    ...     [Flavour("small", {"cpu": 2.0, "ram": 4.0}, 60), Flavour("big", {"ram": 64.0}, 4)],
    ...     losses=1,
    ... )
    >>> plan.hosts, plan.cost, plan.gap
    ({'host': 3}, 3.0, 0.0)
    """
    problem, spares = problem_of(kinds, flavours), _spares(losses, maintenance)
    found = fewest_hosts(problem, spares, effort, seconds)
    return _checked_plan(kinds, flavours, problem, found, spares)


def fit_into(
    kinds: Sequence[HostKind],
    flavours: Sequence[Flavour],
    losses: int = 0,
    maintenance: int = 0,
    effort: Effort = "bound",
    seconds: float = _POLISH_SECONDS,
) -> Plan:
    """Whether all VMs fit the hosts there are, and where they run.

    Parameters
    ----------
    kinds : sequence of HostKind
        Hosts there are; each kind with its count.
    flavours : sequence of Flavour
        VMs.
    losses, maintenance : int
        Hosts that may fail, and be empty for maintenance, at the same time.
    effort : {"quick", "bound", "polish"}
        As for `cheapest_hosts`; ``quick`` too solves the linear program before VMs are said to be
        left over.
    seconds : float
        Time limit of the integer program [s].

    Returns
    -------
    Plan
        The layout; ``verdict`` says whether all VMs fit, and ``unplaced`` which do not and why.

    Raises
    ------
    ValueError
        As `cheapest_hosts`; and if a kind has no count.

    Notes
    -----
    First the hosts of the least cost are looked for as if there were more of them, so that what
    `cheapest_hosts` proposes without limits fits here as well, and on more hosts too. "Does not
    fit" is proved by the bound; where it is not, the search says "not found".

    Examples
    --------
    >>> hosts = [HostKind("host", {"ram": 8.0}, count=2)]
    >>> plan = fit_into(hosts, [Flavour("vm", {"ram": 3.0}, 5)])
    >>> plan.verdict, plan.unplaced[0].vms, plan.unplaced[0].available
    ('does not fit', 1, 2.0)
    """
    endless = [kind.name for kind in kinds if kind.count is None]
    if endless:
        raise ValueError(f"a count is wanted for every kind of host; none for {', '.join(endless)}")
    problem, spares = problem_of(kinds, flavours), _spares(losses, maintenance)
    found = within_limits(problem, spares, effort, seconds)
    return _checked_plan(kinds, flavours, problem, found, spares)


def _spares(losses: int, maintenance: int) -> int:
    if min(losses, maintenance) < 0:
        raise ValueError(f"losses and maintenance must not be negative: {losses}, {maintenance}")
    return losses + maintenance


def _checked_plan(
    kinds: Sequence[HostKind],
    flavours: Sequence[Flavour],
    problem: Problem,
    found: Found,
    spares: int,
) -> Plan:
    """Return what was found, with names and reasons, after an independent check."""
    way, packing, bound = found
    contents, empty = named_contents(
        kinds, flavours, problem.slots, way.problem, packing, way.spares
    )
    unplaced = reasons(flavours, problem, way.problem, packing)
    over = {one.flavour: one.vms for one in unplaced}
    faults = layout_faults(kinds, flavours, contents, over, empty, spares)
    if faults:
        raise RuntimeError("the layout breaks rules: " + "; ".join(faults))
    cost = packing.cost + way.cost
    return Plan(tuple(kinds), tuple(flavours), contents, empty, unplaced, cost, bound)
