"""The cost of a design over its years: worked out by hand, or added up in loops."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest
from kit import few_draws, planner  # noqa: F401
from test_compute import SCENARIO

from planner.evaluation import evaluate_fully

pytestmark = pytest.mark.usefixtures("few_draws")

SITE = "  labour_per_node: {value: 2 h, basis: assumption}\n"
GROUP = "plain: {count: 3, node: plain, runs_vms: true, "


def written(folder, *changes):
    """The scenario of round numbers with changes."""
    text = SCENARIO
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "costs.yaml"
    path.write_text(text)
    return str(path)


def design(folder, *changes, name="pooled"):
    return evaluate_fully(written(folder, *changes)).snapshot.design(name)


def site(**keys):
    """Keys added to the site."""
    lines = "".join(f"  {key}: {value}\n" for key, value in keys.items())
    return (SITE, SITE + lines)


def group(**keys):
    """Keys added to the hosts of the first design."""
    return (GROUP, GROUP + "".join(f"{key}: {value}, " for key, value in keys.items()))


def value(found, quantity):
    return found["quantities"][quantity]["value"]


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return design(tmp_path_factory.mktemp("plain"))


# What is stated is counted, and nothing else

CAPITAL = 3 * 1100.0 + 500.0


def test_what_is_not_stated_is_not_counted_and_said(plain):
    energy, labour = value(plain, "annual_energy_cost"), value(plain, "annual_labour_cost")
    assert value(plain, "total_cost") == pytest.approx(CAPITAL + 5 * (energy + labour))
    assert value(plain, "net_present_cost") == pytest.approx(value(plain, "total_cost"))
    told = " ".join(plain["not_counted"])
    for key in ("discount_rate", "electricity_price_change", "rack_unit_price", "replace_after"):
        assert key in told
    for key in ("warranty", "spares", "licences", "disposal_price", "residual_share"):
        assert key in told
    assert "annual_licence_cost" not in plain["quantities"]


@pytest.mark.parametrize(
    ("changes", "quantity", "wanted"),
    [
        ([site(rack_unit_price="10 EUR/U/month")], "annual_space_cost", 4 * 120.0),
        ([site(hosting_price="300 EUR/month")], "annual_hosting_cost", 3600.0),
        ([site(disposal_price="20 EUR")], "disposal_cost", 80.0),
        ([site(residual_share="10 %")], "residual_value", 0.1 * CAPITAL),
        ([site(warranty="4 %/yr")], "annual_warranty_cost", 0.04 * CAPITAL),
        ([group(warranty="4 %/yr")], "annual_warranty_cost", 0.04 * 3300.0),
        ([group(service_price="15 EUR/month")], "annual_warranty_cost", 3 * 180.0),
        ([site(replace_after="2 yr")], "replacement_cost", 2 * CAPITAL),
        ([group(replace_after="4 yr")], "replacement_cost", 3300.0),
        ([site(replace_after="5 yr")], "replacement_cost", 0.0),
        ([group(owned="true", replace_after="4 yr")], "replacement_cost", 3300.0),
        ([group(owned="true"), site(replace_after="4 yr")], "replacement_cost", 500.0),
        ([group(owned="true", warranty="10 %/yr")], "annual_warranty_cost", 330.0),
    ],
)
def test_each_cost_by_hand(tmp_path, plain, changes, quantity, wanted):
    found = design(tmp_path, *changes)
    assert value(found, quantity) == pytest.approx(wanted)
    owned = 3300.0 if "owned" in str(changes) else 0.0
    yearly = 5 if quantity.startswith("annual") else -1 if quantity == "residual_value" else 1
    total = value(plain, "total_cost") - owned + yearly * wanted
    assert value(found, "total_cost") == pytest.approx(total)
    assert len(found["not_counted"]) == len(plain["not_counted"]) - 1


TOP = "designs:\n  pooled:\n"
HEAD = "    title: Three hosts that pool their disks\n"


def top(text):
    return (TOP, text + TOP)


def own(text):
    return (HEAD, HEAD + text)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ([top("spares: {disk: {share: 50 %}}\n")], 2 * 100.0),
        ([top("spares: {disk: {count: 3}}\n")], 300.0),
        ([top("spares: {disk: {count: 3}}\n"), own("    spares: {disk: {count: 1}}\n")], 100.0),
        ([own("    spares: {plain: {count: 1}}\n")], 1100.0),
        ([own("    spares: {plain: {share: 40 %}, switch: {count: 1}}\n")], 2 * 1100.0 + 500.0),
        ([top("spares: {big: {count: 1}}\n")], None),
        ([own("    spares: {plain: {count: 1}}\n"), group(owned="true")], 1100.0),
    ],
)
def test_spares_by_hand(tmp_path, changes, wanted):
    found = design(tmp_path, *changes)
    if wanted is None:  # a part that this design does not have
        assert "spare_cost" not in found["quantities"]
        return
    assert value(found, "spare_cost") == pytest.approx(wanted)
    spares = [line for line in found["bill_of_materials"] if line["spare"]]
    assert sum(line["total_price"]["value"] for line in spares) == pytest.approx(wanted)
    total = sum(line["total_price"]["value"] for line in found["bill_of_materials"])
    assert value(found, "capital_cost") == pytest.approx(total)


@pytest.mark.parametrize(
    ("licence", "wanted"),
    [
        ("{per_host: 100 EUR/yr}", 300.0),
        ("{per_core: 10 EUR/yr}", 3 * 4 * 10.0),
        ("{per_vm: 1 EUR/month}", 18 * 12.0),
        ("{per_vm: 12 EUR/yr, flavours: [small]}", 18 * 12.0),
        ("{flat: 1000 EUR/yr}", 1000.0),
        ("{flat: 1000 EUR/yr, per_host: 100 EUR/yr}", 1300.0),
    ],
)
def test_licences_by_hand(tmp_path, plain, licence, wanted):
    assert value(plain, "placed_vms") == 18
    found = design(tmp_path, top(f"licences: {{one: {licence}}}\n"))
    assert value(found, "annual_licence_cost") == pytest.approx(wanted)


def test_a_design_chooses_its_licences(tmp_path):
    stated = top("licences: {one: {flat: 1 EUR/yr}, two: {flat: 10 EUR/yr}}\n")
    assert value(design(tmp_path, stated), "annual_licence_cost") == 11
    chosen = design(tmp_path, stated, own("    licences: [two]\n"))
    assert value(chosen, "annual_licence_cost") == 10
    none = design(tmp_path, stated, own("    licences: []\n"))
    assert "annual_licence_cost" not in none["quantities"]


EVERYTHING = [
    site(
        discount_rate="6 %/yr",
        electricity_price_change="3 %/yr",
        rack_unit_price="10 EUR/U/month",
        disposal_price="20 EUR",
        residual_share="10 %",
        warranty="4 %/yr",
    ),
    group(replace_after="2 yr"),
    ("years_of_use: {value: 5 yr,", "years_of_use: {value: 4.5 yr,"),
]


def test_what_grows_with_the_vms_and_what_does_not_are_the_whole(tmp_path):
    licences = top("licences: {one: {per_host: 9 EUR/yr, per_core: 2 EUR/yr, flat: 5 EUR/yr}}\n")
    more = [own("    spares: {disk: {count: 2}}\n"), site(hosting_price="7 EUR/month"), licences]
    found = design(tmp_path, *EVERYTHING, *more)
    grows = value(found, "present_cost_of_a_vm") * value(found, "vms")
    assert value(found, "host_present_cost") == pytest.approx(grows)
    whole = value(found, "host_present_cost") + value(found, "present_cost_without_vms")
    assert value(found, "net_present_cost") == pytest.approx(whole, rel=1e-9)
    by_item = value(found, "switch.item_present_cost")
    fixed = 200 * (1 - 0.1 / 1.06**4.5)
    years = sum(1 / 1.06**year for year in range(1, 5)) + 0.5 / 1.06**4.5
    fixed += (12 * 7 + 5) * years
    assert value(found, "present_cost_without_vms") == pytest.approx(by_item + fixed, rel=1e-9)


def test_net_present_cost_against_a_loop_over_the_years(tmp_path):
    found = design(tmp_path, *EVERYTHING)
    energy, upkeep = value(found, "annual_energy_cost"), value(found, "annual_upkeep_cost")
    assert upkeep == pytest.approx(3 * 2 * 50 + 4 * 120 + 0.04 * CAPITAL)
    total = CAPITAL
    for year in range(1, 6):
        part, at = (1.0, year) if year < 5 else (0.5, 4.5)
        total += part * (energy * 1.03 ** (year - 1) + upkeep) / 1.06**at
    total += sum(3300 / 1.06**at for at in (2.0, 4.0))
    total += (4 * 20 - 0.1 * CAPITAL) / 1.06**4.5
    assert value(found, "net_present_cost") == pytest.approx(total, rel=1e-9)


# Payback against the present system


def test_payback_by_hand(tmp_path):
    """The mixed design is owned: 3 hosts; the pooled one replaces it."""
    path = written(
        tmp_path,
        top("baseline: mixed\n"),
        ("plain: {count: 3, node: plain, runs_vms: true}\n      large", "plain: {count: 30, node: "
         "plain, runs_vms: true, owned: true}\n      large"),
        ("large: {count: 2, node: large, runs_vms: true}", "large: {count: 0, node: large, "
         "runs_vms: true, owned: true}"),
    )  # fmt: skip
    snapshot = evaluate_fully(path).snapshot
    old, new = snapshot.design("mixed"), snapshot.design("pooled")
    saved = value(old, "annual_running_cost") - value(new, "annual_running_cost")
    assert value(old, "capital_cost") == 0
    assert value(new, "payback_years") == pytest.approx(CAPITAL / saved)
    assert value(new, "discounted_payback_years") == pytest.approx(CAPITAL / saved)
    assert value(new, "net_present_saving") == pytest.approx(5 * saved - CAPITAL)
    assert "payback_years" not in old["quantities"]


def test_what_never_pays_back_has_no_payback(tmp_path):
    snapshot = evaluate_fully(written(tmp_path, top("baseline: pooled\n"))).snapshot
    mixed = snapshot.design("mixed")["quantities"]
    assert mixed.get("payback_years", {"value": None})["value"] is None


# Unknown prices never look cheap


def test_an_unknown_price_is_a_lower_bound_of_every_total(tmp_path):
    known = design(tmp_path, *EVERYTHING)
    price = "price: {value: 100 EUR, basis: datasheet, source: by hand}"
    unknown = design(tmp_path, *EVERYTHING, (price, "price: unknown"))
    for name in ("capital_cost", "total_cost", "net_present_cost", "cost_per_vm",
                 "cost_per_usable_tb", "annual_warranty_cost", "replacement_cost"):  # fmt: skip
        item = unknown["quantities"][name]
        assert item["value"] is None, name
        assert item["high"] is None, name
        assert 0 < item["low"] < value(known, name), name


# Currencies

DISK = "price: {value: 100 EUR, basis: datasheet, source: by hand}"
IN_USD = (DISK, "price: {value: 110 USD, low: 99 USD, basis: datasheet, source: shop, date: 2024}")
RATE = "rates: {USD: {value: 0.9 EUR/USD, low: 0.8 EUR/USD, date: 2024-03-01, source: ECB}}\n"


def test_a_price_is_converted_at_the_rate_and_shows_it(tmp_path):
    path = written(tmp_path, IN_USD, top(RATE))
    found = evaluate_fully(path).snapshot.design("pooled")
    assert value(found, "capital_cost") == pytest.approx(3 * 1000 + 3 * 99 + 500)
    (line,) = [item for item in found["bill_of_materials"] if item["part"] == "disk"]
    price = line["unit_price"]
    assert (price["value"], price["unit"], price["basis"]) == (99, "EUR", "assumption")
    assert price["low"] < 99
    assert (price["asked"]["value"], price["asked"]["unit"]) == (110, "USD")
    assert (price["rate"]["value"], price["rate"]["date"]) == (0.9, "2024-03-01")
    told = planner("explain", path, "pooled", "capital_cost").out
    for text in ("110 USD", "0.9 EUR/USD", "date: 2024-03-01", "source: ECB", "date: 2024\n"):
        assert text in told
    assert "at 0.9 EUR/USD of 2024-03-01 (ECB)" in planner("bom", path, "pooled").out


def test_a_price_without_a_rate_is_unknown_and_says_what_to_write(tmp_path):
    path = written(tmp_path, IN_USD)
    found = evaluate_fully(path).snapshot.design("pooled")
    assert found["quantities"]["capital_cost"] == {
        "value": None, "low": 3500, "high": None, "unit": "EUR", "basis": "datasheet"
    }  # fmt: skip
    assert any("write `rates: {USD: {value: ... EUR/USD" in item for item in found["unknown"])


def test_a_rate_moves_what_depends_on_it(tmp_path):
    before = evaluate_fully(written(tmp_path, IN_USD, top(RATE))).designs["pooled"]
    after = evaluate_fully(written(tmp_path, IN_USD, top(RATE.replace("0.9", "0.95"))))
    now = after.designs["pooled"].cells()
    moved = {
        name
        for name, cell in before.cells().items()
        if not np.allclose(cell.nominal, now[name].nominal, rtol=1e-12, atol=0.0, equal_nan=True)
    }
    depends = {
        name
        for name, cell in before.cells().items()
        if any(item.fact and item.fact.name == "rates.USD" for item in cell.walk())
    }
    assert moved == depends
    assert "capital_cost" in moved
    assert "annual_energy_cost" not in moved


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([top("rates: {USD: 0.9 EUR/USD}\n")], "a rate with its date and source"),
        ([top("rates: {USD: {value: 0.9 EUR/USD, source: x}}\n")], "needs its `date`"),
        ([top("rates: {USD: {value: 0.9 EUR/USD, date: 2024}}\n")], "needs its `source`"),
        ([top("rates: {USD: {value: 0.9, date: 2024, source: x}}\n")], "no rate of exchange"),
        ([top("rates: {USD: {value: 1.1 USD/EUR, date: 2024, source: x}}\n")],
         "counts in EUR; write it like `1.03 EUR/USD`"),
        ([top("rates: {USD: {value: 0 EUR/USD, date: 2024, source: x}}\n")], "out of range"),
        ([top("rates: {XXX: {value: 1 EUR/XXX, date: 2024, source: x}}\n")], "unknown currency"),
        ([site(hosting_price="10 USD/month")], "write it in EUR/yr, or `rates: {USD:"),
        ([top("spares: {disc: {count: 1}}\n")], "did you mean `disk`?"),
        ([top("spares: {disk: {count: 1, share: 5 %}}\n")], "this has both of"),
        ([top("spares: {disk: {}}\n")], "this has neither of"),
        ([own("    spares: {plane: {count: 1}}\n")], "neither a part nor a group of this design"),
        ([top("licences: {one: {}}\n")], "a licence has a price"),
        ([top("licences: {one: {flat: 1 EUR/yr, flavours: [small]}}\n")], "but no `per_vm`"),
        ([top("licences: {one: {per_vm: 1 EUR/yr, flavours: [smal]}}\n")], "did you mean `small`?"),
        ([own("    licences: [one]\n")], "unknown licence `one`"),
        ([site(discount_rate="5 %")], "discount_rate"),
        ([group(replace_after="0 yr")], "out of range"),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_place(tmp_path, changes, message):
    result = planner("compare", written(tmp_path, *changes))
    assert result.code == 2, result.err
    assert message in result.err
    for line in result.err.splitlines():
        assert "costs.yaml:" in line


@pytest.mark.usefixtures("anew")
def test_the_snapshot_is_json_and_the_same_twice(tmp_path):
    path = written(tmp_path, *EVERYTHING, IN_USD, top(RATE))
    texts = {planner("compare", path, "--format", "json").out for _ in range(2)}
    assert len(texts) == 1
    assert json.loads(texts.pop())["inputs"]["rates.USD"]["date"] == "2024-03-01"


# Year by year


def test_the_years_add_up_to_the_totals(tmp_path):
    found = design(tmp_path, *EVERYTHING)
    flow = found["cash_flow"]
    assert [row["until"] for row in flow] == [0, 1, 2, 3, 4, 4.5]
    kinds = ("purchase", "energy", "upkeep", "replacement", "end")
    for row in flow:
        cost = sum(row[kind]["value"] for kind in kinds)
        assert row["cost"]["value"] == pytest.approx(cost, abs=1e-6)
    assert flow[0]["purchase"]["value"] == CAPITAL
    assert [row["replacement"]["value"] for row in flow] == [0, 0, 3300, 0, 3300, 0]
    assert flow[-1]["end"]["value"] == pytest.approx(80 - 0.1 * CAPITAL)
    assert sum(row["cost"]["value"] for row in flow) == pytest.approx(value(found, "total_cost"))
    assert flow[-1]["spent"]["value"] == pytest.approx(value(found, "total_cost"))
    assert flow[-1]["worth_today"]["value"] == pytest.approx(value(found, "net_present_cost"))


def test_years_that_no_unknown_price_touches_are_known(tmp_path):
    price = "price: {value: 100 EUR, basis: datasheet, source: by hand}"
    found = design(tmp_path, *EVERYTHING, (price, "price: unknown"))
    flow = found["cash_flow"]
    assert flow[0]["purchase"]["value"] is None
    assert flow[1]["purchase"]["value"] == 0
    assert flow[1]["replacement"]["value"] == 0
    assert flow[2]["replacement"]["value"] is None
    assert flow[2]["replacement"]["low"] == pytest.approx(3000)


# Break-even

TWO = [
    ("price: {value: unknown, note: not asked for}", "price: 3000 EUR"),
    ("electricity_price: {value: 0.2 EUR/kWh, low: 0.1 EUR/kWh, high: 0.4 EUR/kWh, ",
     "electricity_price: {value: 0.2 EUR/kWh, "),
]  # fmt: skip


def pair(snapshot, *names):
    return next(item for item in snapshot.data["break_even"] if item["designs"] == list(names))


def test_the_cheaper_design_turns_at_the_break_even_price_of_electricity(tmp_path):
    snapshot = evaluate_fully(written(tmp_path, *TWO)).snapshot
    turned = 0
    for item in snapshot.data["break_even"]:
        point = item["electricity_price"]
        at = point["value"]
        prices = (0.05, 5.0) if at is None else (0.9 * at, 1.1 * at)
        for price, key in zip(prices, ("cheaper_below", "cheaper_above"), strict=True):
            change = (TWO[1][1], TWO[1][1].replace("0.2", f"{price:.9f}"))
            costs = evaluate_fully(written(tmp_path, *TWO, change)).snapshot
            cheapest = min(
                item["designs"], key=lambda name: value(costs.design(name), "net_present_cost")
            )
            assert cheapest == point[key]
        turned += at is not None
    assert turned >= 1


def test_both_designs_cost_the_same_with_the_break_even_number_of_vms(tmp_path):
    snapshot = evaluate_fully(written(tmp_path, *TWO)).snapshot
    met = [item for item in snapshot.data["break_even"] if item["vms"]["value"] is not None]
    assert met
    for item in met:
        found = [snapshot.design(name) for name in item["designs"]]
        for times, winner in ((1, None), (0.9, "cheaper_below"), (1.1, "cheaper_above")):
            vms = times * item["vms"]["value"]
            costs = {
                each["id"]: value(each, "present_cost_without_vms")
                + vms * value(each, "present_cost_of_a_vm")
                for each in found
            }
            if winner is None:
                assert len({round(cost, 4) for cost in costs.values()}) == 1
            else:
                assert min(costs, key=costs.get) == item["vms"][winner]


def test_more_hosts_leave_the_rest_of_the_cost_as_it_is(tmp_path):
    few = design(tmp_path, *EVERYTHING)
    three = GROUP + "replace_after"
    nine = (three, three.replace("count: 3", "count: 9"))
    many = design(tmp_path, *EVERYTHING, nine)
    same = "present_cost_without_vms"
    assert value(many, same) == pytest.approx(value(few, same), rel=1e-9)
    assert value(many, "host_present_cost") > 2 * value(few, "host_present_cost")


def test_owned_hosts_tell_no_cost_of_more_vms(tmp_path):
    snapshot = evaluate_fully(written(tmp_path, *TWO, group(owned="true"))).snapshot
    point = pair(snapshot, "pooled", "mixed")["vms"]
    assert (point["value"], point["cheaper_below"], point["cheaper_above"]) == (None, None, None)
    assert "present_cost_of_a_vm" not in snapshot.design("pooled")["quantities"]


def test_what_is_unknown_is_not_compared(tmp_path):
    path = written(tmp_path)
    item = pair(evaluate_fully(path).snapshot, "pooled", "mixed")
    assert item["cheaper"] is None
    assert item["electricity_price"]["value"] is item["vms"]["value"] is None
    told = planner("cost", path).out
    assert "Not to be compared, as a cost is unknown: pooled and mixed" in told


# planner cost


@pytest.mark.parametrize("output", ["text", "json", "csv", "md"])
@pytest.mark.parametrize("one", [(), ("pooled",)])
def test_cost_in_every_format(tmp_path, output, one):
    path = written(tmp_path, *EVERYTHING, top("baseline: mixed\n"))
    result = planner("cost", path, *one, "--format", output)
    assert result.code == 0, result.err
    if output == "text":
        assert max(map(len, result.out.splitlines())) <= 100
        assert "Not counted, as nothing is stated: spares" in result.out
    elif output == "json":
        designs = json.loads(result.out)["designs"]
        assert [item["id"] for item in designs][:1] == ["pooled"]
        assert designs[0]["cash_flow"][0]["purchase"]["value"] == CAPITAL
    elif output == "csv":
        rows = list(csv.DictReader(io.StringIO(result.out)))
        spent = [float(row["value"]) for row in rows
                 if (row["design"], row["kind"]) == ("pooled", "cost")]  # fmt: skip
        assert sum(spent) == pytest.approx(value(design(tmp_path, *EVERYTHING), "total_cost"))
    else:
        assert result.out.count("| ---") >= 2


def test_cost_names_a_design_that_is_there(tmp_path):
    result = planner("cost", written(tmp_path), "poled")
    assert result.code == 2
    assert "did you mean `pooled`?" in result.err
