"""Valuation: mark to market, and a P&L that explains itself to zero."""
