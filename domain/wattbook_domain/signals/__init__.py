"""What a desk believes about prices: normalised series, forecasts, signals, and how good they were.

Models live in plugins, feeds in plugins; here is only what all of them must agree on.
"""
