"""Dispatch problems compiled to cvxpy and solved by HiGHS."""
