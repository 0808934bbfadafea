"""Spans that come from outside, checked against their documents."""

from collections.abc import Mapping, Sequence

from linkers.extraction.overlaps import Found
from schemas.document import Document
from schemas.errors import SpanError
from schemas.ontology import Ontology
from schemas.span import Span

_SOURCE = "given spans"


def given_mentions(documents: Sequence[Document], spans: Sequence[Span], ontology: Ontology) -> dict[str, list[Found]]:
    """Return the given spans by document id, ordered by (start, end), each once.

    Raises SpanError that names the row (from 1) when a span's document is not among `documents`, when
    it is empty or when it reaches outside the text.
    """
    texts = {document.id: document.text for document in documents}
    found: dict[str, dict[tuple[int, int], Found]] = {}
    for row, span in enumerate(spans, 1):
        _check(span, row, texts)
        mention = Found(span.start, span.end, ontology.canonical_type(span.type), "given")
        found.setdefault(span.doc_id, {}).setdefault((span.start, span.end), mention)
    return {doc_id: [mentions[ends] for ends in sorted(mentions)] for doc_id, mentions in found.items()}


def _check(span: Span, row: int, texts: Mapping[str, str]) -> None:
    text = texts.get(span.doc_id)
    if text is None:
        raise SpanError(_SOURCE, f"document {span.doc_id!r} is not among those read", row)
    if not 0 <= span.start < span.end <= len(text):
        problem = (
            f"span [{span.start}, {span.end}) of document {span.doc_id!r} is not inside its text; "
            f"0 <= start < end <= {len(text)} is needed"
        )
        raise SpanError(_SOURCE, problem, row)
