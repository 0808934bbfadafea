"""What the most alike others of any record are found by: arrays, and the loop over them for a range of records."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.records.search_kernels import nearest

Ints = NDArray[np.int32]
Floats32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Postings:
    """A table ready to be searched: whoever asks it for a record gets the same others.

    terms, starts:    terms of each record, uint32 as `search_kernels` has them, and where each record's begin.
    begins, postings: where the postings of each term begin, uint32, and the postings themselves, uint32.
    weights:          float32, by how many records have a term. lengths: float32, of each record's vector.
    group:            int32 (records,); groups: how many there are. each: others that are kept of a group.
    read:             postings that are read for one record at most. own: others of the record's own group too.
    """

    terms: NDArray[np.uint32]
    starts: NDArray[np.int64]
    begins: NDArray[np.uint32]
    postings: NDArray[np.uint32]
    weights: Floats32
    lengths: Floats32
    group: Ints
    groups: int
    each: int
    read: int
    own: bool

    @property
    def records(self) -> int:
        """How many records the table has."""
        return len(self.lengths)

    @property
    def width(self) -> int:
        """How many others of a record are told at most."""
        return self.groups * self.each

    def nearest(self, parts: Iterable[range], out: Ints, first: int = 0) -> int:
        """Write the most alike others of the records of parts; returns how many postings were left unread.

        out: int32 (rows, width), -1 all over; its first row is that of record `first`.
        """
        table = (self.terms, self.starts, self.begins, self.postings, self.weights, self.lengths)
        widest = int(np.diff(self.starts).max(initial=0))
        score, touched = np.zeros(self.records, np.float32), np.empty(self.records + 1, np.uint32)
        scratch = (score, touched, np.empty(self.groups, np.float32), np.empty((4, widest), np.int64))
        settings = (self.each, self.read, self.own or self.groups == 1)
        unread = 0
        for part in parts:
            rows = out[part.start - first : part.stop - first]
            values = np.zeros(rows.shape, np.float32)
            unread += int(nearest(part.start, part.stop, table, self.group, settings, scratch, rows, values))
        return unread
