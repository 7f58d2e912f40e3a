"""Reference data: zones, hubs, delivery points, parties, trading calendars, gate closure."""
