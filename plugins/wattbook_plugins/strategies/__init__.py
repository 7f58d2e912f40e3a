"""Strategies: pure decisions from plan, forecast, position and market to orders."""
