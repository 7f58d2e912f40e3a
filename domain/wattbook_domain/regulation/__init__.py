"""Regulation: what was traded as the law names it, under which code, by when, and in which state.

Nothing here knows a file format. A regulator plugin turns these facts into documents and back.
"""
