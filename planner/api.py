"""What `planner` offers beside `evaluate`: questions about a scenario, answered by functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.decision.cases import AlignedCases
from planner.decision.tornado import Question
from planner.decision.tornado import sensitivity as swings_of
from planner.derivation import Step, as_data, derive
from planner.evaluation import evaluate_fully
from planner.faults import InputError, Mark
from planner.judge import Judge
from planner.report.render import render_derivation
from planner.scenario import Source
from planner.wording import did_you_mean

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Explanation:
    """Where a number comes from; `print` shows it as `planner explain` does.

    Parameters
    ----------
    step : Step
        The number with what it was made from.
    """

    step: Step

    @property
    def data(self) -> dict[str, Any]:
        """The derivation as JSON-able data: formula, inputs, and the sources of the facts."""
        return as_data(self.step)

    def __str__(self) -> str:
        return render_derivation(self.step, "text").rstrip("\n")


def explain(scenario: Source, design: str, quantity: str, depth: int = 100) -> Explanation:
    """Derive a number: formula, inputs, and the sources of the facts at the bottom.

    Parameters
    ----------
    scenario : str, path or mapping
        Path of a scenario file, the name of a shipped one, or what a file would hold.
    design : str
        One of its designs.
    quantity : str
        One of the design's quantities.
    depth : int
        How many steps down to go.

    Returns
    -------
    Explanation
        To print, or to read as data.

    Raises
    ------
    InputError
        With every fault of the scenario; when it has no such design or quantity.

    Examples
    --------
    >>> print(explain("vrt-2013", "legacy-rack", "annual_energy_cost", depth=1))
    annual_energy_cost = 2,677 AUD, 90 % range 2,135 AUD .. 3,475 AUD  [assumption]
      Price of a year's energy, with that of UPS and cooling.
      = facility_energy * electricity_price
      model: planner.models.energy.annual_energy_cost
    """
    return Explanation(derive(evaluate_fully(scenario), design, quantity, depth))


def sensitivity(
    scenario: Source,
    design: str | None = None,
    quantity: str | None = None,
    against: str | None = None,
    samples: int | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Which uncertain inputs move a result most, and which alone would turn a verdict.

    Parameters
    ----------
    scenario : str, path or mapping
        Path of a scenario file, the name of a shipped one, or what a file would hold.
    design : str, optional
        One of its designs. Default: the first of the ranking.
    quantity : str, optional
        The result that moves. Default: the cost that the recommendation counts.
    against : str, optional
        A design to take the difference to.
    samples : int, optional
        Draws of what is uncertain, 100 to 20,000.
    seed : int
        Another one draws the same values in another order.

    Returns
    -------
    dict
        JSON-able: ``value``, its ``unit``; ``swings``, the widest first, each with the result at
        the ``low`` and at the ``high`` end of one ``input``; ``turns``, the inputs that alone
        change whether a requirement is met, or which of the two designs has more.

    Raises
    ------
    InputError
        With every fault of the scenario; when it has no such design or quantity.

    Examples
    --------
    >>> found = sensitivity("vrt-2013", "legacy-rack", samples=100)
    >>> found["swings"][0]["input"]
    'site.labour_per_node'
    """
    found = evaluate_fully(scenario, samples, seed)
    advice = found.snapshot.recommendation
    asked = Question(
        design or advice["ranking"][0]["design"],
        quantity or advice["cost"] or "total_cost",
        against,
    )
    return swings_of(AlignedCases(found.designs), Judge(found.loaded, found.designs), asked)


def samples(scenario: Source, quantity: str, samples: int = 1000, seed: int = 0) -> pd.DataFrame:
    """A quantity of every design in draws of all that is uncertain.

    Parameters
    ----------
    scenario : str, path or mapping
        Path of a scenario file, the name of a shipped one, or what a file would hold.
    quantity : str
        A quantity of the designs.
    samples : int
        How many draws: 100 to 20,000.
    seed : int
        Another one draws the same values in another order.

    Returns
    -------
    DataFrame
        A row a draw, a column a design; NaN where the quantity is unknown. The draws of a row are
        the same for all designs, so that differences between columns mean something.

    Raises
    ------
    InputError
        With every fault of the scenario; when no design has the quantity.

    Examples
    --------
    >>> costs = samples("vrt-2013", "total_cost", 200)
    >>> float((costs["rack-1u"] < costs["mini-itx-cluster-4"]).mean()) > 0.9
    True
    """
    import pandas as pd

    cases = AlignedCases(evaluate_fully(scenario, samples, seed).designs)
    if not any(cases.has(name, quantity) for name in cases.names):
        known = {known for name in cases.names for known in cases.quantities(name)}
        raise InputError.at(Mark(quantity), "no design has it", did_you_mean(quantity, known))
    drawn = {name: cases.values(name, quantity)[cases.first_draw :] for name in cases.names}
    return pd.DataFrame(drawn).rename_axis("draw").rename_axis("design", axis=1)
