"""Tables that lead from a bucket to the keys in it, written a part of the keys at a time."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkers.index.spelling_tables import filled, sizes

Pairs = Callable[[int, int], tuple[NDArray[np.uint32], NDArray[np.int32]]]
KEYS_AT_ONCE = 1 << 19
"""The pairs of so many keys are held at a time; of all keys they would be several times the table."""


def bucketed(pairs: Pairs, count: int, bits: int) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Return (starts, keys): the keys of every bucket in the order of buckets, then of keys.

    pairs: gives (buckets, keys) of the keys at [first, last), counted from first, in order; asked twice.
    count: how many keys there are. starts: uint32 (2 ** bits + 1,). keys: int32.
    """
    parts = [(first, min(first + KEYS_AT_ONCE, count)) for first in range(0, count, KEYS_AT_ONCE)]
    starts: NDArray[Any] = np.zeros((1 << bits) + 1, np.uint32)
    held = pairs(*parts[0]) if len(parts) == 1 else None
    for part in parts:
        buckets, _ = held or pairs(*part)
        sizes(buckets, starts)
    np.cumsum(starts, out=starts)
    free = starts[:-1].copy()
    ordered = np.empty(int(starts[-1]), np.int32)
    for part in parts:
        buckets, keys = held or pairs(*part)
        filled(buckets, keys, np.int32(part[0]), free, ordered)
    return starts, ordered
