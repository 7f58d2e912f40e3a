"""The one table: every cell against its dense form, and what must hold of all cells."""

from __future__ import annotations

import importlib.metadata
import itertools
import xml.etree.ElementTree as ElementTree

import pytest

from wattbook_domain.orders.reports import (
    EXEC_TYPE_FIX,
    FILL_EVENTS,
    RESTATING_EVENTS,
    ExecutionEvent,
)
from wattbook_domain.orders.transitions import (
    ILLEGAL,
    ORDER_STATUS_FIX,
    SETTLED,
    SETTLED_DENSE,
    TRANSITIONS,
    TRANSITIONS_DENSE,
    FillLevel,
    OrderStatus,
    is_terminal,
    is_working,
)
from wattbook_domain.orders.vocabulary import ORDER_TYPE_FIX, SIDE_FIX, TIME_IN_FORCE_FIX

PAIRS = list(itertools.product(OrderStatus, ExecutionEvent))
PARTIAL = {
    OrderStatus.PARTIALLY_FILLED,
    OrderStatus.PENDING_CANCEL_PARTIAL,
    OrderStatus.PENDING_REPLACE_PARTIAL,
    OrderStatus.SUSPENDED_PARTIAL,
}
UNFILLED = {
    OrderStatus.PENDING_NEW,
    OrderStatus.NEW,
    OrderStatus.PENDING_CANCEL,
    OrderStatus.PENDING_REPLACE,
    OrderStatus.SUSPENDED,
}


def test_every_cell_of_the_dense_table_is_the_table() -> None:
    assert TRANSITIONS_DENSE.shape == (14, 17)
    for status, event in PAIRS:
        assert TRANSITIONS_DENSE[status, event] == TRANSITIONS.get((status, event), ILLEGAL)


def test_every_cell_of_the_dense_settlement_is_the_table() -> None:
    assert SETTLED_DENSE.shape == (14, 3)
    for status, level in itertools.product(OrderStatus, FillLevel):
        assert SETTLED_DENSE[status, level] == SETTLED[status, level]


def test_the_dense_tables_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        TRANSITIONS_DENSE[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        SETTLED_DENSE[0, 0] = 1


def test_statuses_are_dense_and_split_into_working_halted_and_terminal() -> None:
    assert [int(status) for status in OrderStatus] == list(range(14))
    neither = {s for s in OrderStatus if not is_working(s) and not is_terminal(s)}
    assert neither == {OrderStatus.DONE_FOR_DAY}
    assert not any(is_working(s) and is_terminal(s) for s in OrderStatus)
    assert {s for s in OrderStatus if is_working(s)} == PARTIAL | UNFILLED


def test_a_fill_is_legal_wherever_lots_can_be_missing() -> None:
    refusing = {s for s in OrderStatus for e in FILL_EVENTS if (s, e) not in TRANSITIONS}
    assert refusing == {OrderStatus.REJECTED, OrderStatus.FILLED}


def test_a_bust_needs_a_fill_and_a_rejection_needs_none() -> None:
    for status, event in itertools.product(UNFILLED | {OrderStatus.REJECTED}, RESTATING_EVENTS):
        assert (status, event) not in TRANSITIONS
    for status in PARTIAL:
        assert (status, ExecutionEvent.REJECTED) not in TRANSITIONS


def test_an_answer_to_a_request_never_forgets_that_lots_are_filled() -> None:
    """From a part-filled status no event leads to an unfilled one."""
    for status, event in itertools.product(PARTIAL, ExecutionEvent):
        assert TRANSITIONS.get((status, event)) not in UNFILLED


def test_nothing_but_a_bust_a_correction_or_a_replacement_can_leave_an_ended_status() -> None:
    ended = {OrderStatus.CANCELED, OrderStatus.REJECTED, OrderStatus.EXPIRED}
    for status, event in PAIRS:
        following = TRANSITIONS.get((status, event))
        if status in ended and following is not None:
            assert following is status
        if status is OrderStatus.FILLED and following is not None:
            assert following is status
    for status, level in itertools.product(ended, FillLevel):
        assert SETTLED[status, level] is status


def test_settling_is_idempotent_and_agrees_with_the_fill_axis() -> None:
    for status, level in itertools.product(OrderStatus, FillLevel):
        settled = SETTLED[status, level]
        assert SETTLED[settled, level] is settled
        if level is FillLevel.SOME and is_working(settled):
            assert settled in PARTIAL
        if level is FillLevel.ALL:
            assert not is_working(settled)


def test_a_partial_fill_and_a_fill_need_no_settling() -> None:
    for status in OrderStatus:
        part = TRANSITIONS.get((status, ExecutionEvent.PARTIAL_FILL))
        whole = TRANSITIONS.get((status, ExecutionEvent.FILL))
        assert part is None or SETTLED[part, FillLevel.SOME] is part
        assert whole is None or SETTLED[whole, FillLevel.ALL] is whole


def test_every_status_is_reached_from_a_new_order() -> None:
    reached, frontier = {OrderStatus.PENDING_NEW}, [OrderStatus.PENDING_NEW]
    while frontier:
        status = frontier.pop()
        found = {following for (s, _), following in TRANSITIONS.items() if s is status} - reached
        reached |= found
        frontier.extend(found)
    assert reached == set(OrderStatus)


@pytest.mark.extra
def test_our_fix_codes_are_those_of_the_fix44_dictionary() -> None:
    try:
        files = importlib.metadata.files("quickfix") or []
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the FIX 4.4 dictionary comes with the extra 'fix'")
    (found,) = (file for file in files if file.name == "FIX44.xml")
    fields = ElementTree.parse(str(found.locate())).getroot().find("fields")  # noqa: S314
    assert fields is not None
    words = {
        int(field.attrib["number"]): {
            value.attrib["enum"]: value.attrib["description"] for value in field
        }
        for field in fields
    }
    for status, code in ORDER_STATUS_FIX.items():
        assert words[39][code] == status.name.removesuffix("_PARTIAL")
    renamed = {
        ExecutionEvent.ACCEPTED: "NEW",
        ExecutionEvent.PARTIAL_FILL: "TRADE",
        ExecutionEvent.FILL: "TRADE",
        ExecutionEvent.RESUMED: "RESTATED",
        ExecutionEvent.TRADE_CORRECTED: "TRADE_CORRECT",
        ExecutionEvent.TRADE_CANCELED: "TRADE_CANCEL",
    }
    for event, exec_type in EXEC_TYPE_FIX.items():
        if exec_type is not None:
            assert words[150][exec_type] == renamed.get(event, event.name)
    for side, code in SIDE_FIX.items():
        assert words[54][code] == side.name
    assert {words[40][code] for code in ORDER_TYPE_FIX.values()} == {"MARKET", "LIMIT"}
    assert [words[59][code] for code in TIME_IN_FORCE_FIX.values()] == [
        "DAY",
        "GOOD_TILL_CANCEL",
        "IMMEDIATE_OR_CANCEL",
        "FILL_OR_KILL",
        "GOOD_TILL_DATE",
    ]


def test_every_event_and_status_has_a_fix_word() -> None:
    assert set(ORDER_STATUS_FIX) == set(OrderStatus)
    assert set(EXEC_TYPE_FIX) == set(ExecutionEvent)
    without = {event for event, code in EXEC_TYPE_FIX.items() if code is None}
    assert without == {ExecutionEvent.CANCEL_REJECTED, ExecutionEvent.REPLACE_REJECTED}
