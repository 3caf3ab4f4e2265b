"""The recommendation in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from planner.units import format_quantity

Data = Mapping[str, Any]

TOLD = 3
"""Changes that are told; the others are counted."""
COSTS = {
    "net_present_cost": "in all, as it is worth today",
    "total_cost": "in all",
    "capital_cost": "to buy",
}


def reasons(found: Data, entries: Mapping[str, Data]) -> list[str]:
    """Why a design is recommended, or why none is.

    Parameters
    ----------
    found : dict
        The recommendation.
    entries : mapping
        The designs' entries of the snapshot.

    Returns
    -------
    list of str
        Sentences, the verdict first.
    """
    tell = _Teller(found, entries)
    return [*tell.verdict(), *tell.rank(), *tell.chances(), *tell.changes(), *tell.others()]


class _Teller:
    def __init__(self, found: Data, entries: Mapping[str, Data]) -> None:
        self._found = found
        self._entries = entries
        self._rows = {row["design"]: row for row in found["ranking"]}
        self._design: str | None = found["design"]
        self._candidates = [
            row["design"] for row in found["ranking"] if row["first_in_weightings"] is not None
        ]

    def verdict(self) -> Iterator[str]:
        if self._design is None:
            yield "No design can be recommended."
            yield from self._nearest()
            return
        entry = self._entries[self._design]
        number = len(entry["requirements"])
        meets = f"it meets all {number} requirements" if number > 1 else "it meets the requirement"
        does = meets if number else "no requirement is stated"
        limit = f", limited by {self._found['limit']}" if self._found["limit"] else ""
        vms = self._number(entry, "vms")
        holds = f" and holds {vms}{limit}" if vms else ""
        verb = "Keep" if self._found["action"] == "keep" else "Buy"
        yield f"{verb} {self._design}: {does}{holds}{self._costs(entry)}."

    def _costs(self, entry: Data) -> str:
        cost = self._found["cost"]
        told = self._number(entry, cost) if cost else ""
        return f", for {told} {COSTS[cost]}" if told else ""

    @staticmethod
    def _number(entry: Data, quantity: str) -> str:
        item = entry["quantities"].get(quantity)
        if item is None or item["value"] is None:
            return ""
        return format_quantity(item["value"], item["unit"])

    def _nearest(self) -> Iterator[str]:
        """What fails in the designs that fail least."""
        rows = [row for row in self._found["ranking"] if _faults(row) or not row["cost_known"]]
        if not rows:
            return
        least = min(_faults(row) for row in rows)
        nearest = [row for row in rows if _faults(row) == least][:TOLD]
        told = "; ".join(f"{row['design']}, which {_failing(row)}" for row in nearest)
        yield f"Nearest: {told}."

    def rank(self) -> Iterator[str]:
        if self._design is None:
            return
        others = [name for name in self._candidates if name != self._design]
        if not others:
            yield "No other design qualifies." if len(self._rows) > 1 else ""
            yield from self._second()
            return
        used = [item for item in self._found["criteria"] if not item["left_out"]]
        names = ", ".join(item["quantity"] for item in used)
        row = self._rows[self._design]
        by = f"equal weights of {names}" if self._found["equal_weights"] else f"its {names}"
        yield (
            f"It scores best of {len(others) + 1} by {by}, and by "
            f"{_percent(row['first_in_weightings'])} of all possible weightings."
        )
        yield from self._cheapest(row["probability_cheapest"])

    def _cheapest(self, probability: float | None) -> Iterator[str]:
        """Which candidate costs least, and how often this one does."""
        if self._found["cost"] is None:
            return
        often = "" if probability is None else f"in {_percent(probability)} of the draws"
        values = {name: self._cost(name) for name in self._candidates}
        least = min(values, key=values.__getitem__)
        if values[least] == values[self._design or least]:
            yield f"It is the cheapest of them{often and f', and {often}'}."
        else:
            price = self._costs(self._entries[least]).removeprefix(", ")
            rarely = often and f"; {often} it is {self._design}"
            yield f"The cheapest of them is {least}, {price}{rarely}."

    def _cost(self, name: str) -> float:
        return float(self._entries[name]["quantities"][self._found["cost"]]["value"])

    def _second(self) -> Iterator[str]:
        """What keeps the design that fails least from being a choice too."""
        rows = [row for row in self._rows.values() if row["failed"] or row["errors"]]
        if rows:
            row = min(rows, key=_faults)
            yield f"Next comes {row['design']}, which {_failing(row)}."

    def chances(self) -> Iterator[str]:
        if self._design is None or not self._found["draws"]:
            return
        row = self._rows[self._design]
        able, best = row["probability_qualified"], row["probability_best"]
        draws = f"Over {self._found['draws']:,} draws of what is uncertain it"
        if able is None:
            yield f"{draws} is the best choice in {_percent(best)}."
        else:
            yield (
                f"{draws} qualifies in {_percent(able)} and is the best choice in {_percent(best)}."
            )
        if self._found["at_risk"]:
            item = min(self._found["at_risk"], key=lambda item: item["probability"])
            share, inputs = _percent(item["probability"]), " and ".join(item["inputs"])
            why = inputs and f"; it hangs most on {inputs}"
            yield f'Most at risk: "{item["text"]}", met in {share}{why}.'
        least = self._found["regret"]["least"]
        if least not in (None, self._design):
            yield f"The least regret in money is with {least}."

    def changes(self) -> Iterator[str]:
        found = self._found["would_change"]
        if not found:
            yield (
                "No uncertain input, VM count or figure of the site alone would change the choice, "
                "were it ten times as much or a tenth."
            )
            return
        near = [change for change in found if change["within_range"]]
        if not near and self._found["draws"]:
            yield "No single input within its 90 % range would change the choice."
        outcomes: dict[str, list[str]] = {}
        for change in found[:TOLD]:
            outcomes.setdefault(self._outcome(change), []).append(_turn(change))
        for outcome, turns in outcomes.items():
            yield f"With {_either(turns)}, {outcome}."

    def _outcome(self, change: Data) -> str:
        becomes = f"{change['becomes']} would be best" if change["becomes"] else "none would do"
        if not change["fails"]:
            return becomes
        fails = " and ".join(f'"{text}"' for text in change["fails"])
        return f"{fails} would fail, and {becomes}"

    def others(self) -> Iterator[str]:
        dominated = [
            f"{item['design']} by {' and '.join(item['by'])}"
            for item in self._found["dominated"]
            if self._rows[item["design"]]["qualified"]
        ]
        if dominated:
            yield f"Dominated: {'; '.join(dominated)}."
        unknown = [row["design"] for row in self._rows.values() if not row["cost_known"]]
        if unknown:
            yield (
                f"The cost of {' and '.join(unknown)} is not known in full; at least so much does "
                "not count as cheap."
            )
        for item in self._found["criteria"]:
            if item["left_out"] and item["weight"]:
                yield f"{item['quantity']} is left out of the ranking: {item['left_out']}."


def _turn(change: Data) -> str:
    """Where an input turns the choice."""
    way = "up" if change["side"] == "above" else "down"
    return " and ".join(
        f"{fact['name']} from {format_quantity(fact['turns_at'], fact['unit'])} {way} "
        f"(expected {format_quantity(fact['value'], fact['unit']).partition(' (')[0]})"
        for fact in change["facts"]
    )


def _either(texts: list[str]) -> str:
    """Texts of which one will do."""
    return f"{', '.join(texts[:-1])} or {texts[-1]}" if len(texts) > 1 else texts[0]


def _faults(row: Data) -> int:
    return sum(len(row[key]) for key in ("failed", "cannot_be_judged", "errors"))


def _failing(row: Data) -> str:
    parts = [
        f"{verb} {', '.join(row[key])}"
        for key, verb in (("failed", "fails:"), ("errors", "breaks"))
        if row[key]
    ]
    if row["cannot_be_judged"]:
        parts.append(f"cannot be judged on: {', '.join(row['cannot_be_judged'])}")
    if not parts and not row["cost_known"]:
        parts.append("qualifies, but its cost is not known")
    return "; ".join(parts) or "cannot be ranked"


def _percent(share: float) -> str:
    """A share, never rounded to certainty."""
    if 0.995 <= share < 1.0:
        return "over 99 %"
    if 0.0 < share < 0.005:
        return "under 1 %"
    return f"{share * 100:.0f} %"
