"""Scalability: one file a rule."""
