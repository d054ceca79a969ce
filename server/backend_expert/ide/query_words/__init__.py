"""SQL in plain words: the parts that `explain_query` is put together from."""
