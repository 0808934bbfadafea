"""Mentions of documents: found by the extractor or given, stored, and found again when the catalog's names change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from kg.extraction_ahead import ExtractionAhead
from kg.home import Home
from schemas.document import Document
from schemas.identity import content_id
from schemas.span import Span

GIVEN = "given:"
DOCUMENTS_AT_ONCE = 128


def extraction_key(home: Home, document: Document) -> str:
    """Return what the extracted mentions of a document depend on."""
    return content_id("extraction", document.content_hash, home.extractor.version)


def extract_documents(
    home: Home,
    documents: Sequence[Document],
    spans: Mapping[str, Sequence[Span]] | None,
    ahead: ExtractionAhead,
) -> int:
    """Extract and store the mentions of documents that are in the store; returns how many mentions.

    spans: given mentions by document id, taken instead of extracting; None extracts. Raises SpanError, WorkerError.
    """
    found = find_mentions(home, documents, spans, ahead.mentions)
    home.mentions.put_mentions(found.keys, found.table)
    return int(found.table.num_rows)


@dataclass(frozen=True)
class FoundMentions:
    """MENTIONS of documents, with the extraction key of each of the documents."""

    keys: dict[str, str]
    table: pa.Table


def find_mentions(
    home: Home,
    documents: Sequence[Document],
    spans: Mapping[str, Sequence[Span]] | None,
    extract: Callable[[Sequence[Document]], pa.Table],
) -> FoundMentions:
    """Return the mentions of documents and store nothing; arguments as in `extract_documents`."""
    if spans is None:
        return FoundMentions(
            {document.id: extraction_key(home, document) for document in documents}, extract(documents)
        )
    chosen = [span for document in documents for span in spans.get(document.id, ())]
    keys = {
        document.id: GIVEN + content_id(document.content_hash, *map(repr, spans.get(document.id, ())))
        for document in documents
    }
    return FoundMentions(keys, home.extractor.extract(documents, chosen))


def refresh_extraction(home: Home) -> int:
    """Extract again the documents whose mentions were found with other names or another model.

    Documents with given mentions keep them. Returns how many documents were read again.
    """
    stale = read_otherwise(home)
    batches = [stale[start : start + DOCUMENTS_AT_ONCE] for start in range(0, len(stale), DOCUMENTS_AT_ONCE)]
    with ExtractionAhead(home, lambda: map(home.mentions.documents, batches)) as ahead:
        for number, batch in enumerate(batches):
            home.progress("extract", number * DOCUMENTS_AT_ONCE, len(stale))
            extract_documents(home, home.mentions.documents(batch), None, ahead)
    if stale:
        home.progress("extract", len(stale), len(stale))
    return len(stale)


def read_otherwise(home: Home) -> list[str]:
    """Return the ids of the documents whose mentions were found with other names or another model, in order."""
    rows = home.mentions.document_rows()
    given = pc.starts_with(rows["extraction_key"], pattern=GIVEN)
    candidates = rows.filter(pc.invert(given))
    doc_ids = candidates["id"].to_pylist()
    keys = candidates["extraction_key"].to_pylist()
    hashes = candidates["content_hash"].to_pylist()
    version = home.extractor.version if doc_ids else ""
    return [
        doc_id
        for doc_id, key, content_hash in zip(doc_ids, keys, hashes, strict=True)
        if key != content_id("extraction", content_hash, version)
    ]
