"""What people ask of the state: read-only, exact, and made anew each time."""
