from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from linkers.extraction import ExtractionSettings, Extractor
from linkers.index import CatalogIndex
from schemas.batches import MENTIONS
from schemas.document import Cue, Document
from schemas.errors import ConfigError, SpanError
from schemas.identity import mention_id
from schemas.ontology import AUDIO_ONTOLOGY, EntityType
from schemas.span import Span

Extract = Callable[[str], list[dict[str, Any]]]
Surfaces = Callable[[str], list[str]]


def test_a_row_says_where_it_stands(extractor: Extractor) -> None:
    text = "Before that, nobody knew. Then Radiohead came from Oxford. It rained."
    table = extractor.extract([Document("d", text, title="Rain")])
    assert table.schema.equals(MENTIONS)
    row = table.to_pylist()[0]
    assert (row["surface"], row["start"], row["end"]) == ("Radiohead", 31, 40)
    assert row["mention_id"] == mention_id("d", 31, 40, "Radiohead")
    assert (row["sentence"], row["sentence_start"]) == ("Then Radiohead came from Oxford.", 26)
    assert row["context"] == text
    assert row["title"] == "Rain"
    assert (row["speaker"], row["start_ms"], row["end_ms"]) == (None, None, None)


def test_spacy_and_catalog_are_united(extract: Extract) -> None:
    rows = extract("Sarah Lindqvist saw Johnny Cash in Boston, and trip hop was far away.")
    assert {row["surface"]: (row["extractor"], row["type"]) for row in rows} == {
        "Sarah Lindqvist": ("spacy", "person"),
        "Johnny Cash": ("spacy+catalog", "person"),
        "Boston": ("spacy+catalog", "place"),
        "trip hop": ("catalog", ""),
    }


def test_cue_words_state_a_type(extract: Extract) -> None:
    rows = extract("On the album Low nothing is loud. We met in Boston.")
    assert {row["surface"]: row["cue"] for row in rows} == {"Low": "album", "Boston": "place"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We saw R.E.M. at noon.", "R.E.M."),
        ("Then AC/DC played.", "AC/DC"),
        ("Nobody beats Beyonce here.", "Beyonce"),
        ("I love Radiohead's songs.", "Radiohead"),
        ("I love Radiohead’s songs.", "Radiohead"),
        ("Then “OK Computer” came.", "OK Computer"),
        ("The band !!! is loud.", "!!!"),
        ("It was the Beatles again.", "the Beatles"),
    ],
)
def test_spelling_of_names(surfaces: Surfaces, text: str, name: str) -> None:
    assert name in surfaces(text)


def test_names_do_not_cross_a_blank_line_or_a_sentence(surfaces: Surfaces) -> None:
    assert "OK\n\nComputer" not in surfaces("This is OK\n\nComputer games follow.")
    assert surfaces("It was sigur. Rós is another word.") != ["sigur. Rós"]


def test_names_cross_a_line_break(surfaces: Surfaces) -> None:
    assert "Smells Like\nTeen Spirit" in surfaces("They played Smells Like\nTeen Spirit twice.")


def test_a_guess_over_two_catalog_names_is_cut(surfaces: Surfaces) -> None:
    found = surfaces("They sang Here Comes the Sun and In the End for us.")
    assert found == ["Here Comes the Sun", "In the End"]


def test_a_surname_alone_follows_the_full_name(surfaces: Surfaces) -> None:
    assert surfaces("Johnny Cash sang it first. Hurt as Cash sings it is sad.").count("Cash") == 1
    assert "Cash" not in surfaces("Cash is king.")


def test_parts_named_by_number_need_a_number_that_the_catalog_knows(surfaces: Surfaces) -> None:
    assert "Episode 12" in surfaces("Please skip Episode 12 tonight.")
    assert "Episode 977" not in surfaces("Please skip Episode 977 tonight.")


def test_times_and_speaker_come_from_cues(extractor: Extractor) -> None:
    text = "we heard radiohead\nand then nirvana"
    cues = (Cue(0, 18, 0, 1800, "Ann"), Cue(19, 35, 4000, 5600, "Ben"))
    rows = extractor.extract([Document("d", text, cues=cues)]).to_pylist()
    assert [(r["surface"], r["speaker"], r["start_ms"], r["end_ms"]) for r in rows] == [
        ("radiohead", "Ann", 900, 1800),
        ("nirvana", "Ben", 4900, 5600),
    ]


def test_context_of_text_without_punctuation_is_bounded(extract: Extract) -> None:
    text = "well you know it went on and on " * 100 + "with radiohead " + "and so it went on " * 100
    [row] = extract(text)
    assert "radiohead" in row["sentence"] and row["sentence"] in row["context"]
    assert len(row["sentence"]) <= 200 and len(row["context"]) <= 400


def test_rows_are_ordered_and_the_same_however_documents_are_batched(nlp: Any, index: CatalogIndex) -> None:
    texts = ["Radiohead met Sarah Koenig.", "", "hello by adele", "Nirvana played Boston in 1991."]
    documents = [Document(name, text) for name, text in zip("dbca", texts, strict=True)]
    whole = Extractor(nlp, index, ExtractionSettings()).extract(documents)
    keys = [(row["doc_id"], row["start"]) for row in whole.to_pylist()]
    assert keys == sorted(keys) and {doc_id for doc_id, _ in keys} == {"a", "c", "d"}
    reports: list[tuple[int, int]] = []
    long = Document("long", "Nothing happens here. " * 60)
    small = Extractor(nlp, index, ExtractionSettings(batch_chars=1000))
    again = small.extract([long, *reversed(documents)], progress=lambda done, of: reports.append((done, of)))
    assert again.equals(whole)
    assert reports == [(1, 5), (5, 5)]


def test_no_documents_give_an_empty_table(extractor: Extractor) -> None:
    assert extractor.extract([]).schema.equals(MENTIONS)
    assert extractor.extract([Document("d", "")]).num_rows == 0


def test_an_empty_catalog_leaves_spacy(nlp: Any, tmp_path: Any) -> None:
    index = CatalogIndex.build(tmp_path, [], [], encoder=None)
    extractor = Extractor(nlp, index, ExtractionSettings())
    texts = ["Sarah Koenig lives in Chicago.", "and all in lower case with sarah koenig"]
    rows = extractor.extract([Document(str(n), text) for n, text in enumerate(texts)]).to_pylist()
    assert {row["surface"] for row in rows if row["doc_id"] == "0"} == {"Sarah Koenig", "Chicago"}
    assert {row["extractor"] for row in rows} == {"spacy"}


def test_given_spans_are_taken_as_they_are(extractor: Extractor) -> None:
    documents = [Document("a", "Radiohead are here. On the album Low, then."), Document("b", "Adele")]
    given = [Span("a", 33, 36, "record"), Span("a", 10, 18), Span("a", 10, 18)]
    rows = extractor.extract(documents, given).to_pylist()
    assert [(r["surface"], r["type"], r["extractor"], r["cue"]) for r in rows] == [
        ("are here", "", "given", ""),
        ("Low", "album", "given", "album"),
    ]
    assert rows[0]["sentence"] == "Radiohead are here."


@pytest.mark.parametrize(
    "span", [Span("a", 3, 3), Span("a", -1, 2), Span("a", 0, 99), Span("a", 4, 2), Span("unknown", 0, 1)]
)
def test_a_wrong_span_is_named_by_its_row(extractor: Extractor, span: Span) -> None:
    with pytest.raises(SpanError) as raised:
        extractor.extract([Document("a", "Some text")], [Span("a", 0, 4), span])
    assert raised.value.line == 2


def test_version_depends_on_settings_and_index(nlp: Any, index: CatalogIndex, tmp_path: Any) -> None:
    settings = ExtractionSettings()
    version = Extractor(nlp, index, settings).version
    assert version == Extractor(nlp, index, ExtractionSettings()).version
    ontology = AUDIO_ONTOLOGY.extended([EntityType("synth", "work", cues=("synthesiser",))], [])
    other_index = CatalogIndex.build(tmp_path, [], [], encoder=None)
    others = [
        Extractor(nlp, index, replace(settings, max_words=3)).version,
        Extractor(nlp, index, replace(settings, ontology=ontology)).version,
        Extractor(nlp, other_index, settings).version,
    ]
    assert len({version, *others}) == 4


def test_longest_name_is_a_setting(nlp: Any, index: CatalogIndex) -> None:
    documents = [Document("d", "then smells like teen spirit came")]
    assert Extractor(nlp, index, ExtractionSettings(max_words=4)).extract(documents).num_rows == 1
    assert Extractor(nlp, index, ExtractionSettings(max_words=3)).extract(documents).num_rows == 0


@pytest.mark.parametrize("wrong", [{"max_words": 0}, {"context_chars": 10}, {"chunk_chars": 1}, {"batch_chars": 0}])
def test_settings_out_of_range_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ConfigError) as raised:
        ExtractionSettings(**wrong)  # type: ignore[arg-type]
    assert raised.value.key == f"extract.{next(iter(wrong))}"
