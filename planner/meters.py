"""What power meters, management controllers and monitoring systems write: power without load.

Each reader takes the text of a file and gives series of samples in watts, each series with the
scope of what it measures. What cannot be trusted is kept, with the reason why not to fit it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from planner.calibration import Reading, Scope
from planner.faults import InputError, Mark

_ZERO = "0 W: either nothing was drawn or the sensor is not implemented"
_NUMBER = r"[-+]?[0-9]{1,20}(?:\.[0-9]{0,20})?(?:[eE][-+]?[0-9]{1,3})?"
_LARGEST = 1e15


@dataclass(frozen=True)
class _Source:
    """A text and how it is called in messages."""

    text: str
    name: str

    def error(self, what: str, message: str, remedy: str = "") -> InputError:
        """The error about the place where ``what`` first stands, or about the whole text."""
        start = self.text.find(what)
        if start < 0:
            return InputError.at(Mark(self.name), message, remedy)
        line = self.text.count("\n", 0, start) + 1
        column = start - self.text.rfind("\n", 0, start)
        return InputError.at(Mark(self.name, line, column), message, remedy)

    def malformed(self, what: str, place: str, wanted: str) -> InputError:
        """The error about something that has another form than it should."""
        return self.error(what, f"{place} cannot be read", f"expected {wanted}")

    def without_power(self, wanted: str) -> InputError:
        """The error about a text in which the power is missing."""
        return InputError.at(Mark(self.name), f"no power in this file: {wanted} is missing")

    def number(self, value: Any, key: str, place: str) -> float:
        """A finite number, or an error that names its place."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not abs(value) < _LARGEST:
            raise self.malformed(f'"{key}"', place, "a number")
        return float(value)

    def json(self) -> dict[str, Any]:
        """The object that the text holds as JSON."""

        def refuse(constant: str) -> float:
            raise self.error(constant, f"`{constant}` is not a JSON number", "give a number")

        try:
            document = json.loads(self.text, parse_constant=refuse)
        except json.JSONDecodeError as error:
            mark = Mark(self.name, error.lineno, error.colno)
            raise InputError.at(mark, f"this is not JSON: {error.msg}") from None
        except RecursionError:
            raise InputError.at(Mark(self.name), "the JSON is nested too deeply") from None
        except InputError:
            raise
        except ValueError:
            raise InputError.at(Mark(self.name), "a number in the JSON is too long") from None
        if not isinstance(document, dict):
            raise self.malformed("", "the file", "a JSON object")
        return document


@dataclass(frozen=True)
class Sample:
    """Power at one time, with what the meter tells beside it.

    Parameters
    ----------
    watts : float
        Power [W].
    time : float, optional
        Seconds since 1970 [s].
    apparent_va, power_factor, volts : float, optional
        Apparent power [VA], power factor [1] and voltage [V].
    energy_wh : float, optional
        Counter of the energy [Wh].
    low_watts, high_watts : float, optional
        Extremes over the meter's own period [W].
    step_watts : float
        Coarseness of the meter [W].
    doubt : str
        Why the sample must not be fitted; empty where it may.
    """

    watts: float
    time: float | None = None
    apparent_va: float | None = None
    power_factor: float | None = None
    volts: float | None = None
    energy_wh: float | None = None
    low_watts: float | None = None
    high_watts: float | None = None
    step_watts: float = 0.0
    doubt: str = ""


@dataclass(frozen=True)
class Series:
    """Samples of one channel.

    Parameters
    ----------
    name : str
        The channel.
    scope : str
        Where the power is measured; see `planner.calibration.Reading`.
    samples : tuple of Sample
        In the order of the file.
    """

    name: str
    scope: Scope
    samples: tuple[Sample, ...]

    @property
    def usable(self) -> tuple[Sample, ...]:
        """The samples that may be fitted."""
        return tuple(sample for sample in self.samples if not sample.doubt)

    def readings(self, load: float) -> list[Reading]:
        """The usable samples as readings, all taken at one load [1]."""
        return [
            Reading(load, one.watts, one.step_watts / math.sqrt(12.0) or None, scope=self.scope)
            for one in self.usable
        ]


def tasmota(text: str, name: str) -> list[Series]:
    """Series of a Tasmota plug: ``ENERGY.Power``, a list on a meter of several channels.

    ``ENERGY.Total`` is in kWh. Answers to ``Status 10`` are wrapped in ``StatusSNS``.
    """
    source = _Source(text, name)
    document = source.json()
    wrapped = document.get("StatusSNS", document)
    energy = wrapped.get("ENERGY") if isinstance(wrapped, dict) else None
    if not isinstance(energy, dict) or "Power" not in energy:
        raise source.without_power("`ENERGY.Power`")

    def of_channel(key: str, number: int, scale: float = 1.0) -> float | None:
        value = energy.get(key)
        if isinstance(value, list):
            value = value[number] if number < len(value) else None
        return None if value is None else scale * source.number(value, key, f"ENERGY.{key}")

    channels = len(energy["Power"]) if isinstance(energy["Power"], list) else 1
    series = []
    for number in range(channels):
        sample = _sample(
            source.number(of_channel("Power", number), "Power", "ENERGY.Power"),
            apparent_va=of_channel("ApparentPower", number),
            power_factor=of_channel("Factor", number),
            volts=of_channel("Voltage", number),
            energy_wh=of_channel("Total", number, 1000.0),
        )
        series.append(Series(f"channel {number + 1}", "wall", (sample,)))
    if not series:
        raise source.without_power("`ENERGY.Power`")
    return series


def shelly(text: str, name: str) -> list[Series]:
    """Series of a Shelly plug of the second generation, from a switch or the full status.

    ``aenergy.total`` is in Wh; ``by_minute`` is in mWh, its first entry the running minute.
    """
    source = _Source(text, name)
    document = source.json()
    switches = {"switch": document} if "apower" in document else document
    found = [
        Series(key, "wall", tuple(_shelly_samples(switch, source, key)))
        for key, switch in switches.items()
        if isinstance(switch, dict) and "apower" in switch
    ]
    if not found:
        raise source.without_power("`apower`")
    return found


def _shelly_samples(switch: dict[str, Any], source: _Source, place: str) -> Iterator[Sample]:
    """The present sample, then one for each full minute before it."""
    energy = switch.get("aenergy")
    values = {**(energy if isinstance(energy, dict) else {}), **switch}
    part = {
        key: source.number(values[key], key, f"{place}.{key}")
        for key in ("apower", "voltage", "current", "total", "minute_ts")
        if values.get(key) is not None
    }
    measured = {"voltage", "current"} <= set(part)
    apparent = part["voltage"] * part["current"] if measured else None
    yield _sample(
        source.number(part.get("apower"), "apower", f"{place}.apower"),
        apparent_va=apparent,
        power_factor=part["apower"] / apparent if apparent else None,
        volts=part.get("voltage"),
        energy_wh=part.get("total"),
    )
    minutes = values.get("by_minute")
    for number, milliwatt_hours in enumerate(minutes if isinstance(minutes, list) else ()):
        if number:
            energy_mwh = source.number(milliwatt_hours, "by_minute", f"{place}.aenergy.by_minute")
            time = part["minute_ts"] - 60.0 * number if "minute_ts" in part else None
            yield _sample(energy_mwh * 60.0 / 1000.0, time=time)


_DCMI_LINE = re.compile(
    r"[ \t]*(Instantaneous power reading|Minimum during sampling period|"
    rf"Maximum during sampling period)[ \t]*:[ \t]*({_NUMBER})[ \t]*Watts[ \t]*"
)


def dcmi(text: str, name: str) -> list[Series]:
    """The series of ``ipmitool dcmi power reading``: now, least and most since the last reset."""
    source = _Source(text, name)
    found = {
        match.group(1).split()[0]: _from_text(match.group(2), source, match.group(2))
        for line in text.splitlines()
        if (match := _DCMI_LINE.fullmatch(line))
    }
    if "Instantaneous" not in found:
        raise source.without_power("`Instantaneous power reading: ... Watts`")
    state = _fields(text).get("Power reading state is", "activated")
    sample = _sample(
        found["Instantaneous"],
        low_watts=found.get("Minimum"),
        high_watts=found.get("Maximum"),
        doubt="" if state == "activated" else "the power reading is not activated",
    )
    return [Series("dcmi", "wall", (sample,))]


def nut(text: str, name: str) -> list[Series]:
    """The series of ``upsc``: the load in whole per cent of the nominal power of the UPS."""
    source = _Source(text, name)
    fields = _fields(text)
    keys = ("ups.load", "ups.realpower.nominal")
    if any(key not in fields for key in keys):
        raise source.without_power(" and ".join(f"`{key}`" for key in keys))
    percent, nominal = (_from_text(fields[key], source, key) for key in keys)
    sample = _sample(percent * nominal / 100.0, step_watts=nominal / 100.0)
    return [Series("ups", "ups_output", (sample,))]


def _fields(text: str) -> dict[str, str]:
    """The ``name: value`` lines of a text."""
    pairs = (line.split(":", 1) for line in text.splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, value in pairs}


_METRICS: dict[str, tuple[float, Scope]] = {
    "ipmi_dcmi_power_consumption_watts": (1.0, "wall"),
    "scaph_host_power_microwatts": (1e-6, "rapl"),
}
_KNOWN_METRICS = " or ".join(f"`{metric}`" for metric in _METRICS)
_EXPOSED = re.compile(
    r"([A-Za-z_:][A-Za-z0-9_:]*)(\{[^}]*\})?[ \t]+(\S+)(?:[ \t]+(-?[0-9]{1,16}))?[ \t]*"
)


def prometheus_text(text: str, name: str) -> list[Series]:
    """Series of the text that an exporter shows; metrics that are not a known power are left."""
    source = _Source(text, name)
    series = []
    for line in text.splitlines():
        match = _EXPOSED.fullmatch(line)
        if match and match.group(1) in _METRICS:
            metric, labels, value, stamp = match.groups()
            time = float(stamp) / 1000.0 if stamp else None
            sample = _metric_sample(metric, value, time, source)
            series.append(Series(metric + (labels or ""), _METRICS[metric][1], (sample,)))
    if not series:
        raise source.without_power(_KNOWN_METRICS)
    return series


def prometheus_json(text: str, name: str) -> list[Series]:
    """Series of an answer of the Prometheus HTTP interface, of an instant or a range."""
    source = _Source(text, name)
    document = source.json()
    if document.get("status") != "success":
        reason = shown(str(document.get("error", "its status is not `success`")))
        raise source.error('"status"', f"the answer is an error: {reason}", "repeat the query")
    data = document.get("data")
    results = data.get("result") if isinstance(data, dict) else None
    series = []
    for number, result in enumerate(results if isinstance(results, list) else ()):
        place = f"data.result[{number}]"
        if not isinstance(result, dict) or not isinstance(result.get("metric"), dict):
            wanted = "an object with `metric` and `value` or `values`"
            raise source.malformed('"result"', place, wanted)
        labels = dict(result["metric"])
        metric = labels.pop("__name__", None)
        if metric in _METRICS:
            title = metric + (json.dumps(labels, sort_keys=True) if labels else "")
            samples = tuple(_pairs(result, metric, source, place))
            series.append(Series(title, _METRICS[metric][1], samples))
    if not series:
        raise source.without_power(_KNOWN_METRICS)
    return series


def _pairs(result: dict[str, Any], metric: str, source: _Source, place: str) -> Iterator[Sample]:
    """Samples of the [time, "number"] pairs of one result."""
    pairs = result.get("values", [result.get("value")])
    for pair in pairs if isinstance(pairs, list) else [None]:
        if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[1], str):
            raise source.malformed('"value', place, 'pairs [time, "number"]')
        yield _metric_sample(metric, pair[1], source.number(pair[0], "value", place), source)


def _metric_sample(metric: str, value: str, time: float | None, source: _Source) -> Sample:
    """A sample of a metric whose number is a text."""
    if value.lstrip("+-").lower() in ("nan", "inf"):
        return Sample(math.nan, time=time, doubt=f"no value: {value}")
    return _sample(_METRICS[metric][0] * _from_text(value, source, value), time=time)


def _from_text(value: str, source: _Source, what: str) -> float:
    if not re.fullmatch(_NUMBER, value):
        raise source.malformed(what, f"`{shown(value)}`", "a number")
    return source.number(float(value), what, what)


def _sample(watts: float, doubt: str = "", **beside: float | None) -> Sample:
    """A sample, in doubt if its power cannot be that of a running machine."""
    if not doubt and watts == 0:
        doubt = _ZERO
    if not doubt and watts < 0:
        doubt = "negative power: the meter is connected the other way round, or energy is fed back"
    return Sample(watts, doubt=doubt, **beside)  # type: ignore[arg-type]


def _maybe(value: str) -> float | str:
    return float(value) if re.fullmatch(_NUMBER, value) else value


def shown(text: str) -> str:
    """A text as messages may quote it: short, and without characters that terminals obey."""
    return "".join(one if one.isprintable() else "?" for one in text[:40])


def series_of(text: str, name: str) -> list[Series] | None:
    """The series of a text in whichever format it is, or None if it is none of these."""
    reader = _reader(text)
    return None if reader is None else reader(text, name)


def _reader(text: str) -> Callable[[str, str], list[Series]] | None:
    """The reader for a text, by what stands in it."""
    if text.lstrip().startswith("{"):
        if '"ENERGY"' in text:
            return tasmota
        return shelly if '"apower"' in text else prometheus_json
    if "power reading" in text:
        return dcmi
    if re.search(r"^ups\.load[ \t]*:", text, re.MULTILINE):
        return nut
    exposed = "|".join(_METRICS)
    return prometheus_text if re.search(rf"^(?:{exposed})[ {{]", text, re.MULTILINE) else None
