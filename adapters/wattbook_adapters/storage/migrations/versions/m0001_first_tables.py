"""Lays the first tables: the journal, and the records that followers keep."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables with their indexes."""
    _journal()
    _orders()
    _fills()
    _positions()
    _instruments()
    _parties()
    _reports()


def downgrade() -> None:
    """Refuse: going back would drop the journal."""
    raise NotImplementedError("the first step cannot be undone; delete the store instead")


def _journal() -> None:
    op.create_table(
        "journal",
        _column("run_id", sa.String(64)),
        _column("seq", sa.BigInteger()),
        _column("kind", sa.String(64)),
        _column("event_ns", sa.BigInteger()),
        _column("received_ns", sa.BigInteger()),
        _column("payload", sa.LargeBinary()),
        _column("previous_hash", sa.String(64)),
        _column("entry_hash", sa.String(64)),
        sa.PrimaryKeyConstraint("run_id", "seq", name="pk_journal"),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        _column("run_id", sa.String(64)),
        _column("root_client_order_id", sa.String(64)),
        _column("ordinal", sa.BigInteger()),
        _column("client_order_id", sa.String(64)),
        _column("instrument_id", sa.String(64)),
        _column("venue_id", sa.String(64)),
        _column("desk_id", sa.String(64)),
        _column("ledger_id", sa.String(64)),
        _column("trader_id", sa.String(64)),
        _column("algorithm_id", sa.String(64)),
        _column("side", sa.String(40)),
        _column("order_type", sa.String(40)),
        _column("time_in_force", sa.String(40)),
        _column("status", sa.String(40)),
        _column("quantity_lots", sa.BigInteger()),
        _column("filled_lots", sa.BigInteger()),
        _column("filled_tick_lots", sa.BigInteger()),
        _column("decided_ns", sa.BigInteger()),
        _column("updated_ns", sa.BigInteger()),
        _column("limit_ticks", sa.BigInteger(), nullable=True),
        _column("display_lots", sa.BigInteger(), nullable=True),
        _column("expires_ns", sa.BigInteger(), nullable=True),
        _column("venue_order_id", sa.String(64), nullable=True),
        _column("replace_client_order_id", sa.String(64), nullable=True),
        _column("replace_quantity_lots", sa.BigInteger(), nullable=True),
        _column("replace_limit_ticks", sa.BigInteger(), nullable=True),
        _column("cancel_client_order_id", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "root_client_order_id", name="pk_orders"),
    )
    op.create_index("ix_orders_run_id_ordinal", "orders", ["run_id", "ordinal"], unique=True)


def _fills() -> None:
    op.create_table(
        "fills",
        _column("run_id", sa.String(64)),
        _column("venue_id", sa.String(64)),
        _column("execution_id", sa.String(64)),
        _column("ordinal", sa.BigInteger()),
        _column("client_order_id", sa.String(64)),
        _column("instrument_id", sa.String(64)),
        _column("desk_id", sa.String(64)),
        _column("ledger_id", sa.String(64)),
        _column("trader_id", sa.String(64)),
        _column("algorithm_id", sa.String(64)),
        _column("side", sa.String(40)),
        _column("price_ticks", sa.BigInteger()),
        _column("quantity_lots", sa.BigInteger()),
        _column("fee", sa.String(100)),
        _column("fee_currency", sa.String(40)),
        _column("at_ns", sa.BigInteger()),
        sa.PrimaryKeyConstraint("run_id", "venue_id", "execution_id", name="pk_fills"),
    )
    op.create_index(
        "ix_fills_run_id_client_order_id", "fills", ["run_id", "client_order_id"], unique=False
    )
    op.create_index("ix_fills_run_id_ordinal", "fills", ["run_id", "ordinal"], unique=True)


def _positions() -> None:
    op.create_table(
        "positions",
        _column("run_id", sa.String(64)),
        _column("desk_id", sa.String(64)),
        _column("ledger_id", sa.String(64)),
        _column("instrument_id", sa.String(64)),
        _column("ordinal", sa.BigInteger()),
        _column("net_lots", sa.BigInteger()),
        _column("cost_tick_lots", sa.BigInteger()),
        _column("cash_tick_lots", sa.BigInteger()),
        _column("bought_lots", sa.BigInteger()),
        _column("sold_lots", sa.BigInteger()),
        _column("fees", sa.Text()),
        sa.PrimaryKeyConstraint(
            "run_id", "desk_id", "ledger_id", "instrument_id", name="pk_positions"
        ),
    )
    op.create_index("ix_positions_run_id_ordinal", "positions", ["run_id", "ordinal"], unique=True)


def _instruments() -> None:
    op.create_table(
        "instruments",
        _column("run_id", sa.String(64)),
        _column("instrument_id", sa.String(64)),
        _column("ordinal", sa.BigInteger()),
        _column("kind", sa.String(40)),
        _column("commodity", sa.String(40)),
        _column("currency", sa.String(40)),
        _column("tick_size", sa.String(100)),
        _column("lot_mw", sa.String(100)),
        _column("delivery_start_ns", sa.BigInteger()),
        _column("delivery_end_ns", sa.BigInteger()),
        _column("delivery_zone", sa.String(64)),
        _column("profile", sa.Text()),
        _column("granularity", sa.String(40)),
        _column("delivery_point_eic", sa.String(40)),
        _column("settlement", sa.String(40)),
        _column("option_terms", sa.Text(), nullable=True),
        _column("legs", sa.Text()),
        sa.PrimaryKeyConstraint("run_id", "instrument_id", name="pk_instruments"),
    )
    op.create_index(
        "ix_instruments_run_id_ordinal", "instruments", ["run_id", "ordinal"], unique=True
    )


def _parties() -> None:
    op.create_table(
        "parties",
        _column("run_id", sa.String(64)),
        _column("party_id", sa.String(64)),
        _column("ordinal", sa.BigInteger()),
        _column("name", sa.String(200)),
        _column("lei", sa.String(40), nullable=True),
        _column("acer_code", sa.String(40), nullable=True),
        _column("eic", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "party_id", name="pk_parties"),
    )
    op.create_index("ix_parties_run_id_ordinal", "parties", ["run_id", "ordinal"], unique=True)


def _reports() -> None:
    op.create_table(
        "reports",
        _column("run_id", sa.String(64)),
        _column("name", sa.String(200)),
        _column("ordinal", sa.BigInteger()),
        _column("regime", sa.String(64)),
        _column("content", sa.LargeBinary()),
        _column("contract_count", sa.BigInteger()),
        _column("order_count", sa.BigInteger()),
        _column("trade_count", sa.BigInteger()),
        _column("written_ns", sa.BigInteger()),
        sa.PrimaryKeyConstraint("run_id", "name", name="pk_reports"),
    )
    op.create_index("ix_reports_run_id_ordinal", "reports", ["run_id", "ordinal"], unique=True)


def _column(name: str, kind: sa.types.TypeEngine[Any], *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable, autoincrement=False)
