"""Ports: what is plugged in against what there is; the counts are worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.network import (
    ports_available_1g,
    ports_available_10g,
    ports_needed_1g,
    ports_needed_10g,
    spare_ports_1g,
    spare_ports_10g,
)

quick = settings(max_examples=60, deadline=None)
groups = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 60)), min_size=1, max_size=5)
TOTALS = [ports_needed_1g, ports_needed_10g, ports_available_1g, ports_available_10g]


def test_sixteen_three_and_three_nodes():
    # Three ports on a compute node, two and a 10 Gbit/s one on a management node, three on a
    # storage node.
    count = np.array([16.0, 3.0, 3.0, 1.0])
    assert ports_needed_1g(count, np.array([3.0, 2.0, 3.0, 0.0])) == 48 + 6 + 9
    assert ports_needed_10g(count, np.array([0.0, 1.0, 0.0, 0.0])) == 3


@pytest.mark.parametrize("total", TOTALS)
@quick
@given(groups)
def test_ports_add_up_over_the_groups(total, groups):
    count, each = np.array(groups, dtype=float).T
    assert total(count, each) == sum(number * ports for number, ports in groups)


def test_links_in_ports_of_another_speed_are_counted_there():
    """Four links of 1 Gbit/s in ports of 10: four fewer of the one, four more of the other."""
    count = np.array([10.0])
    assert ports_needed_1g(count, np.array([1.0]), -4.0) == 6
    assert ports_needed_10g(count, np.array([0.0]), 4.0) == 4


@pytest.mark.parametrize("spare", [spare_ports_1g, spare_ports_10g])
@quick
@given(st.integers(0, 500), st.integers(0, 500))
def test_what_is_missing_is_negative(spare, available, needed):
    assert spare(available, needed) + needed == available
    assert (spare(available, needed) < 0) == (needed > available)
