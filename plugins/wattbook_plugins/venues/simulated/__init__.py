"""Three invented venues for paper trading, backtests and the demonstration day."""
