"""Quantities written as text: what is accepted, and what is refused with a proposal."""

import math
import re
import subprocess
import sys
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner import units
from planner.unit_grammar import DEFINITIONS, spellings
from planner.units import (
    CURRENCIES,
    UnitError,
    convert,
    dimension,
    quantity,
    registry,
    same_unit,
)
from planner.usual_factors import USUAL_FACTORS


def refusal(text: object, unit: str) -> str:
    with pytest.raises(UnitError, match="; ") as caught:
        quantity(text, unit)
    assert str(caught.value) == f"{caught.value.message}; {caught.value.remedy}"
    return str(caught.value)


def outcome(text: str, unit: str) -> float | UnitError:
    try:
        return quantity(text, unit)
    except UnitError as error:
        return error


# --- accepted --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "magnitude"),
    [
        ("35 W", "W", 35.0),
        ("35W", "W", 35.0),
        ("+35 W", "W", 35.0),
        ("-5 W", "W", -5.0),
        (".5 kW", "W", 500.0),
        ("1.5e3 mW", "W", 1.5),
        ("1E-2 MW", "W", 10000.0),
        ("10 Gbps", "MB/s", 1250.0),
        ("10 GBps", "Gbit/s", 80.0),
        ("800 Mbit/s", "MB/s", 100.0),
        ("500 MB/s", "B/s", 5e8),
        ("4 KiB", "B", 4096.0),
        ("16 GiB", "B", 16 * 1024.0**3),
        ("6 TB", "B", 6e12),
        ("1 PiB", "B", 1024.0**5),
        ("1 year", "h", 8760.0),
        ("36 months", "yr", 3.0),
        ("5 yr", "d", 1825.0),
        ("75 µs", "s", 75e-6),  # micro sign
        ("75 μs", "s", 75e-6),  # Greek letter mu
        ("75 us", "s", 75e-6),
        ("3 ms", "s", 0.003),
        ("2/yr", "1/yr", 2.0),
        ("0.02 1/yr", "1/yr", 0.02),
        ("3 %/yr", "1/yr", 0.03),
        ("20 %", "1", 0.2),
        ("35 %", "1", 0.35),
        ("7%", "1", 0.07),
        ("0.2", "1", 0.2),
        (0.2, "1", 0.2),
        (3, "1", 3.0),
        ("0.25 AUD/kWh", "AUD/kWh", 0.25),
        ("250 AUD/MWh", "AUD/kWh", 0.25),
        ("40 EUR/month", "EUR/yr", 480.0),
        ("100 W", "kWh/yr", 876.0),
        ("2 kWh/d", "kWh/yr", 730.0),
        ("1 W*h", "Wh", 1.0),
        ("1 m^2", "mm^2", 1e6),
        ("1.5 t", "kg", 1500.0),
        ("7200 rpm", "rpm", 7200.0),
        ("2.8 GHz", "MHz", 2800.0),
        ("75 kIOPS", "IOPS", 75000.0),
        ("96 VMs", "vm", 96.0),
        ("4 vCPU", "vcpu", 4.0),
        ("42 U", "U", 42.0),
        ("25 °C", "degC", 25.0),
        ("300 AUD", "AUD", 300.0),
        ("19 V", "V", 19.0),
        ("1.1 kVA", "VA", 1100.0),
    ],
)
def test_quantity(text, unit, magnitude):
    # exact: the factors are powers of 10, of 1024 or small whole numbers, rounded once
    assert quantity(text, unit) == magnitude


@pytest.mark.parametrize(
    ("text", "unit", "magnitude", "source"),
    [
        ("3 TB", "TiB", 2.7285, "3e12 / 1024^4, printed with four decimals"),
        ("1 kW", "BTU/h", 3412.14, "ASHRAE: 1 W = 3.41214 BTU/h, six figures"),
        ("1 BTU", "Wh", 0.293071, "NIST SP 811: 1 BTU (IT) = 1055.056 J, six figures"),
    ],
)
def test_published_conversion(text, unit, magnitude, source):
    assert quantity(text, unit) == pytest.approx(magnitude, rel=2e-5), source


def test_energy_cost_of_a_day():
    assert 0.12 * convert(1.0, "MW*d", "kWh") == pytest.approx(2880.0, rel=1e-12)


# --- refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("35", "W", "`35` has no unit; write it with its unit, e.g. `35 W`"),
        (4, "B", "`4` has no unit; write it with its unit, e.g. `4 GB`"),
        (35, "W", "`35` has no unit; write it with its unit, e.g. `35 W`"),
        (0.5, "1/yr", "`0.5` has no unit; write it with its unit, e.g. `0.5/yr`"),
        (12, "money/kWh", "`12` has no unit; write it with its unit, e.g. `12 AUD/kWh`"),
        (True, "W", "expected a quantity in `W`, got bool; write one number and its unit"),
        (None, "1", "expected a quantity in `1`, got NoneType; write one number and its unit"),
        ([1], "W", "expected a quantity in `W`, got list; write one number and its unit"),
        (math.nan, "1", "`nan` is not a finite number; write a finite one"),
        (10**400, "1", "`inf` is not a finite number; write a finite one"),
        (-(10**4000), "W", "`inf` is not a finite number; write a finite one"),
        ("nan W", "W", "`nan W` is not a finite number; write a finite one"),
        ("inf W", "W", "`inf W` is not a finite number; write a finite one"),
        ("-Infinity W", "W", "`-Infinity W` is not a finite number; write a finite one"),
        ("NaN", "1", "`NaN` is not a finite number; write a finite one"),
        ("3,5 W", "W", "`3,5 W` has a decimal comma or separators between the digits; write `3.5"),
        ("1,000 W", "W", "or separators between the digits; write `1000 W` or `1.000 W`"),
        ("1,234,567 B", "B", "; write `1234567 B`"),
        ("1 000 W", "W", "; write `1000 W`"),
        ("1_000 W", "W", "; write `1000 W`"),
        ("1'000 W", "W", "; write `1000 W`"),
        ("1.234,56 W", "W", "; write `1234.56 W`"),
        ("1,234.5 W", "W", "; write `1234.5 W`"),
        ("-1.234.567 W", "W", "; write `-1234567 W`"),
        ("1e100 W", "W", "the exponent of `1e100 W` is too large; write at most two digits"),
        ("1e400", "1", "the exponent of `1e400` is too large; write at most two digits"),
        ("1" * 21 + " W", "W", "has too many digits; use a larger unit"),
        ("9**9**9 W", "W", "is not one number with one unit; write it like `5 W`; nothing is"),
        ("2**3 W", "W", "is not one number with one unit; write it like `5 W`; nothing is"),
        ("3 4 W", "W", "is not one number with one unit; write it like `5 W`; nothing is"),
        ("1 W; 2", "W", "is not one number with one unit; write it like `5 W`; nothing is"),
        ("5 W/2", "W", "is not one number with one unit; write it like `5 W`; nothing is"),
        ("5 W + 3 W", "W", "is not one number with one unit; write it like `5 W`; nothing is"),
        ("5 (W)", "W", "is not one number with one unit; write it like `5 W`; nothing is"),
        ("2 h 30 min", "h", "is not one number with one unit; write it like `5 h`; nothing is"),
        ("35 W per port", "W", "is not one number with one unit; write it like `5 W`; nothing is"),
        ("a+b", "1", "is not one number with one unit; write it like `5`; nothing is computed"),
        ("12:30", "h", "`12:30` is a date or a time; write a number in `h`"),
        ("190:20:30", "h", "`190:20:30` is a date or a time; write a number in `h`"),
        ("2024-01-01", "yr", "`2024-01-01` is a date or a time; write a number in `yr`"),
        ("10-20 W", "W", "`10-20 W` is a range; write one value, and the range as `low` and"),
        ("10 .. 20 W", "W", "`10 .. 20 W` is a range; write one value, and the range as `low`"),
        ("W", "W", "`W` has no number; write it, e.g. `5 W`"),
        ("lots", "money", "`lots` has no number; write it, e.g. `5 AUD`"),
        ("", "W", "the quantity is empty; write a number and its unit"),
        (" \n", "W", "the quantity is empty; write a number and its unit"),
        (" 35 W", "W", "` 35 W` has superfluous blanks; write `35 W`"),
        ("35  W", "W", "`35  W` has superfluous blanks; write `35 W`"),
        ("35\xa0W", "W", r"`35\xa0W` has superfluous blanks; write `35 W`"),
        ("35 W\n", "W", r"`35 W\n` has superfluous blanks; write `35 W`"),
        ("a ++  b", "W", "is not one number with one unit; write it like `5 W`; nothing is"),
        ("٣٥ W", "W", "`٣٥ W` holds foreign digits; write digits 0 to 9"),
        ("３５ W", "W", "`３５ W` holds foreign digits; write digits 0 to 9"),
        ("½ W", "W", "`½ W` holds foreign digits; write digits 0 to 9"),
        ("$300", "AUD", "`$300` holds a currency sign; write its code, e.g. `300 AUD`"),
        ("300 €", "EUR", "`300 €` holds a currency sign; write its code, e.g. `300 AUD`"),
        ("5 " + "W" * 80, "W", "is not a quantity; write one number, a space and one unit"),
    ],
)
def test_malformed(text, unit, message):
    assert message in refusal(text, unit)


@pytest.mark.parametrize(
    ("unit", "message"),
    [
        ("Mb", "`Mb` may mean bits or bytes; write `Mbit` or `MB`"),
        ("Gb", "`Gb` may mean bits or bytes; write `Gbit` or `GB`"),
        ("Tb", "`Tb` may mean bits or bytes; write `Tbit` or `TB`"),
        ("Kb", "`Kb` may mean bits or bytes; write `kbit` or `kB`"),
        ("kb", "`kb` may mean bits or bytes; write `kbit` or `kB`"),
        ("mb", "`mb` may mean bits or bytes; write `Mbit` or `MB`"),
        ("b", "`b` may mean bits or bytes; write `bit` or `B`"),
        ("Tib", "`Tib` may mean bits or bytes; write `Tibit` or `TiB`"),
        ("KB", "`KB` may mean 1000 or 1024 bytes; write `kB` or `KiB`"),
        ("KBps", "`KBps` may mean 1000 or 1024 bytes; write `kB/s` or `KiB/s`"),
        ("GBPS", "`GBPS` may mean bits or bytes; write `Gbit/s` or `GB/s`"),
        ("mbps", "`mbps` may mean bits or bytes; write `Mbit/s` or `MB/s`"),
        ("Mb/s", "`Mb` may mean bits or bytes; write `Mbit/s` or `MB/s`"),
        ("AUD/Gb/yr", "`Gb` may mean bits or bytes; write `AUD/Gbit/yr` or `AUD/GB/yr`"),
        ("G", "`G` is a prefix without its unit; write `GB` or `Gbit`"),
        ("K", "`K` is a prefix without its unit; write `kB` or `kbit`"),
        ("KW", "the unit `KW` is not known; write `kW`"),
        ("Kwh", "the unit `Kwh` is not known; write `kWh`"),
        ("mw", "the unit `mw` is not known; write `mW` or `MW`"),
        ("u", "the unit `u` is not known; write `U`"),
        ("hrs", "the unit `hrs` is not known; write `hours`"),
        ("aud/kWh", "the unit `aud` is not known; write `AUD/kWh`"),
        ("barn", "the unit `barn` is not known; write a unit such as `W`, `kWh`, `GB`"),
        ("Ws", "the unit `Ws` is not known"),  # pint alone reads it as watts
        ("kU", "the unit `kU` is not known"),
        ("Mvm", "the unit `Mvm` is not known"),
        ("mB", "`mB` may mean bits or bytes; write `Mbit` or `MB`"),
        ("var", "the unit `var` is not known"),
        ("__class__", "the unit `__class__` is not known"),
    ],
)
def test_unknown_or_ambiguous_unit(unit, message):
    assert refusal(f"1 {unit}", "W").startswith(message)


@pytest.mark.parametrize("unit", ["Mb", "KB", "GBPS", "Kbps", "Tib", "G", "KW", "mw", "mb/s"])
def test_every_proposal_is_accepted(unit):
    proposals = re.findall("`([^`]+)`", refusal(f"1 {unit}", "W").split("; ")[1])
    assert proposals
    for proposal in proposals:
        assert quantity(f"1 {proposal}", proposal) == 1.0


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("5 VA", "W", "`VA` measures apparent power, not power; write it in `W` or another unit"),
        ("5 kVA", "kW", "`kVA` measures apparent power, not power; write it in `kW` or another"),
        ("5 Wh", "W", "`Wh` measures energy, not power; write it in `W` or another unit"),
        ("5 m", "h", "`m` measures length, not time; write it in `h` or another unit of that"),
        ("5 vm", "vcpu", "`vm` measures virtual machines, not virtual CPUs; write it in `vcpu`"),
        ("5 thread", "core", "`thread` measures threads, not cores; write it in `core`"),
        ("5 GB", "GB/s", "`GB` measures data, not data per time; write it in `GB/s`"),
        ("5 EUR", "AUD", "`EUR` measures money in EUR, not money in AUD; write it in `AUD`"),
        ("5 W", "1", "`W` measures power, not a plain number; write a plain number or a perc"),
        ("5 %", "W", "`%` measures a plain number, not power; write it in `W`"),
        ("5 W", "money", "`W` measures power, not money; write an amount of money, e.g. in `AUD`"),
        ("5 rpm", "1/yr", "`rpm` measures turns per time, not per time; write it in `1/yr`"),
        ("5 m^2", "m", "`m^2` measures length^2, not length; write it in `m`"),
    ],
)
def test_wrong_kind(text, unit, message):
    assert refusal(text, unit).startswith(message)


@pytest.mark.parametrize("unit", ["", "W W", "W/", "W/2", "2*W", "W**2", "W^-1", "35 W", "W" * 99])
def test_malformed_target_unit(unit):
    with pytest.raises(UnitError, match="is not a unit"):
        convert(1.0, "W", unit)


def test_length_limit():
    assert "measures" in refusal("50 W" + "/W" * 38, "W")  # 80 characters
    assert "is not a quantity" in refusal("500 W" + "/W" * 38, "W")
    assert "is not a quantity" in refusal(" " * 40 + "35 W" + " " * 37, "W")
    assert dimension("W" + "/W" * 39) == "per power^38"
    with pytest.raises(UnitError, match="is not a unit"):
        dimension("kW" + "/W" * 40)


def test_arithmetic_is_never_evaluated():
    start = time.process_time()
    for text in ("9**9**9 W", "9^9^9 W", "(9**9)**9", "1e99**9 W"):
        refusal(text, "W")
        refusal(text, "1")
    assert time.process_time() - start < 1  # second of the processor; pint alone hangs


def test_hostile_lengths_are_refused_quickly():
    start = time.process_time()
    for text in ("1" * 10**6, "1 " + "W/" * 10**6, " " * 10**6 + "x", "5 " + "a" * 10**6):
        assert len(refusal(text, "W")) < 200
    assert time.process_time() - start < 2  # seconds of the processor


@given(st.text(max_size=30) | st.from_regex(r"[0-9]{1,3}[ .,]?[0-9]{0,3} ?[a-zA-Z/%*^]{0,6}"))
@settings(max_examples=400, deadline=None)
@example("5 %%")
@example("1 /")
@example("1e9999999999 W")
def test_any_text_is_read_or_refused(text):
    for unit in ("W", "1"):
        result = outcome(text, unit)
        if isinstance(result, UnitError):
            assert result.message.isprintable()
            assert result.remedy
        else:
            assert math.isfinite(result)


# --- the units file --------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", sorted(spellings()))
def test_pint_reads_every_spelling_as_listed(spelling):
    """No prefix, plural or other unit gets in the way, such as ``ms`` read as metres."""
    name = spellings()[spelling]
    assert dimension(spelling) == dimension(name)
    factor = convert(1.0, spelling, name)
    powers = [1000.0**n for n in (-2, -1, 0, 1, 2, 3, 4, 5)] + [1024.0**n for n in (1, 2, 3, 4, 5)]
    assert factor in powers


@pytest.mark.parametrize(
    ("symbol", "factor"),
    [
        *(("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15)),
        *(("Ki", 2.0**10), ("Mi", 2.0**20), ("Gi", 2.0**30), ("Ti", 2.0**40), ("Pi", 2.0**50)),
    ],
)
def test_prefixes_of_data(symbol, factor):
    assert quantity(f"1 {symbol}B", "B") == factor
    assert quantity(f"1 {symbol}bit/s", "B/s") == factor / 8
    assert quantity(f"1 {symbol}Bps", "bps") == factor * 8


def test_the_registry_knows_only_the_units_file():
    names = {line.split("=")[0].strip() for line in DEFINITIONS.read_text("utf-8").splitlines()}
    assert {name for name in names if name and name[0] not in "#" and name[-1] != "-"} == set(
        spellings().values()
    )
    assert "barn" not in registry()
    assert "inch" not in registry()


def test_currencies():
    assert {"AUD", "EUR", "USD", "GBP", "CNY"} <= set(CURRENCIES)
    assert len({dimension(code) for code in (*CURRENCIES, "money")}) == len(CURRENCIES) + 1
    assert all(re.fullmatch("[A-Z]{3}", code) for code in CURRENCIES)


def test_counted_things_and_powers_never_convert_to_each_other():
    kinds = ["W", "VA", "V", "A", "vm", "vcpu", "core", "thread", "node", "part", "port", "U", "1"]
    assert len({dimension(unit) for unit in kinds}) == len(kinds)


# --- other functions -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("MW", "power"),
        ("kWh", "energy"),
        ("kWh/yr", "power"),
        ("AUD/kWh", "money in AUD per energy"),
        ("money/yr", "money per time"),
        ("Gbps", "data per time"),
        ("IOPS", "operations per time"),
        ("1/yr", "per time"),
        ("B*V", "data x voltage"),
        ("W/m^2", "power per length^2"),
        ("%", "a plain number"),
        ("1", "a plain number"),
    ],
)
def test_dimension(unit, kind):
    assert dimension(unit) == kind


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("kWh/yr", "kWh/year", True),
        ("Mbit/s", "Mbps", True),
        ("W*h", "Wh", True),
        ("/yr", "1/yr", True),
        ("GB", "B", False),
        ("B", "GB", False),
        ("VA", "W", False),
        ("%", "1", False),
    ],
)
def test_same_unit(a, b, same):
    assert same_unit(a, b) is same


def test_unknown_stays_unknown_when_converted():
    assert math.isnan(convert(math.nan, "TB", "TiB"))


PAIRS = [("kWh", "Wh"), ("TB", "TiB"), ("yr", "h"), ("BTU/h", "W"), ("Gbit/s", "MB/s"), ("%", "1")]


@given(st.floats(-1e12, 1e12), st.sampled_from(PAIRS))
@settings(deadline=None)
def test_conversion_there_and_back(value, pair):
    there = convert(value, *pair)
    # two roundings each way, of at most half a unit in the last place each
    assert convert(there, *reversed(pair)) == pytest.approx(value, rel=1e-15, abs=1e-300)


@given(
    st.floats(-1e15, 1e15).filter(lambda x: x == 0 or abs(x) > 1e-90),
    st.sampled_from(["W", "kWh", "TiB", "MB/s", "AUD/kWh", "1/yr"]),
)
@settings(deadline=None)
def test_number_written_with_its_unit_reads_back(value, unit):
    written = f"{value:.10e}"
    assert quantity(f"{written} {unit}", unit) == float(written)


def test_caches_are_bounded():
    assert units._unit.cache_info().maxsize == 1024
    assert units._factor.cache_info().maxsize == 1024


def test_pint_is_imported_only_for_what_is_not_usual():
    program = (
        "import sys, planner.units as u; print(u.quantity('1 GiB', 'B'), 'pint' in sys.modules);"
        "print(u.quantity('1 BTU/h', 'W') > 0, 'pint' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1073741824.0", "False", "True", "True"]


@pytest.mark.parametrize(("written", "unit"), USUAL_FACTORS)
def test_usual_conversions_are_those_of_pint(written, unit):
    source, target = units._unit(written), units._unit(unit)
    assert source.dimensionality == target.dimensionality
    numerator, denominator = USUAL_FACTORS[written, unit]
    assert min(numerator, denominator) == 1.0
    # Exact: both are written or computed as a single rounding of the same number.
    way = (source, target) if denominator == 1.0 else (target, source)
    assert registry().convert(1.0, *way) == max(numerator, denominator)
