"""Numbered cards: what every venue and every store must do, for plugin authors to run themselves.

No runtime layer imports this package. A card is a plain function; `run_cards` runs a deck of them
against a harness and says passed, failed, or skipped by capability. A failed card tells what was
expected and what was found.
"""
