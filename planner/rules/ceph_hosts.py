"""Rules on the hosts of a Ceph storage: memory, cores, drives, links, and who shares them."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import CEPH, CEPH_HOSTS
from planner.rules.view import Subject
from planner.units import format_quantity
from planner.wording import counted

TOPIC = "Hosts of Ceph"

LEAST_MEMORY = 2.0 * 2**30
TARGET_MEMORY = 4.0 * 2**30
"""Memory of an OSD [B]: below the least is not supported, the target is its default."""
DUAL_CORE = 2.0
THREADS_OF_NVME = 4.0
MANY_OSDS = 20.0
FAST_LINK = 1.25e9
TWO_GIGABIT = 0.25e9

HW_2013 = "Ceph hardware recommendations, 2012-13"
HW_BOTH = "Ceph hardware recommendations, 2012-13 and current"
HW_NOW = "Ceph hardware recommendations, current"

POOLED = CEPH_HOSTS.where(lambda one: bool(one["runs_vms"]), "no host of VMs holds a Ceph storage")


@rule(
    "WCEP02",
    "warning",
    TOPIC,
    POOLED,
    fires="hosts run VMs and OSDs, and keep no thread back, or less memory than the OSDs take",
    fix="keep memory and threads back for the OSDs (`memory_reserve`, `thread_reserve`)",
    source=f"{HW_BOTH}; Proxmox supports it",
)
def osds_have_their_share(
    one: Subject,
    osds_on_host: float,
    memory_for_daemons: float,
    threads_for_daemons: float,
    daemon_memory: float,
) -> Iterator[Broken]:
    """Hosts of VMs keep memory and cores back for their OSDs.

    Recovery needs them exactly when the VMs of a lost host come on top.
    """
    if memory_for_daemons < daemon_memory or threads_for_daemons < 1.0:
        needed = format_quantity(daemon_memory, "B")
        yield Broken(
            f"{one.name}: {counted(osds_on_host, 'OSD')} beside VMs take {needed}; kept back are "
            f"{format_quantity(memory_for_daemons, 'B')} and {threads_for_daemons:g} threads",
            f"keep {needed} and {counted(osds_on_host, 'thread')} back (`memory_reserve`, "
            "`thread_reserve`)",
        )


@rule(
    "WCEP03",
    "warning",
    TOPIC,
    CEPH_HOSTS,
    eras=("2013",),
    fires="memory is below 0.5 GB an OSD and 1 GB a monitor, or below 1 GB for each TB in recovery",
    fix="add memory, or keep more of it back from the VMs",
    source=f"{HW_2013} (0.5 GB an OSD); the later FileStore text (1 GB for each TB in recovery)",
)
def filestore_has_memory(
    one: Subject,
    memory_for_daemons: float,
    steady_daemon_memory: float,
    recovery_daemon_memory: float,
    osds_on_host: float,
    monitors_on_host: float,
) -> Iterator[Broken]:
    """FileStore's daemons have the memory that they take, in recovery too."""
    steady = memory_for_daemons < steady_daemon_memory
    if steady or memory_for_daemons < recovery_daemon_memory:
        needed = max(steady_daemon_memory, recovery_daemon_memory)
        daemons = counted(osds_on_host, "OSD") + (" and a monitor" if monitors_on_host else "")
        yield Broken(
            f"{one.name}: {format_quantity(memory_for_daemons, 'B')} for {daemons}, which take "
            f"{format_quantity(steady_daemon_memory, 'B')}, and "
            f"{format_quantity(recovery_daemon_memory, 'B')} in recovery",
            f"give them {format_quantity(needed, 'B')}",
        )


@rule(
    "ECEP04",
    "error",
    TOPIC,
    CEPH_HOSTS,
    eras=("current",),
    fires="an OSD has less than 2 GiB (error) or 4 GiB (warning), after the monitor and with a "
    "fifth to spare",
    fix="add memory, or keep more of it back from the VMs: 4 GiB an OSD by default, 8 advised",
    source=f"{HW_NOW}; Proxmox: 8 GiB an OSD; IBM Storage Ceph: 5 GB an OSD at least",
)
def bluestore_has_memory(
    one: Subject, memory_per_osd: float, osds_on_host: float, memory_for_daemons: float
) -> Iterator[Broken]:
    """Each OSD has the memory of its default target.

    BlueStore caches in its own memory: below 2 GiB it does not keep its metadata there.
    """
    if memory_per_osd < TARGET_MEMORY:
        yield Broken(
            f"{one.name}: {format_quantity(memory_per_osd, 'B')} for each of {osds_on_host:g} "
            f"OSDs, of {format_quantity(memory_for_daemons, 'B')} that VMs do not get; 4 GiB is "
            "the default target",
            severity="error" if memory_per_osd < LEAST_MEMORY else "warning",
        )


@rule(
    "WCEP05",
    "warning",
    TOPIC,
    CEPH_HOSTS,
    fires="2013: the host has fewer than two cores; current: less than a core an OSD, or than four "
    "threads an OSD on NVMe; below two cores an OSD of VM disks: information",
    fix="use a processor with more cores, or keep more of them back from the VMs",
    source=f"{HW_BOTH}; Proxmox: 4 to 6 threads an OSD on NVMe",
)
def osds_have_cores(
    one: Subject,
    node_cores: float,
    cores_for_daemons: float,
    cores_per_osd: float,
    threads_per_osd: float,
    osds_on_host: float,
) -> Iterator[Broken]:
    """The daemons have the cores that they take.

    In 2013 "reasonable, for instance a dual core"; today a core for each OSD under light load,
    two under VM disks. Hosts of VMs that keep no core back are WCEP02.
    """
    told = f"{one.name}: {counted(cores_for_daemons, 'core')} for {counted(osds_on_host, 'OSD')}"
    if one["era"] == "2013":
        if node_cores < DUAL_CORE:
            yield Broken(f"{one.name}: {counted(node_cores, 'core')}; a dual core is the least")
    elif one["runs_vms"] and not cores_for_daemons:
        return
    elif one["nvme"] and threads_per_osd < THREADS_OF_NVME:
        yield Broken(f"{told} on NVMe, {threads_per_osd:g} threads each; 4 to 6 are advised")
    elif cores_per_osd < 1.0:
        yield Broken(f"{told}; one each is the least that is advised")
    elif not one["nvme"] and one["holds_vms"] and cores_per_osd < 2.0:
        yield Broken(f"{told}; two each are advised for VM disks", severity="information")


@rule(
    "WCEP06",
    "warning",
    TOPIC,
    CEPH,
    fires="the drives of a host read faster together than its links to the storage network carry",
    fix="use faster or more links, or fewer drives a host",
    source=HW_BOTH,
)
def links_carry_the_drives(
    one: Subject, disk_link_ratio: float, least_host_link: float
) -> Iterator[Broken]:
    """The links of a storage host carry what its drives read."""
    if disk_link_ratio > 1.0:
        links = format_quantity(least_host_link, "B/s")
        yield Broken(
            f"{one.name}: the drives of a host read {disk_link_ratio:.3g} times what its links of "
            f"{links} carry"
        )


@rule(
    "WCEP07",
    "warning",
    TOPIC,
    CEPH,
    fires="2013: links of a host to the storage network of less than 2 Gbit/s together, unless "
    "copies have a network of their own; current: of less than 10 Gbit/s",
    fix="2013: two ports of 1 Gbit/s at least, or 10 Gbit/s; current: 10 Gbit/s or more",
    source=f"{HW_BOTH}; Proxmox: 10 Gbit/s for Ceph alone",
)
def links_are_fast(
    one: Subject, least_host_link: float, separate_replication: float = 0.0
) -> Iterator[Broken]:
    """The storage network is as fast as its time advises.

    In 2013 two networks of 1 Gbit/s, one for clients and one for copies; today 10 Gbit/s.
    """
    old = one["era"] == "2013"
    least = TWO_GIGABIT if old else FAST_LINK
    if least_host_link < least and not (old and separate_replication):
        links, wanted = (format_quantity(rate, "B/s") for rate in (least_host_link, least))
        fix = "link two ports of 1 Gbit/s or one of 10 Gbit/s" if old else "link 10 Gbit/s or more"
        yield Broken(f"{one.name}: links of {links} a host, {wanted} are advised", fix)


@rule(
    "WCEP08",
    "warning",
    TOPIC,
    CEPH_HOSTS,
    fires="the operating system is on an OSD's drive, an OSD gets only a part of a drive, a hard "
    "disk holds less than 1 TB, or a RAID is below the OSDs",
    fix="give each OSD a whole drive of 1 TB or more on a plain host adapter, and the operating "
    "system another",
    source=f"{HW_BOTH}; Proxmox, pveceph (no RAID controllers)",
)
def osds_have_whole_drives(one: Subject, osds_on_host: float | None = None) -> Iterator[Broken]:
    """Each OSD has a drive of its own."""
    faults = {
        "the operating system shares an OSD's drive": one["system_on_osd_drive"],
        "OSDs share drives": one["shared_drives"],
        "hard disks of less than 1 TB": one["small_disks"],
        "a RAID is below the OSDs": one["raid"],
    }
    found = [fault for fault, there in faults.items() if there]
    if found:
        number = "" if osds_on_host is None else f" ({counted(osds_on_host, 'OSD')} a host)"
        yield Broken(f"{one.name}: {'; '.join(found)}{number}")


@rule(
    "WCEP14",
    "warning",
    TOPIC,
    CEPH_HOSTS,
    fires="hosts of OSDs carry monitors",
    fix="put the monitors on other hosts, or on drives of their own and accept it",
    source="Ceph monitor configuration reference; ceph-medic WCOM1. Proxmox does not object",
)
def monitors_apart(one: Subject, monitors_on_host: float, osds_on_host: float) -> Iterator[Broken]:
    """Monitors have hosts of their own.

    They flush their database often, which the OSDs' load delays: a slow monitor is a lost one.
    """
    if monitors_on_host:
        yield Broken(f"{one.name}: monitors on hosts with {counted(osds_on_host, 'OSD')} each")


@rule(
    "WCEP20",
    "warning",
    TOPIC,
    CEPH_HOSTS,
    fires="a host has more than 20 OSDs",
    fix="raise `kernel.pid_max`, or use more hosts",
    source=f"{HW_BOTH} (many OSDs a host)",
)
def threads_are_not_exhausted(one: Subject, osds_on_host: float) -> Iterator[Broken]:
    """A host has no more OSDs than the kernel's usual number of threads allows."""
    if osds_on_host > MANY_OSDS:
        yield Broken(f"{one.name}: {counted(osds_on_host, 'OSD')} a host, above {MANY_OSDS:g}")
