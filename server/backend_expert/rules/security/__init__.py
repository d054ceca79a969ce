"""Security: one file a rule."""
