"""Optimisation problems as values, the assets they speak of, and plans that are checked anew."""
