"""Plain text."""

from pathlib import Path

from loaders.readers.draft import Draft


def parse_text(text: str, path: Path) -> Draft:
    """Return a text as it is."""
    return Draft(text, "article")
