"""Quantities as people read them."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.units import convert, format_quantity


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "W", "unknown"),
        (math.nan, "B", "unknown"),
        (math.inf, "vm", "unlimited"),
        (-math.inf, "vm", "-unlimited"),
        (0.0, "W", "0 W"),
        (-0.0, "W", "0 W"),
        (35.0, "W", "35.0 W"),
        (300, "W", "300 W"),
        (0.005, "W", "0.00500 W"),
        (999.4, "W", "999 W"),
        (999.6, "W", "1.00 kW"),
        (1500.0, "W", "1.50 kW"),
        (-1500.0, "W", "-1.50 kW"),
        (1.5e7, "W", "15.0 MW"),
        (2.5e13, "W", "25,000 GW"),
        (1100.0, "VA", "1.10 kVA"),
        (1.314e7, "Wh/yr", "13,140 kWh/yr"),
        (13140.0, "kWh/yr", "13,140 kWh/yr"),
        (2.5e6, "Wh", "2,500 kWh"),
        (0.0, "B", "0 B"),
        (512.0, "B", "512 B"),
        (1000.0, "B", "1.00 kB (0.977 KiB)"),
        (6e12, "B", "6.00 TB (5.46 TiB)"),
        (2.4e14, "B", "240 TB (218 TiB)"),
        (1e20, "B", "100,000 PB (88,818 PiB)"),
        (250e6, "B/s", "250 MB/s (2,000 Mbit/s)"),
        (20e6, "B/s", "20.0 MB/s (160 Mbit/s)"),
        (1.25e9, "B/s", "1,250 MB/s (10,000 Mbit/s)"),
        (1e5, "B/s", "0.100 MB/s (0.800 Mbit/s)"),
        (1, "vm", "1 VM"),
        (96.0, "vm", "96 VMs"),
        (-1.0, "vm", "-1 VM"),
        (0.0, "vm", "0 VMs"),
        (7.5, "vcpu", "7.5 vCPUs"),
        (1.0, "core", "1 core"),
        (2.0, "thread", "2 threads"),
        (3.0, "node", "3 nodes"),
        (4.0, "part", "4 parts"),
        (48.0, "port", "48 ports"),
        (1.0, "U", "1 U"),
        (5.0, "U", "5 U"),
        (12345.0, "AUD", "12,345 AUD"),
        (12345.67, "EUR", "12,346 EUR"),
        (-12345.0, "AUD", "-12,345 AUD"),
        (100.0, "AUD", "100 AUD"),
        (100.4, "AUD", "100 AUD"),
        (99.5, "AUD", "99.50 AUD"),
        (5.0, "AUD", "5 AUD"),
        (0.004, "AUD", "0.004 AUD"),
        (-0.0, "AUD", "0 AUD"),
        (1234.5, "money", "1,234 money"),
        (1234.56, "money/yr", "1,235 money/yr"),
        (0.25, "AUD/kWh", "0.25 AUD/kWh"),
        (0.02, "1/yr", "0.02/yr"),
        (1.234e-9, "1/yr", "0.00000000123/yr"),
        (1e-20, "1/yr", "almost 0/yr"),
        (0.2, "1", "0.2"),
        (1 / 3, "1", "0.333"),
        (3.0, "1", "3"),
        (20.0, "%", "20 %"),
        (5.0, "yr", "5 yr"),
        (8760.0, "h/yr", "8,760 h/yr"),
        (75000.0, "IOPS", "75,000 IOPS"),
        (5118.2, "BTU/h", "5,118 BTU/h"),
        (9.996, "kg", "10 kg"),
        (1000000.0, "1", "1,000,000"),
    ],
)
def test_format(value, unit, shown):
    assert format_quantity(value, unit) == shown


@pytest.mark.parametrize(
    ("digits", "shown"), [(1, "2 kW"), (2, "1.5 kW"), (4, "1.500 kW"), (6, "1.50000 kW")]
)
def test_digits(digits, shown):
    assert format_quantity(1500.0, "W", digits) == shown


def test_digits_must_be_positive():
    with pytest.raises(ValueError, match="digits must be at least 1, got 0"):
        format_quantity(1.0, "W", 0)


UNITS = ["W", "VA", "Wh", "kWh/yr", "B", "B/s", "vm", "U", "AUD", "money/yr", "1/yr", "1", "IOPS"]


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(UNITS))
@settings(deadline=None)
def test_never_exponent_notation_nor_negative_zero(value, unit):
    shown = format_quantity(value, unit)
    assert not re.search(r"[0-9]e[+-]?[0-9]|nan|inf", shown)
    assert not re.match(r"-[0,.]+(?![0-9,.])", shown)


@given(st.floats(1.0, 1e17), st.sampled_from(["W", "VA", "Wh", "B"]))
@settings(deadline=None)
def test_what_is_shown_is_the_value_within_the_digits_shown(value, unit):
    number, shown_unit = format_quantity(value, unit).split()[:2]
    shown = convert(float(number.replace(",", "")), shown_unit, unit)
    assert shown == pytest.approx(value, rel=0.00501)  # half a step in the third digit of 1.00


@given(st.floats(1000.0, 1e17))
@settings(deadline=None)
def test_decimal_and_binary_capacity_are_the_same_value(value):
    decimal, binary = re.findall(r"([0-9.,]+) (\w+)", format_quantity(value, "B"))
    pair = [convert(float(n.replace(",", "")), unit, "B") for n, unit in (decimal, binary)]
    assert pair[0] == pytest.approx(pair[1], rel=0.0101)  # half a step of 1.00 in each
