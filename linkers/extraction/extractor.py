"""Texts in, mentions out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from linkers.extraction import spacy_entities
from linkers.extraction.cue_words import CueWords
from linkers.extraction.evidence import Verdict, judge, meant_by_neighbours
from linkers.extraction.gazetteer import Gazetteer, NameHit
from linkers.extraction.given import given_mentions
from linkers.extraction.guesses import guessed_mentions
from linkers.extraction.misheard import MisheardNames, unrivalled
from linkers.extraction.name_index import NameIndex
from linkers.extraction.numbered import numbered_parts
from linkers.extraction.overlaps import Found, without_overlaps
from linkers.extraction.quoted import quoted_titles
from linkers.extraction.reading import Reading, is_cased
from linkers.extraction.recasing import recased
from linkers.extraction.rows import MentionRows, joined
from linkers.extraction.sentences import Sentences
from linkers.extraction.settings import ExtractionSettings
from linkers.extraction.short_forms import short_forms
from linkers.extraction.spacy_entities import SpacyReader
from linkers.extraction.tokens import Token, tokenize
from schemas.document import Document
from schemas.identity import content_id
from schemas.span import Span

RULES = "2"
"""Version of the extraction rules: raised whenever the same text would give other mentions."""

Progress = Callable[[int, int], None]
"""Told after each batch: documents done, documents in all."""


class Extractor:
    """Finds the mentions of documents: spaCy's entities united with the catalog's own names.

    nlp:   a spaCy pipeline; one without "ner" leaves the catalog's names alone.
    index: the catalog's names.
    """

    def __init__(self, nlp: Any, index: NameIndex, settings: ExtractionSettings) -> None:  # noqa: ANN401
        self._index = index
        self._settings = settings
        self._cues = CueWords(settings.ontology)
        self._reader = SpacyReader(
            nlp, settings.ontology, chunk_chars=settings.chunk_chars, honorifics=settings.honorifics
        )
        self._gazetteer = Gazetteer(index, settings.ontology, max_words=settings.max_words)
        self._misheard = MisheardNames(index, self._gazetteer)
        meta = nlp.meta
        self._model = (meta["lang"], meta["name"], meta["version"], *nlp.pipe_names)

    @classmethod
    def load(cls, spacy_name_or_path: str, index: NameIndex, settings: ExtractionSettings) -> "Extractor":
        """Return an extractor with the spaCy pipeline of that name or folder; raises ModelError."""
        return cls(spacy_entities.load(spacy_name_or_path), index, settings)

    @property
    def version(self) -> str:
        """Content id of everything that the mentions of a text depend on."""
        return content_id("extraction", RULES, *self._model, *self._settings.identity, self._index.version)

    def extract(
        self,
        documents: Sequence[Document],
        given: Sequence[Span] | None = None,
        progress: Progress | None = None,
    ) -> pa.Table:
        """Return the MENTIONS of documents, ordered by (doc_id, start, end).

        Extracted mentions do not overlap and never run across a blank line. With `given`, exactly these
        spans become mentions and no model runs; SpanError names a row that fits no text.
        """
        spans = None if given is None else given_mentions(documents, given, self._settings.ontology)
        tables, done = [], 0
        for batch in self._batches(documents):
            tables.append(self._extracted(batch) if spans is None else self._given(batch, spans))
            done += len(batch)
            if progress:
                progress(done, len(documents))
        return joined(tables)

    def _batches(self, documents: Sequence[Document]) -> Iterator[list[Document]]:
        batch: list[Document] = []
        size = 0
        for document in documents:
            batch.append(document)
            size += len(document.text)
            if size >= self._settings.batch_chars:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _given(self, batch: Sequence[Document], spans: Mapping[str, list[Found]]) -> pa.Table:
        rows = MentionRows(self._settings.ontology, self._cues)
        wanted = [document for document in batch if document.id in spans]
        texts = [document.text for document in wanted]
        for document, (ranges, _) in zip(wanted, self._reader.read(texts, entities=False), strict=True):
            rows.add(document, self._sentences(document, ranges), spans[document.id])
        return rows.table()

    def _extracted(self, batch: Sequence[Document]) -> pa.Table:
        rows = MentionRows(self._settings.ontology, self._cues)
        words = [tokenize(document.text) for document in batch]
        texts = [_readable(document.text, tokens) for document, tokens in zip(batch, words, strict=True)]
        read = self._reader.read(texts, entities=True)
        readings = [
            Reading(document, tokens, self._sentences(document, ranges), guesses)
            for document, tokens, (ranges, guesses) in zip(batch, words, read, strict=True)
        ]
        parts = numbered_parts(readings, self._index, self._settings.ontology)
        for reading, meant, numbered in zip(readings, self._meant(readings), parts, strict=True):
            guessed = guessed_mentions(reading, meant, honorifics=self._settings.honorifics)
            quoted = quoted_titles(reading, meant, self._settings.ontology)
            spans = without_overlaps([*self._named(reading, meant), *numbered, *guessed, *quoted])
            spans = without_overlaps([*spans, *short_forms(reading, spans, meant)])
            rows.add(reading.document, reading.sentences, spans)
        return rows.table()

    def _sentences(self, document: Document, ranges: Sequence[tuple[int, int]]) -> Sentences:
        breaks = [cue.start for cue in document.cues]
        return Sentences(document.text, ranges, breaks=breaks, limit=self._settings.context_chars)

    def _meant(self, readings: Sequence[Reading]) -> Iterator[list[NameHit]]:
        """Yield the catalog names that are meant in each text, overlapping ones too."""
        hits = self._gazetteer.lookup(readings)
        verdicts = [self._verdicts(*pair) for pair in zip(readings, hits, strict=True)]
        if self._settings.sounds_alike:
            sure = [_sure(*pair) for pair in zip(hits, verdicts, strict=True)]
            alike = self._misheard.lookup(readings, sure)
            alike = [unrivalled(*pair) for pair in zip(alike, sure, strict=True)]
            hits = [exact + like for exact, like in zip(hits, alike, strict=True)]
            more = [self._verdicts(*pair) for pair in zip(readings, alike, strict=True)]
            verdicts = [first + then for first, then in zip(verdicts, more, strict=True)]
        related = self._related(hits)
        for reading, found, judged in zip(readings, hits, verdicts, strict=True):
            yield meant_by_neighbours(found, judged, reading, related)

    def _verdicts(self, reading: Reading, hits: Sequence[NameHit]) -> list[Verdict]:
        return [judge(hit, reading, self._cues) for hit in hits]

    def _named(self, reading: Reading, meant: Sequence[NameHit]) -> Iterator[Found]:
        for hit in meant:
            stated = self._cues.stated_type(reading.text, hit.start, hit.end)
            yield Found(hit.start, hit.end, stated, "catalog")

    def _related(self, hits: Sequence[Sequence[NameHit]]) -> dict[int, frozenset[int]]:
        rows = sorted({entity for part in hits for hit in part for entity in hit.name.entities})
        if not rows:
            return {}
        indptr, neighbours = self._index.neighbours(np.array(rows, dtype=np.int64))
        return {
            row: frozenset(neighbours[indptr[i] : indptr[i + 1]].tolist())
            for i, row in enumerate(rows)
            if indptr[i] < indptr[i + 1]
        }


def _readable(text: str, tokens: Sequence[Token]) -> str:
    return text if is_cased(text, tokens) else recased(text, tokens)


def _sure(hits: Sequence[NameHit], verdicts: Sequence[Verdict]) -> list[NameHit]:
    return [hit for hit, verdict in zip(hits, verdicts, strict=True) if verdict is Verdict.MEANT]
