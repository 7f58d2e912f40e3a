"""Whom we speak to: venues, feeds, models, strategies, regulators, as an outsider would write."""
