"""The golden sets of a home: the files in its folder `gold`, by name."""

import re
from pathlib import Path

from kg.home import Home
from schemas.errors import NotFoundError

FOLDER = "gold"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_SUFFIXES = (".jsonl", ".csv", ".tsv")


def golden_sets(home: Home) -> dict[str, Path]:
    """Return the golden sets by name (of the file, without suffix), ordered; links that lead elsewhere are none."""
    folder = home.config.home / FOLDER
    found = {
        path.stem: path
        for path in (sorted(folder.iterdir()) if folder.is_dir() else ())
        if path.suffix in _SUFFIXES and path.is_file() and not path.is_symlink() and _NAME.match(path.stem)
    }
    return dict(sorted(found.items()))


def golden_set(home: Home, name: str) -> Path:
    """Return the file of a golden set. Raises NotFoundError."""
    known = golden_sets(home)
    if name not in known:
        raise NotFoundError("golden set", name, list(known)[:10], f"`kg gold add` makes files in HOME/{FOLDER}")
    return known[name]
