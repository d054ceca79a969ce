"""VS Code with our extension: what a person sees, and what the extension host says."""
