"""The neutral facts that every language is lowered into; shapes and lookups, no logic."""
