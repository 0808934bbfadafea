"""The vectors of the catalog's entities, in a graph store that has an index for them."""

import hashlib

import numpy as np
import pyarrow as pa

from kg.home import Home
from schemas.protocols import VectorGraph

_VECTORS_AT_ONCE = 10_000


def sync_vectors(home: Home) -> int:
    """Make the vectors of the graph equal to those of the index; returns how many were written.

    A vector is known by a hash of its values, so that only what differs is written. Where the configuration wants
    none, or the index has none, those that there are go. Graph stores without vectors are left as they are.
    """
    graph = home.graph
    if not isinstance(graph, VectorGraph):
        return 0
    present, vectors = graph.vector_keys(), home.index.vectors
    length = vectors.shape[1]
    if not (home.config.neo4j.vectors and length):
        if present:
            graph.drop_vectors()
        return 0
    ids = home.index.entities["id"].to_pylist()
    keys = [(entity_id, _key(vector)) for entity_id, vector in zip(ids, vectors, strict=True)]
    rows = [row for row, (entity_id, key) in enumerate(keys) if present.get(entity_id) != key]
    for start in range(0, len(rows), _VECTORS_AT_ONCE):
        part = rows[start : start + _VECTORS_AT_ONCE]
        home.progress("graph: vectors", start, len(rows))
        values = pa.array(np.asarray(vectors[part], dtype=np.float32).reshape(-1))
        graph.put_vectors([keys[row] for row in part], pa.FixedSizeListArray.from_arrays(values, length))
    if rows:
        home.progress("graph: vectors", len(rows), len(rows))
    return len(rows)


def _key(vector: np.ndarray[tuple[int, ...], np.dtype[np.float16]]) -> str:
    return hashlib.blake2b(np.ascontiguousarray(vector).tobytes(), digest_size=8).hexdigest()
