"""Packing against reference mixes and published instances."""

import json
import sys
import time
from itertools import product
from pathlib import Path

import pytest
from packing_kit import flavours_in, kinds_of

from planner.packing import Flavour, HostKind, cheapest_hosts
from planner.packing.bound import relaxed
from planner.packing.model import problem_of
from planner.packing.polish import polished
from planner.packing.search import quick_packing

CASES = json.loads((Path(__file__).parent / "reference" / "density-cases.json").read_text())


@pytest.mark.parametrize("name", CASES["packing"])
def test_reference_mixes(name):
    """Costs and bounds were found with HiGHS and CP-SAT; ours may only be better."""
    case = CASES["packing"][name]
    plan = cheapest_hosts(kinds_of(case), flavours_in(case))
    assert not plan.unplaced
    assert plan.cost <= case["best_known"] + 1e-6
    assert plan.bound >= case["best_LB"] - 1e-6
    assert plan.bound <= plan.cost
    assert plan.gap < 0.01
    if case["proved"]:
        assert plan.cost == pytest.approx(case["best_known"], rel=1e-9)


@pytest.mark.parametrize("name", CASES["packing"])
def test_quick_search_is_no_worse_than_any_heuristic_tried(name):
    """Seven heuristics were recorded, the best of them within 1 % of the bound or optimal."""
    case = CASES["packing"][name]
    plan = cheapest_hosts(kinds_of(case), flavours_in(case), effort="quick")
    assert plan.cost <= min(case["heur"].values()) + 1e-6


@pytest.mark.parametrize("name", CASES["packing"])
def test_linear_program_over_patterns(name):
    case = CASES["packing"][name]
    found = relaxed(problem_of(kinds_of(case), flavours_in(case)), [])
    # both solved to 1e-4 of the value of a pattern
    assert found.bound == pytest.approx(case["LP_bound"], rel=1e-4)


def test_ten_thousand_vms_are_quick():
    case = CASES["packing"]["c_10000x15"]
    kinds, flavours = kinds_of(case), flavours_in(case)

    def best_of(effort):
        spent = []
        for _ in range(3):
            start = time.process_time()
            plan = cheapest_hosts(kinds, flavours, effort=effort)
            spent.append(time.process_time() - start)
        return plan, min(spent)

    plan, seconds = best_of("quick")
    assert plan.gap < 0.01
    assert seconds < 0.2  # seconds of the processor; measured 0.02
    plan, seconds = best_of("bound")
    assert plan.gap < 0.001
    assert seconds < 1.0  # measured 0.2 s


def test_time_does_not_depend_on_the_number_of_vms():
    case = CASES["packing"]["c_10000x15"]
    spent = []
    for factor in (1, 100):
        demand = [factor * count for count in case["demand"]]
        problem = problem_of(kinds_of(case), flavours_in({**case, "demand": demand}))
        start = time.process_time()
        packing = quick_packing(problem)
        spent.append(time.process_time() - start)
        assert sum(times * pattern.counts for pattern, times in packing.patterns).tolist() == demand
    assert spent[1] < 5 * spent[0] + 0.05


def vector_bins(case):
    """The one-dimensional example of a published solver."""
    kinds = [HostKind("bin", {"size": case["W"][0]})]
    return kinds, [
        Flavour(f"item{k}", {"size": size}, count)
        for k, (size, count) in enumerate(zip(case["w"], case["b"], strict=True))
    ]


def test_published_instance_of_bins():
    case = CASES["vpsolver_examples"]["vbp"]
    kinds, flavours = vector_bins(case)
    assert cheapest_hosts(kinds, flavours).hosts == {"bin": case["opt"]}
    pytest.importorskip("scipy.optimize", reason="the integer program needs SciPy")
    problem = problem_of(kinds, flavours)
    exact = polished(problem, [], quick_packing(problem), 20.0)
    assert (exact.packing.cost, exact.bound) == pytest.approx((case["opt"], case["opt"]))


def test_published_instance_with_a_choice_of_sizes():
    case = CASES["vpsolver_examples"]["mvp"]
    kinds = [
        HostKind(f"bin{k}", {"x": x, "y": y}, cost)
        for k, ((x, y), cost) in enumerate(zip(case["W"], case["cost"], strict=True))
    ]
    costs = []
    for sizes in product(*(item["alt"] for item in case["items"])):
        flavours = [
            Flavour(f"item{k}", {"x": x, "y": y}, item["b"])
            for k, ((x, y), item) in enumerate(zip(sizes, case["items"], strict=True))
        ]
        costs.append(cheapest_hosts(kinds, flavours).cost)
    assert min(costs) == case["opt"]


def test_polish_reaches_the_optimum_of_small_mixes():
    pytest.importorskip("scipy.optimize", reason="the integer program needs SciPy")
    kinds = [
        HostKind("big", {"cpu": 10, "ram": 10}, 3.0),
        HostKind("small", {"cpu": 6, "ram": 5}, 1.9),
    ]
    flavours = [
        Flavour("a", {"cpu": 4, "ram": 3}, 5),
        Flavour("b", {"cpu": 3, "ram": 4}, 5),
        Flavour("c", {"cpu": 5, "ram": 2}, 4),
    ]
    plan = cheapest_hosts(kinds, flavours, effort="polish")
    problem = problem_of(kinds, flavours)
    exact = polished(problem, [], quick_packing(problem), 20.0)
    assert plan.cost == pytest.approx(exact.packing.cost)
    assert exact.bound == pytest.approx(exact.packing.cost)


def test_polish_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    kinds = [HostKind("h", {"a": 5.0, "b": 5.0})]
    flavours = [Flavour("x", {"a": 3, "b": 1}, 3), Flavour("y", {"a": 1, "b": 3}, 3)]
    problem = problem_of(kinds, flavours)
    with pytest.raises(ImportError, match=r"extra .*solver"):
        polished(problem, [], quick_packing(problem), 1.0)
