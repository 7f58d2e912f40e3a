"""Known answers: the order state change matrices of FIX 4.4, Volume 4, appendix D.

Each line is one message and what the specification says stands after it: OrdStatus (39), OrderQty
(38), CumQty (14), LeavesQty (151). Lines that start with `>` are requests of ours. Where the
specification leaves a pending status on a completed order, our decision is noted in the scenario.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.domain.orders.examples import cancel, order, replace, report

from wattbook_domain.foundation.identifiers import ClientOrderId, ExecutionId
from wattbook_domain.orders.fold import OrderFold
from wattbook_domain.orders.order import Order
from wattbook_domain.orders.reports import PRICED_EVENTS, ExecutionEvent
from wattbook_domain.orders.transitions import ORDER_STATUS_FIX
from wattbook_domain.orders.vocabulary import TimeInForce

# event, [id] client order id of the report, last lots -> OrdStatus, OrderQty, CumQty, LeavesQty
SCENARIOS = {
    "A.1.a filled order": """
        ACCEPTED      X      -> 0 10000     0 10000
        PARTIAL_FILL  X 2000 -> 1 10000  2000  8000
        PARTIAL_FILL  X 1000 -> 1 10000  3000  7000
        FILL          X 7000 -> 2 10000 10000     0
    """,
    "A.1.b part-filled day order, done for day": """
        ACCEPTED      X      -> 0 10000     0 10000
        PARTIAL_FILL  X 2000 -> 1 10000  2000  8000
        PARTIAL_FILL  X 1000 -> 1 10000  3000  7000
        DONE_FOR_DAY  X      -> 3 10000  3000     0
    """,
    "B.1.a cancel request for a zero-filled order": """
        ACCEPTED       X     -> 0 10000     0 10000
        > cancel Y X
        CANCEL_REJECTED Y    -> 0 10000     0 10000
        > cancel Z X
        PENDING_CANCEL Z     -> 6 10000     0 10000
        CANCELED       Z     -> 4 10000     0     0
    """,
    "B.1.b cancel request for a part-filled order, executions while it is pending": """
        ACCEPTED       X      -> 0 10000     0 10000
        PARTIAL_FILL   X 2000 -> 1 10000  2000  8000
        > cancel Y X
        PARTIAL_FILL   X 3000 -> 6 10000  5000  5000
        PENDING_CANCEL Y      -> 6 10000  5000  5000
        PARTIAL_FILL   X 1000 -> 6 10000  6000  4000
        CANCELED       Y      -> 4 10000  6000     0
    """,
    # The matrix keeps 39=6 until the reject; nothing is left to cancel, so we say FILLED at once.
    "B.1.c cancel request for an order that fills before it can be accepted": """
        ACCEPTED        X      -> 0 10000     0 10000
        PARTIAL_FILL    X 2000 -> 1 10000  2000  8000
        > cancel Y X
        PARTIAL_FILL    X 3000 -> 6 10000  5000  5000
        FILL            X 5000 -> 2 10000 10000     0
        CANCEL_REJECTED Y      -> 2 10000 10000     0
    """,
    "B.1.d cancel request for an order not yet acknowledged": """
        PENDING_NEW    X -> A 10000 0 10000
        > cancel Y X
        PENDING_CANCEL Y -> 6 10000 0 10000
        CANCELED       Y -> 4 10000 0     0
    """,
    "B.1.e acknowledgement and cancel request cross": """
        > cancel Y X
        ACCEPTED       X -> 6 10000 0 10000
        PENDING_CANCEL Y -> 6 10000 0 10000
        CANCELED       Y -> 4 10000 0     0
    """,
    "C.1.a replace to increase a zero-filled order": """
        ACCEPTED        X      -> 0 10000     0 10000
        > replace Y X 11000
        PENDING_REPLACE Y      -> E 10000     0 10000
        REPLACED        Y      -> 0 11000     0 11000
        PARTIAL_FILL    Y 1000 -> 1 11000  1000 10000
        PARTIAL_FILL    Y 2000 -> 1 11000  3000  8000
    """,
    "C.1.b replace to increase a part-filled order, execution while it is pending": """
        ACCEPTED        X       -> 0 10000     0 10000
        PARTIAL_FILL    X 1000  -> 1 10000  1000  9000
        > replace Y X 12000
        PENDING_REPLACE Y       -> E 10000  1000  9000
        PARTIAL_FILL    X 100   -> E 10000  1100  8900
        REPLACED        Y       -> 1 12000  1100 10900
        FILL            Y 10900 -> 2 12000 12000     0
    """,
    # Our gate sends no request for a filled order; a venue may still replace one unasked.
    "C.1.c filled order, replaced to a larger quantity": """
        ACCEPTED     X       -> 0 10000     0 10000
        FILL         X 10000 -> 2 10000 10000     0
        REPLACED     Y/X     -> 1 12000 10000  2000
        FILL         Y 2000  -> 2 12000 12000     0
    """,
    "C.2.a replace not for quantity is rejected as a fill has occurred": """
        ACCEPTED         X       -> 0 10000     0 10000
        > replace Y X 10000
        FILL             X 10000 -> 2 10000 10000     0
        REPLACE_REJECTED Y       -> 2 10000 10000     0
    """,
    "C.3.a replace while execution is reported, to more than the filled quantity": """
        ACCEPTED        X      -> 0 10000     0 10000
        > replace Y X 8000
        PARTIAL_FILL    X 500  -> E 10000   500  9500
        PENDING_REPLACE Y      -> E 10000   500  9500
        PARTIAL_FILL    X 5000 -> E 10000  5500  4500
        REPLACED        Y      -> 1  8000  5500  2500
        FILL            Y 2500 -> 2  8000  8000     0
    """,
    "C.3.b replace to exactly the filled quantity": """
        ACCEPTED        X      -> 0 10000     0 10000
        > replace Y X 7000
        PARTIAL_FILL    X 7000 -> E 10000  7000  3000
        PENDING_REPLACE Y      -> E 10000  7000  3000
        REPLACED        Y      -> 2  7000  7000     0
    """,
    "C.3.c replace to less than the filled quantity is amended to it": """
        ACCEPTED        X      -> 0 10000     0 10000
        > replace Y X 7000
        PARTIAL_FILL    X 8000 -> E 10000  8000  2000
        PENDING_REPLACE Y      -> E 10000  8000  2000
        REPLACED        Y      -> 2  8000  8000     0
    """,
    "D.1.a one replace accepted, then another": """
        ACCEPTED        X      -> 0 10000     0 10000
        PARTIAL_FILL    X 1000 -> 1 10000  1000  9000
        > replace Y X 8000
        PENDING_REPLACE Y      -> E 10000  1000  9000
        REPLACED        Y      -> 1  8000  1000  7000
        PARTIAL_FILL    Y 500  -> 1  8000  1500  6500
        > replace Z Y 6000
        PENDING_REPLACE Z      -> E  8000  1500  6500
        REPLACED        Z      -> 1  6000  1500  4500
        FILL            Z 4500 -> 2  6000  6000     0
    """,
    "D.1.b one replace rejected, then another accepted": """
        ACCEPTED         X      -> 0 10000     0 10000
        > replace Y X 8000
        REPLACE_REJECTED Y      -> 0 10000     0 10000
        > replace Z X 6000
        PENDING_REPLACE  Z      -> E 10000     0 10000
        PARTIAL_FILL     X 1000 -> E 10000  1000  9000
        REPLACED         Z      -> 1  6000  1000  5000
        FILL             Z 5000 -> 2  6000  6000     0
    """,
    "E.1.b unsolicited cancel of a part-filled order": """
        ACCEPTED      X      -> 0 10000     0 10000
        PARTIAL_FILL  X 2000 -> 1 10000  2000  8000
        CANCELED      X      -> 4 10000  2000     0
    """,
    "E.1.c unsolicited replacement of a part-filled order": """
        ACCEPTED      X      -> 0 10000     0 10000
        PARTIAL_FILL  X 1000 -> 1 10000  1000  9000
        REPLACED      X      -> 1  9000  1000  8000
    """,
    "F.1 order rejected": """
        REJECTED      X      -> 8 10000     0     0
    """,
    "H.1.a GTC order part-filled, done for day, and filled the day after": """
        ACCEPTED      X      -> 0 10000     0 10000
        PARTIAL_FILL  X 2000 -> 1 10000  2000  8000
        DONE_FOR_DAY  X      -> 3 10000  2000     0
        RESUMED       X      -> 1 10000  2000  8000
        FILL          X 8000 -> 2 10000 10000     0
    """,
    "I.1.a fill or kill that cannot be filled": """
        ACCEPTED      X      -> 0 10000     0 10000
        CANCELED      X      -> 4 10000     0     0
    """,
    "I.1.b immediate or cancel, filled in part": """
        ACCEPTED      X      -> 0 10000     0 10000
        PARTIAL_FILL  X 1000 -> 1 10000  1000  9000
        CANCELED      X      -> 4 10000  1000     0
    """,
    "J.1.a filled order, executions corrected and cancelled": """
        ACCEPTED        X       -> 0 10000     0 10000
        PARTIAL_FILL    X 1000  -> 1 10000  1000  9000
        FILL            X 9000  -> 2 10000 10000     0
        TRADE_CANCELED  X =E2   -> 1 10000  9000  1000
        TRADE_CORRECTED X =E3 9000 -> 1 10000 9000 1000
        FILL            X 1000  -> 2 10000 10000     0
        TRADE_CORRECTED X =E3 8500 -> 1 10000 9500  500
    """,
    "J.1.b cancelled order, executions corrected and cancelled": """
        ACCEPTED        X       -> 0 10000     0 10000
        PARTIAL_FILL    X 2000  -> 1 10000  2000  8000
        CANCELED        X       -> 4 10000  2000     0
        TRADE_CORRECTED X =E2 1500 -> 4 10000 1500   0
        TRADE_CANCELED  X =E2   -> 4 10000     0     0
    """,
    "K.1 trading halt, order reinstated when the market resumes": """
        ACCEPTED      X      -> 0 10000     0 10000
        PARTIAL_FILL  X 1000 -> 1 10000  1000  9000
        SUSPENDED     X      -> 9 10000  1000  9000
        RESUMED       X      -> 1 10000  1000  9000
    """,
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_matrix(name: str) -> None:
    fold = OrderFold(order(time_in_force=TimeInForce.GTC))
    for number, line in enumerate(SCENARIOS[name].strip().splitlines(), start=1):
        if line.strip().startswith(">"):
            outcome: object = fold.apply(_request(line.split()))
        else:
            message, expected = line.split("->")
            outcome = fold.apply(_report(number, message.split(), expected.split()))
            _assert_stands(fold.order, expected.split(), line)
        assert isinstance(outcome, Order), f"{line.strip()}: {outcome}"
    assert not fold.waiting


def _request(words: list[str]) -> Any:
    _, _, request, original, *lots = words
    return replace(request, original, int(lots[0])) if lots else cancel(request, original)


def _report(number: int, message: list[str], expected: list[str]) -> Any:
    event, (name, _, original) = ExecutionEvent[message[0]], message[1].partition("/")
    _, quantity, filled, leaves = expected
    reference = [word[1:] for word in message if word.startswith("=")]
    last = [int(word) for word in message[2:] if word.isdigit()]
    return report(
        event,
        execution_id=ExecutionId(f"E{number}"),
        client_order_id=ClientOrderId(name),
        original_client_order_id=ClientOrderId(original) if original else None,
        quantity_lots=int(quantity),
        cumulative_lots=int(filled),
        leaves_lots=int(leaves),
        last_lots=last[0] if event in PRICED_EVENTS else None,
        last_ticks=-510 if event in PRICED_EVENTS else None,
        reference_execution_id=ExecutionId(reference[0]) if reference else None,
    )


def _assert_stands(order_now: Order, expected: list[str], line: str) -> None:
    status, quantity, filled, leaves = expected
    found = (
        ORDER_STATUS_FIX[order_now.status],
        order_now.quantity_lots,
        order_now.filled_lots,
        order_now.leaves_lots,
    )
    assert found == (status, int(quantity), int(filled), int(leaves)), line.strip()
    assert order_now.filled_tick_lots == -510 * order_now.filled_lots
