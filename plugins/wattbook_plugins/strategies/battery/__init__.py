"""Day-ahead bids that carry a battery's plan into the auction."""
