"""Helix in a terminal: it has no batch mode."""
