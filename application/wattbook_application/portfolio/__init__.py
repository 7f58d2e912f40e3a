"""Decisions over assets: plan, dispatch, compare with foresight."""
