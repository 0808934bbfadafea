"""From mentions to candidates with all their features: the columnar core of linking."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkers.blocking import CHANNELS, block
from linkers.blocking.name_scores import NAME_SCORES, name_scores
from linkers.columns import Column, Columns, stacked
from linkers.encoding import Encoder
from linkers.grouping import Groups, Ints, found_at, paired, portions, ranges
from linkers.index import CatalogIndex
from linkers.normalization import latin
from linkers.scoring.combinations import combine
from linkers.scoring.context_candidates import context_candidates
from linkers.scoring.context_evidence import context_features
from linkers.scoring.document_evidence import document_features
from linkers.scoring.features import matrix
from linkers.scoring.kinship import kinship
from linkers.scoring.mention_columns import mention_columns
from linkers.scoring.name_evidence import name_features
from linkers.scoring.names import Names
from linkers.scoring.rivals import rivals
from linkers.scoring.settings import LinkSettings
from linkers.scoring.shared_words import description_feature
from linkers.scoring.surface_vectors import surface_vectors
from linkers.scoring.text_vectors import TextVectors, cosines
from linkers.scoring.type_evidence import TypeNumbers, type_features

SOUNDS_LIKE = 0.85
"""Least score of aligned sounds that says of two names that they sound alike."""
PAIRS_AT_ONCE = 250_000
"""Bound on the candidates whose features are in memory together, unless one document alone has more."""
_FOUND = ("query", "entity", "alias", "channels", "exact", "ngram", "sound", *NAME_SCORES)


@dataclass(frozen=True)
class Gathered:
    """Candidates of the mentions of some whole documents.

    mentions: the MENTIONS rows. first: the row of the first one in the batch.
    pairs:    one row a candidate, ordered by mention, then entity: row (in mentions), entity (row in the index), alias
              (row in the index of the name that matched best), channels (bit mask) and one column a feature. Mentions
              without candidates have no row.
    features: (len(pairs), number of features), float32.
    """

    mentions: pa.Table
    first: int
    pairs: Columns
    features: NDArray[np.float32]

    @property
    def mention(self) -> Ints:
        """The row in the batch of each candidate's mention."""
        return np.asarray(self.pairs["row"] + self.first, dtype=np.int64)


def gather(
    batch: pa.Table, index: CatalogIndex, *, encoder: Encoder | None, settings: LinkSettings
) -> Iterator[Gathered]:
    """Yield the candidates of a batch of MENTIONS in bounded parts of whole documents, in the batch's order.

    Surfaces and contexts are blocked and encoded once each. What is yielded for a document does not depend on
    the other documents of the batch.
    """
    vectors = TextVectors.of_index(encoder, index)
    surfaces = sorted(set(batch["surface"].to_pylist()))
    types = TypeNumbers(settings.ontology, [*index.entity_types[1], *_types(batch)])
    mentions = mention_columns(batch, surfaces, types)
    names = Names(surfaces)
    sources = _Sources(names, surface_vectors(names, index, vectors), vectors, types, index, settings)
    candidates = _candidates(sources)
    starts = np.searchsorted(candidates["query"], np.arange(len(surfaces) + 1))
    for rows in _parts(mentions, np.diff(starts)):
        part = mentions.take(np.arange(rows.start, rows.stop))
        pairs = _featured(part, candidates, starts, sources)
        yield Gathered(batch.slice(rows.start, len(rows)), rows.start, pairs, matrix(pairs))


@dataclass(frozen=True)
class _Sources:
    """What every part of a batch is compared with.

    names: the distinct surfaces, by query. lines: a vector a query, zeros for a surface that needs none; None without
    vectors.
    """

    names: Names
    lines: NDArray[np.float32] | None
    vectors: TextVectors
    types: TypeNumbers
    index: CatalogIndex
    settings: LinkSettings


def _types(batch: pa.Table) -> set[str]:
    return {name for column in ("type", "cue") for name in batch[column].unique().to_pylist()}


def _candidates(sources: _Sources) -> Columns:
    """Return query, entity and what surface and entity have together, ordered by query and entity."""
    found = block(
        sources.names.texts, sources.index, settings=sources.settings.blocking, vectors=sources.lines
    ).columns.only(*_FOUND)
    return _described(found.take(np.argsort(paired(found["query"], found["entity"]))), sources)


def _described(found: Columns, sources: _Sources) -> Columns:
    """Return pairs of surface and entity with everything that the two say by themselves.

    found: the columns named in _FOUND.
    """
    index = sources.index
    aliases, name = np.unique(found["alias"], return_inverse=True)
    rows = pa.array(aliases)
    known = Names(index.alias_texts.take(rows).to_pylist(), index.alias_keys.take(rows).to_pylist())
    channels = {
        channel: (found["channels"] & (1 << CHANNELS.index(channel))) > 0 for channel in ("phonetic", "form", "people")
    }
    # an alignment of sounds is a candidate long before it is evidence; an equal code has no score
    channels["phonetic"] &= (found["sound"] == 0) | (found["sound"] >= SOUNDS_LIKE)
    entity = found["entity"]
    pairs = found.plus(
        channels,
        name=name,
        main=index.alias_is_name[found["alias"]],
        vector=_surface_cosines(found, sources),
        entity_type=sources.types.of(index.entity_types[1])[index.entity_types[0][entity]],
        weight=index.popularity[entity],
        described=index.described[entity],
    )
    return name_features(pairs, sources.names, known)


def _surface_cosines(found: Columns, sources: _Sources) -> Column:
    if sources.lines is None or not found.height:
        return np.zeros(found.height)
    return cosines(found["query"], found["entity"], sources.lines, sources.index)


def _parts(mentions: Columns, sizes: Ints) -> Iterator[range]:
    """Yield the rows of whole documents that together have about PAIRS_AT_ONCE candidates."""
    documents = Groups.of(mentions["doc"])
    ends = [*documents.starts.tolist(), mentions.height]
    for part in portions(documents.sum(sizes[mentions["query"]]), PAIRS_AT_ONCE):
        yield range(ends[part.start], ends[part.stop])


def _featured(mentions: Columns, candidates: Columns, starts: Ints, sources: _Sources) -> Columns:
    """Return the candidates of mentions with every feature. starts: where those of each query begin."""
    in_documents, places = _in_documents(mentions, candidates, starts, sources)
    in_documents = in_documents.plus(rivals(in_documents, places))
    in_documents = in_documents.plus(document_features(in_documents, places, sources.names, sources.index))
    in_documents = in_documents.plus(kin=kinship(in_documents, places, sources.names.words))
    pairs, groups = _of_mentions(mentions, in_documents, places)
    pairs = pairs.plus(type_features(pairs, sources.types))
    pairs = pairs.plus(description=description_feature(pairs, mentions, sources.index))
    pairs = pairs.plus(context_features(pairs, groups, mentions, sources.vectors, sources.index))
    return combine(pairs, groups)


def _in_documents(mentions: Columns, candidates: Columns, starts: Ints, sources: _Sources) -> tuple[Columns, Groups]:
    """Return the candidates of each surface of each document, ordered by doc, query and entity, and their groups."""
    spoken = np.unique(paired(mentions["doc"], mentions["query"]))
    query = spoken & ((1 << 32) - 1)
    sizes = starts[query + 1] - starts[query]
    rows, doc = ranges(starts[query], sizes), np.repeat(spoken >> 32, sizes)
    if sources.vectors.available:
        more = _by_context(mentions, candidates, sources)
        candidates = stacked([candidates, more.only(*candidates)])
        rows = np.concatenate([rows, np.arange(candidates.height - more.height, candidates.height)])
        doc = np.concatenate([doc, more["doc"]])
        order = np.lexsort((candidates["entity"][rows], candidates["query"][rows], doc))
        rows, doc = rows[order], doc[order]
    found = candidates.take(rows).plus(doc=doc)
    return found, Groups.of(doc, found["query"])


def _by_context(mentions: Columns, candidates: Columns, sources: _Sources) -> Columns:
    """Return the candidates that only the context leads to, as `candidates` are, with doc."""
    index = sources.index
    # a name of several words that is there as it stands needs no such help
    settled = np.zeros(len(sources.names.texts), dtype=bool)
    settled[candidates["query"][candidates["exact_core"] & (candidates["s_size"] > 1)]] = True
    found = context_candidates(
        mentions.take(~settled[mentions["query"]]),
        sources.names,
        sources.vectors,
        index,
        sources.settings.blocking.context,
    )
    known = paired(candidates["query"], candidates["entity"])
    found = found.take(found_at(paired(found["query"], found["entity"]), known) < 0)
    pairs, place = np.unique(paired(found["query"], found["entity"]), return_inverse=True)
    query, entity = pairs >> 32, pairs & ((1 << 32) - 1)
    described = _described(_unfound(query, entity, index, sources.names), sources)
    return described.take(place).plus(doc=found["doc"])


def _unfound(query: Ints, entity: Ints, index: CatalogIndex, names: Names) -> Columns:
    """Return pairs that no channel of names has found, as `block` returns those that one has."""
    alias = index.name_rows[entity]
    left = [latin(names.keys[row]) for row in query.tolist()]
    right = [latin(key) for key in index.alias_keys.take(pa.array(alias)).to_pylist()]
    return Columns(
        {
            "query": query,
            "entity": entity,
            "alias": alias,
            "channels": np.full(len(query), 1 << CHANNELS.index("context"), dtype=np.uint16),
            "exact": np.zeros(len(query), dtype=bool),
            **{name: np.zeros(len(query), dtype=np.float32) for name in ("ngram", "sound")},
            **name_scores(left, right),
        }
    )


def _of_mentions(mentions: Columns, in_documents: Columns, places: Groups) -> tuple[Columns, Groups]:
    """Return the candidates of each mention, ordered by mention and entity, and their groups."""
    spoken = paired(in_documents["doc"][places.starts], in_documents["query"][places.starts])
    place = found_at(paired(mentions["doc"], mentions["query"]), spoken)
    rows = np.flatnonzero(place >= 0)
    sizes = places.sizes[place[rows]]
    row = np.repeat(rows, sizes)
    own = {name: mentions[name][row] for name in ("type", "cue", "cased")}
    pairs = in_documents.take(ranges(places.starts[place[rows]], sizes)).plus(own, row=row)
    return pairs, Groups(np.cumsum(sizes) - sizes, len(row))
