"""What a full disk looks like, whichever library met it."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import DiskFullError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# numpy says how much it could not write, Arrow and the embedded graph say it in words; none of them gives a number
_TOLD = re.compile(
    r"\d+ requested and \d+ written|Not enough free space to write"
    r"|No space left on device|Disk quota exceeded|File too large"
)


@contextmanager
def room_in(folder: Path | str) -> Iterator[None]:
    """Raise DiskFullError, naming a folder or file, when a block could not write because the disk is full."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        if is_full(error):
            raise DiskFullError(str(folder)) from error
        raise


def is_full(error: BaseException) -> bool:
    """Whether an error says that the disk, or what may be used of it, is full."""
    return getattr(error, "errno", None) in _FULL or bool(_TOLD.search(str(error)))
