"""The names around a mention are those that looking at every mention of the document finds."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linkers.columns import Columns
from linkers.scoring import nearest_names as module
from linkers.scoring.nearest_names import nearest_names

Mention = tuple[int, int, int]
"""Document, name, start."""


def by_looking_at_all(mentions: Sequence[Mention], row: int, limit: int) -> list[Mention]:
    doc, name, start = mentions[row]
    places: dict[int, tuple[int, int, int]] = {}
    for other_doc, other, at in mentions:
        if other_doc == doc and other != name:
            places[other] = min(places.get(other, (abs(at - start), at, other)), (abs(at - start), at, other))
    kept = sorted(places.values())[:limit]
    return [(doc, other, at) for _, at, other in sorted(kept, key=lambda place: (place[1], place[2]))]


@given(
    mentions=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 6), st.integers(0, 60)), min_size=1, max_size=60),
    limit=st.integers(1, 4),
    rows_at_once=st.sampled_from((1, 20, 1 << 20)),
)
@example(mentions=[(0, 0, 0), *((0, 1, at) for at in range(1, 50)), (0, 2, 50)], limit=2, rows_at_once=1)
def test_the_nearest_names_are_found(mentions: list[Mention], limit: int, rows_at_once: int) -> None:
    columns = Columns(
        {
            name: np.array(values)
            for name, values in zip(("doc", "query", "start"), zip(*mentions, strict=True), strict=True)
        }
    )
    rows = np.arange(0, len(mentions), 2)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "ROWS_AT_ONCE", rows_at_once)
        patched.setattr(module, "_REACH", 1 if rows_at_once == 1 else 4)
        asked, near = nearest_names(columns, rows, limit)
    for number, row in enumerate(rows.tolist()):
        found = [mentions[other] for other in near[asked == number].tolist()]
        assert found == by_looking_at_all(mentions, row, limit)


def test_nobody_asks_for_no_names() -> None:
    columns = Columns({"doc": np.array([0]), "query": np.array([0]), "start": np.array([0])})
    asked, near = nearest_names(columns, np.array([], dtype=np.int64), 3)
    assert (len(asked), len(near)) == (0, 0)
