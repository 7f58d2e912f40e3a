"""How a decided quantity reaches the venues: parents, splitting, schedules, and execution quality."""
