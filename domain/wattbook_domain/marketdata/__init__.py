"""Market data: depth, quotes, trade prints, trading phases, and what makes a datum doubtful."""
