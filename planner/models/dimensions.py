"""The units of the models' arguments and results, written as annotations.

A model takes floats or NumPy arrays in these units and returns the same; the annotation is what
the sheet compares when it connects one model's result to another model's argument.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

import numpy as np

Array: TypeAlias = float | np.ndarray[Any, np.dtype[np.float64]]

Number = Annotated[Array, "1"]
Watt = Annotated[Array, "W"]
VoltAmpere = Annotated[Array, "VA"]
Volt = Annotated[Array, "V"]
Ampere = Annotated[Array, "A"]
KilowattHour = Annotated[Array, "kWh"]
BtuPerHour = Annotated[Array, "BTU/h"]
Hour = Annotated[Array, "h"]
Second = Annotated[Array, "s"]
Year = Annotated[Array, "yr"]
PerYear = Annotated[Array, "1/yr"]
Month = Annotated[Array, "month"]
Byte = Annotated[Array, "B"]
BytePerSecond = Annotated[Array, "B/s"]
IoPerSecond = Annotated[Array, "IOPS"]
Node = Annotated[Array, "node"]
Part = Annotated[Array, "part"]
Core = Annotated[Array, "core"]
Thread = Annotated[Array, "thread"]
Vcpu = Annotated[Array, "vcpu"]
Vm = Annotated[Array, "vm"]
Port = Annotated[Array, "port"]
RackUnit = Annotated[Array, "U"]
Kilogram = Annotated[Array, "kg"]
Money = Annotated[Array, "money"]
MoneyPerKilowattHour = Annotated[Array, "money/kWh"]
MoneyPerRackUnit = Annotated[Array, "money/U"]
MoneyPerTerabyte = Annotated[Array, "money/TB"]
MoneyPerHour = Annotated[Array, "money/h"]
KilogramPerKilowattHour = Annotated[Array, "kg/kWh"]
DegreeCelsius = Annotated[Array, "degC"]
CubicMetrePerHour = Annotated[Array, "m^3/h"]
VolumetricHeatCapacity = Annotated[Array, "W*h/m^3/degC"]
