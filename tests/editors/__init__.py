"""The real editors, driven over examples/shop: `make test-editors`."""
