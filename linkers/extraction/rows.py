"""Mentions as rows of a table."""

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from linkers.extraction.cue_words import CueWords
from linkers.extraction.overlaps import Found
from linkers.extraction.sentences import Sentences
from linkers.extraction.timing import Timeline
from schemas.batches import MENTIONS
from schemas.document import Document
from schemas.identity import mention_id
from schemas.ontology import Ontology


class MentionRows:
    """Collects mentions, document by document, and makes the MENTIONS table of them."""

    def __init__(self, ontology: Ontology, cues: CueWords) -> None:
        self._ontology = ontology
        self._cues = cues
        self._columns: dict[str, list[Any]] = {name: [] for name in MENTIONS.names}

    def add(self, document: Document, sentences: Sentences, spans: Sequence[Found]) -> None:
        """Add the mentions of one document, in the order given."""
        timeline = Timeline(document.cues)
        for span in spans:
            own, window = sentences.around(span.start, span.end)
            moment = timeline.at(span.start, span.end)
            surface = document.text[span.start : span.end]
            self._append(
                mention_id=mention_id(document.id, span.start, span.end, surface),
                doc_id=document.id,
                start=span.start,
                end=span.end,
                surface=surface,
                type=span.type,
                extractor=span.extractor,
                cue=self._cue(document.text, span),
                sentence=document.text[slice(*own)],
                sentence_start=own[0],
                context=document.text[slice(*window)],
                title=document.title,
                speaker=moment.speaker,
                start_ms=moment.start_ms,
                end_ms=moment.end_ms,
            )

    def _append(self, **row: str | int | None) -> None:
        for name, value in row.items():
            self._columns[name].append(value)

    def _cue(self, text: str, span: Found) -> str:
        stated = self._cues.stated_type(text, span.start, span.end)
        if stated or not span.type:
            return stated
        # "in" and "from" stand before anything; they count where the span looks like a place already
        announced = self._cues.announced_type(text, span.start)
        fits = announced and self._ontology.family(announced) == self._ontology.family(span.type)
        return announced if fits else ""

    def table(self) -> pa.Table:
        """Return everything added so far, ordered by (doc_id, start, end)."""
        table = pa.table(self._columns, schema=MENTIONS)
        return table.sort_by([("doc_id", "ascending"), ("start", "ascending"), ("end", "ascending")])


def joined(tables: Iterable[pa.Table]) -> pa.Table:
    """Return the tables as one, ordered by (doc_id, start, end)."""
    whole = pa.concat_tables([MENTIONS.empty_table(), *tables])
    return whole.sort_by([("doc_id", "ascending"), ("start", "ascending"), ("end", "ascending")])
