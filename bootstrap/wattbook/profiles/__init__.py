"""The three profiles as TOML data: `paper`, `backtest`, `production`."""
