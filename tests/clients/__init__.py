"""Tests of what we ship for editors, as far as they need no editor."""
