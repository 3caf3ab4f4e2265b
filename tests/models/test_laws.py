"""Laws that every model keeps, whatever it computes."""

import numpy as np
import pytest
from model_tools import FLAGS, SHARES, random_arguments, shape, wired

QUANTITIES = wired()
SAMPLES = 4
SHEETS = sorted({name.partition(".")[0] for name in QUANTITIES})
every_sheet = pytest.mark.parametrize("sheet", SHEETS)
# Read at one load only: a level far from it may be unknown.
LEVELS = 11
# What the scenario decides is never unknown; `strict_admission` comes from a catalog.
DECISIONS = set(FLAGS) - {"strict_admission"}
# Only checked, since the shares needed for service are no fewer.
INDEPENDENT = {("survival.host_losses_in_service", "data_shares")}
# Reading copies gathers nothing from peers, however fast their links are.
INDEPENDENT |= {("backend.replication_bound_read_throughput", "effective_cluster_rate")}
# What one part can address is exceeded or not, whatever the limit of another would be.
LIMITS = ("board_bound_memory_limit", "processor_bound_memory_limit")
INDEPENDENT |= {("build.known_memory_limit", name) for name in LIMITS}
INDEPENDENT |= {("build.spare_memory", name) for name in ("memory_limit", "known_memory_limit")}


def of(sheet):
    """The quantities of a sheet, by full name."""
    return [(name, item) for name, item in QUANTITIES.items() if name.startswith(f"{sheet}.")]


def call(quantity, given):
    with np.errstate(all="ignore"):
        return np.asarray(quantity.function(**given), dtype=float)


def column(given, sample):
    return {name: value[..., sample] for name, value in given.items()}


@every_sheet
def test_many_samples_at_once_give_what_each_gives_alone(sheet):
    for name, quantity in of(sheet):
        given = random_arguments(quantity, 1, (SAMPLES,))
        together = call(quantity, given)
        alone = [call(quantity, column(given, sample)) for sample in range(SAMPLES)]
        assert together.shape == (*alone[0].shape, SAMPLES), name
        # A sum may be taken in another order, no more.
        wanted = np.stack(alone, axis=-1)
        np.testing.assert_allclose(together, wanted, rtol=1e-13, err_msg=name)


@every_sheet
def test_two_further_axes_are_carried_along(sheet):
    for name, quantity in of(sheet):
        given = random_arguments(quantity, 2, (2, SAMPLES))
        flat = {
            item: value.reshape(*value.shape[:-2], 2 * SAMPLES) for item, value in given.items()
        }
        together, wanted = call(quantity, given), call(quantity, flat)
        np.testing.assert_array_equal(together.reshape(wanted.shape), wanted, err_msg=name)


@every_sheet
def test_an_input_that_does_not_vary_is_spread_over_the_samples(sheet):
    for name, quantity in of(sheet):
        varying = random_arguments(quantity, 3, (SAMPLES,))
        for fixed in varying.keys() - SHARES.keys():
            mixed = varying | {fixed: varying[fixed][..., :1]}
            full = np.repeat(mixed[fixed], SAMPLES, axis=-1)
            wanted = call(quantity, mixed | {fixed: full})
            found = np.broadcast_to(call(quantity, mixed), wanted.shape)
            told = f"{name}: {fixed}"
            np.testing.assert_allclose(found, wanted, rtol=1e-13, err_msg=told)


@every_sheet
def test_it_is_deterministic_and_leaves_its_arguments_alone(sheet):
    for name, quantity in of(sheet):
        given = random_arguments(quantity, 4, (SAMPLES,))
        before = {item: value.copy() for item, value in given.items()}
        found = call(quantity, given)
        np.testing.assert_array_equal(found, call(quantity, given), err_msg=name)
        for item, value in given.items():
            np.testing.assert_array_equal(value, before[item], err_msg=f"{name}: {item}")


def relevant(given, unknown):
    """The arguments with decisions that make the unknown one count."""
    decided = {item: np.ones_like(given[item]) for item in DECISIONS & given.keys()}
    if unknown == "stated_utilisation":
        decided["runs_vms"] = np.zeros_like(given["runs_vms"])
    return given | decided


def unknown_inputs(sheet):
    """What may be unknown, by the quantity that needs it."""
    for name, quantity in of(sheet):
        for parameter in quantity.parameters:
            if parameter.name not in DECISIONS:
                yield name, quantity, parameter.name


@every_sheet
def test_an_unknown_input_makes_the_result_unknown(sheet):
    for name, quantity, unknown in unknown_inputs(sheet):
        if (name, unknown) not in INDEPENDENT:
            for seed in range(3):
                given = relevant(random_arguments(quantity, seed), unknown)
                given[unknown] = np.full_like(given[unknown], np.nan)
                assert np.all(np.isnan(call(quantity, given))), (name, unknown)


@every_sheet
def test_one_unknown_member_is_never_left_out_of_a_total(sheet):
    for name, quantity, unknown in unknown_inputs(sheet):
        axes = shape(quantity, unknown)
        if not axes or LEVELS in axes:
            continue
        given = relevant(random_arguments(quantity, 5), unknown)
        known = call(quantity, given)
        given[unknown][0] = np.nan
        found = call(quantity, given)
        if found.shape[: len(axes)] == axes:
            assert np.all(np.isnan(found[0])), (name, unknown)
            rest = found[1:]
            assert np.all(np.isnan(rest)) or np.array_equal(rest, known[1:]), (name, unknown)
        else:
            assert np.all(np.isnan(found)), (name, unknown)
