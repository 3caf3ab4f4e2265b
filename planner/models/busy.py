"""How busy VMs keep the threads of a host, and how long they wait for one.

The VMs placed are taken as spread over the hosts in proportion to their threads. An admission
ratio says what may be promised; these say what the promise is worth. A hardware thread counts as a
processor: two threads of one core do less than two cores, so that the load per core is shown too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.models.contention import (
    finite_queue,
    processor_share,
    ready_fraction,
    saturated_stretch,
    supported_ratio,
)
from planner.models.dimensions import Array, Core, Number, Thread, Vcpu, Vm

_TINY = 1e-12
_MOST_QUEUED = 1000.0


def host_vcpus(
    placed_vms: Vm, vm_vcpus: Vcpu, node_threads: Thread, host_threads_total: Thread
) -> Vcpu:
    """Virtual processors on one host, with the VMs spread evenly over all threads.

    Parameters
    ----------
    placed_vms : array_like
        VMs placed [vm].
    vm_vcpus : array_like
        Virtual processors of the mean VM [vcpu].
    node_threads : array_like
        Threads of the host [thread].
    host_threads_total : array_like
        Threads of all hosts [thread].

    Returns
    -------
    array_like
        Virtual processors [vcpu].

    Examples
    --------
    >>> host_vcpus(96.0, 1.0, 4.0, 64.0)
    6.0
    """
    return placed_vms * vm_vcpus * node_threads / host_threads_total


def host_load(
    workload_load: Vcpu,
    placed_vms: Vm,
    workload_vms: Vm,
    node_threads: Thread,
    host_threads_total: Thread,
) -> Number:
    """Load of one host: virtual processors on it that want to run on average, without any queue.

    Parameters
    ----------
    workload_load : array_like
        The same for the whole workload [vcpu].
    placed_vms, workload_vms : array_like
        VMs placed and asked for [vm].
    node_threads : array_like
        Threads of the host [thread].
    host_threads_total : array_like
        Threads of all hosts [thread].

    Returns
    -------
    array_like
        Load [1].

    Notes
    -----
    L = sum(vcpus x duty) of its VMs.

    Examples
    --------
    Six VMs that always run on one host of four threads:

    >>> host_load(6.0, 6.0, 6.0, 4.0, 4.0)
    6.0
    """
    return workload_load * placed_vms / workload_vms * node_threads / host_threads_total


def host_load_per_thread(host_load: Number, node_threads: Thread) -> Number:
    """Virtual processors that want to run for each thread; above 1 the host is saturated.

    Parameters
    ----------
    host_load : array_like
        Virtual processors that want to run on average [1].
    node_threads : array_like
        Threads of the host [thread].

    Returns
    -------
    array_like
        Load [1].

    Examples
    --------
    >>> host_load_per_thread(6.0, 4.0)
    1.5
    """
    return host_load / node_threads


def host_load_per_core(host_load: Number, node_cores: Core) -> Number:
    """Virtual processors that want to run for each core; two threads do less than two cores.

    Parameters
    ----------
    host_load : array_like
        Virtual processors that want to run on average [1].
    node_cores : array_like
        Cores of the host [core].

    Returns
    -------
    array_like
        Load [1].

    Examples
    --------
    >>> host_load_per_core(6.0, 2.0)
    3.0
    """
    return host_load / node_cores


def vcpus_per_thread(host_vcpus: Vcpu, node_threads: Thread) -> Number:
    """Virtual processors that are placed for each thread: what the admission ratio came to.

    Parameters
    ----------
    host_vcpus : array_like
        Virtual processors on the host [vcpu].
    node_threads : array_like
        Threads of the host [thread].

    Returns
    -------
    array_like
        Ratio [1].

    Examples
    --------
    >>> vcpus_per_thread(6.0, 4.0)
    1.5
    """
    return host_vcpus / node_threads


def vcpus_per_core(host_vcpus: Vcpu, node_cores: Core) -> Number:
    """Virtual processors that are placed for each core.

    Parameters
    ----------
    host_vcpus : array_like
        Virtual processors on the host [vcpu].
    node_cores : array_like
        Cores of the host [core].

    Returns
    -------
    array_like
        Ratio [1].

    Examples
    --------
    >>> vcpus_per_core(6.0, 2.0)
    3.0
    """
    return host_vcpus / node_cores


def host_thread_share(host_load: Number, node_threads: Thread) -> Number:
    """Share of a thread that each virtual processor gets that wants to run.

    Parameters
    ----------
    host_load : array_like
        Virtual processors that want to run on average [1].
    node_threads : array_like
        Threads of the host [thread].

    Returns
    -------
    array_like
        Share, at most 1 [1]; an upper bound, since short queues are left out.

    Examples
    --------
    >>> round(host_thread_share(6.0, 4.0), 3)
    0.667
    """
    return processor_share(host_load, np.maximum(node_threads, _TINY))


def host_ready_fraction(host_load: Number, node_threads: Thread) -> Number:
    """Share of time that a virtual processor which wants to run waits for a thread.

    Parameters
    ----------
    host_load : array_like
        Virtual processors that want to run on average [1].
    node_threads : array_like
        Threads of the host [thread].

    Returns
    -------
    array_like
        Share [1]; vSphere shows it as "CPU ready".

    Examples
    --------
    >>> round(host_ready_fraction(6.0, 4.0), 3)
    0.333
    """
    return ready_fraction(host_load, np.maximum(node_threads, _TINY))


def _queue(vcpus: Any, load: Any, threads: Any) -> tuple[Array, Array]:
    """Stretch, and share of time with more of them runnable than there are threads."""
    many = np.maximum(np.rint(vcpus), 1.0)
    servers = np.maximum(np.rint(threads), 1.0)
    duty = np.clip(np.asarray(load) / np.maximum(vcpus, _TINY), 0.0, 1.0)
    crowd = many > _MOST_QUEUED
    queue = finite_queue(np.where(crowd, 1.0, many), np.where(crowd, 1.0, servers), duty)
    used = np.maximum(duty, _TINY)
    flow = np.minimum(many, servers / used)
    stretch = np.maximum((many / flow - (1.0 - duty)) / used, 1.0)
    over = np.where(many * duty > servers, 1.0, 0.0) + 0.0 * stretch
    unknown = 0.0 * (many + servers + duty)
    time = np.where(crowd, over, queue.overload_time) + unknown
    return np.where(crowd, stretch, queue.stretch) + unknown, time


def host_stretch(host_vcpus: Vcpu, host_load: Number, node_threads: Thread) -> Number:
    """How many times longer work takes than on a host of one's own.

    Parameters
    ----------
    host_vcpus : array_like
        Virtual processors on the host [vcpu].
    host_load : array_like
        Of these, those that want to run on average [1].
    node_threads : array_like
        Threads of the host [thread].

    Returns
    -------
    array_like
        Stretch, at least 1 [1].

    Notes
    -----
    Response over service of the finite queue M/M/c//N, with the duty load/vcpus. Above 1000
    virtual processors the limit of a large host: 1 below saturation.

    References
    ----------
    Allen, "Probability, Statistics, and Queueing Theory", 2nd ed. 1990, section 5.2.6.

    Examples
    --------
    >>> round(float(host_stretch(6.0, 6.0, 4.0)), 3), round(float(host_stretch(16.0, 2.48, 4.0)), 3)
    (1.5, 1.1)
    """
    return _queue(host_vcpus, host_load, node_threads)[0]


def host_overload_time(host_vcpus: Vcpu, host_load: Number, node_threads: Thread) -> Number:
    """Share of time in which more virtual processors want to run than there are threads.

    Parameters
    ----------
    host_vcpus : array_like
        Virtual processors on the host [vcpu].
    host_load : array_like
        Of these, those that want to run on average [1].
    node_threads : array_like
        Threads of the host [thread].

    Returns
    -------
    array_like
        Share of time [1].

    References
    ----------
    Allen, "Probability, Statistics, and Queueing Theory", 2nd ed. 1990, section 5.2.6.

    Examples
    --------
    >>> round(float(host_overload_time(16.0, 2.48, 4.0)), 3)
    0.137
    """
    return _queue(host_vcpus, host_load, node_threads)[1]


def host_full_stretch(host_vcpus: Vcpu, node_threads: Thread) -> Number:
    """How many times longer work takes when every virtual processor has some at once.

    Parameters
    ----------
    host_vcpus : array_like
        Virtual processors on the host [vcpu].
    node_threads : array_like
        Threads of the host [thread].

    Returns
    -------
    array_like
        Stretch, at least 1 [1].

    Examples
    --------
    >>> host_full_stretch(6.0, 4.0)
    1.5
    """
    return saturated_stretch(host_vcpus, np.maximum(node_threads, _TINY))


def busy_moment_load(host_load: Number, host_vcpus: Vcpu, busy_over_mean: Number) -> Number:
    """Virtual processors that want to run in a busy moment: one in a hundred is busier.

    Parameters
    ----------
    host_load : array_like
        Virtual processors that want to run on average [1].
    host_vcpus : array_like
        Virtual processors on the host [vcpu].
    busy_over_mean : array_like
        Load of all VMs together in the 99th percentile over its mean [1].

    Returns
    -------
    array_like
        Virtual processors, no more than there are [1].

    Notes
    -----
    Percentile of the sum, not the sum of percentiles: VMs do not peak at the same time.

    References
    ----------
    Shen, van Beek, Iosup, "Statistical Characterization of Business-Critical Workloads Hosted in
    Cloud Datacenters", CCGrid 2015 (GWA-T-12 Bitbrains), for measured shares.

    Examples
    --------
    >>> float(busy_moment_load(1.0, 6.0, 1.95))
    1.95
    """
    return np.minimum(host_load * np.maximum(busy_over_mean, 1.0), host_vcpus)


def busy_moment_load_per_thread(busy_moment_load: Number, node_threads: Thread) -> Number:
    """Virtual processors that want to run for each thread in a busy moment.

    Parameters
    ----------
    busy_moment_load : array_like
        Virtual processors that want to run in a busy moment [1].
    node_threads : array_like
        Threads of the host [thread].

    Returns
    -------
    array_like
        Load [1].

    Examples
    --------
    >>> busy_moment_load_per_thread(3.0, 4.0)
    0.75
    """
    return busy_moment_load / node_threads


def supported_vcpus_per_thread(
    host_load: Number, host_vcpus: Vcpu, busy_over_mean: Number, target_utilisation: Number
) -> Number:
    """Virtual processors for each thread that keep the threads at the target in a busy moment.

    Parameters
    ----------
    host_load : array_like
        Virtual processors that want to run on average [1].
    host_vcpus : array_like
        Virtual processors on the host [vcpu].
    busy_over_mean : array_like
        Load of all VMs together in the 99th percentile over its mean [1].
    target_utilisation : array_like
        Share of the threads that may be busy in such a moment [1].

    Returns
    -------
    array_like
        Ratio [1].

    Notes
    -----
    target/(duty x busy over mean), the latter product no more than 1.

    References
    ----------
    Shen, van Beek, Iosup, "Statistical Characterization of Business-Critical Workloads Hosted in
    Cloud Datacenters", CCGrid 2015 (GWA-T-12 Bitbrains), for measured shares.

    Examples
    --------
    Business VMs that use 15.5 % of their processors on average, and 30.2 % at the percentile:

    >>> round(float(supported_vcpus_per_thread(0.155, 1.0, 0.302 / 0.155, 0.8)), 2)
    2.65
    """
    busy = busy_moment_load(host_load, host_vcpus, busy_over_mean)
    used = np.clip(busy / np.maximum(host_vcpus, _TINY), _TINY, 1.0)
    return supported_ratio(np.clip(target_utilisation, 0.0, 1.0), used)
