"""Positions: a fold of fills by desk, ledger, instrument and delivery interval."""
