"""Decides what becomes of an order when news arrives. This is the only order-state table.

Two questions move an order, and each has one answer written as data:

* `TRANSITIONS[(status, event)]`: which status follows an event. A missing cell is illegal.
* `SETTLED[(status, level)]`: which sibling of that status fits the quantity now filled. It only
  matters where the event alone cannot say: a replacement, a bust or a correction may leave an
  order untouched, part-filled or complete.

Statuses and events carry FIX 4.4 semantics (Volume 4, appendix D, order state change matrices).
Objects index the mappings; rows and kernels index the dense arrays made from them.

Reading notes, where practice needs a decision:

* A fill is money and is never refused for lateness: it is legal in every status but REJECTED.
* A pending request remembers whether lots are filled (`..._PARTIAL`), so the answer to it leads
  back without asking the quantities.
* An order that fills while a cancel or replace is pending is FILLED at once. FIX lets field 39
  stay "pending" until the request is refused; nothing is left to work, so we do not.
* A halted order (suspended, done for day) stays halted while requests are pending; the request
  itself is remembered in the order.
* A pending cancel outranks a pending replace (FIX precedence of OrdStatus).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from wattbook_domain.orders.reports import ExecutionEvent


class OrderStatus(IntEnum):
    """Where an order stands: dense, working statuses first, terminal ones last."""

    PENDING_NEW = 0
    NEW = 1
    PARTIALLY_FILLED = 2
    PENDING_CANCEL = 3
    PENDING_CANCEL_PARTIAL = 4
    PENDING_REPLACE = 5
    PENDING_REPLACE_PARTIAL = 6
    SUSPENDED = 7
    SUSPENDED_PARTIAL = 8
    DONE_FOR_DAY = 9
    FILLED = 10
    CANCELED = 11
    REJECTED = 12
    EXPIRED = 13


class FillLevel(IntEnum):
    """How much of the total quantity is filled; see `arithmetic.fill_level`."""

    NONE = 0
    SOME = 1
    ALL = 2


ILLEGAL: Final = 255
"""The dense form of a missing cell."""

ORDER_STATUS_FIX: Final[Mapping[OrderStatus, str]] = MappingProxyType(
    {
        OrderStatus.PENDING_NEW: "A",
        OrderStatus.NEW: "0",
        OrderStatus.PARTIALLY_FILLED: "1",
        OrderStatus.PENDING_CANCEL: "6",
        OrderStatus.PENDING_CANCEL_PARTIAL: "6",
        OrderStatus.PENDING_REPLACE: "E",
        OrderStatus.PENDING_REPLACE_PARTIAL: "E",
        OrderStatus.SUSPENDED: "9",
        OrderStatus.SUSPENDED_PARTIAL: "9",
        OrderStatus.DONE_FOR_DAY: "3",
        OrderStatus.FILLED: "2",
        OrderStatus.CANCELED: "4",
        OrderStatus.REJECTED: "8",
        OrderStatus.EXPIRED: "C",
    }
)
"""FIX field 39 OrdStatus."""


def is_working(status: OrderStatus) -> bool:
    """Whether lots may still be open at the venue: leaves are quantity less filled, else zero."""
    return status <= OrderStatus.SUSPENDED_PARTIAL


def is_terminal(status: OrderStatus) -> bool:
    """Whether the order has ended. Only a bust or a replacement can reopen a FILLED order.

    DONE_FOR_DAY is neither working nor terminal: a GTC order comes back the next morning.
    """
    return status >= OrderStatus.FILLED


def _table() -> Mapping[tuple[OrderStatus, ExecutionEvent], OrderStatus]:
    return MappingProxyType(dict(_cells()))


def _cells() -> Iterator[tuple[tuple[OrderStatus, ExecutionEvent], OrderStatus]]:
    statuses = dict(_ABBREVIATIONS)
    for line in _TABLE.strip().splitlines():
        head, *cells = line.split()
        for event, cell in zip(ExecutionEvent, cells, strict=True):
            if cell != ".":
                yield (statuses[head], event), statuses[cell]


_ABBREVIATIONS: Final = {
    "pnew": OrderStatus.PENDING_NEW,
    "new": OrderStatus.NEW,
    "part": OrderStatus.PARTIALLY_FILLED,
    "pcxl": OrderStatus.PENDING_CANCEL,
    "pcxl+": OrderStatus.PENDING_CANCEL_PARTIAL,
    "prep": OrderStatus.PENDING_REPLACE,
    "prep+": OrderStatus.PENDING_REPLACE_PARTIAL,
    "susp": OrderStatus.SUSPENDED,
    "susp+": OrderStatus.SUSPENDED_PARTIAL,
    "dfd": OrderStatus.DONE_FOR_DAY,
    "fill": OrderStatus.FILLED,
    "cxl": OrderStatus.CANCELED,
    "rej": OrderStatus.REJECTED,
    "exp": OrderStatus.EXPIRED,
}

# Columns in the order of ExecutionEvent: pending new, accepted, rejected, partial fill, fill,
# pending cancel, canceled, cancel rejected, pending replace, replaced, replace rejected, expired,
# done for day, suspended, resumed, trade corrected, trade canceled. A dot is illegal.
_TABLE: Final = """
pnew  pnew  new   rej part  fill pcxl  cxl pnew  prep  new   pnew  exp dfd susp  .    .     .
new   .     new   rej part  fill pcxl  cxl new   prep  new   new   exp dfd susp  new  .     .
part  .     part  .   part  fill pcxl+ cxl part  prep+ part  part  exp dfd susp+ part part  part
pcxl  pcxl  pcxl  rej pcxl+ fill pcxl  cxl new   pcxl  pcxl  pcxl  exp dfd pcxl  pcxl .     .
pcxl+ .     pcxl+ .   pcxl+ fill pcxl+ cxl part  pcxl+ pcxl+ pcxl+ exp dfd pcxl+ pcxl+ pcxl+ pcxl+
prep  prep  prep  rej prep+ fill pcxl  cxl prep  prep  new   new   exp dfd prep  prep .     .
prep+ .     prep+ .   prep+ fill pcxl+ cxl prep+ prep+ part  part  exp dfd prep+ prep+ prep+ prep+
susp  .     .     rej susp+ fill susp  cxl susp  susp  susp  susp  exp dfd susp  new  .     .
susp+ .     .     .   susp+ fill susp+ cxl susp+ susp+ susp+ susp+ exp dfd susp+ part susp+ susp+
dfd   .     .     .   dfd   fill dfd   cxl dfd   dfd   dfd   dfd   exp dfd .     new  dfd   dfd
fill  .     .     .   .     .    fill  .   fill  fill  fill  fill  .   .   .     .    fill  fill
cxl   .     .     .   cxl   cxl  cxl   cxl cxl   .     .     cxl   .   .   .     .    cxl   cxl
rej   .     .     rej .     .    .     .   rej   .     .     rej   .   .   .     .    .     .
exp   .     .     .   exp   exp  exp   .   exp   .     .     exp   exp .   .     .    exp   exp
"""

TRANSITIONS: Final = _table()
"""Status and event to the next status; a key that is missing is an illegal transition."""


def _settled() -> Mapping[tuple[OrderStatus, FillLevel], OrderStatus]:
    s = OrderStatus
    families: Mapping[tuple[OrderStatus, ...], tuple[OrderStatus, OrderStatus, OrderStatus]] = {
        (s.PENDING_NEW,): (s.PENDING_NEW, s.PARTIALLY_FILLED, s.FILLED),
        (s.NEW, s.PARTIALLY_FILLED, s.FILLED): (s.NEW, s.PARTIALLY_FILLED, s.FILLED),
        (s.PENDING_CANCEL, s.PENDING_CANCEL_PARTIAL): (
            s.PENDING_CANCEL,
            s.PENDING_CANCEL_PARTIAL,
            s.FILLED,
        ),
        (s.PENDING_REPLACE, s.PENDING_REPLACE_PARTIAL): (
            s.PENDING_REPLACE,
            s.PENDING_REPLACE_PARTIAL,
            s.FILLED,
        ),
        (s.SUSPENDED, s.SUSPENDED_PARTIAL): (s.SUSPENDED, s.SUSPENDED_PARTIAL, s.FILLED),
        (s.DONE_FOR_DAY,): (s.DONE_FOR_DAY, s.DONE_FOR_DAY, s.FILLED),
        # An order that was ended stays ended, however its executions are restated afterwards.
        (s.CANCELED,): (s.CANCELED, s.CANCELED, s.CANCELED),
        (s.REJECTED,): (s.REJECTED, s.REJECTED, s.REJECTED),
        (s.EXPIRED,): (s.EXPIRED, s.EXPIRED, s.EXPIRED),
    }
    return MappingProxyType(
        {
            (status, level): siblings[level]
            for members, siblings in families.items()
            for status in members
            for level in FillLevel
        }
    )


SETTLED: Final = _settled()
"""Status and fill level to the sibling status that fits the quantity."""


def dense_transitions() -> npt.NDArray[np.uint8]:
    """Return `TRANSITIONS` as a (status, event) array; an illegal cell is `ILLEGAL`."""
    dense = np.full((len(OrderStatus), len(ExecutionEvent)), ILLEGAL, dtype=np.uint8)
    for (status, event), following in TRANSITIONS.items():
        dense[status, event] = following
    dense.setflags(write=False)
    return dense


def dense_settled() -> npt.NDArray[np.uint8]:
    """Return `SETTLED` as a (status, level) array."""
    dense = np.full((len(OrderStatus), len(FillLevel)), ILLEGAL, dtype=np.uint8)
    for (status, level), following in SETTLED.items():
        dense[status, level] = following
    dense.setflags(write=False)
    return dense


TRANSITIONS_DENSE: Final = dense_transitions()
SETTLED_DENSE: Final = dense_settled()
