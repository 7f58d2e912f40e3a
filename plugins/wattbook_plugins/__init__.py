"""Whom we speak to: venues, feeds, models, strategies and regulators, written as an outsider would."""
