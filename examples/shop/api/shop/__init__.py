"""The shop's HTTP service and its queue worker."""
