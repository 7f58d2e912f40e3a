"""Regulators: one folder a reporting regime, from facts to documents and back."""
