"""What regulators are told, and why."""
