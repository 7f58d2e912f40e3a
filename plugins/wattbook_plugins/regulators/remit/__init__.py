"""REMIT (Regulation 1227/2011): Table 1 reports of orders and trades in electricity and gas."""
