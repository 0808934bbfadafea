"""The readers' texts of the shipped documents are those that the gold file was written for."""

from pathlib import Path

import orjson

from loaders.readers.documents import DocumentOptions, read_documents
from loaders.readers.source import discover
from loaders.readers.spans import read_gold
from schemas.document import Document
from schemas.span import GoldSpan

DATA = Path(__file__).parents[3] / "kg" / "demo" / "data"


def demo_documents() -> dict[str, Document]:
    found = [row for file in discover([str(DATA / "documents")]) for row in read_documents(file, DocumentOptions())]
    assert all(isinstance(row, Document) for row in found), found
    return {row.id: row for row in found if isinstance(row, Document)}


def test_gold_spans_are_verbatim() -> None:
    documents = demo_documents()
    rows = [orjson.loads(line) for line in (DATA / "gold.jsonl").read_bytes().splitlines()]
    gold = list(read_gold(DATA / "gold.jsonl"))
    assert len(gold) == len(rows) > 0
    for row, span in zip(rows, gold, strict=True):
        assert isinstance(span, GoldSpan), span
        assert documents[span.doc_id].text[span.start : span.end] == row["surface"], row


def test_every_transcript_has_times_for_its_text() -> None:
    transcripts = [document for document in demo_documents().values() if document.kind == "transcript"]
    assert transcripts
    for document in transcripts:
        covered = sum(cue.end - cue.start for cue in document.cues)
        assert covered > 0.75 * len(document.text), document.id
