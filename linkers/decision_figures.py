"""What a batch of decisions looks like in numbers that can be added up, however the batches were cut."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from linkers.deciding import KINDS
from linkers.index import CatalogIndex
from linkers.normalization import normalize

Tables = dict[str, dict[str, int]]
BINS = 20
"""Of a probability; equal width over [0, 1]."""
SCORE_LIMIT = 20
"""Scores beyond it, in either direction, share the outermost whole number."""
SKETCH = 512
"""Surfaces that a sketch keeps: a share that is read from two of them has a standard error of 2 % at most."""


def decision_figures(decided: pa.Table, index: CatalogIndex) -> Tables:
    """Return the figures of DECISIONS: tables of counts, those of two batches to be added (`sketch`: `joined_sketch`).

    decisions:   mentions by decision. probability: of the likeliest answer, by the lower edge of its bin;
    link_probability: the same of links alone. score: the ranker's, of the best candidate, rounded down.
    candidates:  shown: candidates that decisions keep; winning: those that links assert; none: mentions without any.
    channels, winning_channels: of these candidates, how many each channel found; several may find one.
    surfaces:    mentions: how many; unknown: whose surface is the name of no entity, nor a variant of one.
    sketch:      the SKETCH smallest hashes of the surfaces' keys.
    """
    surfaces = decided["surface"].value_counts().to_pylist()
    keys = [normalize(entry["values"]) for entry in surfaces]
    times = np.array([entry["counts"] for entry in surfaces], dtype=np.int64)
    known = index.contains(keys) if keys else np.empty(0, dtype=bool)
    probability = decided["probability"].to_numpy()
    linked = pc.equal(decided["decision"], "link").to_numpy(zero_copy_only=False)
    kinds = {entry["values"]: entry["counts"] for entry in decided["decision"].value_counts().to_pylist()}
    return {
        "decisions": {kind: kinds.get(kind, 0) for kind in KINDS},
        "probability": _histogram(probability),
        "link_probability": _histogram(probability[linked]),
        "surfaces": {"mentions": int(times.sum()), "unknown": int(times[~known].sum())},
        "sketch": joined_sketch({}, {_hash(key): 1 for key in set(keys)}),
        **_of_candidates(decided),
    }


def joined_sketch(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Return the sketch of the surfaces of both."""
    return dict.fromkeys(sorted({*one, *other})[:SKETCH], 1)


def share_not_in(later: Mapping[str, int], earlier: Mapping[str, int]) -> float | None:
    """Return the share of the distinct surfaces of `later` that `earlier` has not; None when there are none.

    Both are sketches; exact when each has fewer than SKETCH surfaces. The smallest hashes of a union are a sample of
    it, of which each sketch knows its own: A. Broder, "On the resemblance and containment of documents" (1997).

    >>> share_not_in({"a": 1, "b": 1, "c": 1, "d": 1}, {"a": 1, "x": 1})
    0.75
    """
    sample = joined_sketch(later, earlier)
    mine = [key for key in sample if key in later]
    return sum(key not in earlier for key in mine) / len(mine) if mine else None


def _of_candidates(decided: pa.Table) -> Tables:
    lists = decided["candidates"].combine_chunks()
    candidates, parents = lists.flatten(), np.asarray(pc.list_parent_indices(lists), dtype=np.int64)
    asserted = decided["entity_id"].take(pa.array(parents))
    same = pc.fill_null(pc.equal(pc.struct_field(candidates, "entity_id"), asserted), False)
    winning = np.asarray(same.to_numpy(zero_copy_only=False), dtype=bool)
    channels = pc.struct_field(candidates, "channels")
    first = np.ones(len(parents), dtype=bool)
    first[1:] = parents[1:] != parents[:-1]
    scores = pc.struct_field(candidates, "score").to_numpy(zero_copy_only=False)[first]
    whole = np.clip(np.floor(scores), -SCORE_LIMIT, SCORE_LIMIT).astype(np.int64)
    return {
        "score": {f"{value}": int(times) for value, times in zip(*np.unique(whole, return_counts=True), strict=True)},
        "candidates": {
            "shown": len(parents),
            "winning": int(winning.sum()),
            "none": decided.num_rows - int(first.sum()) if len(parents) else decided.num_rows,
        },
        "channels": _counted(channels),
        "winning_channels": _counted(channels.filter(pa.array(winning))),
    }


def _counted(channels: pa.ListArray) -> dict[str, int]:
    return {entry["values"]: entry["counts"] for entry in channels.flatten().value_counts().to_pylist()}


def _histogram(values: NDArray[np.float64]) -> dict[str, int]:
    # of whole millionths, which probabilities are: 0.6 lies in the bin that begins with it on every machine
    bins = np.rint(values * 1e6).astype(np.int64) * BINS // 1_000_000
    counts = np.bincount(np.minimum(bins, BINS - 1), minlength=BINS)
    return dict(zip(bin_names(), counts.tolist(), strict=True))


def bin_names() -> Sequence[str]:
    """Return the names of the bins of a probability: their lower edges, rising."""
    return [f"{number / BINS:.2f}" for number in range(BINS)]


def added(tables: Iterable[Tables]) -> Tables:
    """Return the figures of several batches together."""
    whole: Tables = {}
    for some in tables:
        for name, counts in some.items():
            held = whole.get(name, {})
            if name == "sketch":
                whole[name] = joined_sketch(held, counts)
            else:
                whole[name] = {key: held.get(key, 0) + counts.get(key, 0) for key in sorted({*held, *counts})}
    return whole


def _hash(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=6).hexdigest()
