"""The name of a catalog source: from the row, or as it was given."""

import re

from loaders.readers.row import Values
from schemas.errors import ConfigError

_SOURCE = re.compile(r"[A-Za-z0-9_.-]+\Z")


def checked_source(source: str) -> None:
    """Raise ConfigError unless `source` can be the name of one."""
    if not _SOURCE.match(source):
        raise ConfigError("source", f"{source!r} is not a source name; use letters, digits, '_', '.' and '-'")


def source_of(values: Values, given: str) -> str:
    """Return the source that a row names, or the given one; raises the row's error for a name that is none."""
    source = values.word("source") or given
    if not _SOURCE.match(source):
        raise values.fail(f"source {source!r} is not a source name; use letters, digits, '_', '.' and '-'")
    return source
