"""What a storage host's daemons have, and what they need: memory, cores, drives, links.

A host that runs VMs leaves to the daemons what it keeps back from the VMs; any other host leaves
them everything.
"""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Byte, Core, Number, Part, Thread


def osds_on_host(osd_count: Part) -> Part:
    """Object storage daemons (OSDs) of Ceph on one host, one for each drive.

    Parameters
    ----------
    osd_count : array_like, shape (kinds, ...)
        Drives that each storage has on the host [part].

    Returns
    -------
    array_like
        OSDs [part].

    Examples
    --------
    >>> float(osds_on_host(np.array([2.0, 4.0])))
    6.0
    """
    return np.sum(osd_count, axis=0)


def osd_capacity_on_host(osd_count: Part, osd_capacity: Byte) -> Byte:
    """Capacity behind the OSDs of one host.

    Parameters
    ----------
    osd_count : array_like, shape (kinds, ...)
        Drives that each storage has on the host [part].
    osd_capacity : array_like, shape (kinds, ...)
        Capacity of one of them [B].

    Returns
    -------
    array_like
        Capacity [B].

    Examples
    --------
    >>> float(osd_capacity_on_host(np.array([2.0]), np.array([3e12])))
    6000000000000.0
    """
    return np.sum(osd_count * osd_capacity, axis=0)


def daemon_memory(osd_count: Part, osd_memory: Byte) -> Byte:
    """Memory that the OSDs of one host take, as their software has it.

    Parameters
    ----------
    osd_count : array_like, shape (kinds, ...)
        Drives that each storage has on the host [part].
    osd_memory : array_like, shape (kinds, ...)
        Memory of the daemon of one of them [B].

    Returns
    -------
    array_like
        Memory [B].

    Examples
    --------
    >>> float(daemon_memory(np.array([2.0]), np.array([4e9])))
    8000000000.0
    """
    return np.sum(osd_count * osd_memory, axis=0)


def memory_for_daemons(
    node_memory: Byte, runs_vms: Number, host_memory_reserve: Byte = 0.0
) -> Byte:
    """Memory of a host that VMs do not get.

    Parameters
    ----------
    node_memory : array_like
        Memory of the host [B].
    runs_vms : array_like
        1 where it runs VMs [1].
    host_memory_reserve : array_like
        What it then keeps for itself [B].

    Returns
    -------
    array_like
        Memory [B].

    Examples
    --------
    >>> memory_for_daemons(16e9, 1.0, 2e9), memory_for_daemons(16e9, 0.0)
    (2000000000.0, 16000000000.0)
    """
    return runs_vms * host_memory_reserve + (1.0 - runs_vms) * node_memory


def threads_for_daemons(
    node_threads: Thread, runs_vms: Number, host_thread_reserve: Thread = 0.0
) -> Thread:
    """Hardware threads of a host that VMs do not get.

    Parameters
    ----------
    node_threads : array_like
        Threads of the host [thread].
    runs_vms : array_like
        1 where it runs VMs [1].
    host_thread_reserve : array_like
        What it then keeps for itself [thread].

    Returns
    -------
    array_like
        Threads [thread].

    Examples
    --------
    >>> threads_for_daemons(8.0, 1.0, 2.0), threads_for_daemons(8.0, 0.0)
    (2.0, 8.0)
    """
    return runs_vms * host_thread_reserve + (1.0 - runs_vms) * node_threads


def cores_for_daemons(threads_for_daemons: Thread, node_threads: Thread, node_cores: Core) -> Core:
    """Physical cores of a host that VMs do not get.

    Parameters
    ----------
    threads_for_daemons : array_like
        Hardware threads that VMs do not get [thread].
    node_threads : array_like
        Threads of the host [thread].
    node_cores : array_like
        Its cores [core].

    Returns
    -------
    array_like
        Cores [core].

    Examples
    --------
    >>> cores_for_daemons(4.0, 8.0, 4.0)
    2.0
    """
    return node_cores * threads_for_daemons / node_threads


def cores_per_osd(cores_for_daemons: Core, osds_on_host: Part) -> Core:
    """Physical cores for each OSD of a host.

    Parameters
    ----------
    cores_for_daemons : array_like
        Cores that VMs do not get [core].
    osds_on_host : array_like
        OSDs of the host [part].

    Returns
    -------
    array_like
        Cores [core].

    Examples
    --------
    >>> cores_per_osd(8.0, 4.0)
    2.0
    """
    return cores_for_daemons / osds_on_host


def threads_per_osd(threads_for_daemons: Thread, osds_on_host: Part) -> Thread:
    """Hardware threads for each OSD of a host.

    Parameters
    ----------
    threads_for_daemons : array_like
        Threads that VMs do not get [thread].
    osds_on_host : array_like
        OSDs of the host [part].

    Returns
    -------
    array_like
        Threads [thread].

    Examples
    --------
    >>> threads_per_osd(16.0, 4.0)
    4.0
    """
    return threads_for_daemons / osds_on_host


def memory_per_osd(
    memory_for_daemons: Byte,
    osds_on_host: Part,
    monitors_on_host: Part = 0.0,
    monitor_memory: Byte = 2.0 * 2**30,
    memory_margin: Number = 1.2,
) -> Byte:
    """Memory for each OSD of a host, after its monitor and a margin.

    Parameters
    ----------
    memory_for_daemons : array_like
        Memory that VMs do not get [B].
    osds_on_host : array_like
        OSDs of the host [part].
    monitors_on_host : array_like
        Monitors of the host [part].
    monitor_memory : array_like
        What each of them takes at least [B].
    memory_margin : array_like
        Memory over the sum of what all daemons are given [1].

    Returns
    -------
    array_like
        Memory [B].

    Notes
    -----
    (M / 1.2 - monitors) / OSDs. An OSD's target is no limit: a fifth should stay free.

    References
    ----------
    ceph/ceph doc/start/hardware-recommendations.rst @01f2be7 (20 % more; 2 GB for a monitor at
    least).

    Examples
    --------
    >>> round(float(memory_per_osd(24.0 * 2**30, 4.0)) / 2**30, 9)
    5.0
    """
    left = memory_for_daemons / memory_margin - monitors_on_host * monitor_memory
    return np.maximum(left, 0.0) / osds_on_host


def steady_daemon_memory(
    osds_on_host: Part,
    monitors_on_host: Part = 0.0,
    steady_memory_per_osd: Byte = 0.5e9,
    memory_per_monitor: Byte = 1e9,
) -> Byte:
    """Memory that FileStore's daemons on a host take while nothing is recovered.

    Parameters
    ----------
    osds_on_host, monitors_on_host : array_like
        OSDs and monitors of the host [part].
    steady_memory_per_osd, memory_per_monitor : array_like
        What one of each takes [B].

    Returns
    -------
    array_like
        Memory [B].

    References
    ----------
    ceph/ceph doc/install/hardware-recommendations.rst @17ae3e84df7b: 0.5 GB an OSD, 1 GB a monitor.

    Examples
    --------
    >>> steady_daemon_memory(2.0, 1.0)
    2000000000.0
    """
    return osds_on_host * steady_memory_per_osd + monitors_on_host * memory_per_monitor


def recovery_daemon_memory(
    osd_capacity_on_host: Byte,
    monitors_on_host: Part = 0.0,
    recovery_memory_share: Number = 0.001,
    memory_per_monitor: Byte = 1e9,
) -> Byte:
    """Memory that FileStore's daemons on a host take during recovery.

    Parameters
    ----------
    osd_capacity_on_host : array_like
        Capacity behind the OSDs [B].
    monitors_on_host : array_like
        Monitors of the host [part].
    recovery_memory_share : array_like
        Memory for each byte of capacity [1]: 1 GB for 1 TB.
    memory_per_monitor : array_like
        What a monitor takes [B].

    Returns
    -------
    array_like
        Memory [B].

    References
    ----------
    ceph/ceph doc/start/hardware-recommendations.rst @73d5e83: 1 GB for 1 TB and daemon.

    Examples
    --------
    >>> recovery_daemon_memory(6e12)
    6000000000.0
    """
    return osd_capacity_on_host * recovery_memory_share + monitors_on_host * memory_per_monitor
