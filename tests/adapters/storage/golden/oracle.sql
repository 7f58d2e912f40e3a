CREATE TABLE fills (
	run_id VARCHAR2(64 CHAR) NOT NULL,
	venue_id VARCHAR2(64 CHAR) NOT NULL,
	execution_id VARCHAR2(64 CHAR) NOT NULL,
	ordinal NUMBER(19) NOT NULL,
	client_order_id VARCHAR2(64 CHAR) NOT NULL,
	instrument_id VARCHAR2(64 CHAR) NOT NULL,
	desk_id VARCHAR2(64 CHAR) NOT NULL,
	ledger_id VARCHAR2(64 CHAR) NOT NULL,
	trader_id VARCHAR2(64 CHAR) NOT NULL,
	algorithm_id VARCHAR2(64 CHAR) NOT NULL,
	side VARCHAR2(40 CHAR) NOT NULL,
	price_ticks NUMBER(19) NOT NULL,
	quantity_lots NUMBER(19) NOT NULL,
	fee VARCHAR2(100 CHAR) NOT NULL,
	fee_currency VARCHAR2(40 CHAR) NOT NULL,
	at_ns NUMBER(19) NOT NULL,
	CONSTRAINT pk_fills PRIMARY KEY (run_id, venue_id, execution_id)
);
CREATE INDEX ix_fills_run_id_client_order_id ON fills (run_id, client_order_id);
CREATE UNIQUE INDEX ix_fills_run_id_ordinal ON fills (run_id, ordinal);
CREATE TABLE instruments (
	run_id VARCHAR2(64 CHAR) NOT NULL,
	instrument_id VARCHAR2(64 CHAR) NOT NULL,
	ordinal NUMBER(19) NOT NULL,
	kind VARCHAR2(40 CHAR) NOT NULL,
	commodity VARCHAR2(40 CHAR) NOT NULL,
	currency VARCHAR2(40 CHAR) NOT NULL,
	tick_size VARCHAR2(100 CHAR) NOT NULL,
	lot_mw VARCHAR2(100 CHAR) NOT NULL,
	delivery_start_ns NUMBER(19) NOT NULL,
	delivery_end_ns NUMBER(19) NOT NULL,
	delivery_zone VARCHAR2(64 CHAR) NOT NULL,
	profile CLOB NOT NULL,
	granularity VARCHAR2(40 CHAR) NOT NULL,
	delivery_point_eic VARCHAR2(40 CHAR) NOT NULL,
	settlement VARCHAR2(40 CHAR) NOT NULL,
	option_terms CLOB,
	legs CLOB NOT NULL,
	CONSTRAINT pk_instruments PRIMARY KEY (run_id, instrument_id)
);
CREATE UNIQUE INDEX ix_instruments_run_id_ordinal ON instruments (run_id, ordinal);
CREATE TABLE journal (
	run_id VARCHAR2(64 CHAR) NOT NULL,
	seq NUMBER(19) NOT NULL,
	kind VARCHAR2(64 CHAR) NOT NULL,
	event_ns NUMBER(19) NOT NULL,
	received_ns NUMBER(19) NOT NULL,
	payload BLOB NOT NULL,
	previous_hash VARCHAR2(64 CHAR) NOT NULL,
	entry_hash VARCHAR2(64 CHAR) NOT NULL,
	CONSTRAINT pk_journal PRIMARY KEY (run_id, seq)
);
CREATE TABLE orders (
	run_id VARCHAR2(64 CHAR) NOT NULL,
	root_client_order_id VARCHAR2(64 CHAR) NOT NULL,
	ordinal NUMBER(19) NOT NULL,
	client_order_id VARCHAR2(64 CHAR) NOT NULL,
	instrument_id VARCHAR2(64 CHAR) NOT NULL,
	venue_id VARCHAR2(64 CHAR) NOT NULL,
	desk_id VARCHAR2(64 CHAR) NOT NULL,
	ledger_id VARCHAR2(64 CHAR) NOT NULL,
	trader_id VARCHAR2(64 CHAR) NOT NULL,
	algorithm_id VARCHAR2(64 CHAR) NOT NULL,
	side VARCHAR2(40 CHAR) NOT NULL,
	order_type VARCHAR2(40 CHAR) NOT NULL,
	time_in_force VARCHAR2(40 CHAR) NOT NULL,
	status VARCHAR2(40 CHAR) NOT NULL,
	quantity_lots NUMBER(19) NOT NULL,
	filled_lots NUMBER(19) NOT NULL,
	filled_tick_lots NUMBER(19) NOT NULL,
	decided_ns NUMBER(19) NOT NULL,
	updated_ns NUMBER(19) NOT NULL,
	limit_ticks NUMBER(19),
	display_lots NUMBER(19),
	expires_ns NUMBER(19),
	venue_order_id VARCHAR2(64 CHAR),
	replace_client_order_id VARCHAR2(64 CHAR),
	replace_quantity_lots NUMBER(19),
	replace_limit_ticks NUMBER(19),
	cancel_client_order_id VARCHAR2(64 CHAR),
	CONSTRAINT pk_orders PRIMARY KEY (run_id, root_client_order_id)
);
CREATE UNIQUE INDEX ix_orders_run_id_ordinal ON orders (run_id, ordinal);
CREATE TABLE parties (
	run_id VARCHAR2(64 CHAR) NOT NULL,
	party_id VARCHAR2(64 CHAR) NOT NULL,
	ordinal NUMBER(19) NOT NULL,
	name VARCHAR2(200 CHAR) NOT NULL,
	lei VARCHAR2(40 CHAR),
	acer_code VARCHAR2(40 CHAR),
	eic VARCHAR2(40 CHAR),
	CONSTRAINT pk_parties PRIMARY KEY (run_id, party_id)
);
CREATE UNIQUE INDEX ix_parties_run_id_ordinal ON parties (run_id, ordinal);
CREATE TABLE positions (
	run_id VARCHAR2(64 CHAR) NOT NULL,
	desk_id VARCHAR2(64 CHAR) NOT NULL,
	ledger_id VARCHAR2(64 CHAR) NOT NULL,
	instrument_id VARCHAR2(64 CHAR) NOT NULL,
	ordinal NUMBER(19) NOT NULL,
	net_lots NUMBER(19) NOT NULL,
	cost_tick_lots NUMBER(19) NOT NULL,
	cash_tick_lots NUMBER(19) NOT NULL,
	bought_lots NUMBER(19) NOT NULL,
	sold_lots NUMBER(19) NOT NULL,
	fees CLOB NOT NULL,
	CONSTRAINT pk_positions PRIMARY KEY (run_id, desk_id, ledger_id, instrument_id)
);
CREATE UNIQUE INDEX ix_positions_run_id_ordinal ON positions (run_id, ordinal);
CREATE TABLE reports (
	run_id VARCHAR2(64 CHAR) NOT NULL,
	name VARCHAR2(200 CHAR) NOT NULL,
	ordinal NUMBER(19) NOT NULL,
	regime VARCHAR2(64 CHAR) NOT NULL,
	content BLOB NOT NULL,
	contract_count NUMBER(19) NOT NULL,
	order_count NUMBER(19) NOT NULL,
	trade_count NUMBER(19) NOT NULL,
	written_ns NUMBER(19) NOT NULL,
	CONSTRAINT pk_reports PRIMARY KEY (run_id, name)
);
CREATE UNIQUE INDEX ix_reports_run_id_ordinal ON reports (run_id, ordinal);
