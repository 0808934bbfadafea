"""Readers: files become nouns, row by row, and what is wrong in them becomes a named error with its line."""
