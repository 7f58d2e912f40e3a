"""Where people and programs come in; with bootstrap, the only callers of use cases."""
