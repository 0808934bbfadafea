"""What is said of a file whose suffix no reader knows."""

from collections.abc import Iterable
from pathlib import Path

from schemas.errors import FormatError

_ARCHIVES = (".gz", ".tgz", ".bz2", ".xz", ".zst", ".lz4", ".br", ".zip", ".tar", ".7z", ".rar")


def unknown_suffix(path: Path, what: str, valid: Iterable[str]) -> FormatError:
    """Return the error of a file that is no format of `what`; of an archive it says that none is read.

    Nothing is unpacked on the way in, so a small file never becomes a large one. Parquet has bounds of its own.
    """
    hint = "archives are not read: unpack it first; " if path.suffix.lower() in _ARCHIVES else ""
    return FormatError(path, f"suffix {path.suffix!r} is not a format of {what}; {hint}valid: {', '.join(valid)}")
