"""Files in TOML, read whole within the bounds that every file of text has."""

import tomllib
from pathlib import Path
from typing import Any

from loaders.readers.lines import read_text
from schemas.errors import ConfigError, InputError


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file says. Raises ConfigError naming the file when it cannot be read, NotFoundError."""
    try:
        return tomllib.loads(read_text(path, InputError))
    except InputError as error:
        where = "" if error.line is None else f"line {error.line}: "
        raise ConfigError(str(path), f"{where}{error.problem}") from error
    except (ValueError, RecursionError) as error:
        # beside syntax: numbers of thousands of digits, and lists nested deeper than the parser can go
        raise ConfigError(str(path), f"is not TOML: {error}") from error
