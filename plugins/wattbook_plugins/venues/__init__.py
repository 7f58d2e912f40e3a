"""Venues, one a folder: their words, fees and capabilities. The engines live in the adapters."""
