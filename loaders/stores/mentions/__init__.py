"""Mention stores: the truth of a home."""
