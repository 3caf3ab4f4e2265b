"""How long virtual processors wait for a thread when more are promised than there are.

An admission ratio says what may be promised. These laws say what a promise is worth: the share of
a thread that each runnable virtual processor gets, and how much longer its work takes. Unless said
otherwise they assume one queue for all threads, exponential times and a hardware thread that does
the work of a processor; two threads of one core do less. Arrays broadcast against each other.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from planner.models.arguments import Values, amount, positive, share
from planner.models.combinatorics import plain, whole
from planner.models.dimensions import Array

_TINY = 1e-100
_HUGE = 1e100


class Queue(NamedTuple):
    """State of a finite queue; see `finite_queue`."""

    utilisation: Array
    throughput: Array
    load: Array
    response: Array
    stretch: Array
    overload_time: Array
    waiting_arrivals: Array


def processor_share(load: Any, threads: Any) -> Array:
    """Share of a thread that each runnable virtual processor gets.

    Parameters
    ----------
    load : array_like
        Virtual processors that are runnable on average [vcpu].
    threads : array_like
        Hardware threads [thread].

    Returns
    -------
    float or ndarray
        min(1, threads / load) [1].

    Raises
    ------
    ValueError
        If a load is negative or there are no threads.

    Notes
    -----
    Exact where all of them run always; else an upper bound, since it ignores short queues.
    The other way round, min(1, load / threads) bounds the utilisation from above, and a measured
    load average counts blocked tasks too.

    References
    ----------
    Definition.

    Examples
    --------
    >>> round(processor_share(6.0, 4.0), 3)
    0.667
    """
    with np.errstate(divide="ignore"):
        return plain(np.minimum(1.0, positive(threads, "threads") / amount(load, "load")))


def ready_fraction(load: Any, threads: Any) -> Array:
    """Share of time that a runnable virtual processor waits for a thread.

    Parameters
    ----------
    load : array_like
        Virtual processors that are runnable on average [vcpu].
    threads : array_like
        Hardware threads [thread].

    Returns
    -------
    float or ndarray
        max(0, 1 - threads / load) [1].

    Raises
    ------
    ValueError
        If a load is negative or there are no threads.

    References
    ----------
    Definition; vSphere shows it as "CPU ready".

    Examples
    --------
    >>> round(ready_fraction(6.0, 4.0), 3)
    0.333
    """
    return plain(1.0 - np.asarray(processor_share(load, threads)))


def saturated_stretch(load: Any, threads: Any) -> Array:
    """How many times longer work takes where every virtual processor always has some.

    Parameters
    ----------
    load : array_like
        Virtual processors, all of them always runnable [vcpu].
    threads : array_like
        Hardware threads [thread].

    Returns
    -------
    float or ndarray
        max(1, load / threads) [1].

    Raises
    ------
    ValueError
        If a load is negative or there are no threads.

    References
    ----------
    Definition.

    Examples
    --------
    >>> saturated_stretch(6.0, 4.0)
    1.5
    """
    return plain(np.maximum(1.0, amount(load, "load") / positive(threads, "threads")))


def supported_ratio(target_utilisation: Any, busy_share: Any) -> Array:
    """Virtual processors per thread that keep the threads at a target utilisation.

    Parameters
    ----------
    target_utilisation : array_like
        Utilisation not to be exceeded at the level that `busy_share` stands for [1].
    busy_share : array_like
        Share of the provisioned processors that the VMs together use, such as the 99th percentile
        of their sum [1].

    Returns
    -------
    float or ndarray
        Ratio [vcpu/thread].

    Raises
    ------
    ValueError
        If a share is not between 0 and 1, or the busy share is 0.

    Notes
    -----
    target / busy share. The percentile of the sum, not the sum of percentiles: VMs do not peak at
    the same time.

    References
    ----------
    Shen, van Beek, Iosup, "Statistical Characterization of Business-Critical Workloads Hosted in
    Cloud Datacenters", CCGrid 2015 (GWA-T-12 Bitbrains), for measured shares.

    Examples
    --------
    >>> round(supported_ratio(0.80, 0.302), 2)
    2.65
    """
    busy = share(busy_share, "busy_share")
    return plain(share(target_utilisation, "target_utilisation") / positive(busy, "busy_share"))


def finite_queue(vcpus: Any, threads: Any, duty: Any) -> Queue:
    """Queue of a number of virtual processors that compute and pause in turn.

    Parameters
    ----------
    vcpus : array_like
        Virtual processors N, whole [vcpu].
    threads : array_like
        Hardware threads c, whole [thread].
    duty : array_like
        Share of time that each would run if it never waited, 0 .. 1 [1].

    Returns
    -------
    Queue
        Utilisation of the threads [1]; bursts finished per burst-and-pause time [1]; virtual
        processors runnable on average [vcpu]; response and stretch (response over service) of a
        burst [1]; share of time with more of them runnable than threads [1]; share of bursts that
        find all threads busy [1].

    Raises
    ------
    ValueError
        If a count is not whole and positive, or the duty is not between 0 and 1.

    Notes
    -----
    Machine repair model M/M/c//N with mean service S = u and mean pause Z = 1 - u::

        p_n = p_(n-1) (N - n + 1) / Z / (min(n, c) / S),   n = 1 .. N
        X = sum min(n, c) p_n / S     load = sum n p_n     response = load / X

    Bursts arrive in proportion to (N - n) p_n. Valid for independent virtual processors; those of
    one VM that wait for each other do worse.

    References
    ----------
    Allen, "Probability, Statistics, and Queueing Theory", 2nd ed. 1990, section 5.2.6 (finite
    population).

    Examples
    --------
    >>> queue = finite_queue(16, 4, 0.155)
    >>> round(queue.utilisation, 3), round(queue.stretch, 3), round(queue.overload_time, 3)
    (0.611, 1.1, 0.137)
    """
    count = whole(vcpus, "vcpus", minimum=1.0)
    servers = whole(threads, "threads", minimum=1.0)
    used = share(duty, "duty")
    count, servers, used = np.broadcast_arrays(count, servers, used)
    service, pause = np.maximum(used, _TINY), np.maximum(1.0 - used, _TINY)
    total, load, busy, over, arriving, kept = _state_sums(count, servers, service, pause)
    response = load / busy * service
    return Queue(
        *map(
            plain,
            (
                busy / total / servers,
                busy / total / service,
                load / total,
                response,
                response / service,
                over / total,
                np.where(count > 1, kept / arriving, 0.0 * count),
            ),
        )
    )


def _state_sums(count: Values, servers: Values, service: Values, pause: Values) -> list[Values]:
    """Sums over the states n of p, n p, min(n, c) p, p above c, (N - n) p, and of that from c on.

    The probabilities p are not normalised.
    """
    probability = np.ones(count.shape)
    sums = [probability.copy(), *(np.zeros(count.shape) for _ in range(5))]
    sums[4] += count
    for n in range(1, _largest(count) + 1):
        busy = np.minimum(n, servers)
        probability = probability * np.maximum(count - n + 1, 0.0) * service / (pause * busy)
        kept = np.maximum(count - n, 0.0) * probability
        sums[0] += probability
        sums[1] += n * probability
        sums[2] += busy * probability
        sums[3] += (n > servers) * probability
        sums[4] += kept
        sums[5] += kept * (n >= servers)
        if np.any(probability > _HUGE):
            scale = np.where(probability > _HUGE, probability, 1.0)
            probability = probability / scale
            sums = [each / scale for each in sums]
    return sums


def _largest(counts: Values) -> int:
    """Largest count that is known."""
    return int(np.max(counts, where=~np.isnan(counts), initial=0.0))


def erlang_c(threads: Any, load: Any) -> Array:
    """Probability that a burst waits, with bursts from a large number of sources.

    Parameters
    ----------
    threads : array_like
        Hardware threads c, whole [thread].
    load : array_like
        Offered load a: threads that the work would keep busy [thread].

    Returns
    -------
    float or ndarray
        Probability [1]; 1 from a load of c on, where the queue grows without limit.

    Raises
    ------
    ValueError
        If the threads are not whole and positive or the load is negative.

    Notes
    -----
    B_0 = 1, B_k = a B_(k-1) / (k + a B_(k-1)) (Erlang B) and C = B_c / (1 - (a / c)(1 - B_c)).

    References
    ----------
    Erlang, "Solution of some problems in the theory of probabilities of significance in automatic
    telephone exchanges", 1917.

    Examples
    --------
    >>> round(erlang_c(4, 3.0), 5)
    0.50943
    """
    servers, offered = np.broadcast_arrays(
        whole(threads, "threads", minimum=1.0), amount(load, "load")
    )
    blocked = np.ones(servers.shape)
    for k in range(1, _largest(servers) + 1):
        blocked = np.where(k <= servers, offered * blocked / (k + offered * blocked), blocked)
    free = np.maximum(1.0 - offered / servers * (1.0 - blocked), _TINY)
    return plain(np.where(offered >= servers, 1.0, blocked / free) + 0.0 * servers)


def erlang_stretch(threads: Any, load: Any) -> Array:
    """How many times longer a burst takes, with bursts from a large number of sources.

    Parameters
    ----------
    threads : array_like
        Hardware threads c, whole [thread].
    load : array_like
        Offered load a: threads that the work would keep busy [thread].

    Returns
    -------
    float or ndarray
        1 + C / (c - a) [1]; infinite from a load of c on.

    Raises
    ------
    ValueError
        If the threads are not whole and positive or the load is negative.

    References
    ----------
    Erlang, "Solution of some problems in the theory of probabilities of significance in automatic
    telephone exchanges", 1917.

    Examples
    --------
    >>> round(erlang_stretch(4, 3.0), 3)
    1.509
    """
    waiting = np.asarray(erlang_c(threads, load))
    spare = np.asarray(threads, dtype=float) - np.asarray(load, dtype=float)
    stretch = 1.0 + waiting / np.where(spare > 0, spare, 1.0)
    return plain(np.where(spare <= 0, np.inf, stretch))


def overload_probability(vcpus: Any, threads: Any, duty: Any) -> Array:
    """Probability that more virtual processors want to run than there are threads.

    Parameters
    ----------
    vcpus : array_like
        Virtual processors N, whole [vcpu].
    threads : array_like
        Hardware threads T, whole or zero [thread].
    duty : array_like
        Probability that one wants to run, 0 .. 1 [1].

    Returns
    -------
    float or ndarray
        P(more than T of N) [1].

    Raises
    ------
    ValueError
        If a count is not whole or is negative, or the duty is not between 0 and 1.

    Notes
    -----
    Tail of the binomial distribution: no queue, each virtual processor independent of the others
    and of having waited.

    References
    ----------
    Definition.

    Examples
    --------
    >>> round(overload_probability(16, 4, 0.155), 4)
    0.0886
    """
    count, limit, wanting = np.broadcast_arrays(
        whole(vcpus, "vcpus"), whole(threads, "threads"), share(duty, "duty")
    )
    odds = np.maximum(wanting, _TINY) / np.maximum(1.0 - wanting, _TINY)
    weight = np.ones(count.shape)
    total, above = weight + 0.0 * wanting, 0.0 * limit
    for n in range(1, _largest(count) + 1):
        weight = weight * np.maximum(count - n + 1, 0.0) / n * odds
        total, above = total + weight, above + weight * (n > limit)
        scale = np.where(weight > _HUGE, weight, 1.0)
        weight, total, above = weight / scale, total / scale, above / scale
    return plain(above / total + 0.0 * count)
