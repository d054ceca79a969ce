"""The service as a whole: what each file tells of it, put together into a graph and an overview."""
