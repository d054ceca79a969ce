"""Error handling: one file a rule."""
