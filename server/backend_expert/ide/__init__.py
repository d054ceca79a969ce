"""What an editor may ask, one module each: plain types in and out, no protocol."""
