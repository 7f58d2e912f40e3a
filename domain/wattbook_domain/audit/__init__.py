"""Hash-linked records: what makes an edit, a deletion, a swap or a cut of the past visible."""
