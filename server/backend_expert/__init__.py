"""Backend Expert: a language server that puts a senior backend engineer into the editor."""

__version__ = "0.1.0"
