"""Rows to load: nodes and edges of a graph, mentions and decisions of documents; the same for a number."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from schemas.batches import DECISIONS, MENTIONS, MENTIONS_EDGES, NODES, STORED_DECISIONS
from schemas.document import Document

A_DOCUMENT = 20
AT_ONCE = 256
TYPES = ("artist", "track", "album", "person", "show")
_SENTENCE = "and then {} came up again, so we talked about the record for a while before the break"


def entity_id(number: int) -> str:
    return f"entity-{number:08}"


def doc_id(number: int) -> str:
    return f"document-{number:07}"


def entities(count: int) -> pa.Table:
    """Return Entity nodes."""
    numbers = range(count)
    columns = {
        "id": [entity_id(n) for n in numbers],
        "name": [f"The Name of Number {n}" for n in numbers],
        "type": [TYPES[n % len(TYPES)] for n in numbers],
        "aliases": [[f"Number {n}", f"No. {n}"] if n % 2 else [] for n in numbers],
        "description": [f"thing number {n} of those that were made to be loaded" for n in numbers],
        "popularity": [float(n % 1000) for n in numbers],
        "status": ["catalog"] * count,
        "properties": ['{"country":"SE"}'] * count,
    }
    return pa.table(columns, schema=NODES["Entity"])


def documents(count: int) -> pa.Table:
    """Return Document nodes."""
    blank = [""] * count
    columns = {"id": [doc_id(n) for n in range(count)], "title": [f"Episode {n}" for n in range(count)]}
    columns |= {name: blank for name in ("kind", "published", "uri", "language")}
    return pa.table(columns, schema=NODES["Document"])


def mention_edges(count: int) -> pa.Table:
    """Return MENTIONS edges from count / 20 documents to count entities."""
    numbers = np.arange(count)
    columns = {
        "from_id": [doc_id(n) for n in (numbers // A_DOCUMENT).tolist()],
        "to_id": [entity_id(n) for n in (numbers * 7919 % count).tolist()],
        "count": numbers % 9 + 1,
        "probability": np.round(0.5 + numbers % 500 / 1000, 6),
        "first_start": numbers % 5000,
        "first_ms": numbers % 100_000,
    }
    return pa.table(columns, schema=MENTIONS_EDGES)


def texts(first: int, last: int) -> list[Document]:
    """Return the documents with these numbers."""
    return [Document(id=doc_id(n), title=f"Episode {n}", text=_SENTENCE.format(n)) for n in range(first, last)]


def mentions(first: int, last: int) -> pa.Table:
    """Return the MENTIONS of the documents with these numbers."""
    return pa.Table.from_pylist(
        [_mention(n, k) for n in range(first, last) for k in range(A_DOCUMENT)], schema=MENTIONS
    )


def decisions(first: int, last: int, run_id: str, sequence: int) -> pa.Table:
    """Return their STORED_DECISIONS, each with three candidates: four of five link, one of ten is to be reviewed."""
    rows = []
    for n in range(first, last):
        for k in range(A_DOCUMENT):
            kind = ("review", "nil")[k % 2] if k >= A_DOCUMENT - 4 else "link"
            mention = _mention(n, k)
            best = entity_id((n * A_DOCUMENT + k) * 7919 % 50_000)
            rows.append(
                {name: mention[name] for name in DECISIONS.names if name in mention}
                | {
                    "decision": kind,
                    "entity_id": best if kind == "link" else None,
                    "best_entity_id": best,
                    "probability": 0.9 if kind == "link" else 0.55,
                    "provisional_id": f"nil:{n % 997}-{k}" if kind == "nil" else None,
                    "reason": "exact name; the type fits; nothing else is near",
                    "candidates": [_candidate(n + c) for c in range(3)],
                    "run_id": run_id,
                    "sequence": sequence,
                    "decided_by": "model",
                }
            )
    return pa.Table.from_pylist(rows, schema=STORED_DECISIONS)


def ranges(count: int) -> Iterator[tuple[int, int]]:
    """Yield (first, last) numbers of documents that are written together."""
    for first in range(0, count // A_DOCUMENT, AT_ONCE):
        yield first, min(first + AT_ONCE, count // A_DOCUMENT)


def _candidate(number: int) -> dict[str, object]:
    return {
        "entity_id": entity_id(number),
        "alias": f"Number {number}",
        "channels": ["exact", "ngram"],
        "features": [0.5] * 40,
        "score": 1.0,
        "probability": 0.3,
    }


def _mention(document: int, number: int) -> dict[str, object]:
    surface = f"Number {document + number}"
    sentence = _SENTENCE.format(surface)
    start = number * 120 + 9
    return {
        "mention_id": f"{document:016x}{number:016x}",
        "doc_id": doc_id(document),
        "start": start,
        "end": start + len(surface),
        "surface": surface,
        "type": "artist",
        "extractor": "catalog",
        "cue": "",
        "sentence": sentence,
        "sentence_start": number * 120,
        "context": sentence,
        "title": f"Episode {document}",
        "speaker": None,
        "start_ms": start * 60,
        "end_ms": None,
    }
