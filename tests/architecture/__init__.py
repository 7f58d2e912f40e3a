"""What the layering linter cannot say, said as tests, and the one contract type of our own."""
