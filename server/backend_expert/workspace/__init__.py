"""The files at hand: documents in pieces, and the snapshot that a request reads."""
