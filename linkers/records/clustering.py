"""Pairs become clusters: dense groups, then joined best first under what is forbidden."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from linkers.records.clustering_kernels import joined_greedily, moved
from linkers.records.judging import Judged
from linkers.records.learning import probability
from linkers.records.searching import Found

Ints = NDArray[np.int32]

DENSITY = 0.33
"""Least mean probability between the parts of a cluster, pairs that were never compared counting as 0."""
_LEAST = 0.03
"""Pairs of less probability tie nothing."""


@dataclass(frozen=True, slots=True)
class Constraints:
    """What must and what may not be.

    must:       (left, right), records that people or identifiers hold to be one. begins, forbidden: what may not be, as
                a sparse matrix, both directions. keys: int64 (columns, records), codes of identifiers.
    source:     int64, of each record the source without duplicates that it is of, -1 where there is none.
    """

    must: tuple[Ints, Ints]
    begins: NDArray[np.int64]
    forbidden: Ints
    keys: NDArray[np.int64]
    source: NDArray[np.int64]


def clusters(found: Found, judged: Judged, given: Constraints) -> NDArray[np.int64]:
    """Return the cluster of each record, int64: its smallest member.

    A pair joins when it is likelier than not, among those that a one-to-one choice took; without one, when both lie in
    the same dense group. What must be together is joined first.
    """
    p = probability(judged.log_odds)
    if judged.joined.all():
        group = _dense(found, p, len(given.source))
        taken = (p >= _LEAST) & (group[found.left] == group[found.right])
    else:
        taken = judged.joined & (p >= 0.5)
    order = np.flatnonzero(taken)
    order = order[np.argsort(-judged.log_odds[order], kind="stable")]
    left, right = np.concatenate([given.must[0], found.left]), np.concatenate([given.must[1], found.right])
    order = np.concatenate([np.arange(len(given.must[0])), order + len(given.must[0])])
    root: NDArray[np.int64] = joined_greedily(
        left, right, order, given.source, given.keys, given.begins, given.forbidden
    )
    return root


def _dense(found: Found, p: NDArray[np.float64], records: int) -> NDArray[np.int64]:
    """Return groups whose parts are tied by DENSITY: moved node by node, then group by group."""
    tied = p >= _LEAST
    one, other, weight = found.left[tied], found.right[tied], p[tied]
    ends = (np.concatenate([one, other]), np.concatenate([other, one]))
    graph = sp.csr_matrix((np.concatenate([weight, weight]), ends), shape=(records, records))
    group, size = np.arange(records), np.ones(records)
    while True:
        label = np.arange(graph.shape[0])
        if not moved(graph.indptr, graph.indices, graph.data, size, label, DENSITY):
            return group
        _, label = np.unique(label, return_inverse=True)
        group = label[group]
        onto = sp.csr_matrix((np.ones(len(label)), (label, np.arange(len(label)))), shape=(label.max() + 1, len(label)))
        graph = (onto @ graph @ onto.T).tocsr()
        size = np.bincount(label, size).astype(np.float64)
