"""What the core asks of the world: one idea a file, each smaller than its first implementation."""
