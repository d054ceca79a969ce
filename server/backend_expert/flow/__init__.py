"""Where a value comes from: names, constants, taint, and summaries across functions."""
