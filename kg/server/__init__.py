"""`kg serve`: the API over one home; and `kg mcp`, the same for assistants."""

from kg.server.app import create_app

__all__ = ["create_app"]
