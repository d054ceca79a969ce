"""API design: one file a rule."""
