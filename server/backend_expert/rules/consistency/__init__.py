"""Data consistency: one file a rule."""
