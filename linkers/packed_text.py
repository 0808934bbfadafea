"""Texts as one array of bytes, as compiled code reads them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkers.hash_kernels import hash_texts

_TEXTS_AT_ONCE = 1 << 16


def packed(texts: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the UTF-8 bytes of all texts and where each begins, int64 (n + 1,); both read-only."""
    try:
        array = pa.array(texts, pa.large_string())
    except (UnicodeEncodeError, pa.ArrowException):
        # half of a surrogate pair, as broken JSON holds it, is a text too
        array = pa.array([text.encode("utf-8", "surrogatepass") for text in texts], pa.large_binary())
    _, starts, data = array.buffers()
    if not len(array):
        return _read_only(np.zeros(0, np.uint8)), _read_only(np.zeros(1, np.int64))
    places = np.frombuffer(starts, dtype=np.int64)[: len(array) + 1]
    size = int(places[-1])
    return _read_only(np.frombuffer(data, dtype=np.uint8)[:size] if size else np.zeros(0, np.uint8)), _read_only(places)


def _read_only(values: NDArray[Any]) -> NDArray[Any]:
    """Make every array alike, of no text too: to compiled code a writable one is another type, compiled anew."""
    values.setflags(write=False)
    return values


def hashes(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Return 64 bits that stand for each text, the same on every machine: sum of byte code x place code, mixed."""
    parts = [_hashes(texts[start : start + _TEXTS_AT_ONCE]) for start in range(0, len(texts), _TEXTS_AT_ONCE)]
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, np.uint64)


def _hashes(texts: Sequence[str]) -> NDArray[np.uint64]:
    text, starts = packed(texts)
    found = np.empty(len(texts), dtype=np.uint64)
    hash_texts(text, starts, found)
    return found
