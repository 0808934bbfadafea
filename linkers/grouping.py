"""Rows that belong together: groups, orders and matches of sorted arrays."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_STEP = np.uint64(0x9E3779B97F4A7C15)
Values = NDArray[Any]


@dataclass(frozen=True)
class Groups:
    """Runs of rows.

    starts: int64, the first row of each run, rising. height: how many rows there are.
    """

    starts: Ints
    height: int

    @classmethod
    def of(cls, *keys: Values) -> "Groups":
        """Return the runs of rows whose keys are all equal."""
        height = len(keys[0])
        first = np.ones(height, dtype=bool)
        if height:
            first[1:] = keys[0][1:] != keys[0][:-1]
            for key in keys[1:]:
                first[1:] |= key[1:] != key[:-1]
        return cls(np.flatnonzero(first), height)

    @cached_property
    def sizes(self) -> Ints:
        """How many rows each run has."""
        sizes = np.empty(len(self.starts), dtype=np.int64)
        if len(sizes):
            np.subtract(self.starts[1:], self.starts[:-1], out=sizes[:-1])
            sizes[-1] = self.height - self.starts[-1]
        return sizes

    @cached_property
    def numbers(self) -> Ints:
        """The number of each row's run."""
        return np.repeat(np.arange(len(self.starts)), self.sizes)

    @cached_property
    def places(self) -> Ints:
        """The place of each row in its run, from 0."""
        return np.arange(self.height) - self.spread(self.starts)

    def spread(self, values: Values) -> Values:
        """Return for each row the value of its run."""
        return np.repeat(values, self.sizes)

    def sum(self, values: Values) -> Values:
        """Return the sum of each run; flags are counted."""
        return np.add.reduceat(values.astype(np.int64) if values.dtype == bool else values, self.starts)

    def highest(self, values: Values) -> Values:
        """Return the highest value of each run."""
        return np.maximum.reduceat(values, self.starts)

    def lowest(self, values: Values) -> Values:
        """Return the lowest value of each run."""
        return np.minimum.reduceat(values, self.starts)

    def any(self, flags: Values) -> Values:
        """Return whether a flag of each run is set; of bit masks, all bits that are set."""
        return np.bitwise_or.reduceat(flags, self.starts)


def paired(left: NDArray[np.integer], right: NDArray[np.integer]) -> Ints:
    """Return one number a pair of numbers in [0, 2 ** 31), which orders as the pair does."""
    return (left.astype(np.int64) << 32) | right.astype(np.int64)


def ordered(first: Values, *others: Values) -> Ints:
    """Return the rows in the order of `first`, and where that is equal in the order of the others."""
    order = np.argsort(first)
    groups = Groups.of(first[order])
    several = np.flatnonzero(groups.spread(groups.sizes > 1))
    if len(several):
        rows = order[several]
        order[several] = rows[np.lexsort((*(key[rows] for key in reversed(others)), groups.numbers[several]))]
    return order


def mingled(numbers: NDArray[np.integer], hashes: NDArray[np.uint64]) -> Ints:
    """Return one number that stands for a number and a hash together."""
    with np.errstate(over="ignore"):
        mixed = hashes ^ (numbers.astype(np.uint64) * _STEP + _STEP)
    return np.asarray(mixed.view(np.int64), dtype=np.int64)


def ranges(begins: Ints, sizes: Ints) -> Ints:
    """Return the numbers begin, begin + 1, ... of each range, one range behind the other."""
    ends = np.cumsum(sizes)
    within = np.arange(ends[-1] if len(ends) else 0)
    return np.asarray(within + np.repeat(begins - (ends - sizes), sizes), dtype=np.int64)


def portions(sizes: Ints, bound: int) -> Iterator[slice]:
    """Yield all rows in runs whose sizes make about `bound` together; one row alone may have more."""
    part = Groups.of(np.maximum(np.cumsum(sizes) - 1, 0) // bound)
    yield from (slice(begin, end) for begin, end in pairwise([*part.starts.tolist(), len(sizes)]))


def matched(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Return all pairs of rows with equal keys, as rows of `left`, rising, and rows of `right`.

    right: sorted.
    """
    begins = np.searchsorted(right, left, "left")
    sizes = np.searchsorted(right, left, "right") - begins
    return np.repeat(np.arange(len(left)), sizes), ranges(begins, sizes)


def joined(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Return what `matched` does; right: in any order."""
    order = np.argsort(right, kind="stable")
    rows, others = matched(left, right[order])
    return rows, order[others]


def found_at(left: Values, right: Values) -> Ints:
    """Return for each key of `left` the first row of `right` that has it, -1 for none. right: sorted."""
    if not len(right):
        return np.full(len(left), -1)
    places = np.searchsorted(right, left)
    places[places == len(right)] = 0
    return np.asarray(np.where(right[places] == left, places, -1), dtype=np.int64)
