"""What a pool holds with Ceph's balancer, and what it can heal after the loss of a device."""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.models.capacity import unbalanced_usable_capacity, usable_capacity
from planner.models.combinatorics import checked_shares, plain, whole
from planner.models.dimensions import Array
from planner.models.pools import checked_devices, checked_ratio, domain_totals


def balanced_usable_capacity(
    device_capacity: Array,
    device_domain: Any,
    shares: int,
    data_shares: int = 1,
    placement_groups: int = 128,
) -> float:
    """Usable capacity after the upmap balancer with a deviation of one placement group.

    Parameters
    ----------
    device_capacity : array_like, shape (devices,)
        Capacity of each device, also its CRUSH weight [B].
    device_domain : array_like, shape (devices,)
        Failure domain of each device: numbers or names.
    shares : int
        Shares of an object, each in another domain [1].
    data_shares : int
        Shares that are enough to read the object [1].
    placement_groups : int
        Groups of the pool [1].

    Returns
    -------
    float
        User data when the first device is 100 % full [B]; for unequal domains an upper limit.

    Raises
    ------
    ValueError
        As `pool_capacities`.

    Notes
    -----
    Equal domains: the law times t / (t + 1), t = n G size / total being the due of the smallest
    device, since the balancer rests when no device has more than one group above its due. Measured
    against the balancer of Ceph 16.2.15: within 3 % where the due is 35 groups or more, 5 % from
    20, 8 % from 12. Unequal domains: the law itself. With 2,048 groups the balancer came within
    1 % (median; 13 % at worst) of it while no domain exceeds total / n. Beyond, it finds little to
    move and reached 0.9 to 1.3 times `unbalanced_usable_capacity`, down to half of the law.

    References
    ----------
    Ceph source, src/osd/OSDMap.cc, ``calc_pg_upmaps``.

    Examples
    --------
    >>> round(balanced_usable_capacity([3e12] * 8, [0, 0, 1, 1, 2, 2, 3, 3], 3) / 1e12, 3)
    7.837
    """
    size, domain = checked_devices(device_capacity, device_domain)
    count, data = (int(number) for number in checked_shares(shares, data_shares))
    groups = int(whole(placement_groups, "placement_groups", 1))
    total, _ = domain_totals(size, domain)
    law = float(np.asarray(usable_capacity(total, count, data)))
    if law > 0.0 and np.ptp(total) <= 1e-9 * total.max():
        due = count * groups * size[size > 0].min() / size.sum()
        return float(law * due / min(due + 1.0, groups))
    return law


def device_loss_self_heal_capacity(
    device_capacity: Array,
    device_domain: Any,
    shares: Array,
    data_shares: Array = 1,
    backfillfull_ratio: Array = 0.9,
    balanced: bool = True,
) -> Array:
    """Most user data that is made whole again after any one device is lost for good.

    Parameters
    ----------
    device_capacity : array_like, shape (devices, ...)
        Capacity of each device, also its CRUSH weight [B].
    device_domain : array_like, shape (devices,)
        Failure domain of each device: numbers or names.
    shares : int or array_like, shape (...)
        Shares of an object, each in another domain [1].
    data_shares : int or array_like, shape (...)
        Shares that are enough to read the object [1].
    backfillfull_ratio : array_like, shape (...)
        Fill above which a device refuses re-created shares [1].
    balanced : bool
        Whether a perfect balancer runs (`usable_capacity`) or none (`unbalanced_usable_capacity`).

    Returns
    -------
    float or ndarray, shape (...)
        User data [B].

    Raises
    ------
    ValueError
        As the two functions, if a device has no domain or the ratio is outside 0 to 1.

    Notes
    -----
    The least over the domains, each without its largest device. Without a balancer this may be
    less than after the loss of a whole domain: the lost device's shares can only move to its
    siblings or leave the domain, and a shrunken domain is over-filled.

    Examples
    --------
    >>> hosts = [0, 0, 1, 1, 2, 2, 3, 3]
    >>> device_loss_self_heal_capacity([3e12] * 8, hosts, 3) / 1e12
    6.3
    >>> round(device_loss_self_heal_capacity([3e12] * 8, hosts, 3, balanced=False) / 1e12, 3)
    4.974
    """
    size, domain = checked_devices(device_capacity, device_domain, cases=True)
    fill = checked_ratio(backfillfull_ratio)
    total, domain_index = domain_totals(size, domain)
    each = np.arange(total.shape[0])
    largest = np.array([size[domain_index == one].max(axis=0) for one in each])
    without = np.repeat(total[:, np.newaxis], total.shape[0], axis=1)
    without[each, each] -= largest
    law = usable_capacity if balanced else unbalanced_usable_capacity
    return plain(fill * np.min(law(without, shares, data_shares), axis=0))
