"""Sources of market data, each with its data's licence; one market a folder."""
