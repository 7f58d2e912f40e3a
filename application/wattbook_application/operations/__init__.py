"""Running the platform: the audit trail and its verification."""
