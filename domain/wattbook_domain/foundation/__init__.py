"""The ground floor: verdicts, bounds, instants, identifiers, rows and canonical bytes."""
