"""Emacs in batch with eglot: a client that cannot pull diagnostics and counts in UTF-16."""
