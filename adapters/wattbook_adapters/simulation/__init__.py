"""The simulated exchange: continuous matching, auction, liquidity. Everything in it is invented."""
