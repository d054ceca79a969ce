"""The command line: serve, check, explain, ask."""
