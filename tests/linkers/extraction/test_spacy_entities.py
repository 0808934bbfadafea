from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from linkers.extraction.spacy_entities import SpacyReader, load, trimmed
from schemas.errors import ModelError
from schemas.ontology import AUDIO_ONTOLOGY


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("the Velvet Lanterns", "Velvet Lanterns"),
        ("“Radiohead's", "Radiohead"),
        ("Radiohead’s", "Radiohead"),
        (" Thom Yorke,\n", "Thom Yorke"),
        ("Foo\n\nFighters of old", "Fighters of old"),
        ("Music (Live)", "Music (Live)"),
        ("Boston (", "Boston"),
        ("\n\n", ""),
    ],
)
def test_spans_are_trimmed(text: str, kept: str) -> None:
    start, end = trimmed(text, 0, len(text))
    assert text[start:end] == kept


def test_labels_become_types_of_the_ontology(nlp: Any) -> None:
    reader = SpacyReader(nlp, AUDIO_ONTOLOGY, chunk_chars=1000, honorifics=False)
    text = "Sarah Koenig moved from Chicago to Germany in 1997 and paid 20 dollars."
    [(_, guesses)] = reader.read([text], entities=True)
    assert {text[g.start : g.end]: g.type for g in guesses} == {
        "Sarah Koenig": "person",
        "Chicago": "place",
        "Germany": "place",
    }


def test_long_texts_are_read_in_parts_with_offsets_of_the_whole(nlp: Any) -> None:
    text = "Sarah Koenig lives in Chicago with her cat. " * 60
    parted = SpacyReader(nlp, AUDIO_ONTOLOGY, chunk_chars=1000, honorifics=False)
    [(sentences, guesses)] = parted.read([text], entities=True)
    assert len(sentences) == 60
    assert {text[g.start : g.end] for g in guesses} == {"Sarah Koenig", "Chicago"}
    assert len(guesses) == 120


def test_texts_without_words_keep_their_place(nlp: Any) -> None:
    reader = SpacyReader(nlp, AUDIO_ONTOLOGY, chunk_chars=1000, honorifics=False)
    read = list(reader.read(["", "Chicago is big.", "", "", "So is Boston."], entities=True))
    assert [len(sentences) for sentences, _ in read] == [0, 1, 0, 0, 1]


def test_no_model_runs_without_entities(nlp: Any) -> None:
    reader = SpacyReader(nlp, AUDIO_ONTOLOGY, chunk_chars=1000, honorifics=False)
    assert list(reader.read(["Chicago is big. Boston too."], entities=False)) == [([(0, 15), (16, 27)], [])]


def test_only_what_entities_need_is_loaded(nlp: Any) -> None:
    assert nlp.pipe_names == ["ner"]


def test_a_missing_model_is_named() -> None:
    with pytest.raises(ModelError, match="no_such_model"):
        load("no_such_model")


def test_a_model_without_entities_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="ner"):
        load(str(tmp_path / "blank"))


@given(st.text(alphabet="ab A.?!…\n\")'。，", max_size=60))
def test_sentences_are_those_of_the_sentencizer(nlp: Any, text: str) -> None:
    reader = SpacyReader(nlp, AUDIO_ONTOLOGY, chunk_chars=1000, honorifics=True)
    (ranges, _) = next(reader.read([text], entities=False))
    expected = nlp.create_pipe("sentencizer")(nlp.make_doc(text)).sents
    assert ranges == [(sentence.start_char, sentence.end_char) for sentence in expected]
