"""Forecasting models, one a folder."""
