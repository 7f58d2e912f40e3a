"""How we touch the world: one technology a folder; no folder knows another."""
