"""The other names around a mention, in time that grows with the document's mentions, not with their pairs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.columns import Columns
from linkers.grouping import Groups, Ints, paired, portions, ranges

_REACH = 4
"""How many times `limit` mentions to either side are looked at first."""
_WIDER = 4
"""How many times as many are looked at then."""
ROWS_AT_ONCE = 1 << 20


def nearest_names(mentions: Columns, rows: Ints, limit: int) -> tuple[Ints, Ints]:
    """Return the names of the document nearest to some mentions, other than their own: numbers of `rows`, mentions.

    mentions: doc, query, start; a query is a name. rows: of `mentions`. limit: most names for one, at least 1.
    A name is where it stands nearest, the earlier of two places, and of two names as near the earlier, then the one of
    the lower query. Ordered by number, then as the text has them.

    Looked for in a window that widens until what lies outside is farther than all that was found. A window that has to
    widen holds fewer than `limit` other names, so a mention lies in few of them.
    """
    text = _Text.of(mentions)
    waiting, reach = np.arange(len(rows)), _REACH * limit
    found: list[tuple[Ints, Ints]] = []
    while len(waiting):
        low, high = text.window(rows[waiting], reach)
        whole = np.zeros(len(waiting), dtype=bool)
        for part in portions(high - low, ROWS_AT_ONCE):
            own, other = text.nearest(rows[waiting[part]], low[part], high[part], limit)
            whole[part] = text.cannot_better(rows[waiting[part]], low[part], high[part], own, other, limit)
            kept = whole[part][own]
            found.append((waiting[part][own[kept]], other[kept]))
        waiting, reach = waiting[~whole], reach * _WIDER
    if not found:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    asked, near = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(asked, kind="stable")
    return asked[order], near[order]


@dataclass(frozen=True)
class _Text:
    """Mentions in the order of the text.

    order: rows of the mentions, by document and start. place: where each row is in it. begin, end: where the document
    of each row begins and ends in it. start, name: of each row.
    """

    order: Ints
    place: Ints
    begin: Ints
    end: Ints
    start: Ints
    name: Ints

    @classmethod
    def of(cls, mentions: Columns) -> "_Text":
        start, doc = mentions["start"].astype(np.int64), mentions["doc"].astype(np.int64)
        order = np.lexsort((start, doc))
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        documents = Groups.of(doc[order])
        begin, end = (documents.spread(some)[place] for some in (documents.starts, documents.starts + documents.sizes))
        return cls(order, place, begin, end, start, paired(doc, mentions["query"]))

    def window(self, rows: Ints, reach: int) -> tuple[Ints, Ints]:
        """Return where the mentions begin and end that are at most `reach` before or behind some, in their document."""
        place = self.place[rows]
        return np.maximum(self.begin[rows], place - reach), np.minimum(self.end[rows], place + reach + 1)

    def nearest(self, rows: Ints, low: Ints, high: Ints, limit: int) -> tuple[Ints, Ints]:
        """Return the names nearest to some mentions in their windows: numbers of `rows`, rows."""
        sizes = high - low
        own, other = np.repeat(np.arange(len(rows)), sizes), self.order[ranges(low, sizes)]
        apart = np.flatnonzero(self.name[other] != self.name[rows][own])
        own, other = own[apart], other[apart]
        at, name = self.start[other], self.name[other]
        far = np.abs(at - self.start[rows][own])
        # the nearest place of each other name, then the nearest names, in the order of the text
        kept = np.lexsort((at, far, name, own))
        kept = kept[Groups.of(own[kept], name[kept]).starts]
        kept = kept[np.lexsort((name[kept], at[kept], far[kept], own[kept]))]
        kept = kept[Groups.of(own[kept]).places < limit]
        kept = kept[np.lexsort((name[kept], at[kept], own[kept]))]
        return own[kept], other[kept]

    def cannot_better(self, rows: Ints, low: Ints, high: Ints, own: Ints, other: Ints, limit: int) -> NDArray[np.bool_]:
        """Return for each of some mentions whether nothing outside its window may be nearer than what was found."""
        start = self.start[rows]
        before, behind = low > self.begin[rows], high < self.end[rows]
        edge = np.full(len(rows), np.iinfo(np.int64).max)
        edge[before] = start[before] - self.start[self.order[low[before] - 1]]
        edge[behind] = np.minimum(edge[behind], self.start[self.order[high[behind]]] - start[behind])
        within = np.abs(self.start[other] - start[own]) < edge[own]
        return np.asarray((np.bincount(own[within], minlength=len(rows)) == limit) | ~(before | behind))
