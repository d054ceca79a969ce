"""The only room that speaks LSP: messages in, `ide` asked, messages out."""
