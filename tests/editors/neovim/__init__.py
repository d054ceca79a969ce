"""Neovim, headless, with the plugin: each spec runs in an editor of its own."""
