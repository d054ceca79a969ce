"""What the expert can be shown: one module a section, each a pure function of the place."""
