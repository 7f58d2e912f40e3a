"""Transports towards regulators: how prepared documents leave the house."""
