"""Risk after the trade: how much the open position may lose."""
