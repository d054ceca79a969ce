"""Code quality: one file a rule."""
