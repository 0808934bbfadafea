"""What was decided, as tables: the cluster of each record, and the pairs behind it."""

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from linkers.records.clustering import Constraints
from linkers.records.explaining import evidence
from linkers.records.features import Features
from linkers.records.judging import Judged
from linkers.records.learning import probability
from linkers.records.preparing import Prepared
from linkers.records.resolution import CLUSTERS, PAIRS
from linkers.records.searching import Found

LEAST = 0.01
"""Least probability of the pairs that are told, unless another is asked for."""
_ALONE = 1.0
_DECIMALS = 6
Parts = tuple[Found, Features, Judged]


def tables(
    prepared: Prepared, parts: Parts, given: Constraints, root: NDArray[np.int64], least: float
) -> tuple[pa.Table, pa.Table]:
    """Return the tables of clusters and of pairs; root: the cluster of each record, its smallest member.

    least: least probability of the pairs that are told beside those of one cluster.
    """
    found, told, judged = parts
    p = probability(judged.log_odds)
    within = root[found.left] == root[found.right]
    kept = np.flatnonzero(within | (p >= least))
    left, right, p = found.left[kept], found.right[kept], p[kept]
    p = _as_decided(p, (left, right), given, len(root))
    said = evidence(judged.model, told.values[kept])
    ids = prepared.ids
    width = told.values.shape[1]
    by_pair = pa.table(
        {
            "left_id": ids.gather(left).to_arrow(),
            "right_id": ids.gather(right).to_arrow(),
            "probability": np.round(p, _DECIMALS),
            "features": pa.ListArray.from_arrays(
                np.arange(0, len(kept) * width + 1, width, dtype=np.int32), told.values[kept].ravel()
            ),
            "evidence": said.to_arrow(),
        }
    )
    by_record = _clusters(prepared, (left, right, p, said), given, root)
    return by_record.cast(CLUSTERS), by_pair.cast(PAIRS)


def _as_decided(
    p: NDArray[np.float64], pairs: tuple[NDArray[np.int32], NDArray[np.int32]], given: Constraints, records: int
) -> NDArray[np.float64]:
    """Return probabilities with 1.0 and 0.0 where people or identifiers decided."""
    key = pairs[0].astype(np.int64) * records + pairs[1]
    one, other = given.must
    must = np.minimum(one, other).astype(np.int64) * records + np.maximum(one, other)
    rows = np.repeat(np.arange(records), np.diff(given.begins))
    cannot = np.minimum(rows, given.forbidden).astype(np.int64) * records + np.maximum(rows, given.forbidden)
    p = np.where(np.isin(key, must), 1.0, np.where(np.isin(key, cannot), 0.0, p))
    for codes in given.keys:
        ours, theirs = codes[pairs[0]], codes[pairs[1]]
        p = np.where((ours >= 0) & (theirs >= 0), np.where(ours == theirs, 1.0, 0.0), p)
    return p


def _clusters(
    prepared: Prepared,
    pairs: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64], pl.Series],
    given: Constraints,
    root: NDArray[np.int64],
) -> pa.Table:
    left, right, p, said = pairs
    within = np.flatnonzero(root[left] == root[right])
    ends = np.concatenate([left[within], right[within]])
    sure, row = np.concatenate([p[within]] * 2), np.concatenate([within, within])
    best = np.zeros(len(root))
    np.maximum.at(best, ends, sure)
    order = np.lexsort((row, -sure, ends))
    first = order[np.unique(ends[order], return_index=True)[1]]
    text = np.full(len(root), -1, np.int64)
    text[ends[first]] = row[first]
    stated = np.zeros(len(root), bool)
    one, other = given.must
    both = root[one] == root[other]
    stated[one[both]] = stated[other[both]] = True
    sizes = np.bincount(root, minlength=len(root))[root]
    best = np.where(sizes == 1, _ALONE, np.where(stated, 1.0, best))
    evidence_of = pl.Series(np.maximum(text, 0)).to_numpy()
    told = said.gather(evidence_of) if len(said) else pl.Series([""] * len(root), dtype=pl.String)
    words = pl.select(
        pl.when(pl.Series(sizes == 1))
        .then(pl.lit(""))
        .when(pl.Series(stated))
        .then(pl.lit("stated, or of one identifier"))
        .when(pl.Series(text >= 0))
        .then(told)
        .otherwise(pl.lit(""))
    ).to_series()
    _, cluster = np.unique(root, return_inverse=True)
    return pa.table(
        {
            "record_id": prepared.ids.to_arrow(),
            "source": pl.Series(prepared.sources, dtype=pl.String).gather(prepared.source).to_arrow(),
            "cluster": cluster.astype(np.int64),
            "probability": np.round(best, _DECIMALS),
            "evidence": words.to_arrow(),
        }
    )
