"""Laws that every model keeps, whatever it computes."""

import numpy as np
import pytest
from model_tools import FLAGS, SHARES, random_arguments, shape, wired

QUANTITIES = wired()
SAMPLES = 4
every_model = pytest.mark.parametrize("name", QUANTITIES)
# Read at one load only: a level far from it may be unknown.
LEVELS = 11
# What the scenario decides is never unknown; `strict_admission` comes from a catalog.
DECISIONS = set(FLAGS) - {"strict_admission"}
# Only checked, since the shares needed for service are no fewer.
INDEPENDENT = {("survival.host_losses_in_service", "data_shares")}
# Reading copies gathers nothing from peers, however fast their links are.
INDEPENDENT |= {("backend.replication_bound_read_throughput", "effective_cluster_rate")}


def call(quantity, given):
    with np.errstate(all="ignore"):
        return np.asarray(quantity.function(**given), dtype=float)


def column(given, sample):
    return {name: value[..., sample] for name, value in given.items()}


@every_model
def test_many_samples_at_once_give_what_each_gives_alone(name):
    quantity = QUANTITIES[name]
    given = random_arguments(quantity, 1, (SAMPLES,))
    together = call(quantity, given)
    alone = [call(quantity, column(given, sample)) for sample in range(SAMPLES)]
    assert together.shape == (*alone[0].shape, SAMPLES)
    # A sum may be taken in another order, no more.
    np.testing.assert_allclose(together, np.stack(alone, axis=-1), rtol=1e-13)


@every_model
def test_two_further_axes_are_carried_along(name):
    quantity = QUANTITIES[name]
    given = random_arguments(quantity, 2, (2, SAMPLES))
    flat = {item: value.reshape(*value.shape[:-2], 2 * SAMPLES) for item, value in given.items()}
    together, wanted = call(quantity, given), call(quantity, flat)
    np.testing.assert_array_equal(together.reshape(wanted.shape), wanted)


@every_model
def test_an_input_that_does_not_vary_is_spread_over_the_samples(name):
    quantity = QUANTITIES[name]
    varying = random_arguments(quantity, 3, (SAMPLES,))
    for fixed in varying.keys() - SHARES.keys():
        mixed = varying | {fixed: varying[fixed][..., :1]}
        full = np.repeat(mixed[fixed], SAMPLES, axis=-1)
        wanted = call(quantity, mixed | {fixed: full})
        found = np.broadcast_to(call(quantity, mixed), wanted.shape)
        np.testing.assert_allclose(found, wanted, rtol=1e-13)


@every_model
def test_it_is_deterministic_and_leaves_its_arguments_alone(name):
    quantity = QUANTITIES[name]
    given = random_arguments(quantity, 4, (SAMPLES,))
    before = {item: value.copy() for item, value in given.items()}
    np.testing.assert_array_equal(call(quantity, given), call(quantity, given))
    for item, value in given.items():
        np.testing.assert_array_equal(value, before[item])


def relevant(given, unknown):
    """The arguments with decisions that make the unknown one count."""
    decided = {item: np.ones_like(given[item]) for item in DECISIONS & given.keys()}
    if unknown == "stated_utilisation":
        decided["runs_vms"] = np.zeros_like(given["runs_vms"])
    return given | decided


def unknown_inputs():
    for name, quantity in QUANTITIES.items():
        for parameter in quantity.parameters:
            if parameter.name not in DECISIONS and (name, parameter.name) not in INDEPENDENT:
                yield pytest.param(name, parameter.name, id=f"{name}-{parameter.name}")


@pytest.mark.parametrize(("name", "unknown"), list(unknown_inputs()))
def test_an_unknown_input_makes_the_result_unknown(name, unknown):
    quantity = QUANTITIES[name]
    for seed in range(3):
        given = relevant(random_arguments(quantity, seed), unknown)
        given[unknown] = np.full_like(given[unknown], np.nan)
        assert np.all(np.isnan(call(quantity, given)))


def members():
    for name, quantity in QUANTITIES.items():
        for parameter in quantity.parameters:
            axes = shape(quantity, parameter.name)
            if axes and LEVELS not in axes and parameter.name not in DECISIONS:
                yield pytest.param(name, parameter.name, id=f"{name}-{parameter.name}")


@pytest.mark.parametrize(("name", "unknown"), list(members()))
def test_one_unknown_member_is_never_left_out_of_a_total(name, unknown):
    quantity = QUANTITIES[name]
    given = relevant(random_arguments(quantity, 5), unknown)
    known = call(quantity, given)
    given[unknown][0] = np.nan
    found = call(quantity, given)
    axes = shape(quantity, unknown)
    if found.shape[: len(axes)] == axes:
        assert np.all(np.isnan(found[0]))
        rest = found[1:]
        assert np.all(np.isnan(rest)) or np.array_equal(rest, known[1:])
    else:
        assert np.all(np.isnan(found))
