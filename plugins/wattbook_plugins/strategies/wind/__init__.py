"""Wind sold day-ahead, and its forecast error traded away intraday."""
