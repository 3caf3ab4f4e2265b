"""Rack units and heads; the counts are worked out by hand."""

import numpy as np

from planner.models import space

COUNT = np.array([16.0, 3.0, 1.0])


def test_half_a_unit_for_two_boards_on_a_shelf():
    assert space.rack_units(COUNT, np.array([0.5, 2.0, 1.0])) == 8 + 6 + 1


def test_switches_are_no_computers():
    assert space.node_total(COUNT, np.array([1.0, 1.0, 0.0])) == 19


def test_only_hosts_that_do_both_count():
    vms, daemons = np.array([1.0, 0.0, 0.0]), np.array([1.0, 1.0, 0.0])
    both = space.hosts_with_daemons_and_clients(COUNT, vms, daemons)
    assert both == 16
    assert space.hosts_with_daemons_and_kernel_clients(both, 1.0) == 16
    assert space.hosts_with_daemons_and_kernel_clients(both, 0.0) == 0
