"""Choosing pairs so that no record has two counterparts in a source."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from linkers.records.clustering_kernels import joined_greedily, paired
from linkers.records.searching import Found

Flags = NDArray[np.bool_]
LARGEST = 40_000
"""Records of two sources up to which the best choice of all is sought; beyond, pairs are taken best first."""
_WORST = -8.0


def one_to_one(found: Found, log_odds: NDArray[np.float64], source: NDArray[np.int32]) -> Flags:
    """Return which pairs are in one cluster when each cluster has at most one record of a source.

    Two sources: the choice of largest sum (assignment); more: pairs are taken best first. One source: so that a cluster
    has two records at most, best first too.
    """
    if int(source.max(initial=0)) == 0:
        chosen: Flags = paired(found.left, found.right, np.argsort(-log_odds, kind="stable"), len(source))
        return chosen
    if int(source.max(initial=0)) == 1 and len(source) <= LARGEST:
        return _assigned(found, log_odds, source)
    order = np.argsort(-log_odds, kind="stable")
    bits = source.astype(np.int64)
    nothing = np.zeros((0, len(source)), np.int64)
    root = joined_greedily(
        found.left, found.right, order, bits, nothing, np.zeros(len(source) + 1, np.int64), np.zeros(0, np.int32)
    )
    joined: Flags = root[found.left] == root[found.right]
    return joined


def _assigned(found: Found, log_odds: NDArray[np.float64], source: NDArray[np.int32]) -> Flags:
    row = np.where(source[found.left] == 0, found.left, found.right)
    column = np.where(source[found.left] == 0, found.right, found.left)
    firsts, seconds = np.flatnonzero(source == 0), np.flatnonzero(source == 1)
    at_row, at_column = np.searchsorted(firsts, row), np.searchsorted(seconds, column)
    gain = np.maximum(log_odds, _WORST) - _WORST + 1.0
    # a column of its own for each record lets it stay alone
    cost = np.concatenate([gain.max(initial=0.0) + 1.0 - gain, np.full(len(firsts), gain.max(initial=0.0) + 2.0)])
    rows = np.concatenate([at_row, np.arange(len(firsts))])
    columns = np.concatenate([at_column, len(seconds) + np.arange(len(firsts))])
    graph = csr_matrix((cost, (rows, columns)), shape=(len(firsts), len(seconds) + len(firsts)))
    one, other = min_weight_full_bipartite_matching(graph)
    partner = np.full(len(firsts), -1)
    partner[one] = other
    chosen: Flags = partner[at_row] == at_column
    return chosen
