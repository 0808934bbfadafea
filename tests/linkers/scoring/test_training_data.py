import json
from collections import Counter
from pathlib import Path

import pytest

from linkers.scoring.fitting import FitSettings, fit, make_samples, read_catalog
from linkers.scoring.invented_catalog import invent
from linkers.scoring.training_data import split, texts_of, write_documents

CATALOG = invent(3, artists=40, prefix="x")
PARTS = split(CATALOG, 3, unknown_share=0.2)


def test_an_invented_catalog_is_whole_and_ambiguous() -> None:
    ids = {entity.id for entity in CATALOG.entities}
    assert len(ids) == len(CATALOG.entities)
    assert all(subject in ids and target in ids for subject, _, target in CATALOG.relations)
    assert max(Counter(entity.name.lower() for entity in CATALOG.entities).values()) > 1
    assert invent(3, artists=40, prefix="x").entities == CATALOG.entities


def test_documents_are_the_same_for_a_seed_and_spans_fit_their_texts() -> None:
    text = write_documents(PARTS, 5, count=40, prefix="d")
    assert text == write_documents(PARTS, 5, count=40, prefix="d")
    lengths = {document.id: len(document.text) for document in text.documents}
    assert all(0 <= g.start < g.end <= lengths[g.doc_id] for g in text.gold)
    assert all(surface for surface in texts_of(text))


def test_every_shape_of_mention_is_there_and_unknown_things_are_not_in_the_index() -> None:
    text = write_documents(PARTS, 5, count=150, prefix="d")
    shapes = {"exact", "unknown", "short after full", "short alone", "initials", "extended"}
    shapes |= {"typing error", "misheard", "stylised"}
    assert {g.note for g in text.gold} == shapes
    known = {entity.id for entity in PARTS.known}
    assert all(g.entity_id in known for g in text.gold if g.note != "unknown")
    assert all(g.entity_id is None for g in text.gold if g.note == "unknown")
    assert {"", "person", "work"} <= {g.type for g in text.gold}


@pytest.mark.slow
def test_fitting_twice_gives_the_same_model_and_a_useful_one() -> None:
    settings = FitSettings(documents=40)
    train, alone = make_samples([CATALOG], 1, None, settings)
    held_out, _ = make_samples([CATALOG], 2, None, settings)
    model = fit(train, held_out, alone, settings, "test")
    assert model.version == fit(train, held_out, alone, settings, "test").version
    assert model.fitted["held_out_accuracy"] > 0.5


def test_a_catalog_is_read_with_the_relations_between_its_entities(tmp_path: Path) -> None:
    rows = [{"id": "a", "name": "A", "type": "artist", "popularity": 0.5}, {"id": "b", "name": "B", "aliases": ["Bee"]}]
    (tmp_path / "c.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
    stated = [{"subject": "a", "relation": "ABOUT", "object": o} for o in ("b", "absent")]
    (tmp_path / "r.jsonl").write_text("\n".join(map(json.dumps, stated)))
    catalog = read_catalog(tmp_path / "c.jsonl", tmp_path / "r.jsonl")
    assert [(e.id, e.type, e.aliases, e.popularity) for e in catalog.entities] == [
        ("a", "artist", (), 0.5),
        ("b", "", ("Bee",), None),
    ]
    assert catalog.relations == [("a", "ABOUT", "b")]
