"""Instruments: what is traded, described once and resolved once."""
