"""Reception: what comes from markets becomes facts."""
