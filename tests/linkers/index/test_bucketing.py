from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkers.index import bucketing
from linkers.index.spelling_tables import bags, long_grams
from linkers.index.text_kernels import BAG_BITS, GRAM_BITS
from linkers.packed_text import packed


def _part(make: Any, text: Any, starts: Any, first: int, last: int) -> Any:
    return make(text, starts[first : last + 1])


@settings(deadline=None, max_examples=40)  # the first example compiles
@given(names=st.lists(st.text("abc ", min_size=1, max_size=12), max_size=30), at_once=st.integers(1, 9))
def test_a_table_written_in_parts_is_the_table_of_all_keys(names: list[str], at_once: int) -> None:
    text, starts = packed(names)
    starts = starts.astype(np.uint32)
    for make, bits in ((long_grams, GRAM_BITS), (bags, BAG_BITS)):
        buckets, keys = make(text, starts)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bucketing, "KEYS_AT_ONCE", at_once)
            begins, found = bucketing.bucketed(partial(_part, make, text, starts), len(names), bits)
        assert found.tolist() == keys[np.argsort(buckets, kind="stable")].tolist()
        assert np.diff(begins).sum() == len(keys)
        used = np.flatnonzero(np.diff(begins))
        assert used.tolist() == sorted(set(buckets.tolist()))
        assert all(first <= last for first, last in pairwise(begins[used].tolist()))
