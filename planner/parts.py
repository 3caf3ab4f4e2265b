"""The kinds of parts that designs are built from, and the facts that each kind may have."""

from typing import Annotated, Literal

from planner.connectors import FORMS
from planner.facts import Fact, Trait
from planner.fields import count, measure, series, trait, worded
from planner.schema import Strict, Title

Text = Annotated[Trait | None, trait]
BoardForm = Annotated[Trait | None, trait, worded(FORMS["board"])]
CardSlots = Annotated[Trait | None, trait, worded(FORMS["slots"])]
DriveForm = Annotated[Trait | None, trait, worded(FORMS["drive"])]
Protocol = Annotated[Trait | None, trait, worded(FORMS["protocol"])]
Protocols = Annotated[Trait | None, trait, worded(FORMS["protocols"])]
Module = Annotated[Trait | None, trait, worded(FORMS["module"])]
Modules = Annotated[Trait | None, trait, worded(FORMS["modules"])]
Medium = Annotated[Trait | None, trait, worded(FORMS["port"])]
Takes = Annotated[Trait | None, trait, worded(FORMS["takes"])]
Money = Annotated[Fact | None, measure("money", 0, 1e9)]
Watts = Annotated[Fact | None, measure("W", 0, 1e6)]
Bytes = Annotated[Fact | None, measure("B", 1e3, 1e18)]
Rate = Annotated[Fact | None, measure("B/s", 1e3, 1e13)]
Iops = Annotated[Fact | None, measure("IOPS", 1, 1e9)]
Share = Annotated[Fact | None, measure("1", 0, 1)]
Ratio = Annotated[Fact | None, measure("1", 0, 1000)]
Units = Annotated[Fact | None, measure("U", 0, 100)]
Cores = Annotated[Fact | None, count("core", 1, 4096)]
Threads = Annotated[Fact | None, count("thread", 1, 8192)]
Ports = Annotated[Fact | None, count("port", 0, 4096)]
Slots = Annotated[Fact | None, count("part", 0, 4096)]


class Part(Strict):
    """Something that can be bought, or a rule that can be chosen."""

    title: Title
    """Name as printed on the box."""
    era: Title = ""
    """Years in which it was on sale."""
    note: str = ""
    """What a buyer should know."""
    price: Money = None
    idle_power: Watts = None
    """Power at rest: at the wall for machines, at the supply's output for parts of one."""
    peak_power: Watts = None
    """Power under full load, measured where `idle_power` is."""
    rack_units: Units = None


class Board(Part):
    """A mainboard."""

    form_factor: BoardForm = None
    """`mini-ITX`, `micro-ATX`, `ATX` or `E-ATX`."""
    sockets: Slots = None
    """Processor sockets; one if nothing is said."""
    socket: Text = None
    """Their kind; what follows a comma is a remark."""
    memory_slots: Slots = None
    memory_type: Modules = None
    """`DDR3 SO-DIMM`, or several parted by `or`."""
    max_memory: Bytes = None
    max_cpu_tdp: Watts = None
    sata_6g: Ports = None
    sata_3g: Ports = None
    msata: Ports = None
    m2_slots: Slots = None
    slots: CardSlots = None
    """PCIe slots: `PCIe 3.0 x16, 2 x PCIe 2.0 x16 with 4 lanes, PCIe 2.0 x4 open`, or `none`."""
    other_slots: Text = None
    supply_input: Text = None
    """What feeds it; what follows a comma is a remark."""
    ecc: Text = None
    ports: Ports = None
    port_speed: Rate = None
    port_medium: Medium = None
    management_ports: Ports = None
    """Ports of the management controller."""


class Cpu(Part):
    """A processor."""

    cores: Cores = None
    threads: Threads = None
    base_clock: Annotated[Fact | None, measure("Hz", 1e6, 1e11)] = None
    tdp: Watts = None
    socket: Text = None
    max_memory: Bytes = None
    memory_channels: Slots = None
    pcie_lanes: Slots = None
    ecc: Text = None
    virtualisation: Text = None


class Memory(Part):
    """A memory module."""

    capacity: Bytes = None
    form: Module = None
    """`DDR3 DIMM`, `DDR3 SO-DIMM`, `DDR5 RDIMM`, `DDR5 UDIMM with ECC`."""


class Drive(Part):
    """A disk or solid-state drive."""

    capacity: Bytes = None
    medium: Text = None
    interface: Protocol = None
    """Begins with `SATA`, `SAS` or `NVMe`."""
    form: DriveForm = None
    """`3.5 inch`, `2.5 inch`, `U.2`, `M.2` or `mSATA`, or several parted by `or`."""
    read_rate: Rate = None
    write_rate: Rate = None
    read_iops: Iops = None
    write_iops: Iops = None
    rotation: Annotated[Fact | None, measure("rpm", 0, 20000)] = None
    seek_time: Annotated[Fact | None, measure("ms", 0, 1000)] = None
    annual_failure_rate: Annotated[Fact | None, measure("1", 0, 1)] = None
    unrecoverable_errors: Annotated[Fact | None, measure("1", 0, 1)] = None
    """Errors for each bit read."""
    mean_time_to_failure: Annotated[Fact | None, measure("h", 0, 1e8)] = None
    endurance: Annotated[Fact | None, measure("B", 0, 1e20)] = None
    """Data that may be written over the warranty."""
    warranty: Annotated[Fact | None, measure("yr", 0, 20)] = None


class Nic(Part):
    """A network card."""

    ports: Ports = None
    port_speed: Rate = None
    port_medium: Medium = None
    """Begins with `1000BASE-T`, `2.5GBASE-T`, `10GBASE-T`, `SFP`, `SFP+`, `SFP28`, `QSFP+` or
    `QSFP28`."""
    slot: CardSlots = None
    """What it is plugged into, as `PCIe 2.0 x8`."""


class Cable(Part):
    """A cable or transceiver."""

    speed: Rate = None
    port_medium: Medium = None


class Switch(Part):
    """A network switch."""

    ports_1g: Ports = None
    ports_10g: Ports = None
    ports_25g: Ports = None
    ports_40g: Ports = None
    ports_100g: Ports = None
    ports_1000base_t: Ports = None
    """Those of a kind; where no kind of a speed is told, any link of the speed is taken to fit."""
    ports_2500base_t: Ports = None
    ports_10gbase_t: Ports = None
    ports_sfp: Ports = None
    ports_sfp_plus: Ports = None
    ports_sfp28: Ports = None
    ports_qsfp_plus: Ports = None
    ports_qsfp28: Ports = None
    takes: Takes = None
    """Other links that its ports take: `SFP+ takes SFP, SFP28 takes SFP+ or SFP`."""
    stack_units: Slots = None
    """Most units of a stack."""
    stack_ports: Ports = None
    """Ordinary ports that each unit gives to a stack; as its shape needs if nothing is said."""
    stack_medium: Medium = None
    """Their kind."""
    stack_rate: Rate = None
    """Rate of one link of a stack, in each direction."""
    switching_capacity: Rate = None
    power_factor: Share = None


class Case(Part):
    """A case."""

    form_factor: BoardForm = None
    """The largest board that it holds."""
    drive_bays: Slots = None
    small_drive_bays: Slots = None
    """Those of them that take no drive of 3.5 inch."""


class Supply(Part):
    """A power supply inside a case, or an external brick."""

    form: Text = None
    output: Text = None
    """What it feeds a board by, named as `supply_input` of boards."""
    rating: Watts = None
    power_factor: Share = None
    efficiency_10: Share = None
    efficiency_20: Share = None
    efficiency_50: Share = None
    efficiency_100: Share = None


class Server(Part):
    """A complete machine."""

    cpu: Text = None
    cpus: Slots = None
    cores: Cores = None
    """Cores of all processors together."""
    threads: Threads = None
    """Hardware threads of all processors together."""
    memory: Bytes = None
    """Memory as sold or as tested."""
    memory_modules: Slots = None
    """Modules of that memory."""
    max_memory: Bytes = None
    memory_slots: Slots = None
    memory_type: Modules = None
    drive_bays: Slots = None
    small_drive_bays: Slots = None
    """Those of them that take no drive of 3.5 inch."""
    drive_interfaces: Protocols = None
    """What its bays connect: `SATA or SAS`, `SATA or NVMe`."""
    m2_slots: Slots = None
    slots: CardSlots = None
    """PCIe slots that are free as sold, written as those of boards."""
    ports: Ports = None
    port_speed: Rate = None
    port_medium: Medium = None
    management_ports: Ports = None
    """Ports of the management controller, which are not among `ports`."""
    power_factor: Share = None
    supply_rating: Watts = None
    cpu_tdp: Watts = None
    tested_as: Text = None


class StorageArray(Part):
    """An external array: controllers, ports and bays in one box."""

    drive_bays: Slots = None
    small_drive_bays: Slots = None
    drive_interfaces: Protocols = None
    controllers: Slots = None
    ports: Ports = None
    port_speed: Rate = None
    port_medium: Medium = None
    management_ports: Ports = None
    read_rate: Rate = None
    write_rate: Rate = None
    cache: Bytes = None
    power_factor: Share = None


class StorageSoftware(Part):
    """How a storage backend fills its devices, and what a write costs."""

    family: Literal["ceph", "swift", "sheepdog", "drbd", "gluster", "lvm", "raid"] | None = None
    """Whose design rules it follows; by its `service_rule` Ceph's or Swift's by default."""
    nearfull_ratio: Share = None
    backfillfull_ratio: Share = None
    full_ratio: Share = None
    journal_factor: Ratio = None
    memory_per_device: Bytes = None
    """Memory that each device's daemon takes on its host."""
    reserve_per_host: Bytes = None
    mark_out_delay: Annotated[Fact | None, measure("s", 0, 1e7)] = None
    journal_interval: Annotated[Fact | None, measure("s", 0, 1e5)] = None
    """Longest time between two times that journals are written back."""
    daemons: Text = None
    service_rule: Literal["ceph", "data-shares", "majority", "half"] = "data-shares"
    """Shares that must be there for service: Ceph's default `min_size`, just the data, more than
    half, or half of them rounded up."""
    placement: Literal["any-hosts", "replica-sets", "mirrored-devices"] = "any-hosts"
    """Whether an object's shares go to any hosts, or whether hosts form fixed sets of as many as
    there are shares: of replicas, or of mirrored devices that keep a bitmap."""


class Admission(Part):
    """The rule by which a cloud manager admits VMs to a host."""

    policy: Literal["openstack", "ganeti", "vsphere-slots", "vsphere-percentage"] | None = None
    """Whose rule it is: OpenStack Placement, Ganeti with N+1, or vSphere HA with slots or with a
    share of all resources kept free."""
    cpu_overcommit: Ratio = None
    """Virtual processors that may be promised per hardware thread."""
    memory_overcommit: Ratio = None
    disk_overcommit: Ratio = None
    strict: Annotated[Fact | None, count("1", 0, 1)] = None
    """1 where some memory and disk must stay free, 0 where a VM may take the last byte."""
    memory_reserve: Annotated[Fact | None, measure("B", 0, 1e15)] = None
    """What a host keeps for kernel and hypervisor; storage daemons on it come on top."""
    thread_reserve: Annotated[Fact | None, measure("thread", 0, 1e4)] = None
    vcpu_reserve: Annotated[Fact | None, measure("vcpu", 0, 1e4)] = None
    """Virtual processors that a host itself counts for."""
    vm_overhead: Annotated[Fact | None, measure("B", 0, 1e12)] = None
    """Memory that a VM takes besides its own."""
    minimum_free_disk: Share = None
    """Share of a host's local disk that stays free."""
    most_local_disks: Slots = None
    """VM disks that a host may carry."""
    failover_hosts: Annotated[Fact | None, count("node", 0, 1e4)] = None
    """Hosts whose loss must be borne by the VMs admitted: of each node group (Ganeti), of the
    cluster (vSphere, slots)."""
    failover_share: Share = None
    """Share of all processors and memory that stays free (vSphere, percentage)."""
    cpu_reservation: Share = None
    """Share of a core that is reserved for each virtual processor (vSphere)."""
    memory_reservation: Share = None
    """Share of a VM's memory that is reserved for it (vSphere)."""
    least_slot_cpu: Annotated[Fact | None, measure("core", 0, 1e3)] = None
    """Processor of a slot where no VM reserves more (vSphere)."""


class LoadShape(Part):
    """How power rises between rest and full load, in steps of 10 % load."""

    shape: Annotated[list[Fact], series("1", 11, 0, 1)]


class PowerClass(Part):
    """What the power of an unmeasured machine is estimated by."""

    method: Literal["small", "server", "nameplate"]
    board_power: Watts = None
    cpu_rise: Ratio = None
    brick_no_load: Watts = None
    idle_terms: Annotated[list[Fact] | None, series("1", 6, -10, 10)] = None
    peak_terms: Annotated[list[Fact] | None, series("1", 6, -10, 10)] = None
    idle_factor: Ratio = None
    peak_factor: Ratio = None
    rating_over_peak: Ratio = None
    idle_share: Share = None


class Consolidation(Part):
    """What others have seen on a host."""

    ratio: Ratio = None


KINDS: dict[str, type[Part]] = {
    "boards": Board,
    "cpus": Cpu,
    "memory": Memory,
    "drives": Drive,
    "nics": Nic,
    "cables": Cable,
    "switches": Switch,
    "cases": Case,
    "supplies": Supply,
    "servers": Server,
    "arrays": StorageArray,
    "storage-software": StorageSoftware,
    "admission": Admission,
    "load-shapes": LoadShape,
    "power-classes": PowerClass,
    "consolidation": Consolidation,
}
