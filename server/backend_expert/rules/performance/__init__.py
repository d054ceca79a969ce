"""Performance: one file a rule."""
