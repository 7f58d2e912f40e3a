"""Execution: which venue, how much at each, at what cost, and how well it went."""
