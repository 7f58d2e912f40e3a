"""What is true in energy trading: pure values and rules, with no input, output, clock or chance.

Each package is a context; a context imports only those listed below it in the layering contract
(`pyproject.toml`, contract L3). Everything here is deterministic and can be called from anywhere.
"""
