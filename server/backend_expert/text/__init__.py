"""The words of position: spans, line tables and edits, all in code points."""
