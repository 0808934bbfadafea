"""Streams: messages come in from a broker, and answers go out to it."""
