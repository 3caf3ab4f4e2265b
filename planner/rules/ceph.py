"""Rules on Ceph's storage: copies, healing, journals."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import CEPH, CEPH_OF_VMS, COPIES, FILESTORE, JOURNALS
from planner.rules.view import Subject
from planner.units import format_quantity
from planner.wording import counted

TOPIC = "Ceph"

LONG_RECOVERY = 8.0
"""Hours of reduced redundancy that a buyer should know of: a working day. Proposal."""


@rule(
    "ECEP01",
    "error",
    TOPIC,
    CEPH_OF_VMS,
    fires="hosts run Ceph's daemons and use it by the client in the kernel (krbd, CephFS)",
    fix="use separate hosts, or clients in user space (librbd: `client: library`)",
    source="Ceph documentation, troubleshooting placement groups; Red Hat Ceph Storage 3 "
    "installation guide, appendix D",
)
def daemons_and_clients_apart(
    _: Subject, hosts_with_daemons_and_kernel_clients: float
) -> Iterator[Broken]:
    """No host runs Ceph's daemons and its kernel client.

    When memory runs short the kernel writes to the storage to free some, which the daemons on the
    same host need memory to do. VMs over librbd are not concerned.
    """
    if hosts_with_daemons_and_kernel_clients:
        yield Broken(
            f"{hosts_with_daemons_and_kernel_clients:g} hosts run the storage's daemons and its "
            "kernel client, which can deadlock when memory runs short"
        )


@rule(
    "WCEP12",
    "warning",
    TOPIC,
    FILESTORE,
    eras=("2013",),
    fires="FileStore keeps its journal on the data disk",
    fix="put the journals on an SSD that writes as fast as the disks behind it together",
    source="Ceph hardware recommendations (later FileStore text); Proxmox forum on FileStore",
)
def journals_apart(
    one: Subject, journal_factor: float, write_throughput: float | None = None
) -> Iterator[Broken]:
    """The journal lies on another device than the data.

    On the same disk each write goes to it twice: about half of the write speed is left, and less
    where writes are small.
    """
    if journal_factor > 1.0:
        told = (
            ""
            if not write_throughput
            else (
                f"; all clients together write {format_quantity(write_throughput, 'B/s')} at most"
            )
        )
        yield Broken(
            f"{one.name}: the journal is on the data disk, which writes each byte "
            f"{journal_factor:g} times{told}"
        )


@rule(
    "WCEP09",
    "warning",
    TOPIC,
    JOURNALS,
    eras=("2013",),
    fires="a host's journal drives write slower than the drives behind them together",
    fix="use faster journal drives, or more of them",
    source="Ceph hardware recommendations (later FileStore text); Red Hat Ceph 1.2.3, adding OSDs",
)
def journals_keep_up(one: Subject, journal_ratio: float) -> Iterator[Broken]:
    """Journal drives write as fast as the drives behind them."""
    if journal_ratio < 1.0:
        yield Broken(
            f"{one.name}: journal drives write {journal_ratio:.0%} of what the drives behind them "
            "write together"
        )


@rule(
    "ICEP10",
    "information",
    TOPIC,
    JOURNALS,
    eras=("2013",),
    fires="journals have drives of their own: each needs a partition of this size",
    fix="make each journal partition this large; 10 GB is common",
    source="Ceph OSD configuration reference, FileStore: 2 x min(disk, network) x "
    "filestore_max_sync_interval",
)
def journals_have_their_size(one: Subject, journal_size: float) -> Iterator[Broken]:
    """Journal partitions hold what is written between two flushes."""
    yield Broken(f"{one.name}: each journal needs {format_quantity(journal_size, 'B')} at least")


@rule(
    "WCEP11",
    "warning",
    TOPIC,
    JOURNALS,
    eras=("2013",),
    fires="a journal drive serves several data drives, which fail with it",
    fix="do not mirror journal drives, share the data drives out between two; eight data drives a "
    "host at most; lost journals are made anew, so data is not gone with them",
    source='F. Haas, "Solid-state drives and Ceph OSD journals", January 2013, with its later note',
)
def journals_fail_alone(
    one: Subject, drives_per_journal: float, data_per_journal: float
) -> Iterator[Broken]:
    """The loss of a journal drive takes few data drives along."""
    if drives_per_journal > 1.0:
        yield Broken(
            f"{one.name}: with a journal drive {drives_per_journal:g} data drives fail, "
            f"{format_quantity(data_per_journal, 'B')}"
        )


@rule(
    "ECEP15",
    "error",
    TOPIC,
    COPIES,
    fires="`min_size` is 1 (error), or two copies are kept (warning)",
    fix="keep three copies with `min_size` 2",
    source="Proxmox, pveceph (min_size 1); ceph-medic WOSD2; the warning on two copies is a "
    "proposal",
)
def a_copy_to_spare(
    one: Subject, shares: float, data_shares: float, service_shares: float
) -> Iterator[Broken]:
    """Data is written only while more than one copy of it is kept.

    With `min_size` 1 a write is confirmed when a single disk has it: when that disk fails before
    the others are back, what was written is lost.
    """
    if data_shares > 1.0 or shares == 1.0:
        return
    if service_shares <= 1.0:
        yield Broken(
            f"{one.name}: {shares:g} copies with min_size {service_shares:g}: clients write while "
            "a single copy is left",
            "keep three copies with `min_size` 2 (`minimum_shares: 2`)",
        )
    elif shares == 2.0:
        yield Broken(
            f"{one.name}: 2 copies: after one loss a single copy is left, and with min_size "
            f"{service_shares:g} clients wait",
            "keep three copies",
            "warning",
        )


@rule(
    "ECEP16",
    "error",
    TOPIC,
    CEPH,
    fires="with the largest failure domain lost, the drives of the others are filled above the "
    "full ratio (error) or above nearfull (warning)",
    fix="add hosts or drives, or store less",
    source="Ceph monitor configuration reference, storage capacity",
)
def room_after_a_loss(
    one: Subject,
    fill_after_domain_loss: float,
    stored_data: float,
    nearfull_ratio: float,
    full_ratio: float,
) -> Iterator[Broken]:
    """The others hold everything after the loss of the largest failure domain.

    Above nearfull the cluster warns, above backfillfull healing stalls, above full clients' writes
    stop. Where no domain is left to heal onto, see WCEP17.
    """
    if fill_after_domain_loss > nearfull_ratio:
        full = fill_after_domain_loss > full_ratio
        name, ratio = ("full", full_ratio) if full else ("nearfull", nearfull_ratio)
        yield Broken(
            f"{one.name}: with {format_quantity(stored_data, 'B')} stored the drives are filled to "
            f"{fill_after_domain_loss:.0%} after the loss of the largest domain, above {name} "
            f"{ratio:.0%}",
            severity="error" if full else "warning",
        )


@rule(
    "WCEP18",
    "warning",
    TOPIC,
    CEPH,
    fires="unequal failure domains leave capacity that no placement can use",
    fix="even the hosts out: move drives from the large ones, or add to the small ones",
    source="law of distinct failure domains; Nutanix, usable capacity with unequal nodes",
)
def hosts_are_even(
    one: Subject,
    stranded_capacity: float,
    raw_capacity: float,
    usable_capacity: float,
    failure_domains: float,
    shares: float,
) -> Iterator[Broken]:
    """No capacity is stranded on large hosts.

    Usable is bounded by the largest V with sum(min(w, V)) at least shares x V, not by total over
    shares.
    """
    if failure_domains >= shares and stranded_capacity > 0.001 * raw_capacity:
        yield Broken(
            f"{one.name}: {format_quantity(stranded_capacity, 'B')} of "
            f"{format_quantity(raw_capacity, 'B')} cannot be used, as {shares:g} shares need "
            f"different hosts; usable are {format_quantity(usable_capacity, 'B')}"
        )


@rule(
    "ICEP19",
    "information",
    TOPIC,
    CEPH,
    fires="re-creating what one host holds, filled up to the warning, takes drives and links "
    f"longer than {LONG_RECOVERY:g} h (proposal)",
    fix="use faster drives and links, or more and smaller hosts",
    source="Ceph hardware recommendations (2012-13): 1 TB in 3 h at 1 Gbit/s and in 20 min at "
    "10 Gbit/s, 0.74 and 0.67 of the line rate; the newer text's one hour at 10 Gbit/s for 10 TB "
    "contradicts its own 20 minutes",
)
def recovery_is_short(
    one: Subject,
    host_recovery_time: float,
    line_rate_recovery_time: float,
    lost_host_data: float,
    failure_domains: float,
    shares: float,
) -> Iterator[Broken]:
    """What a host held is re-created within a working day.

    Until then a further failure finds fewer copies. `planner failures` tells the time for every
    loss, and whether drives or links limit it.
    """
    if failure_domains > shares and host_recovery_time > LONG_RECOVERY:
        yield Broken(
            f"{one.name}: the {format_quantity(lost_host_data, 'B')} of a full host are re-created "
            f"in {host_recovery_time:.1f} h at best; the links alone would take "
            f"{line_rate_recovery_time:.1f} h at line rate"
        )


@rule(
    "WCEP21",
    "warning",
    TOPIC,
    CEPH,
    fires="more host losses are planned for than the storage serves through, though the data "
    "survives them",
    fix="keep four copies, or plan for one loss and for what stops at two",
    source="Ceph, pools (min_size); share of groups on two hosts 6 / (H (H - 1)) for three copies",
)
def service_as_safe_as_data(
    one: Subject,
    planned_host_losses: float,
    host_losses_data_safe: float,
    host_losses_in_service: float,
    two_host_loss_blocked_fraction: float | None = None,
) -> Iterator[Broken]:
    """The storage serves through as many host losses as are planned for.

    "Any two may fail" is true of the data with three copies, and false of the service: placement
    groups that had a copy on both hosts fall below `min_size` and stop.
    """
    if host_losses_in_service < planned_host_losses <= host_losses_data_safe:
        share = two_host_loss_blocked_fraction
        stopped = "" if share is None else f"; two lost hosts stop {share:.0%} of placement groups"
        planned = counted(planned_host_losses, "lost host")
        yield Broken(
            f"{one.name}: planned for are {planned}; data survives "
            f"{host_losses_data_safe:g}, service {host_losses_in_service:g}{stopped}"
        )


@rule(
    "WCEP22",
    "information",
    TOPIC,
    CEPH,
    fires="the planned losses take more drives along than Ceph marks out by itself; it informs "
    "only, whatever its letter, as nothing is lost and hands can do it",
    fix="mark the rest out by hand after such a loss, or use more hosts",
    source="Ceph option mon_osd_min_in_ratio, 0.75 by default",
)
def losses_heal_by_themselves(
    one: Subject,
    drives_lost_as_planned: float,
    drives_out_by_themselves: float,
    hosts_left_as_planned: float,
    shares: float,
) -> Iterator[Broken]:
    """Ceph marks out what the planned losses take along.

    It stops when fewer than three quarters of the drives are in; what is not marked out is not
    re-created. Where too few hosts are left to heal onto, it does not matter.
    """
    if hosts_left_as_planned >= shares and drives_lost_as_planned > drives_out_by_themselves:
        yield Broken(
            f"{one.name}: the planned losses take {drives_lost_as_planned:g} drives along, and "
            f"Ceph marks out {drives_out_by_themselves:g} by itself"
        )


@rule(
    "WCEP23",
    "warning",
    TOPIC,
    CEPH,
    fires="a failed drive leaves less room to heal than a lost host (information), or its siblings "
    "cannot take what is stored (warning)",
    fix="run the balancer, or use more drives a host",
    source="CRUSH maps of Ceph 16.2.15 with a drive marked out",
)
def siblings_have_room(
    one: Subject,
    drive_loss_self_heal_capacity: float,
    unbalanced_drive_loss_self_heal_capacity: float,
    unbalanced_self_heal_capacity: float,
    drives_of_a_host: float,
    failure_domains: float,
    shares: float,
    stored_data: float | None = None,
) -> Iterator[Broken]:
    """The loss of one drive heals no worse than that of a whole host.

    The siblings of a drive that is out take its share first: on a host with few drives each of
    them takes much. A balancer moves the rest on; there was none before 2017.
    """
    if drives_of_a_host < 2.0 or failure_domains < shares:
        return
    balanced = bool(one["balancer"]) and one["era"] != "2013"
    drive = drive_loss_self_heal_capacity if balanced else unbalanced_drive_loss_self_heal_capacity
    without = "" if balanced else "without a balancer "
    told = f"{one.name}: {without}a failed drive heals up to {format_quantity(drive, 'B')} only"
    if stored_data is not None and stored_data > drive:
        yield Broken(f"{told}, and {format_quantity(stored_data, 'B')} are stored")
    elif not balanced and drive < unbalanced_self_heal_capacity:
        host = format_quantity(unbalanced_self_heal_capacity, "B")
        yield Broken(
            f"{told}, a lost host up to {host}: its siblings take most of its share",
            severity="information",
        )
