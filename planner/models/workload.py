"""The VMs that are asked for: how many, and how large they are on average."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Byte, Number, Vcpu, Vm


def workload_vms(flavour_count: Vm) -> Vm:
    """VMs that are asked for.

    Parameters
    ----------
    flavour_count : array_like, shape (flavours, ...)
        VMs of each flavour [vm].

    Returns
    -------
    array_like
        Sum over the flavours [vm].

    Examples
    --------
    >>> float(workload_vms(np.array([20.0, 4.0])))
    24.0
    """
    return np.sum(flavour_count, axis=0)


def vm_memory(flavour_count: Vm, flavour_memory: Byte) -> Byte:
    """Memory of the mean VM of the workload.

    Parameters
    ----------
    flavour_count : array_like, shape (flavours, ...)
        VMs of each flavour [vm].
    flavour_memory : array_like, shape (flavours, ...)
        Memory of one VM [B].

    Returns
    -------
    array_like
        Mean memory [B].

    Examples
    --------
    >>> float(vm_memory(np.array([3.0, 1.0]), np.array([1.0, 5.0])))
    2.0
    """
    return np.sum(flavour_count * flavour_memory, axis=0) / np.sum(flavour_count, axis=0)


def vm_disk(flavour_count: Vm, flavour_disk: Byte) -> Byte:
    """Disk of the mean VM of the workload.

    Parameters
    ----------
    flavour_count : array_like, shape (flavours, ...)
        VMs of each flavour [vm].
    flavour_disk : array_like, shape (flavours, ...)
        Disk of one VM [B].

    Returns
    -------
    array_like
        Mean disk [B].

    Examples
    --------
    >>> float(vm_disk(np.array([3.0, 1.0]), np.array([10.0, 50.0])))
    20.0
    """
    return np.sum(flavour_count * flavour_disk, axis=0) / np.sum(flavour_count, axis=0)


def vm_vcpus(flavour_count: Vm, flavour_vcpus: Vcpu) -> Vcpu:
    """Virtual processors of the mean VM of the workload.

    Parameters
    ----------
    flavour_count : array_like, shape (flavours, ...)
        VMs of each flavour [vm].
    flavour_vcpus : array_like, shape (flavours, ...)
        Virtual processors of one VM [vcpu].

    Returns
    -------
    array_like
        Mean virtual processors [vcpu].

    Examples
    --------
    >>> float(vm_vcpus(np.array([3.0, 1.0]), np.array([1.0, 4.0])))
    1.75
    """
    return np.sum(flavour_count * flavour_vcpus, axis=0) / np.sum(flavour_count, axis=0)


def workload_load(flavour_count: Vm, flavour_vcpus: Vcpu, flavour_duty: Number) -> Vcpu:
    """Virtual processors that are running on average when all VMs run.

    Parameters
    ----------
    flavour_count : array_like, shape (flavours, ...)
        VMs of each flavour [vm].
    flavour_vcpus : array_like, shape (flavours, ...)
        Virtual processors of one VM [vcpu].
    flavour_duty : array_like, shape (flavours, ...)
        Share of time that each of them runs [1].

    Returns
    -------
    array_like
        Mean number of running virtual processors [vcpu].

    Notes
    -----
    L = sum(n_f v_f d_f), without queueing.

    Examples
    --------
    >>> float(workload_load(np.array([6.0]), np.array([1.0]), np.array([1.0])))
    6.0
    """
    return np.sum(flavour_count * flavour_vcpus * flavour_duty, axis=0)


def workload_disk(flavour_count: Vm, flavour_disk: Byte) -> Byte:
    """Disk of all VMs of the workload.

    Parameters
    ----------
    flavour_count : array_like, shape (flavours, ...)
        VMs of each flavour [vm].
    flavour_disk : array_like, shape (flavours, ...)
        Disk of one VM [B].

    Returns
    -------
    array_like
        Disk [B].

    Examples
    --------
    >>> float(workload_disk(np.array([3.0, 1.0]), np.array([10.0, 50.0])))
    80.0
    """
    return np.sum(flavour_count * flavour_disk, axis=0)
