"""The history of the tables, one file a step, packaged so that no configuration file is needed."""
