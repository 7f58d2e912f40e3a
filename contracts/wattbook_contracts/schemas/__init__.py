"""Boundary models: what leaves the platform as JSON, versioned, one file a document."""
