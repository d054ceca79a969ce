"""Technologies as data: one TOML per library, and code facts read in their light."""
