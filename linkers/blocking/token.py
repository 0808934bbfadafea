"""Channel token: the surface's words stand in a name, as in a short form of it."""

from collections.abc import Sequence

import numpy as np

from linkers.blocking.settings import BlockingReport, BlockingSettings
from linkers.grouping import Groups
from linkers.index import CatalogIndex, Hits

RAREST_WORDS = 3


def token_hits(keys: Sequence[str], index: CatalogIndex, settings: BlockingSettings, report: BlockingReport) -> Hits:
    """Return the alias rows that share the rarest words of a key, those that share most first, then the shortest.

    The score is the share of the asked words that a name holds. Words that more than `max_postings` names hold are read
    so far only.
    """
    words = [sorted(set(key.split())) for key in keys]
    query = np.repeat(np.arange(len(keys)), [len(each) for each in words])
    begins, ends = index.word_places([word for each in words for word in each])
    known = np.flatnonzero(begins < ends)
    order = known[np.lexsort((ends[known] - begins[known], query[known]))]
    asked = order[Groups.of(query[order]).places < RAREST_WORDS]
    groups = Groups.of(query[asked])
    # a lone word cannot be outranked by a second one: its shortest names are the best there are
    limit = groups.spread(np.where(groups.sizes > 1, settings.max_postings, settings.token))
    read = np.minimum(ends[asked], begins[asked] + limit)
    starts = np.searchsorted(query[asked], np.arange(len(keys) + 1))
    hits, left = index.most_words(starts, begins[asked], read, settings.token)
    report.cut["token"] += left + int((ends[asked] - read).sum())
    return hits
