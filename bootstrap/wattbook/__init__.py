"""Wattbook: trade and optimise energy, from market data to regulator."""
