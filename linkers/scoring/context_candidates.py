"""Candidates that only the context leads to: nicknames, first names and common nouns that stand for an entity."""

import numpy as np
from numpy.typing import NDArray

from linkers.columns import Columns
from linkers.grouping import Groups, Ints, paired
from linkers.index import CatalogIndex
from linkers.scoring.names import Names
from linkers.scoring.text_vectors import TextVectors, cosines, unit

HOLDERS = 1_000
"""Most names that hold all words of a surface among which the context chooses."""


def context_candidates(
    mentions: Columns, names: Names, vectors: TextVectors, index: CatalogIndex, limit: int
) -> Columns:
    """Return doc, query, entity: the entities nearest to surface and sentence together, ordered by them, each once.

    mentions: doc, query, sentence. names: the surfaces, by query. Of all entities, and once more of those whose names
    hold all words of the surface (there may be hundreds of the same given name), `limit` each.
    The vector that is searched for is the sum of the surface's and the mean of its sentences' in the document.
    """
    surfaces = paired(mentions["doc"], mentions["query"])
    told = sorted(set(zip(surfaces.tolist(), mentions["sentence"].tolist(), strict=True)))
    groups = Groups.of(np.array([surface for surface, _ in told], dtype=np.int64))
    asked = np.array([told[row][0] for row in groups.starts.tolist()], dtype=np.int64)
    if not len(asked):
        return Columns({name: asked for name in ("doc", "query", "entity")})
    sentences = unit(np.add.reduceat(vectors.of([sentence for _, sentence in told]), groups.starts))
    query = asked & ((1 << 32) - 1)
    said = vectors.of([names.texts[row] for row in query.tolist()])
    hits = index.vector_search(unit(sentences + said), limit)
    row, entity = _holders([names.keys[number] for number in query.tolist()], sentences, index, limit)
    found = paired(np.concatenate([hits.query, row]), np.concatenate([hits.target, entity]))
    found = np.unique(found)
    row, entity = found >> 32, found & ((1 << 32) - 1)
    return Columns({"doc": asked[row] >> 32, "query": query[row], "entity": entity})


def _holders(keys: list[str], sentences: NDArray[np.float32], index: CatalogIndex, limit: int) -> tuple[Ints, Ints]:
    """Return the entities that are nearest to the sentences among those whose names hold the word that is asked."""
    words = np.flatnonzero(np.array([" " not in key for key in keys], dtype=bool))
    hits = index.tokens([keys[number] for number in words.tolist()], HOLDERS)
    pairs = np.unique(paired(words[hits.query], index.alias_entities[hits.target]))
    row, entity = pairs >> 32, pairs & ((1 << 32) - 1)
    order = np.lexsort((entity, -cosines(row, entity, sentences, index), row))
    kept = order[Groups.of(row[order]).places < limit]
    return row[kept], entity[kept]
