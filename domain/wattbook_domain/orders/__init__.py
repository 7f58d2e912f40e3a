"""Orders: the words, the commands, the reports, and the one table of states."""
