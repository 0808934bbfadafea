"""What is searched and compared in parts, anywhere, is what is searched and compared at once."""

import numpy as np
import pytest

from linkers.records import resolve_table, searching
from linkers.records.pair_texts import PairTexts
from linkers.records.postings import Postings
from linkers.records.workforce import Floats32, Ints
from tests.linkers.records.tables import table, two_sources


class OneByOne:
    """Takes a few records, and a few pairs, at a time, the last first, each with arrays of its own."""

    def nearest(self, postings: Postings) -> tuple[Ints, int]:
        out, unread = np.empty((postings.records, postings.width), np.int32), 0
        for first in reversed(range(0, postings.records, 7)):
            part = range(first, min(first + 7, postings.records))
            own = np.full((len(part), postings.width), -1, np.int32)
            unread += postings.nearest([part], own, first)
            out[first : part.stop] = own
        return out, unread

    def compared(self, texts: PairTexts, left: Ints, right: Ints) -> Floats32:
        out = np.empty((len(left), texts.width), np.float32)
        for first in reversed(range(0, len(left), 11)):
            ends = left[first : first + 11].copy(), right[first : first + 11].copy()
            own = np.empty((len(ends[0]), texts.width), np.float32)
            texts.compare(range(len(own)), *ends, own)
            out[first : first + 11] = own
        return out


@pytest.mark.parametrize("large", [10, searching.LARGE])
def test_parts_make_no_difference(large: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "LARGE", large)
    records = table(two_sources(90, 60))
    whole, parts = resolve_table(records), resolve_table(records, by=OneByOne())
    assert parts.clusters.equals(whole.clusters)
    assert parts.pairs.equals(whole.pairs)
    assert parts.model == whole.model
    assert parts.report.cut == whole.report.cut
    assert whole.report.pairs > 100
