"""Database design: one file a rule."""
