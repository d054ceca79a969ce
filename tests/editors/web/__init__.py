"""VS Code in a browser: the server of its pages, the browser, the two kinds of test."""
