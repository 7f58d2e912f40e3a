"""Where things are kept: journal, records and reports in SQL, the audit log in a plain file."""
