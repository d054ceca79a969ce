"""One reader per language: text in, facts out. The only room that knows syntax trees."""
