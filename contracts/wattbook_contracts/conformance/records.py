"""RECORD cards: what every unit of work and its repositories must do, whatever keeps them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final, Protocol, TypeVar

import attrs

from wattbook_contracts.capabilities import Capability
from wattbook_contracts.conformance import samples
from wattbook_contracts.conformance.cards import CardFailure, card, deck, require_equal
from wattbook_contracts.errors import StorageFault
from wattbook_contracts.ports.repositories import Repository
from wattbook_contracts.ports.unit_of_work import UnitOfWork
from wattbook_domain.foundation.identifiers import ClientOrderId, VenueId
from wattbook_domain.orders.transitions import OrderStatus
from wattbook_domain.positions.fills import ExecutionKey

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MANY: Final = 1_203
"""More values than a sane page, so that paging and batching show."""


class RecordsHarness(Protocol):
    """One empty set of repositories."""

    def unit(self) -> UnitOfWork:
        """Return a unit of work over it."""
        ...


def _round_trip(repository: Repository[K, V], values: Sequence[V], keys: Sequence[K]) -> None:
    repository.save(values)
    require_equal("all", list(repository.all()), list(values))
    for key, value in zip(keys, values, strict=True):
        require_equal(f"value under {key!r}", repository.get(key), value)


@card("RECORD-01")
def orders(harness: RecordsHarness) -> None:
    """Orders of every shape come back equal, absent fields absent, zero and negative prices too."""
    values = samples.orders()
    with harness.unit() as unit:
        _round_trip(unit.orders, values, [value.root_client_order_id for value in values])


@card("RECORD-02")
def fills(harness: RecordsHarness) -> None:
    """Fills come back equal, with fees that are no finite decimal."""
    values = samples.fills()
    with harness.unit() as unit:
        _round_trip(unit.fills, values, [value.key for value in values])


@card("RECORD-03")
def positions(harness: RecordsHarness) -> None:
    """Positions come back equal, up to the bounds of their integers."""
    values = samples.positions()
    with harness.unit() as unit:
        _round_trip(unit.positions, values, [value.key for value in values])


@card("RECORD-04")
def reference_data(harness: RecordsHarness) -> None:
    """Instruments and parties come back equal, exact steps and foreign letters included."""
    specs, parties = samples.instruments(), samples.parties()
    with harness.unit() as unit:
        _round_trip(unit.instruments, specs, [spec.instrument_id for spec in specs])
        _round_trip(unit.parties, parties, [party.party_id for party in parties])


@card("RECORD-05")
def reports(harness: RecordsHarness) -> None:
    """Filed reports come back byte for byte."""
    values = [samples.report("a.xml"), samples.report("b.xml", bytes(range(256)))]
    with harness.unit() as unit:
        _round_trip(unit.reports, values, ["a.xml", "b.xml"])


@card("RECORD-06")
def unknown(harness: RecordsHarness) -> None:
    """An unknown key has no value."""
    with harness.unit() as unit:
        require_equal("order", unit.orders.get(ClientOrderId("nobody")), None)
        require_equal("report", unit.reports.get("nothing.xml"), None)
        require_equal("orders", list(unit.orders.all()), [])


@card("RECORD-07")
def idempotent(harness: RecordsHarness) -> None:
    """Saving the same values again changes nothing, in one unit or in two."""
    values = samples.fills()
    for _ in range(2):
        with harness.unit() as unit:
            unit.fills.save(values)
            unit.fills.save([*values, values[0]])
            unit.reports.save([samples.report("a.xml")])
            unit.commit()
    with harness.unit() as unit:
        require_equal("fills", list(unit.fills.all()), values)
        require_equal("reports", list(unit.reports.all()), [samples.report("a.xml")])


@card("RECORD-08")
def replaced_in_place(harness: RecordsHarness) -> None:
    """A new value under a known key replaces the old one and keeps its place in the order."""
    first, second, third = samples.order(1), samples.order(2), samples.order(3)
    changed = attrs.evolve(first, status=OrderStatus.NEW, limit_ticks=5)
    with harness.unit() as unit:
        unit.orders.save([first, second])
        unit.orders.save([third, changed])
        require_equal("orders", list(unit.orders.all()), [changed, second, third])


@card("RECORD-09")
def per_venue(harness: RecordsHarness) -> None:
    """One execution id on two venues is two trades."""
    here = samples.fill(1)
    there = attrs.evolve(here, venue_id=VenueId("SIM-B"))
    with harness.unit() as unit:
        unit.fills.save([here, there])
        require_equal("fills", list(unit.fills.all()), [here, there])
        key = ExecutionKey(VenueId("SIM-B"), here.execution_id)
        require_equal("fill on SIM-B", unit.fills.get(key), there)


@card("RECORD-10")
def of_order(harness: RecordsHarness) -> None:
    """The fills of one order are found, in the order of their booking."""
    other = attrs.evolve(samples.fill(2), client_order_id=ClientOrderId("D1-2"))
    with harness.unit() as unit:
        unit.fills.save([samples.fill(3), other, samples.fill(1)])
        found = list(unit.fills.of_order(ClientOrderId("D1-1")))
        require_equal("fills", found, [samples.fill(3), samples.fill(1)])


@card("RECORD-11")
def evidence(harness: RecordsHarness) -> None:
    """A filed report cannot be changed under its name."""
    with harness.unit() as unit:
        unit.reports.save([samples.report("a.xml", b"first")])
        unit.commit()
    with harness.unit() as unit:
        try:
            unit.reports.save([samples.report("a.xml", b"second")])
        except StorageFault:
            pass
        else:
            raise CardFailure("changed report: expected StorageFault, found acceptance")
    with harness.unit() as unit:
        require_equal("report", unit.reports.get("a.xml"), samples.report("a.xml", b"first"))


@card("RECORD-12")
def many(harness: RecordsHarness) -> None:
    """Many values are saved and read in the order of their first saving."""
    values = [samples.fill(number) for number in range(_MANY, 0, -1)]
    with harness.unit() as unit:
        unit.fills.save(values)
        unit.fills.save(values[::-1])
        require_equal("fills", list(unit.fills.all()), values)


@card("RECORD-13", Capability.TRANSACTIONS)
def forgotten(harness: RecordsHarness) -> None:
    """A unit that ends without commit, or by an exception, keeps nothing of any repository."""
    with harness.unit() as unit:
        unit.orders.save([samples.order(1)])
        unit.fills.save([samples.fill(1)])
    try:
        with harness.unit() as unit:
            unit.orders.save([samples.order(2)])
            raise KeyError("the follower stumbled")
    except KeyError:
        pass
    with harness.unit() as unit:
        require_equal("orders", list(unit.orders.all()), [])
        require_equal("fills", list(unit.fills.all()), [])


@card("RECORD-14", Capability.TRANSACTIONS)
def after_commit(harness: RecordsHarness) -> None:
    """What follows a commit is a new change: kept by the next commit only."""
    with harness.unit() as unit:
        unit.orders.save([samples.order(1)])
        unit.commit()
        unit.orders.save([samples.order(2)])
    with harness.unit() as unit:
        require_equal("orders", list(unit.orders.all()), [samples.order(1)])


RECORD_CARDS: Final = deck(
    orders,
    fills,
    positions,
    reference_data,
    reports,
    unknown,
    idempotent,
    replaced_in_place,
    per_venue,
    of_order,
    evidence,
    many,
    forgotten,
    after_commit,
)
