"""What we do: one use case a module, driven by one sequenced engine."""
