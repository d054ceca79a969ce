"""What server and client say to each other beyond LSP: the shapes, and the list of messages."""
