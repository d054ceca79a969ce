"""The bench: the design's targets, measured on this machine through real stdio sessions."""
