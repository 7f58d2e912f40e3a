"""After the trade: book, mark, explain, settle."""
