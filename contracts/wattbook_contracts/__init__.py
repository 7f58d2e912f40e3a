"""What we promise outsiders: ports, hooks, schemas, errors and conformance cards."""
