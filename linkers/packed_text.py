"""Texts as one array of bytes, as compiled code reads them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_POWERS_AT_FIRST = 512
_TEXTS_AT_ONCE = 1 << 16
_STEP = 0x9E3779B97F4A7C15
_ALL = 2**64 - 1


def packed(texts: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the UTF-8 bytes of all texts and where each begins, int64 (n + 1,)."""
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
    return (np.frombuffer(data, dtype=np.uint8)[:size] if size else _read_only(np.zeros(0, np.uint8))), places


def _read_only(values: NDArray[Any]) -> NDArray[Any]:
    """Make an array like those over Arrow's buffers: to compiled code a writable one is another type, compiled anew."""
    values.setflags(write=False)
    return values


def _powers(count: int) -> NDArray[np.uint64]:
    """Return the weights of byte places: splitmix64 of the place, odd."""
    with np.errstate(over="ignore"):
        return _mixed(np.arange(1, count + 1, dtype=np.uint64) * np.uint64(_STEP)) | np.uint64(1)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


_PLACES = _powers(_POWERS_AT_FIRST)
_BYTES = _mixed(np.arange(1, 257, dtype=np.uint64) * np.uint64(_STEP & _ALL))


def hashes(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Return 64 bits that stand for each text, the same on every machine: sum of byte code x place code, mixed."""
    parts = [_hashes(texts[start : start + _TEXTS_AT_ONCE]) for start in range(0, len(texts), _TEXTS_AT_ONCE)]
    return np.concatenate(parts) if parts else np.empty(0, np.uint64)


def _hashes(texts: Sequence[str]) -> NDArray[np.uint64]:
    data, starts = packed(texts)
    sizes = np.diff(starts)
    longest = int(sizes.max())
    places = _PLACES if longest <= len(_PLACES) else _powers(longest)
    found = np.zeros(len(texts), dtype=np.uint64)
    with np.errstate(over="ignore"):
        products = _BYTES[data] * places[np.arange(len(data)) - np.repeat(starts[:-1], sizes)]
        filled = np.flatnonzero(sizes)
        if len(filled):
            found[filled] = np.add.reduceat(products, starts[filled])
        return _mixed(found + sizes.astype(np.uint64) * np.uint64(_STEP))
