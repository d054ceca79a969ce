"""Monitoring and observability: one file a rule."""
