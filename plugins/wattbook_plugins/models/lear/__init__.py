"""LEAR: a lasso-estimated autoregression for the hours of the next day, with an interval."""
