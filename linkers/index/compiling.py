"""How numeric loops are compiled, and where the compiled form is kept."""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numba
from numba.core import config as _config

_FOLDER = Path(__file__).parent


def _content() -> str:
    """Return what stands for the content of all compiled files."""
    folders = (_FOLDER, _FOLDER.parent / "records")
    sources = sorted(
        path for folder in folders for kind in ("kernels", "tables") for path in folder.glob(f"*_{kind}.py")
    )
    return blake2b(b"\0".join(path.read_bytes() for path in sources), digest_size=8).hexdigest()


_CACHE = str(_FOLDER / "__pycache__" / f"compiled-{_content()}")


def compiled(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - numba's own type is not public
    """Compile a function at its first call and keep it on disk; it runs without the interpreter's lock.

    numba looks only at the file of a function to see whether what it kept is old, not at the files of those that it
    calls, so the folder is named by the content of all of them. Where it cannot be written numba uses the user's.
    """
    config: Any = _config
    before = config.CACHE_DIR
    config.CACHE_DIR = _CACHE
    try:
        return numba.njit(nogil=True, cache=True)(function)
    finally:
        config.CACHE_DIR = before
