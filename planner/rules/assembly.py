"""Rules on whether a machine can be built: processors, memory, case, supply, cards and rack."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import RACK, needing
from planner.rules.view import Subject
from planner.units import format_quantity

TOPIC = "Building the machines"
PARTS = "data of the parts in the catalog"


def short(one: Subject, name: str, need: str, have: str) -> Broken:
    """That parts need more than another part has."""
    parts, home = one["needs"][name]
    return Broken(f"{one.name}: {parts} needs {need}, and {home} has {have}")


def misfit(one: Subject, name: str, words: str) -> Broken:
    """That parts do not fit another part."""
    parts, home = one["needs"][name]
    return Broken(f"{one.name}: {words.format(parts=parts, home=home)}")


@rule(
    "EBLD00",
    "error",
    TOPIC,
    needing("boardless_parts", "no machine without a board"),
    fires="processors or memory are among the parts of a machine without a board",
    fix="add a board",
    source=PARTS,
)
def parts_have_a_board(one: Subject, boardless_parts: float) -> Iterator[Broken]:
    """Processors and memory have a board to sit on."""
    if boardless_parts:
        yield misfit(one, "boardless_parts", "there is no board for {parts}")


@rule(
    "EBLD01",
    "error",
    TOPIC,
    needing("spare_processor_sockets", "no processor as a part of its own"),
    fires="a machine has more processors than sockets",
    fix="use fewer processors, or a board with more sockets",
    source=PARTS,
)
def processors_have_sockets(
    one: Subject,
    spare_processor_sockets: float,
    processor_sockets_needed: float,
    processor_sockets: float,
) -> Iterator[Broken]:
    """Every processor has a socket."""
    if spare_processor_sockets < 0.0:
        have = f"{processor_sockets:g} processor sockets"
        yield short(one, "spare_processor_sockets", f"{processor_sockets_needed:g}", have)


@rule(
    "EBLD02",
    "error",
    TOPIC,
    needing("socket_misfits", "no processor as a part of its own"),
    fires="a processor is for another socket than that of the board",
    fix="use a processor and a board of one socket",
    source=PARTS,
)
def processors_fit_the_socket(one: Subject, socket_misfits: float) -> Iterator[Broken]:
    """Processors are for the socket of their board."""
    if socket_misfits:
        yield misfit(one, "socket_misfits", "{parts} does not fit the socket of {home}")


@rule(
    "EBLD03",
    "error",
    TOPIC,
    needing("spare_processor_power", "no processor as a part of its own"),
    fires="a processor draws more than the board can give it",
    fix="use a processor that draws less, or another board",
    source=PARTS,
)
def board_feeds_the_processor(
    one: Subject,
    spare_processor_power: float,
    processor_power: float,
    board_processor_power: float,
) -> Iterator[Broken]:
    """The board can feed its processor."""
    if spare_processor_power < 0.0:
        have = f"{board_processor_power:g} W for a processor"
        yield short(one, "spare_processor_power", f"{processor_power:g} W", have)


@rule(
    "EBLD04",
    "error",
    TOPIC,
    needing("spare_memory_slots", "no memory as a part of its own"),
    fires="a machine has more memory modules than slots",
    fix="use fewer or larger modules",
    source=PARTS,
)
def modules_have_slots(
    one: Subject, spare_memory_slots: float, memory_slots_needed: float, memory_slots: float
) -> Iterator[Broken]:
    """Every memory module has a slot."""
    if spare_memory_slots < 0.0:
        have = f"{memory_slots:g} memory slots"
        yield short(one, "spare_memory_slots", f"{memory_slots_needed:g}", have)


@rule(
    "EBLD05",
    "error",
    TOPIC,
    needing("spare_memory", "no memory whose limit could be asked for"),
    fires="a machine has more memory than its board or processor can address",
    fix="use less memory, or a board or machine that takes more",
    source=PARTS,
)
def memory_can_be_addressed(
    one: Subject, spare_memory: float, node_memory: float, known_memory_limit: float
) -> Iterator[Broken]:
    """All memory can be addressed.

    Memory is held against each limit that is known, that of the board and that of the processor.
    """
    if spare_memory < 0.0:
        need, have = (format_quantity(size, "B") for size in (node_memory, known_memory_limit))
        yield short(one, "spare_memory", need, f"{have} as its most memory")


@rule(
    "EBLD06",
    "error",
    TOPIC,
    needing("memory_misfits", "no memory as a part of its own"),
    fires="memory modules are of another generation, size or kind than the slots",
    fix="use modules of the kind that the board or machine takes",
    source=PARTS,
)
def modules_fit_the_slots(one: Subject, memory_misfits: float) -> Iterator[Broken]:
    """Memory modules are of the kind that the slots take."""
    if memory_misfits:
        yield misfit(one, "memory_misfits", "{home} does not take memory like {parts}")


@rule(
    "EBLD12",
    "error",
    TOPIC,
    needing("spare_card_slots", "no network card"),
    fires="the cards of a machine do not all fit into its PCIe slots at the same time",
    fix="use fewer or narrower cards, or a board or machine with more or wider slots",
    source=PARTS,
)
def cards_have_slots(
    one: Subject, spare_card_slots: float, card_slots_needed: float, seated_cards: float
) -> Iterator[Broken]:
    """Every card has a slot that is wide enough."""
    if spare_card_slots < 0.0:
        have = f"slots for {seated_cards:g} of them"
        yield short(one, "spare_card_slots", f"{card_slots_needed:g} slots", have)


@rule(
    "EBLD13",
    "error",
    TOPIC,
    needing("case_misfits", "no board in a case"),
    fires="a board is larger than its case takes",
    fix="use a larger case or a smaller board",
    source=PARTS,
)
def board_fits_the_case(one: Subject, case_misfits: float) -> Iterator[Broken]:
    """The board is no larger than its case takes."""
    if case_misfits:
        yield misfit(one, "case_misfits", "{parts} is too large for {home}")


@rule(
    "EBLD14",
    "error",
    TOPIC,
    needing("supply_misfits", "no board with a supply of its own"),
    fires="a supply gives out another voltage, or has another plug, than the board takes",
    fix="use a supply of the kind that the board takes",
    source=PARTS,
)
def supply_fits_the_board(one: Subject, supply_misfits: float) -> Iterator[Broken]:
    """The supply is of the kind that the board takes."""
    if supply_misfits:
        yield misfit(one, "supply_misfits", "{parts} cannot feed {home}")


@rule(
    "EBLD15",
    "error",
    TOPIC,
    needing("supply_headroom", "no machine with parts of its own"),
    fires="at peak a machine draws more than its supply is rated for",
    fix="use a larger supply",
    source="rating of the supply in the catalog; of one where several are redundant",
)
def supply_bears_the_peak(
    one: Subject, supply_headroom: float, node_peak_power: float, supply_rating: float
) -> Iterator[Broken]:
    """The supply bears the peak draw."""
    if supply_headroom < 0.0:
        have = f"a rating of {supply_rating:g} W"
        yield short(one, "supply_headroom", f"{node_peak_power:.4g} W at peak", have)


@rule(
    "EBLD16",
    "error",
    TOPIC,
    RACK,
    fires="the equipment is higher than the space in the racks that the site states",
    fix="use less or flatter equipment, or find another rack",
    source="heights of the parts in the catalog, and the site",
)
def equipment_fits_the_rack(
    _: Subject, spare_rack_space: float, rack_units: float, rack_space: float
) -> Iterator[Broken]:
    """The equipment fits into the racks."""
    if spare_rack_space < 0.0:
        yield Broken(f"{rack_units:g} U of rack are needed, and {rack_space:g} U are free")


@rule(
    "WBLD18",
    "warning",
    TOPIC,
    needing("spare_slot_rate", "no card that is seated"),
    fires="the PCIe slot of a card carries less than all of its ports together",
    fix="use a slot with more lanes, or do not count on all ports at once",
    source="PCIe generation and lanes of card and slot",
)
def slots_are_fast_enough(one: Subject, spare_slot_rate: float) -> Iterator[Broken]:
    """The slot of a card carries what all of its ports together do."""
    if spare_slot_rate < 0.0:
        rate = format_quantity(-spare_slot_rate, "B/s")
        words = f"a slot of {{home}} carries {rate} less than all ports of a card, of {{parts}}"
        yield misfit(one, "spare_slot_rate", words)
