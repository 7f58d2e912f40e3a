"""Decides the words in which a venue or a store says what it can do.

A capability is declared in a descriptor, shown to users and read by the conformance cards: a card
may be skipped because a capability is absent from the declaration, and for no other reason.
"""

from __future__ import annotations

from enum import Enum


class Capability(Enum):
    """One thing an adapter can do. The value is what users read; the name is what code compares."""

    CONTINUOUS = "matches orders continuously as they arrive"
    AUCTION = "collects orders and clears them together at one price"
    MARKET_ORDERS = "accepts orders without a limit price"
    ICEBERG = "accepts orders that show only a part of their quantity"
    IOC = "cancels at once what an order could not fill on arrival"
    FOK = "fills an order completely on arrival or not at all"
    GTC = "keeps an order beyond the trading day"
    GTD = "keeps an order until a stated instant"
    CANCEL = "ends a working order on request"
    CANCEL_REPLACE = "changes price or quantity of a working order on request"
    SELF_MATCH_PREVENTION = "keeps two orders of one owner from trading with each other"
    DROP_COPY = "sends an independent stream of executions"
    ORDER_STATUS = "answers the question what became of an order"
    IDEMPOTENT_SUBMIT = "treats a repeated order with the same client order id as one"

    DURABLE = "what was appended survives the end of the process"
    SINGLE_WRITER = "refuses a second writer while the first one holds the store"
    MULTI_WRITER = "lets several writers append in one total order"
    CONCURRENT_READ = "can be read through a second handle while it is written"
    TRANSACTIONS = "keeps several records together or none of them"


VENUE_CAPABILITIES = frozenset(
    {
        Capability.CONTINUOUS,
        Capability.AUCTION,
        Capability.MARKET_ORDERS,
        Capability.ICEBERG,
        Capability.IOC,
        Capability.FOK,
        Capability.GTC,
        Capability.GTD,
        Capability.CANCEL,
        Capability.CANCEL_REPLACE,
        Capability.SELF_MATCH_PREVENTION,
        Capability.DROP_COPY,
        Capability.ORDER_STATUS,
        Capability.IDEMPOTENT_SUBMIT,
    }
)
"""What a venue may declare."""

STORAGE_CAPABILITIES = frozenset(Capability) - VENUE_CAPABILITIES
"""What a store may declare."""
