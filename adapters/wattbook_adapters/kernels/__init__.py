"""The domain's rules for many rows at once: as columns, and compiled by Numba."""
