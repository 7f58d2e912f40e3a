"""Decides the tables: one a kind, each row inside a run, each under its natural key.

A column that stands for a field of a nested value names the path to it in `info["path"]`; the
codec in `codecs` reads and writes rows by that alone. The migrations hold frozen copies of these
tables; a test compares what they build with what is written here.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from wattbook_adapters.storage import types

METADATA: Final = sa.MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"}
)


def _key(name: str, kind: TypeEngine[Any], path: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False, info={"path": path or name})


def _field(
    name: str, kind: TypeEngine[Any], path: str | None = None, *, is_optional: bool = False
) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=is_optional, info={"path": path or name})


def _run_id() -> sa.Column[Any]:
    return sa.Column("run_id", types.identifier(), primary_key=True)


def _ordinal() -> sa.Column[Any]:
    return sa.Column("ordinal", types.whole(), nullable=False)


def _owner() -> list[sa.Column[Any]]:
    return [
        _field("desk_id", types.identifier(), "owner.desk_id"),
        _field("ledger_id", types.identifier(), "owner.ledger_id"),
        _field("trader_id", types.identifier(), "owner.trader_id"),
        _field("algorithm_id", types.identifier(), "owner.algorithm_id"),
    ]


JOURNAL: Final = sa.Table(
    "journal",
    METADATA,
    _run_id(),
    _key("seq", types.whole()),
    _field("kind", types.identifier()),
    _field("event_ns", types.whole()),
    _field("received_ns", types.whole()),
    _field("payload", types.octets()),
    _field("previous_hash", types.digest()),
    _field("entry_hash", types.digest()),
)

ORDERS: Final = sa.Table(
    "orders",
    METADATA,
    _run_id(),
    _key("root_client_order_id", types.identifier()),
    _ordinal(),
    _field("client_order_id", types.identifier()),
    _field("instrument_id", types.identifier()),
    _field("venue_id", types.identifier()),
    *_owner(),
    _field("side", types.word()),
    _field("order_type", types.word()),
    _field("time_in_force", types.word()),
    _field("status", types.word()),
    _field("quantity_lots", types.whole()),
    _field("filled_lots", types.whole()),
    _field("filled_tick_lots", types.whole()),
    _field("decided_ns", types.whole(), "decided_at"),
    _field("updated_ns", types.whole(), "updated_at"),
    _field("limit_ticks", types.whole(), is_optional=True),
    _field("display_lots", types.whole(), is_optional=True),
    _field("expires_ns", types.whole(), "expires_at", is_optional=True),
    _field("venue_order_id", types.identifier(), is_optional=True),
    _field("replace_client_order_id", types.identifier(), is_optional=True),
    _field("replace_quantity_lots", types.whole(), is_optional=True),
    _field("replace_limit_ticks", types.whole(), is_optional=True),
    _field("cancel_client_order_id", types.identifier(), is_optional=True),
    sa.Index(None, "run_id", "ordinal", unique=True),
)

FILLS: Final = sa.Table(
    "fills",
    METADATA,
    _run_id(),
    _key("venue_id", types.identifier()),
    _key("execution_id", types.identifier()),
    _ordinal(),
    _field("client_order_id", types.identifier()),
    _field("instrument_id", types.identifier()),
    *_owner(),
    _field("side", types.word()),
    _field("price_ticks", types.whole(), "ticks"),
    _field("quantity_lots", types.whole(), "lots"),
    _field("fee", types.exact(), "fee.amount"),
    _field("fee_currency", types.word(), "fee.currency"),
    _field("at_ns", types.whole(), "at"),
    sa.Index(None, "run_id", "ordinal", unique=True),
    sa.Index(None, "run_id", "client_order_id"),
)

POSITIONS: Final = sa.Table(
    "positions",
    METADATA,
    _run_id(),
    _key("desk_id", types.identifier(), "key.desk_id"),
    _key("ledger_id", types.identifier(), "key.ledger_id"),
    _key("instrument_id", types.identifier(), "key.instrument_id"),
    _ordinal(),
    _field("net_lots", types.whole()),
    _field("cost_tick_lots", types.whole()),
    _field("cash_tick_lots", types.whole()),
    _field("bought_lots", types.whole()),
    _field("sold_lots", types.whole()),
    _field("fees", types.CanonicalJson()),
    sa.Index(None, "run_id", "ordinal", unique=True),
)

INSTRUMENTS: Final = sa.Table(
    "instruments",
    METADATA,
    _run_id(),
    _key("instrument_id", types.identifier()),
    _ordinal(),
    _field("kind", types.word()),
    _field("commodity", types.word()),
    _field("currency", types.word()),
    _field("tick_size", types.exact()),
    _field("lot_mw", types.exact()),
    _field("delivery_start_ns", types.whole(), "delivery.start"),
    _field("delivery_end_ns", types.whole(), "delivery.end"),
    _field("delivery_zone", types.identifier(), "delivery.zone"),
    _field("profile", types.CanonicalJson()),
    _field("granularity", types.word()),
    _field("delivery_point_eic", types.word()),
    _field("settlement", types.word()),
    _field("option_terms", types.CanonicalJson(), "option", is_optional=True),
    _field("legs", types.CanonicalJson()),
    sa.Index(None, "run_id", "ordinal", unique=True),
)

PARTIES: Final = sa.Table(
    "parties",
    METADATA,
    _run_id(),
    _key("party_id", types.identifier()),
    _ordinal(),
    _field("name", types.title()),
    _field("lei", types.word(), is_optional=True),
    _field("acer_code", types.word(), is_optional=True),
    _field("eic", types.word(), is_optional=True),
    sa.Index(None, "run_id", "ordinal", unique=True),
)

REPORTS: Final = sa.Table(
    "reports",
    METADATA,
    _run_id(),
    _key("name", types.title()),
    _ordinal(),
    _field("regime", types.identifier()),
    _field("content", types.octets()),
    _field("contract_count", types.whole()),
    _field("order_count", types.whole()),
    _field("trade_count", types.whole()),
    _field("written_ns", types.whole()),
    sa.Index(None, "run_id", "ordinal", unique=True),
)
