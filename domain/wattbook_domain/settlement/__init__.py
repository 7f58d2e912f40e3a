"""What is owed after trading: energy and cash by interval, netted payments, and imbalance."""
