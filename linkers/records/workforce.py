"""Who runs the two loops that take most of the time of a table, over its records and over its pairs."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from linkers.records.pair_texts import PairTexts
from linkers.records.postings import Postings
from linkers.records.sharing_out import in_threads, parts_of, shared_out

Ints = NDArray[np.int32]
Floats32 = NDArray[np.float32]

_BLOCK = 32
_PAIRS_AT_ONCE = 1 << 15


class Workforce(Protocol):
    """Runs both loops in parts of its own choice; what comes out does not depend on the parts."""

    def nearest(self, postings: Postings) -> tuple[Ints, int]:
        """Return the most alike others of each record and how many postings were left unread.

        Shape: int32 (records, width), -1 for none.
        """

    def compared(self, texts: PairTexts, left: Ints, right: Ints) -> Floats32:
        """Return the text features of pairs, float32 (pairs, width). left, right: int32, ordered by left."""


class Threads:
    """The threads of this process."""

    def nearest(self, postings: Postings) -> tuple[Ints, int]:
        """Return what `Workforce.nearest` does."""
        out = np.full((postings.records, postings.width), -1, np.int32)
        blocks = parts_of(postings.records, _BLOCK) if postings.records else []
        dealt = [[blocks[number] for number in numbers] for numbers in shared_out(range(len(blocks)))]
        return out, sum(in_threads(lambda parts: postings.nearest(parts, out), dealt))

    def compared(self, texts: PairTexts, left: Ints, right: Ints) -> Floats32:
        """Return what `Workforce.compared` does."""
        out = np.empty((len(left), texts.width), np.float32)
        in_threads(lambda rows: texts.compare(rows, left, right, out), parts_of(len(out), _PAIRS_AT_ONCE))
        return out


THREADS: Workforce = Threads()
