"""Testing: one file a rule."""
