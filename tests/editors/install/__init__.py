"""Getting the real editors: one module each, with an `install` that may be called again."""
