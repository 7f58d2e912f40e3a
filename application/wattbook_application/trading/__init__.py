"""From a decision to a fill: check, generate, route, send, follow."""
