"""Steps in order; a step once released is never changed."""
