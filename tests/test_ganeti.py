"""The Ganeti law against recorded runs of hspace, and its own properties."""

import json
import math
import time
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.ganeti import ganeti_capacity, ganeti_capacity_many, ganeti_limits
from planner.models.ganeti_mirror import Mirrors, equal_nodes_capacity, mirrored_capacity

REFERENCE = Path(__file__).parent / "reference"
DESIGNED = {
    case["name"]: case for case in json.loads((REFERENCE / "density-hspace-cases.json").read_text())
}
RECORDED = json.loads((REFERENCE / "density-hspace-random-cases.json").read_text())["cases"]
GIB = 1024
STORAGE = {"plain": "plain", "rbd": "shared", "drbd": "drbd"}


def mib(size):
    """Read a size as hspace does: no suffix and lower case binary, upper case decimal."""
    if size[-1].isdigit():
        return int(size)
    factors = {"m": 1, "g": GIB, "M": 1e6 / 2**20, "G": 1e9 / 2**20}
    return int(int(size[:-1]) * factors[size[-1]])


def designed_arguments(case):
    """The arguments that the recorded command line stands for."""
    words = case["command"].split()
    options = dict(word.split("=", 1) for word in words if word.startswith("--") and "=" in word)
    if "--simulate" in options:
        _, count, disk, memory, cpus = options["--simulate"].split(",")
        reserved = 0
    else:  # a data file with 16 of the same nodes
        file = words[words.index("-t") + 1]
        disk = "60g" if "60" in file else "240g"
        count, memory, cpus, reserved = 16, "16g", 4, GIB if "os1g" in file else 0
    need_disk, need_memory, need_cpus = options["--standard-alloc"].split(",")
    nodes = [[size] * int(count) for size in (mib(memory), mib(disk), int(cpus))]
    return [*nodes, mib(need_memory), mib(need_disk), int(need_cpus)], {
        "storage": STORAGE[options["--disk-template"]],
        "cpu_ratio": float(options.get("--max-cpu", 4.0)),
        "reserved_memory": reserved,
        "n_plus_one": "--no-capacity-checks" not in words,
    }


@pytest.mark.parametrize("name", DESIGNED)
def test_designed_runs_of_hspace(name):
    arguments, policy = designed_arguments(DESIGNED[name])
    expected = int(DESIGNED[name]["result"]["HTS_ALLOC_INSTANCES"])
    assert ganeti_capacity(*arguments, **policy) == expected


def recorded_arguments(case):
    """The arguments that a recorded data file stands for."""
    names = [node["name"] for node in case["nodes"]]
    column = {key: [node[key] for node in case["nodes"]] for key in case["nodes"][0]}
    instances = [
        (names.index(one["pri"]), one["mem"], one["disk"], one["vcpu"])
        + ((names.index(one["sec"]),) if case["template"] == "drbd" else ())
        for one in case["instances"]
    ]
    nodes = [column["tmem"], column["tdsk"], column["tcpu"]]
    return [*nodes, *(case["vm"][key] for key in ("mem_mib", "disk_mib", "vcpu"))], {
        "storage": STORAGE[case["template"]],
        "cpu_ratio": case["vcpu_ratio"],
        "reserved_memory": column["nmem"],
        "reserved_cpus": column["ncpu"],
        "min_disk_ratio": case["min_disk"],
        "node_group": column["group"],
        "n_plus_one": case["n_plus_1"],
        "instances": instances,
    }


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["id"])
def test_recorded_random_runs_of_hspace(case):
    arguments, policy = recorded_arguments(case)
    vms = ganeti_capacity(*arguments, **policy)
    if case["template"] == "drbd":  # hspace is greedy; the integer program there knew no spindles
        assert case["hspace_count"] <= vms <= case["milp_optimum"]
    else:
        assert vms == case["hspace_count"]


def test_shared_storage_counts_neither_disk_nor_spindles():
    nodes = ([256 * GIB] * 4, [60 * GIB] * 4, [64] * 4)
    # hspace 3.0.2 on 4 nodes of 256 GiB and 64 threads, VM 1 GiB, 10 GiB: plain 128 (2000 GiB of
    # disk each), shared 765
    assert ganeti_capacity(*nodes, GIB, 10 * GIB, 1, storage="shared") == 765
    assert ganeti_capacity(nodes[0], [2000 * GIB] * 4, nodes[2], GIB, 10 * GIB, 1) == 128


@pytest.mark.parametrize(
    "disk, expected", [(20480, 1), (20481, 2), (20736, 2), (20737, 2)]
)  # hspace 3.0.2 on 2 nodes with 64 GiB, VM 1 GiB, 10 GiB: a mirrored VM takes no metadata there
def test_mirrored_disk_without_metadata(disk, expected):
    nodes = ([64 * GIB] * 2, [disk] * 2, [64] * 2)
    vms = ganeti_capacity(*nodes, GIB, 10 * GIB, 1, storage="drbd", drbd_metadata=0)
    assert vms == expected


sizes = st.integers(1, 12)
clusters = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.integers(0, 40),
        st.integers(1, 12),
        st.sampled_from(["a", "b"]),
    ),
    min_size=1,
    max_size=6,
)


def columns(cluster):
    memory, disk, threads, groups = zip(*cluster, strict=True)
    return [np.array(memory), np.array(disk), np.array(threads)], list(groups)


def fullest_by_hand(memory, disk, threads, groups, vm, n_plus_one, shared):
    """Count the VMs with integers only, one comparison at a time."""
    need, size, vcpus = vm
    total = 0
    for group in set(groups):
        soft, hard = [], []
        for node in (i for i, name in enumerate(groups) if name == group):
            fits = 0
            while memory[node] - (fits + 1) * need > 0 and (
                shared or disk[node] - (fits + 1) * size > 0
            ):
                fits += 1
            hard.append(fits)
            while fits and (1 + fits * vcpus > 4 * threads[node] or (fits > 32 and not shared)):
                fits -= 1
            soft.append(fits)
        spare = sum(hard) - max(hard)
        total += min(sum(soft), spare) if n_plus_one else sum(soft)
    return total


@given(clusters, st.tuples(sizes, sizes, st.integers(1, 4)), st.booleans(), st.booleans())
def test_agrees_with_counting_one_by_one(cluster, vm, n_plus_one, shared):
    nodes, groups = columns(cluster)
    storage = "shared" if shared else "plain"
    vms = ganeti_capacity(*nodes, *vm, storage=storage, node_group=groups, n_plus_one=n_plus_one)
    assert vms == fullest_by_hand(*nodes, groups, vm, n_plus_one, shared)


@given(
    clusters,
    st.tuples(sizes, sizes, st.integers(1, 4)),
    st.sampled_from(list(STORAGE.values())),
)
@settings(max_examples=60, deadline=None)
def test_never_falls_with_a_larger_cluster_nor_rises_with_a_larger_vm(cluster, vm, storage):
    nodes, groups = columns(cluster)
    policy = {"storage": storage, "node_group": groups, "drbd_metadata": 0}
    vms = ganeti_capacity(*nodes, *vm, **policy)
    for k in range(3):
        more = [values + (i == k) * 3 for i, values in enumerate(nodes)]
        assert ganeti_capacity(*more, *vm, **policy) >= vms
        larger = [value + (i == k) for i, value in enumerate(vm)]
        assert ganeti_capacity(*nodes, *larger, **policy) <= vms
    assert ganeti_capacity(*nodes, *vm, **policy, reserved_memory=1, min_disk_ratio=0.1) <= vms
    assert ganeti_capacity(*nodes, *vm, **policy, n_plus_one=False) >= vms


@given(clusters, st.tuples(sizes, sizes, st.integers(1, 4)), st.booleans(), st.booleans())
@settings(max_examples=60)
def test_many_clusters_at_once_equal_one_after_the_other(cluster, vm, n_plus_one, shared):
    nodes, groups = columns(cluster)
    policy = {"node_group": groups, "n_plus_one": n_plus_one}
    policy["storage"] = "shared" if shared else "plain"
    memory = np.stack([nodes[0], nodes[0] + 5], axis=1)
    need = np.array([vm[0], vm[0] + 1])
    at_once = ganeti_capacity_many(memory, nodes[1], nodes[2], need, *vm[1:], **policy)
    single = [
        ganeti_capacity(memory[:, k], *nodes[1:], need[k], *vm[1:], **policy) for k in range(2)
    ]
    assert at_once.tolist() == single


@given(
    st.integers(1, 7),
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(1, 8),
    sizes,
    sizes,
)
@settings(max_examples=60)
def test_many_mirrored_clusters_equal_the_search(count, memory, disk, threads, need, size):
    nodes = [[memory] * count, [disk] * count, [threads] * count]
    policy = {"storage": "drbd", "drbd_metadata": 0.5}
    at_once = ganeti_capacity_many(*(np.array(x)[:, None] for x in nodes), need, size, 1, **policy)
    assert at_once.tolist() == [ganeti_capacity(*nodes, need, size, 1, **policy)]


def most_mirrored_by_hand(copies, primaries, memories):
    """Try every number of VMs on every pair of nodes."""
    nodes = range(len(copies))
    pairs = [(k, i) for k in nodes for i in nodes if k != i]
    best = 0
    for counts in product(*(range(int(min(copies[k], copies[i])) + 1) for k, i in pairs)):
        if sum(counts) <= best:
            continue
        placed = dict(zip(pairs, counts, strict=True))
        own = [sum(placed[k, i] for i in nodes if i != k) for k in nodes]
        kept = [sum(placed[k, i] for k in nodes if k != i) for i in nodes]
        if all(own[i] + kept[i] <= copies[i] and own[i] <= primaries[i] for i in nodes) and all(
            own[i] + placed[k, i] <= memories[k][i] for k, i in pairs
        ):
            best = sum(counts)
    return best


limits = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 4))


@given(st.lists(limits, min_size=2, max_size=3), st.data())
@settings(max_examples=40, deadline=None)
def test_mirrored_capacity_is_the_most_there_is(nodes, data):
    copies, primaries, memories = (np.array(x, dtype=float) for x in zip(*nodes, strict=True))
    if data.draw(st.booleans()):  # some peers already have VMs mirrored here
        less = data.draw(
            st.lists(st.integers(0, 2), min_size=len(nodes) ** 2, max_size=len(nodes) ** 2)
        )
        memories = np.maximum(memories - np.reshape(less, (len(nodes), -1)), 0)
    between = np.broadcast_to(memories, (len(nodes), len(nodes)))
    own = between + np.where(np.eye(len(nodes)) > 0, np.inf, 0)
    primaries = np.minimum(np.minimum(primaries, copies), own.min(axis=0))
    expected = most_mirrored_by_hand(copies, primaries, between)
    assert mirrored_capacity(Mirrors(copies, primaries, memories)) == expected


@given(st.integers(2, 6), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=80)
def test_equal_nodes_have_a_closed_form(nodes, copies, primaries, memories):
    each = Mirrors(*(np.array(float(x)) for x in (copies, primaries, memories)))
    least = min(copies, primaries, memories)
    between = np.full((nodes, nodes), float(memories))  # by peer, so that it is searched for
    group = Mirrors(np.full(nodes, float(copies)), np.full(nodes, float(least)), between)
    assert equal_nodes_capacity(nodes, each) == mirrored_capacity(group)


def test_mirrored_capacity_of_unequal_nodes_bound_by_memory():
    # integer program (scipy.optimize.milp 1.17.1): 31, 105
    memories = np.array([32.0, 15, 47, 45, 61, 39])
    group = Mirrors(np.array([14.0, 32, 14, 1, 1, 1]), np.array([14.0, 15, 14, 1, 1, 1]), memories)
    assert mirrored_capacity(group) == 31
    copies = np.array([32.0, 32, 32, 11, 22, 32, 32, 11, 11, 22])
    primaries = np.array([10.0, 14, 15, 10, 19, 7, 8, 10, 10, 10])
    memories = np.array([16.0, 14, 15, 24, 19, 7, 8, 32, 12, 16])
    assert mirrored_capacity(Mirrors(copies, primaries, memories)) == 105


@given(st.integers(2, 300), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_mirrors_bound_by_memory_alone_leave_the_largest_node_free(nodes, seed):
    # N_k <= sum of all (M_i - N_i) but k's own, for every k: with disk for all, the closed form
    draw = np.random.default_rng(seed)
    memories = draw.integers(0, 60, nodes).astype(float)
    memories[: draw.integers(0, 3)] *= draw.integers(1, 40)
    primaries = np.minimum(memories, draw.integers(1, 80, nodes))
    disk = np.full(nodes, memories.sum() * 2)
    vms = mirrored_capacity(Mirrors(disk, primaries, memories))
    assert vms == min(primaries.sum(), memories.sum() - memories.max())


@given(st.integers(2, 300), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_mirrors_bound_by_disk_alone_lie_on_two_nodes(nodes, seed):
    draw = np.random.default_rng(seed)
    copies = draw.integers(0, 60, nodes).astype(float)
    copies[: draw.integers(0, 3)] *= draw.integers(1, 40)
    memory = np.full(nodes, copies.sum() * 2)
    vms = mirrored_capacity(Mirrors(copies, copies, memory))
    assert vms == min(copies.sum() // 2, copies.sum() - copies.max())


# integer program (scipy.optimize.milp 1.17.1); prices alone find 99 and 532
@pytest.mark.parametrize(
    "copies, primaries, memories, expected",
    [
        (
            [27, 0, 19, 7, 54, 24, 13, 17, 17, 6, 25],
            [27, 0, 19, 7, 6, 21, 13, 7, 17, 6, 5],
            [39, 30, 21, 33, 6, 21, 17, 7, 37, 37, 5],
            100,
        ),
        (
            [2, 51, 28, 252, 23, 23, 324, 21, 35, 324],
            [2, 6, 16, 252, 4, 16, 324, 7, 17, 324],
            [16, 6, 16, 2115, 4, 16, 1410, 7, 17, 1551],
            535,
        ),
    ],
)
def test_what_prices_leave_open_is_searched(copies, primaries, memories, expected):
    group = Mirrors(*(np.array(limit, dtype=float) for limit in (copies, primaries, memories)))
    assert mirrored_capacity(group) == expected


def test_binding_limits_are_named():
    nodes = ([16 * GIB] * 16, [240 * GIB] * 16, [4] * 16)
    limits = ganeti_limits(*nodes, 2 * GIB, 20 * GIB, 1)
    assert limits == (112, 176, 240, 512, 112, 105, ("memory", "n+1"))
    small = ganeti_limits(nodes[0], [60 * GIB] * 16, nodes[2], 2 * GIB, 20 * GIB, 1)
    assert (small.disk, small.vms, small.binding) == (32, 30, ("disk", "n+1"))
    shared = ganeti_limits(*nodes, 2 * GIB, 20 * GIB, 1, storage="shared")
    assert (shared.disk, shared.spindles) == (math.inf, math.inf)
    mirrored = ganeti_limits(*nodes, 2 * GIB, 20 * GIB, 1, storage="drbd")
    assert (mirrored.disk, mirrored.spindles, mirrored.binding) == (88, 256, ("disk",))


def test_nothing_is_admitted_where_a_node_could_not_be_lost_already():
    nodes = ([16 * GIB, 16 * GIB, 8 * GIB], [500 * GIB] * 3, [8] * 3)
    held = [(0, 14 * GIB, GIB, 1), (1, 14 * GIB, GIB, 1)]
    for storage in ("plain", "shared"):
        policy = {"storage": storage, "instances": held}
        assert ganeti_capacity(*nodes, GIB, GIB, 1, **policy) == 0
        assert ganeti_capacity(*nodes, GIB, GIB, 1, **policy, n_plus_one=False) == 9
    mirrored = [(0, 14 * GIB, GIB, 1, 2)]
    assert ganeti_capacity(*nodes, GIB, GIB, 1, storage="drbd", instances=mirrored) == 0
    overfull = [(2, 9 * GIB, GIB, 1)]
    assert ganeti_capacity(*nodes, GIB, GIB, 1, instances=overfull) == 0


# hspace 3.0.2: 43 and 39
@pytest.mark.parametrize("storage, expected", [("plain", 43), ("shared", 39)])
def test_order_of_moves_decides_with_vms_of_other_sizes(storage, expected, monkeypatch):
    nodes = ([24 * GIB] * 6, [900 * GIB] * 6, [12] * 6)
    held = [(k % 6, 3000 + 500 * (k % 3), 9000, 1) for k in range(9)]
    policy = {"storage": storage, "instances": held}
    assert ganeti_capacity(*nodes, 2000, 9000, 1, **policy) == expected
    monkeypatch.setattr("planner.models.ganeti._MOST_STEPS", 0)
    assert ganeti_capacity(*nodes, 2000, 9000, 1, **policy) == 43
    lost = [(0, 20 * GIB, GIB, 1), (1, 20 * GIB, GIB, 1)]
    policy["instances"] = lost
    assert ganeti_capacity(*(x[:2] for x in nodes), 2000, 9000, 1, **policy) == 0


def test_unknown_sizes_give_an_unknown_count():
    nodes = ([16.0, math.nan], [100.0, 100.0], [4, 4])
    assert math.isnan(ganeti_capacity(*nodes, 2, 2, 1))
    assert math.isnan(ganeti_capacity([16.0], [100.0], [4], math.nan, 2, 1, storage="drbd"))
    assert math.isnan(
        ganeti_capacity([16.0], [100.0], [4], 2, 2, 1, instances=[(0, math.nan, 1, 1)])
    )
    memory = np.array([[16.0, math.nan, 16.0], [16.0, 16.0, 16.0]])
    vms = ganeti_capacity_many(memory, 100.0, 4, 2, 2, np.array([1, 1, math.nan]))
    assert np.isnan(vms).tolist() == [False, True, True]
    mirrored = ganeti_capacity_many(memory[1:], 100.0, 4, 2, math.nan, 1, storage="drbd")
    assert np.isnan(mirrored).all()


@pytest.mark.parametrize(
    "change, message",
    [
        ({"storage": "raid"}, "storage must be one of plain, shared, drbd, got 'raid'"),
        ({"vm_memory": 0}, "vm_memory must be positive, got 0"),
        ({"vm_disk": 0}, "vm_disk must be positive, got 0"),
        ({"vm_vcpus": -1}, "vm_vcpus must be positive, got -1"),
        ({"node_memory": [-1, 4]}, "node_memory must be zero or positive, got -1"),
        ({"node_threads": 0}, "node_threads must be positive, got 0"),
        ({"node_spindles": 0}, "node_spindles must be positive, got 0"),
        ({"min_disk_ratio": 1.5}, "min_disk_ratio must be between 0 and 1, got 1.5"),
        ({"node_disk": [1, 2, 3]}, "one value a node is wanted: 2, got 3"),
        (
            {"node_group": ["a"]},
            "node_group must name a group for each of 2 nodes, got 1",
        ),
        ({"instances": [(0, 1, 1)]}, r"an instance is \(node, memory, disk, vcpus\)"),
        ({"instances": [(5, 1, 1, 1)]}, r"on different nodes 0 to 1, got \[5\]"),
        (
            {"instances": [(1, 1, 1, 1, 1)], "storage": "drbd"},
            r"on different nodes 0 to 1, got \[1, 1\]",
        ),
        ({"instances": [(1, 1, 1, 1)], "storage": "drbd"}, "secondary"),
        (
            {"storage": "drbd", "drbd_metadata": -1},
            "drbd_metadata must be zero or positive",
        ),
    ],
)
def test_bad_arguments_are_named(change, message):
    arguments = {
        "node_memory": [16, 16],
        "node_disk": 100,
        "node_threads": 4,
        "vm_memory": 2,
        "vm_disk": 2,
        "vm_vcpus": 1,
    }
    with pytest.raises(ValueError, match=message):
        ganeti_capacity(**{**arguments, **change})


def test_many_mirrored_clusters_want_equal_nodes():
    with pytest.raises(ValueError, match="nodes of a group must be equal for drbd"):
        ganeti_capacity_many([[16.0], [32.0]], 100.0, 4, 2, 2, 1, storage="drbd")


def test_a_place_left_empty_adds_nothing():
    memory = np.array([[16.0, 16.0], [16.0, 16.0], [16.0, 0.0]])
    for storage in STORAGE.values():
        vms = ganeti_capacity_many(memory, 100.0, 4, 2, 2, 1, storage=storage, drbd_metadata=0)
        expected = [
            ganeti_capacity(
                *([size] * count for size in (16.0, 100.0, 4)),
                *(2, 2, 1),
                storage=storage,
                drbd_metadata=0,
            )
            for count in (3, 2)
        ]
        assert vms.tolist() == expected


def test_a_thousand_nodes_and_a_hundred_thousand_clusters_are_quick():
    def best_of(call):
        def once():
            start = time.process_time()
            call()
            return time.process_time() - start

        return min(once() for _ in range(5))

    nodes = (16384 + np.arange(1000) % 7 * 4096, [245760] * 1000, [8] * 1000)
    for storage in ("plain", "shared"):  # of the processor; measured 0.3 ms
        assert best_of(lambda s=storage: ganeti_capacity(*nodes, 2048, 20480, 1, storage=s)) < 0.005
    for disk in (245760, 2457600):  # bound by disk, by memory: measured 1.3 ms
        mirrored = nodes[0], [disk] * 1000, nodes[2]
        seconds = best_of(lambda n=mirrored: ganeti_capacity(*n, 2048, 20480, 1, storage="drbd"))
        assert seconds < 0.005
    memory = np.random.default_rng(1).integers(8192, 65536, (16, 100_000))
    many = best_of(lambda: ganeti_capacity_many(memory, 245760, 8, 2048, 20480, 1))
    assert many < 1.0  # measured 0.04 s
