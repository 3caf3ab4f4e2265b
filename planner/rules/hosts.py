"""Rules on the VMs and the hosts that are to run them."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import DESIGN, GANETI, HOSTS, NOT_GANETI
from planner.rules.view import Subject

TOPIC = "Virtual machines"

MOST_CPU_OVERCOMMIT = 4.0
MOST_MEMORY_OVERCOMMIT = 1.0
"""Proposals: Nova's defaults since 2023."""


@rule(
    "EVM01",
    "error",
    TOPIC,
    DESIGN,
    fires="a VM has more memory or more virtual processors than every host has",
    fix="use larger hosts or smaller VMs",
    source="OpenStack Nova, max_unit of an inventory; any hypervisor",
)
def every_vm_fits_a_host(_: Subject, unplaceable_vms: float) -> Iterator[Broken]:
    """Every VM of the workload fits on some host.

    A VM lives on one host: no overcommit lets it have more processors or more real memory than
    that.
    """
    if unplaceable_vms:
        yield Broken(
            f"{unplaceable_vms:g} VMs of the workload have more memory or more virtual "
            "processors than any host"
        )


@rule(
    "EVM03",
    "error",
    TOPIC,
    DESIGN,
    fires="a layout of the VMs, each with its own size, leaves some without a place",
    fix="use more or larger hosts, or more storage; `planner place` lists the VMs, `planner size` "
    "the hosts",
    source="packing of the workload by the scenario's admission rule",
)
def every_vm_has_a_place(
    _: Subject, vms_without_place: float, workload_vms: float, unplaceable_vms: float = 0.0
) -> Iterator[Broken]:
    """Every VM of the workload has a place on a host, and its disk in the storage.

    What the hosts hold of VMs of the mean size says nothing of the gaps that unequal sizes leave,
    and of VMs that must keep apart.
    """
    if vms_without_place > unplaceable_vms:
        yield Broken(f"{vms_without_place:g} of {workload_vms:g} VMs have no place")


@rule(
    "EOST03",
    "warning",
    TOPIC,
    DESIGN,
    fires=f"more than {MOST_CPU_OVERCOMMIT:g} virtual processors a thread are promised, or more "
    "memory than there is (proposals); its error, VMs larger than a host, is EVM01, so that who "
    "accepts these ratios accepts nothing worse",
    fix="choose an admission rule with smaller ratios",
    source="OpenStack Nova: 16 and 1.5 were the defaults until 2022, 4 and 1 are since; OpenStack "
    "operations guide",
)
def overcommit_is_moderate(
    _: Subject, cpu_overcommit: float, memory_overcommit: float
) -> Iterator[Broken]:
    """Hosts promise no more than they can be expected to keep.

    Memory that is promised twice is swapped, or its VMs are killed, when all of them use theirs.
    The ratios are printed with every result.
    """
    if cpu_overcommit > MOST_CPU_OVERCOMMIT or memory_overcommit > MOST_MEMORY_OVERCOMMIT:
        yield Broken(
            f"{cpu_overcommit:g} virtual processors a thread and {memory_overcommit:g} bytes a "
            f"byte of memory are promised; at most {MOST_CPU_OVERCOMMIT:g} and "
            f"{MOST_MEMORY_OVERCOMMIT:g} are advised"
        )


@rule(
    "WVM02",
    "warning",
    TOPIC,
    HOSTS,
    fires="more virtual processors of the VMs placed want to run on average than there are threads",
    fix="place fewer VMs, or use hosts with more threads",
    source="conservation of work: n processors' work on fewer threads takes longer",
)
def threads_are_not_saturated(
    one: Subject, host_load_per_thread: float, host_thread_share: float, host_ready_fraction: float
) -> Iterator[Broken]:
    """The threads of a host do the work that its VMs have on average.

    Above a load of one a thread the queue never ends: each virtual processor gets its share of a
    thread, and waits for the rest of the time.
    """
    if host_load_per_thread > 1.0:
        yield Broken(
            f"{one.name}: saturated at a load of {host_load_per_thread:.3g} a thread: each virtual "
            f"processor that wants to run gets {host_thread_share:.0%} of a thread and waits "
            f"{host_ready_fraction:.0%} of the time"
        )


def _lost_with_a_host(placed: float, after: float, planned: float) -> Iterator[Broken]:
    if planned and after < placed:
        yield Broken(
            f"{placed:g} VMs of the workload run, and {after:g} after the loss of the host that "
            "holds most"
        )


@rule(
    "WHA01",
    "warning",
    TOPIC,
    NOT_GANETI,
    fires="fewer VMs run after the loss of a host than before: the hosts are loaded above (n-1)/n",
    fix="add a host, or run fewer VMs",
    source="anystackarchitect.com (66 % for three Proxmox nodes); (n-1)/n for n equal hosts",
)
def a_host_to_spare(
    _: Subject,
    placed_vms: float,
    vms_after_one_host_loss: float,
    planned_host_losses: float = 1.0,
) -> Iterator[Broken]:
    """All VMs run after the loss of any one host."""
    yield from _lost_with_a_host(placed_vms, vms_after_one_host_loss, planned_host_losses)


@rule(
    "WGAN01",
    "warning",
    TOPIC,
    GANETI,
    fires="the instances of some node cannot all restart on the others",
    fix="add a node, or run fewer instances",
    source="Ganeti, hcheck and _VerifyNPlusOneMemory",
)
def nodes_are_n_plus_one(
    _: Subject,
    placed_vms: float,
    vms_after_one_host_loss: float,
    planned_host_losses: float = 1.0,
) -> Iterator[Broken]:
    """Ganeti's cluster is N+1: the instances of any one node restart elsewhere.

    An upper bound: the secondaries of mirrored instances may lie worse than the best.
    """
    yield from _lost_with_a_host(placed_vms, vms_after_one_host_loss, planned_host_losses)
