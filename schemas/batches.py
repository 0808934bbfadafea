"""Arrow schemas of the batches that pass from stage to stage and from store to store.

Offsets are half-open code points, times are milliseconds, probabilities are in [0, 1].
"""

import pyarrow as pa

MENTIONS = pa.schema(
    [
        pa.field("mention_id", pa.string(), nullable=False),
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("surface", pa.string(), nullable=False),  # verbatim text[start:end]
        pa.field("type", pa.string(), nullable=False),  # ontology type that the text suggests, "" if none
        pa.field("extractor", pa.string(), nullable=False),  # "spacy", "catalog", "quotes", joined by "+"; "given"
        pa.field("cue", pa.string(), nullable=False),  # type that a cue word states ("the album X"), "" if none
        pa.field("sentence", pa.string(), nullable=False),  # verbatim
        pa.field("sentence_start", pa.int32(), nullable=False),  # offset of the sentence in the document
        pa.field("context", pa.string(), nullable=False),  # window of neighbouring sentences
        pa.field("title", pa.string(), nullable=False),  # title of the document
        pa.field("speaker", pa.string()),
        pa.field("start_ms", pa.int64()),
        pa.field("end_ms", pa.int64()),
    ]
)
"""One row a mention, ordered by doc_id, start; a document's mentions are never split over batches."""

CANDIDATE = pa.struct(
    [
        pa.field("entity_id", pa.string(), nullable=False),
        pa.field("alias", pa.string(), nullable=False),  # the entity's name that matched best
        pa.field("channels", pa.list_(pa.string()), nullable=False),  # sorted names of the channels that found it
        pa.field("features", pa.list_(pa.float32()), nullable=False),  # in the order of the model's feature names
        pa.field("score", pa.float64(), nullable=False),  # the ranker's score, any real; higher is better
        pa.field("probability", pa.float64(), nullable=False),  # that this candidate is the one meant
    ]
)

DECISIONS = pa.schema(
    [
        pa.field("mention_id", pa.string(), nullable=False),
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("surface", pa.string(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("decision", pa.string(), nullable=False),  # link, review, nil
        pa.field("entity_id", pa.string()),  # what is asserted: only for link
        pa.field("best_entity_id", pa.string()),  # likeliest answer; null when "not in the catalog" is
        pa.field("probability", pa.float64(), nullable=False),  # of the likeliest answer, 6 decimals
        pa.field("provisional_id", pa.string()),  # for nil
        pa.field("reason", pa.string(), nullable=False),  # one sentence
        pa.field("start_ms", pa.int64()),
        pa.field("candidates", pa.list_(CANDIDATE), nullable=False),  # best first, at most a handful
    ]
)
"""One row a mention: what `link` returns, in the order of its input."""

STORED_DECISIONS = (
    DECISIONS.append(pa.field("run_id", pa.string(), nullable=False))
    .append(pa.field("sequence", pa.int64(), nullable=False))  # of the run: higher is newer
    .append(pa.field("decided_by", pa.string(), nullable=False))  # model version, or a person
)
"""A decision as the log keeps it."""

PAIR_DECISIONS = pa.schema(
    [
        pa.field("left_key", pa.string(), nullable=False),  # record keys, left < right in code point order
        pa.field("right_key", pa.string(), nullable=False),
        pa.field("decision", pa.string(), nullable=False),  # a run's: join, review, apart; a person's: see VERDICTS
        pa.field("probability", pa.float64(), nullable=False),  # that both are one thing, 6 decimals
        pa.field("features", pa.list_(pa.float32()), nullable=False),  # in the order of the model's feature names
        pa.field("evidence", pa.string(), nullable=False),  # what spoke for and against, strongest first
        pa.field("run_id", pa.string(), nullable=False),
        pa.field("sequence", pa.int64(), nullable=False),  # of the run: higher is newer
        pa.field("decided_by", pa.string(), nullable=False),  # version of the pair model, or "person"
    ]
)
"""A decision about a candidate pair of records, ordered by (left_key, right_key)."""

VERDICTS = ("must-link", "cannot-link", "unsure")
"""What a person can decide about a pair; the first two win over every run."""

NODES: dict[str, pa.Schema] = {
    "Entity": pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field("name", pa.string(), nullable=False),
            pa.field("type", pa.string(), nullable=False),
            pa.field("aliases", pa.list_(pa.string()), nullable=False),
            pa.field("description", pa.string(), nullable=False),
            pa.field("popularity", pa.float64()),
            pa.field("status", pa.string(), nullable=False),
            pa.field("properties", pa.string(), nullable=False),  # JSON object, keys sorted
        ]
    ),
    "Record": pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),  # source:record_id
            pa.field("source", pa.string(), nullable=False),
            pa.field("name", pa.string(), nullable=False),
            pa.field("type", pa.string(), nullable=False),
            pa.field("aliases", pa.list_(pa.string()), nullable=False),
            pa.field("description", pa.string(), nullable=False),
            pa.field("popularity", pa.float64()),
            pa.field("properties", pa.string(), nullable=False),
        ]
    ),
    "Document": pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field("title", pa.string(), nullable=False),
            pa.field("kind", pa.string(), nullable=False),
            pa.field("published", pa.string(), nullable=False),
            pa.field("uri", pa.string(), nullable=False),
            pa.field("language", pa.string(), nullable=False),
        ]
    ),
}
"""Columns of each node label; `id` is the key."""

_ENDS = [pa.field("from_id", pa.string(), nullable=False), pa.field("to_id", pa.string(), nullable=False)]

MENTIONS_EDGES = pa.schema(
    [
        *_ENDS,  # Document -> Entity
        pa.field("count", pa.int64(), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),  # highest of the mentions
        pa.field("first_start", pa.int64(), nullable=False),
        pa.field("first_ms", pa.int64()),
    ]
)
RESOLVED_TO_EDGES = pa.schema(
    [
        *_ENDS,  # Record -> Entity
        pa.field("probability", pa.float64(), nullable=False),
        pa.field("run_id", pa.string(), nullable=False),
        pa.field("decided_by", pa.string(), nullable=False),
    ]
)
CO_MENTIONED_EDGES = pa.schema(
    [
        *_ENDS,  # Entity -> Entity, from_id < to_id
        pa.field("documents", pa.int64(), nullable=False),
        pa.field("npmi", pa.float64(), nullable=False),  # in [-1, 1], 6 decimals
    ]
)
RELATION_EDGES = pa.schema([*_ENDS, pa.field("source", pa.string(), nullable=False)])  # sources joined by |


def edge_schema(edge_type: str) -> pa.Schema:
    """Return the columns of an edge type; every type of the ontology has those of RELATION_EDGES."""
    own = {"MENTIONS": MENTIONS_EDGES, "RESOLVED_TO": RESOLVED_TO_EDGES, "CO_MENTIONED": CO_MENTIONED_EDGES}
    return own.get(edge_type, RELATION_EDGES)


def edge_labels(edge_type: str) -> tuple[str, str]:
    """Return the node labels that an edge type leads from and to."""
    own = {"MENTIONS": ("Document", "Entity"), "RESOLVED_TO": ("Record", "Entity")}
    return own.get(edge_type, ("Entity", "Entity"))


DOCUMENT_ROWS = NODES["Document"].append(pa.field("file_id", pa.string(), nullable=False))
for _name in ("content_hash", "extraction_key", "decision_key"):
    DOCUMENT_ROWS = DOCUMENT_ROWS.append(pa.field(_name, pa.string(), nullable=False))
"""Documents without their text; the keys are "" until there are mentions or decisions."""
