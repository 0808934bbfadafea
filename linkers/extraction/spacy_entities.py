"""Entities and sentences by spaCy, text by text, with bounded memory."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from linkers.extraction.reading import Guess
from linkers.extraction.sentences import Range, chunks
from schemas.errors import ModelError
from schemas.ontology import Ontology

_BATCH = 64
_BATCH_CHARS = 100_000  # some hundred megabytes of the recognizer's layers
_DROPPED = frozenset(
    {"DATE", "TIME", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL", "PERCENT", "NORP", "LANGUAGE", "LAW"}
)  # no names of things a catalog holds; where it does hold one, its own names find it
_NEEDED = frozenset({"ner", "transformer", "tok2vec", "entity_ruler"})
_BLANK_LINE = re.compile(r"\n\s*\n")
_OUTER = frozenset("\"'“”‘’„«»`´,;:-–—*_<>|")
_DETERMINER = re.compile(r"(?:the|a|an|this|that|his|her|their|our|my|its|your)\s+(?=\S)", re.IGNORECASE)
_INSIDE = re.compile(r"[\w,] \Z")  # a capital "The" after these is part of the name
_POSSESSIVE = re.compile(r"\s?['’´`][sS]?\Z")
_HONORIFIC = re.compile(
    r"(?<![\w.])(?:(?:mr|mrs|ms|messrs|mdme|mme|mlle|dr|prof|rev|st|sig|herr|frau|capt|col|gen)\b\.?"
    r"|sir|lady|lord|dame|miss|madame|mademoiselle|master|monsieur|signor|signora|professor|doctor"
    r"|(?:M|Sig|Mad)\.)\s+\Z",
    re.IGNORECASE,
)


def load(name_or_path: str) -> Any:  # noqa: ANN401 - spaCy's Language; the package carries no types
    """Load a spaCy pipeline by package name or path, with only the parts that entities need.

    Raises ModelError when there is none, or when it finds no entities.
    """
    import spacy  # heavy: seconds to import

    try:
        nlp = spacy.load(name_or_path)
    except (OSError, ValueError) as error:
        problem = f"spaCy cannot load it ({str(error).splitlines()[0]}); install the package or give a folder"
        raise ModelError(name_or_path, problem) from error
    if "ner" not in nlp.pipe_names:
        found = ", ".join(nlp.pipe_names) or "no component"
        raise ModelError(name_or_path, f"it has no entity recognizer, but {found}; a pipeline with 'ner' is needed")
    for pipe in list(nlp.pipe_names):
        if pipe not in _NEEDED or (pipe == "tok2vec" and not _feeds_ner(nlp)):
            nlp.remove_pipe(pipe)
    _multiply_by_numpy(nlp)
    return nlp


def _multiply_by_numpy(nlp: Any) -> None:  # noqa: ANN401
    """Let the pipeline multiply by numpy's BLAS: on one thread it takes two thirds of the time of thinc's own."""
    from thinc.api import NumpyOps

    models = [pipe.model for _, pipe in nlp.pipeline if hasattr(pipe, "model")]
    for ops in (layer.ops for model in models for layer in model.walk()):
        if isinstance(ops, NumpyOps):
            ops.use_blis = False


def _feeds_ner(nlp: Any) -> bool:  # noqa: ANN401
    return "ner" in nlp.get_pipe("tok2vec").listening_components


class SpacyReader:
    """Runs a spaCy pipeline over many texts.

    nlp:         a pipeline; its "ner" gives the guesses, its tokenizer and a rule-based splitter the sentences.
    chunk_chars: longer texts are read in parts.
    """

    def __init__(self, nlp: Any, ontology: Ontology, *, chunk_chars: int, honorifics: bool) -> None:  # noqa: ANN401
        self._nlp = nlp
        self._ontology = ontology
        self._chunk_chars = chunk_chars
        self._honorifics = honorifics
        signs = sorted(nlp.create_pipe("sentencizer").punct_chars)
        self._closing = np.array([nlp.vocab.strings.add(sign) for sign in signs], dtype=np.uint64)
        self._threads = ThreadpoolController()

    def read(self, texts: Sequence[str], *, entities: bool) -> Iterator[tuple[list[Range], list[Guess]]]:
        """Yield the sentence ranges and the guesses of each text; without `entities` no model runs."""
        parts = (
            (text[start:end], (number, start))
            for number, text in enumerate(texts)
            for start, end in chunks(text, self._chunk_chars)
        )
        current = 0
        sentences: list[Range] = []
        guesses: list[Guess] = []
        for doc, (number, offset) in self._docs(parts, entities=entities):
            while current < number:
                yield sentences, guesses
                sentences, guesses, current = [], [], current + 1
            sentences += ((offset + start, offset + end) for start, end in self._sentences(doc))
            guesses += self._guesses(doc.ents, texts[number], offset) if entities else ()
        for _ in range(current, len(texts)):
            yield sentences, guesses
            sentences, guesses = [], []

    def _docs(self, parts: Iterable[tuple[str, tuple[int, int]]], *, entities: bool) -> Iterator[Any]:
        if not entities:
            yield from ((self._nlp.make_doc(text), place) for text, place in parts)
            return
        for batch in _batches(parts):
            # matrices as small as these are multiplied many times slower by several threads
            with self._threads.limit(limits=1, user_api="blas"):
                docs = list(self._nlp.pipe(batch, as_tuples=True, batch_size=len(batch)))
            yield from docs

    def _sentences(self, doc: Any) -> Iterator[Range]:  # noqa: ANN401
        """Yield the sentences of a spaCy Doc: its own, else those that a "sentencizer" pipe would set.

        As spaCy's rule: a sentence begins with the first word after a closing sign. Read from arrays, because
        asking token by token takes a tenth of the time of the entities themselves.
        """
        if doc.has_annotation("SENT_START"):
            yield from ((sentence.start_char, sentence.end_char) for sentence in doc.sents)
            return
        orth, is_punct, places, lengths = doc.to_array(["ORTH", "IS_PUNCT", "IDX", "LENGTH"]).T.astype(np.uint64)
        if not len(orth):
            return
        closing = np.isin(orth, self._closing)
        words = np.flatnonzero(~closing & (is_punct == 0))
        closed_before = np.concatenate([[0], np.cumsum(closing)[words]])
        first = words[np.diff(closed_before) > 0]
        starts = np.concatenate([[0], first[first > 0]])
        lasts = np.append(starts[1:], len(orth)) - 1
        yield from zip(places[starts].tolist(), (places[lasts] + lengths[lasts]).tolist(), strict=True)

    def _guesses(self, ents: Iterable[Any], text: str, offset: int) -> Iterator[Guess]:
        for ent in ents:
            if ent.label_ in _DROPPED:
                continue
            start, end = trimmed(text, offset + ent.start_char, offset + ent.end_char)
            known = self._ontology.type_named(ent.label_)
            entity_type = known.name if known else ""
            if self._honorifics and ent.label_ == "PERSON":
                start = with_honorific(text, start)
            if start < end and any(c.isalnum() for c in text[start:end]):
                yield Guess(start, end, entity_type, ent.label_)


def _batches(parts: Iterable[tuple[str, tuple[int, int]]]) -> Iterator[list[tuple[str, tuple[int, int]]]]:
    batch, size = list[tuple[str, tuple[int, int]]](), 0
    for part in parts:
        if batch and (len(batch) == _BATCH or size + len(part[0]) > _BATCH_CHARS):
            yield batch
            batch, size = [], 0
        batch.append(part)
        size += len(part[0])
    if batch:
        yield batch


def trimmed(text: str, start: int, end: int) -> Range:
    """Return the longest part of a span without a blank line, bare of determiner, quotes and possessive."""
    start, end = max(_paragraphs(text, start, end), key=lambda part: part[1] - part[0])
    before = None
    while before != (start, end):
        before = (start, end)
        while start < end and _is_outer(text[start]):
            start += 1
        while start < end and _is_outer(text[end - 1]):
            end -= 1
        determiner = _DETERMINER.match(text, start, end)
        if determiner and not (
            determiner.group().startswith("The") and _INSIDE.search(text[max(start - 2, 0) : start])
        ):
            start = determiner.end()
        possessive = _POSSESSIVE.search(text[start:end])
        end = start + possessive.start() if possessive else end
        end = _without_open_bracket(text, start, end)
    return start, end


def _is_outer(sign: str) -> bool:
    return sign in _OUTER or sign.isspace()


def _paragraphs(text: str, start: int, end: int) -> Iterator[Range]:
    for blank in _BLANK_LINE.finditer(text, start, end):
        yield start, blank.start()
        start = blank.end()
    yield start, end


def _without_open_bracket(text: str, start: int, end: int) -> int:
    piece = text[start:end]
    for opening, closing in ("()", "[]"):
        if piece.endswith(closing) and opening not in piece:
            return end - 1
        if opening in piece and closing not in piece and piece.index(opening) > 0:
            return start + piece.index(opening)
    return end


def with_honorific(text: str, start: int) -> int:
    """Return where a person's mention begins when the honorific before it belongs to it."""
    found = _HONORIFIC.search(text, max(start - 16, 0), start)
    return found.start() if found and "\n" not in found.group() else start
