"""The command line: `wattbook`."""
