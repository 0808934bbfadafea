"""Compiled: 64 bits that stand for each of many texts."""

from typing import Any

import numpy as np

from linkers.compiling import compiled

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_A, _MIX_B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _ONE = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(1)


@compiled
def _mixed(value: Any) -> Any:
    """Spread a 64-bit value over all bits (finaliser of splitmix64)."""
    value = (value ^ (value >> _S30)) * _MIX_A
    value = (value ^ (value >> _S27)) * _MIX_B
    return value ^ (value >> _S31)


@compiled
def hash_texts(text: Any, starts: Any, found: Any) -> None:
    """Write the hash of each text: its byte codes, each times the odd code of its place, summed and mixed."""
    for number in range(len(found)):
        begin, size = starts[number], starts[number + 1] - starts[number]
        value = np.uint64(size) * _STEP
        for place in range(size):
            byte = _mixed((np.uint64(text[begin + place]) + _ONE) * _STEP)
            value += byte * (_mixed(np.uint64(place + 1) * _STEP) | _ONE)
        found[number] = _mixed(value)
