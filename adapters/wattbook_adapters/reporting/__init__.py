"""Pages for people: one self-contained HTML file a run, plots inside, no script and no network."""
